"""Of rival readings the surest is told; another is told beside it where the trees find it a deal of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stumps import stump

from dealfacts.deals.choosing import COLUMNS, apart_rows, choose, may_be_same
from dealfacts.deals.events import Event
from dealfacts.deals.hypotheses import Hypothesis, hypotheses_of
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import Reading, Sentence, Token, Trigger, read_article
from dealfacts.deals.slots import Filler, Fillers
from dealfacts.records import Article


def event(types: dict[str, float] | None = None, index: int = 0) -> Event:
    sentence = Sentence(index, 0, 10, [Token("buys", 0, 4)])
    return Event(sentence, Trigger("buy", (0,), ("buy",)), 0.9, types or {"acquisition": 1.0})


def takeover(number: int, buyers: list[Filler], targets: list[Filler]) -> Fillers:
    return {(number, "takeover", "A"): buyers, (number, "takeover", "T"): targets}


def reading() -> Reading:
    words = lexicon("en")
    assert words is not None
    return read_article(Article(id="1", text="Adobe buys Figma.", lang="en", mentions=[]), "en", words)


def named(found: list[Hypothesis], indices: list[int]) -> list[tuple[str, str | None, str | None]]:
    return [(found[index].group, found[index].first, found[index].second) for index in indices]


@pytest.fixture
def two_types() -> list[Hypothesis]:
    buyers, targets = [Filler("Adobe", 0.9)], [Filler("Figma", 0.9)]
    fillers = {**takeover(0, buyers, targets), (0, "equity", "A"): buyers, (0, "equity", "T"): targets}
    return hypotheses_of([event({"acquisition": 0.6, "equity_stake": 0.4})], fillers)


@pytest.mark.parametrize(("odds", "groups"), [(1.0, ["takeover"]), (-1.0, ["takeover", "equity"])])
def test_a_rival_reading_is_told_only_where_the_trees_say_so(
    two_types: list[Hypothesis], odds: float, groups: list[str]
) -> None:
    forest = stump(COLUMNS, "same group", odds=odds)
    sure = {"takeover": 0.8, "equity": 0.7}
    shares = [sure[each.group] if len(each.parties) == 2 else 0.1 for each in two_types]
    told = named(two_types, choose(reading(), two_types, shares, 0.5, forest))
    assert told == [(group, "Adobe", "Figma") for group in groups]
    assert choose(reading(), two_types, shares, 0.9, forest) == []


def test_deals_without_a_common_party_or_statement_never_exclude_each_other() -> None:
    fillers = {
        **takeover(0, [Filler("Adobe", 0.99)], [Filler("Figma", 0.99)]),
        **takeover(1, [Filler("Shell", 0.99)], [Filler("Nature", 0.99)]),
    }
    found = hypotheses_of([event(), event(index=1)], fillers)
    shares = [0.9 if len(each.parties) == 2 else 0.0 for each in found]
    assert len(choose(reading(), found, shares, 0.5, stump(COLUMNS, "share", 1.0))) == 2


def test_rows_tell_listed_targets_and_swapped_parties() -> None:
    listed = {"Figma": frozenset({"Miro"}), "Miro": frozenset({"Figma"})}
    told = replace(event(), lists=listed)
    found = hypotheses_of(
        [told], takeover(0, [Filler("Adobe", 0.99)], [Filler("Figma", 0.9), Filler("Miro", 0.9)])
    )
    full = [index for index, each in enumerate(found) if len(each.parties) == 2]
    row = apart_rows(reading(), found, [0.9] * len(found), full[1], full[:1], full[:1])[0]
    values = dict(zip(COLUMNS, row.tolist(), strict=True))
    assert may_be_same(found[full[0]], found[full[1]])
    assert values["listed"] == 1
    assert values["same first"] == 1
    assert values["same second"] == 0
    assert values["shared"] == pytest.approx(1)
    assert values["first told"] == 1


def test_a_partnership_that_is_an_investment_is_told_as_that_alone() -> None:
    partners = [Filler("Corvane", 0.99), Filler("Orlin", 0.99)]
    fillers = {
        (0, "alliance", "P"): partners,
        (1, "equity", "A"): partners[:1],
        (1, "equity", "T"): partners[1:],
    }
    told = [event({"partnership": 1.0}), event({"investment": 1.0}, index=1)]
    found = hypotheses_of(told, fillers)
    shares = [0.9 if len(each.parties) == 2 else 0.0 for each in found]
    never = stump(COLUMNS, "share", 1.0)
    assert named(found, choose(reading(), found, shares, 0.5, never)) == [("equity", "Corvane", "Orlin")]
    alone = [share if each.group == "alliance" else 0.0 for each, share in zip(found, shares, strict=True)]
    assert named(found, choose(reading(), found, alone, 0.5, never)) == [("alliance", "Corvane", "Orlin")]
