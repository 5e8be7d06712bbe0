"""Any text gives true, ordered, separate spans; hostile text takes time in proportion to its length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import cpu_seconds

from dealfacts.quantities import find_quantities

PIECES = [
    "1", "234", "5.5", "1,234", "0", "99", "2026", "½", " ", " ", "  ", "\n", "\n\n", "\u00a0", "-", "–", ".", ",",
    "$", "€", "£", "%", "US$", "C$", "R$", "(", ")", "/", ":", "+", "~", "x", "m", "M", "bn", "mln", "k", "GW",
    "million", "miljoen", "millones", "mil", "miljard", "billion", "and", "y", "en", "to", "tot", "a", "of", "de",
    "between", "tussen", "entre", "half", "medio", "anderhalf", "tens", "decenas", "twee", "two", "dos", "one",
    "dollars", "euro", "pesos", "kroon", "pounds", "cents", "percent", "procent", "por ciento", "per share",
    "up", "up to", "hasta", "ruim", "May", "years", "people", "Boeing", "GPT", "eenentwintig", "drieëntwintig", "é",
    "\U0001f4b0", "٣", "\u200b", "point", "coma", "negative", "tenner", "figure", "sum",
]  # fmt: skip


@given(
    pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40),
    language=st.sampled_from(["en", "nl", "es"]),
)
def test_find_spans_slice_true_in_order(pieces: list[str], language: str) -> None:
    text = "".join(pieces)
    last = 0
    for span in find_quantities(text, language):
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text == span.text.strip()
        last = span.end


@given(st.text(max_size=300), st.sampled_from(["en", "nl", "es"]))
def test_find_survives_any_text(text: str, language: str) -> None:
    for span in find_quantities(text, language):
        assert text[span.start : span.end] == span.text


REPEATED = [
    "1", "mil ", "mil millones ", "1-", "between 1-", "$5 to ", "one hundred and ", "treinta y ", "123 ", "1.234,",
    "invests 5 million ", "5 million, ", "$", "US$", "eenentwintig", "1/2/", "twenty-", "a quarter of a ",
    "tens of thousands of ", "a.", "http://", "5 pesos Mexico ", "(", "5% to ", "up to ", "5, ", "a'", "\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
def test_find_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        return cpu_seconds(lambda: find_quantities(text, "es"))

    seconds(1000)
    short, long = seconds(5_000), seconds(40_000)
    # Eight times the text: quadratic time would be sixty-four times as long.
    assert long < 24 * short + 0.3


def test_find_survives_a_megabyte_of_digits() -> None:
    assert find_quantities("1" * 1_000_000, "en") == []
