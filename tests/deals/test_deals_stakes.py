"""A deal's stake is the likeliest percentage near it, not any percentage."""

from __future__ import annotations

import pytest
from named_text import figured_article
from stumps import stump

from dealfacts.deals.events import Event
from dealfacts.deals.hypotheses import Hypothesis, Support
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import Reading, read_article
from dealfacts.deals.slots import Filler
from dealfacts.deals.stakes import COLUMNS, choose_stakes, claims_of, stake_rows
from dealfacts.records import Percent

TEXT = "Acme bought 30% of Zeta. Shares in Acme rose 4%."


def reading(second: str | None = "4") -> Reading:
    article = figured_article(TEXT, [("30%", Percent(percent="30")), ("4%", Percent(percent=second))])
    words = lexicon("en")
    assert words is not None
    return read_article(article, "en", words)


def hypothesis(found: Reading, shares: dict[str, float]) -> Hypothesis:
    place = found.sentences[0]
    event = Event(place, place.triggers[0], 0.9, {"equity_stake": 1.0})
    for each in found.sentences:
        for position in each.values:
            mention = each.tokens[position].mention
            assert mention is not None
            share = shares.get(mention.id, 0.0)
            event.values.append((mention, {"stake": share, "none": 1 - share}, each.index))
    fillers = (Filler("Acme", 0.9), Filler("Zeta", 0.9))
    told = Hypothesis("equity", "Acme", "Zeta", weight=0.9)
    told.support.append(Support(event, 0.9, fillers, {"equity_stake": 1.0}, 0, 1.0))
    return told


@pytest.mark.parametrize(
    ("shares", "expect"), [({"m0": 0.9, "m1": 0.9}, "m0"), ({"m0": 0.2, "m1": 0.9}, None), ({}, None)]
)
def test_stakes_are_chosen_when_likely(shares: dict[str, float], expect: str | None) -> None:
    found = reading()
    chosen = choose_stakes(found, [hypothesis(found, shares)], [0], stump(COLUMNS, "share here"))
    assert (chosen[0][0].id if chosen else None) == expect


def test_stakes_rows_say_what_statements_say() -> None:
    found = reading()
    told = hypothesis(found, {"m0": 0.8, "m1": 0.5})
    mentions, rows = stake_rows(found, told, 0, claims_of([told]))
    held = {name: rows[:, at].tolist() for at, name in enumerate(COLUMNS)}
    assert [mention.id for mention in mentions] == ["m0", "m1"]
    assert held["share here"] == pytest.approx([0.8, 0])
    assert held["share from elsewhere"] == pytest.approx([0, 0.5])
    assert held["size"] == [30, 4]
    assert held["control"] == [0, 0]
    assert held["equity_stake"] == [1, 1]


def test_stakes_percentages_of_no_known_size_are_left_out() -> None:
    found = reading(second=None)
    mentions, _ = stake_rows(found, hypothesis(found, {}), 0, {})
    assert [mention.id for mention in mentions] == ["m0"]
