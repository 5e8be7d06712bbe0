"""The seller of a deal is the likeliest over all its statements, with those listed beside it."""

from __future__ import annotations

import numpy as np
import pytest
from named_text import named_article
from stumps import stump

from dealfacts.deals.drafting import draft_of
from dealfacts.deals.events import Event
from dealfacts.deals.hypotheses import Hypothesis, Support
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import Reading, Sentence, Token, Trigger, read_article
from dealfacts.deals.sellers import COLUMNS, SIDE, candidates_of, name_sellers, places_of, seller_rows
from dealfacts.deals.slots import Filler


def reading() -> Reading:
    words = lexicon("en")
    assert words is not None
    return read_article(named_article("Acme buys.", ()), "en", words)


def told(*statements: dict[str, float], kind: str = "acquisition") -> Hypothesis:
    """A takeover of Zeta by Acme; each statement says how likely who sells."""
    found = Hypothesis("takeover", "Acme", "Zeta", weight=0.9)
    for index, sellers in enumerate(statements):
        sentence = Sentence(index, 0, 10, [Token("buys", 0, 4)])
        event = Event(sentence, Trigger("buy", (0,), ("buy",)), 0.9, {kind: 1.0})
        event.lists = {"Iota": frozenset({"Eta"}), "Eta": frozenset({"Iota"})}
        ranked = sorted(sellers.items(), key=lambda item: -item[1])
        fillers = [Filler(name, share) for name, share in ranked]
        sides = (Filler("Acme", 0.9), Filler("Zeta", 0.9))
        found.support.append(Support(event, 0.8 - index / 10, sides, {kind: 1.0}, 0, 1.0, {SIDE: fillers}))
    return found


@pytest.mark.parametrize(
    ("statements", "sellers"),
    [
        ([{"Iota": 0.9}], ["Iota"]),
        ([{"Iota": 0.2}], None),
        ([{"Iota": 0.9}, {"Iota": 0.7, "Omega": 0.1}], ["Iota"]),
        ([{"Iota": 0.9, "Eta": 0.8}], ["Eta", "Iota"]),  # listed together: both sell
        ([{"Iota": 0.9, "Omega": 0.8}], ["Iota"]),  # not listed together: one sells
        ([{"Acme": 0.9, "Zeta": 0.8}], None),  # the parties do not sell to themselves
    ],
)
def test_sellers_are_named_when_likely(statements: list[dict[str, float]], sellers: list[str] | None) -> None:
    hypothesis = told(*statements)
    draft = draft_of(hypothesis)
    name_sellers(reading(), [hypothesis], [0], [draft], stump(COLUMNS, "mean share"))
    found = draft.sides.get("S")
    assert (sorted(found) if found else found) == sellers


def test_sellers_are_not_whom_a_party_acts_through() -> None:
    hypothesis = told({"Iota": 0.9, "Omega": 0.5})
    hypothesis.support[0].event.sentence.aside = {"Iota"}
    assert candidates_of(hypothesis) == ["Omega"]


def test_sellers_have_no_place_in_types_without_one() -> None:
    hypothesis = told({"Iota": 0.9}, kind="funding_round")
    hypothesis.group = "equity"
    draft = draft_of(hypothesis)
    name_sellers(reading(), [hypothesis], [0], [draft], stump(COLUMNS, "mean share"))
    assert "S" not in draft.sides


def test_sellers_rows_weigh_all_statements_and_the_other_deals() -> None:
    first, second = told({"Iota": 0.8}, {"Iota": 0.4, "Omega": 0.6}), told({"Omega": 0.3})
    second.second = "Iota"
    names, rows = seller_rows(reading(), first, 0, places_of([first, second], [0, 1]))
    held = {name: dict(zip(names, rows[:, at], strict=True)) for at, name in enumerate(COLUMNS)}
    assert names == candidates_of(first) == ["Iota", "Omega"]
    assert held["share"] == pytest.approx({"Iota": 0.8, "Omega": 0.6})
    assert held["mean share"] == pytest.approx(
        {"Iota": (0.8 * 0.8 + 0.7 * 0.4) / 1.5, "Omega": 0.7 * 0.6 / 1.5}
    )
    assert held["statements"] == {"Iota": 2, "Omega": 1}
    assert held["as target elsewhere"] == pytest.approx({"Iota": 0.9, "Omega": 0})
    assert held["as seller elsewhere"] == pytest.approx({"Iota": 0, "Omega": 0.3})
    assert np.isfinite(rows).all()
