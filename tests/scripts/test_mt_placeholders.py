from decimal import Decimal
from typing import Any

import pytest
from scripts.mt.placeholders import PLACEHOLDERS, find_figures, find_names, mask, shared_items


def never(_word: str) -> bool:
    return False


def masked(source: str, target: str, lang: str) -> tuple[str, str]:
    sides = [
        sorted(find_figures(text, language) + find_names(text, never), key=lambda item: item.start)
        for text, language in ((source, lang), (target, "en"))
    ]
    return mask(source, target, shared_items(*sides))


@pytest.mark.parametrize(
    ("text", "lang", "expect"),
    [
        ("voor 2,5 miljard euro", "nl", [("figure", Decimal(2500000000), "€")]),
        (
            "€ 2,5 mld voor 1.200 man",
            "nl",
            [("figure", Decimal(2500000000), "€"), ("figure", Decimal(1200), None)],
        ),
        ("100.000 millones de dólares", "es", [("figure", Decimal(10**11), "$")]),
        ("US$100 billion", "en", [("figure", Decimal(10**11), "$")]),
        ("un 12,5 % más", "es", [("figure", Decimal("12.5"), "%")]),
        ("el 3 de mayo de 2025", "es", [("date", "3", 4, "2025")]),
        ("May 3, 2025", "en", [("date", "3", 4, "2025")]),
        ("september 2025", "nl", [("date", None, 8, "2025")]),
        ("vrijdag", "nl", [("weekday", 4)]),
        ("versie 1.2.3", "nl", [("figure", "1.2.3", None)]),
        ("abc123", "nl", []),
        ("<n0>", "nl", []),
    ],
)
def test_find_figures(text: str, lang: str, expect: Any) -> None:
    assert [item.key for item in find_figures(text, lang)] == expect


def test_equal_values_get_one_token_in_source_order() -> None:
    assert masked(
        "Philips koopt Signify voor 2 miljard euro.", "Philips is buying Signify for €2 billion.", "nl"
    ) == (
        "<e0> koopt <e1> voor <n0>.",
        "<e0> is buying <e1> for <n0>.",
    )


def test_order_may_differ() -> None:
    source, target = masked("El 40 % de Aena por 3 euros", "For €3, 40% of Aena", "es")
    assert source.endswith("<n0> de <e0> por <n1>")
    assert "<n1>, <n0> of <e0>" in target


def test_items_without_a_partner_stay() -> None:
    assert masked("het kost 40 dollar", "it costs 50 dollars", "nl") == (
        "het kost 40 dollar",
        "it costs 50 dollars",
    )


def test_unequal_counts_are_left_alone() -> None:
    source, target = masked("Aena y Aena ganan", "Aena wins", "es")
    assert "<e" not in source + target


def test_no_more_than_ten_of_a_kind() -> None:
    text = " ".join(str(n) for n in range(100, 112))
    source, target = masked(text, text, "nl")
    assert source == target
    assert sum(token in source for token in PLACEHOLDERS) == 10
    assert source.endswith("110 111")


def test_common_words_do_not_begin_a_name() -> None:
    names = find_names("Volgens Philips stijgt de omzet van ASML", lambda word: word == "Volgens")
    assert [name.key[1] for name in names] == ["Philips", "ASML"]
