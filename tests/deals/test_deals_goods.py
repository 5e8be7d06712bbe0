"""Numbers that count goods are quantities of them; other numbers stay what they are."""

from __future__ import annotations

import pytest

from dealfacts.deals.goods import unit_of, with_goods
from dealfacts.lang import lang_data, languages
from dealfacts.records import Cardinal, Mention, Quantity


@pytest.mark.parametrize(
    ("counted", "language", "unit"),
    [
        ("A321neo jets", "en", "aircraft"),
        ("firm orders", "en", None),
        ("employees", "en", None),
        ("nieuwe dubbeldekstreinen", "nl", "train"),
        ("Leopard-tanks", "nl", "tank"),
        ("aandelen", "nl", None),
        ("autobuses eléctricos", "es", None),
        ("autobuses", "es", "bus"),
        ("Procesadores", "es", "processor"),
    ],
)
def test_units_of_counted_nouns(counted: str, language: str, unit: str | None) -> None:
    assert unit_of(counted, language) == unit


@pytest.mark.parametrize("language", languages())
def test_every_language_knows_the_same_goods(language: str) -> None:
    units = lang_data(language, "goods.toml")["units"]
    nouns = [noun for listed in units.values() for noun in listed]
    assert len(nouns) == len(set(nouns))
    assert all(noun == noun.casefold() for noun in nouns)
    assert set(units) <= set(lang_data("en", "goods.toml")["units"])


def test_numbers_of_goods_become_quantities_in_place() -> None:
    def number(key: str, counted: str | None) -> Mention:
        value = Cardinal(value="60", modifier="up_to", counted=counted)
        return Mention(id=key, start=0, end=2, text="60", label="CARDINAL", value=value, stage="t")

    trains, people, bare = with_goods(
        [number("a", "treinen"), number("b", "mensen"), number("c", None)], "nl"
    )
    assert trains.label == "QUANTITY"
    assert trains.value == Quantity(value="60", unit="train", modifier="up_to")
    assert (people, bare) == (number("b", "mensen"), number("c", None))
