"""Publication dates: found where they are stated, never taken from the story or the clock."""

import pytest

from dealfacts.documents.published import (
    date_in_head,
    date_in_stamp,
    date_in_url,
    parse_date,
    parse_given_date,
)


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("2026-02-03T10:00:00+01:00", "2026-02-03"),
        ("Feb 1, 2026", "2026-02-01"),
        ("1st of February 2026", "2026-02-01"),
        ("3 februari 2026", "2026-02-03"),
        ("3 de febrero de 2026", "2026-02-03"),
        ("14 sept. 2025", "2025-09-14"),
        ("Tue, 03 Feb 2026 10:00:00 GMT", "2026-02-03"),
        ("14/03/2026", "2026-03-14"),
        ("03/04/2026", None),
        ("31 februari 2026", None),
        ("version 2026.45.99", None),
        ("", None),
    ],
)
def test_published_parses_full_dates_only(text: str, expect: str | None) -> None:
    assert parse_date(text) == expect


@pytest.mark.parametrize(
    ("text", "expect"),
    [
        ("date 2026-01-31 Het concern meldde dat de overname rond is.", "2026-01-31"),
        ("Kop boven het stuk\nGepubliceerd: 3 februari 2026 om 10.00 uur\nDe tekst.", "2026-02-03"),
        ("Titular\nFeb 1, 2026 US News\nTexto.", "2026-02-01"),
        (
            "The two firms signed on 22 September 2025, the day the plant in Delft was opened to the public.",
            None,
        ),
        ("Signed on 22 September 2025.", None),
        (
            "Kop\n\nDELFT, 22 januari 2026 – De werf krijgt een nieuwe eigenaar, zegt de directie.",
            "2026-01-22",
        ),
        ("LEEDS, 24 July 2025 (Northern Wire) - The maker of valves beat its forecasts.", "2025-07-24"),
        (
            "AMSTERDAM, Sept 9, 2025 - The maker of lithography machines leads a funding round in a start-up.",
            "2025-09-09",
        ),
        ("Bilbao, 15 oct. 2025.- La empresa ha firmado la compra de su rival.", "2025-10-15"),
        (
            "Madrid, 1 de julio de 2025. El consejo del banco aceptó ayer la oferta por su filial.",
            "2025-07-01",
        ),
        ("(18/08/2025) El club presentó ayer a la delantera.", "2025-08-18"),
        ("Vigo sold 22 September 2025 bonds - and more - than ever in the story.", None),
        ("\n".join(["A line of the story that goes on for a while."] * 20 + ["3 February 2026"]), None),
    ],
)
def test_published_in_head_of_text(text: str, expect: str | None) -> None:
    found = date_in_head(text)
    assert (found[0] if found else None) == expect


def test_published_in_url_and_stamp() -> None:
    assert date_in_url("https://example.org/2026/02/03/deal") == "2026-02-03"
    assert date_in_url("https://example.org/deal-20260203.html") == "2026-02-03"
    assert date_in_url("https://example.org/id/123456789") is None
    assert date_in_stamp("Screenshot 2026 02 03 At 10 19 08") == "2026-02-03"
    assert date_in_stamp("a plan for 2026 02 03") is None


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        (20240131, "2024-01-31"),
        (20240131.0, "2024-01-31"),
        ("20240131", "2024-01-31"),
        (1706659200, "2024-01-31"),
        (1706659199, "2024-01-30"),
        ("1706659200", "2024-01-31"),
        (1706659200.25, "2024-01-31"),
        (1706659200000, "2024-01-31"),
        (631152000, "1990-01-01"),
        (631152000000, "1990-01-01"),
        (4102444799, "2099-12-31"),
        (4102444799999, "2099-12-31"),
        ("Tue, 03 Feb 2026 10:00:00 GMT", "2026-02-03"),
        (20240231, None),
        (31012024, None),
        (2024, None),
        (202401, None),
        (240131, None),
        (631151999, None),
        (631151999999, None),
        (4102444800, None),
        (4102444800000, None),
        (1706659200000000, None),
        (10**400, None),
        (-1706659200, None),
        (0, None),
        (1.5, None),
        (True, None),
    ],
)
def test_published_given_as_text_or_number(given: object, expect: str | None) -> None:
    assert parse_given_date(given) == expect
