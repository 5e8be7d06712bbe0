"""Statements vote for pairs of parties; several votes for one pair grow."""

from __future__ import annotations

from dealfacts.deals.events import Event
from dealfacts.deals.groups import are_rivals, group_names, group_of, may_stay_open, opposite, slots_of
from dealfacts.deals.hypotheses import Hypothesis, hypotheses_of
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.reading import Sentence, Token, Trigger
from dealfacts.deals.slots import Filler, Fillers


def event(probability: float = 0.9, types: dict[str, float] | None = None, index: int = 0) -> Event:
    sentence = Sentence(index, 0, 10, [Token("buys", 0, 4)])
    return Event(sentence, Trigger("buy", (0,), ("buy",)), probability, types or {"acquisition": 1.0})


def takeover(number: int, buyers: list[Filler], targets: list[Filler]) -> Fillers:
    return {(number, "takeover", "A"): buyers, (number, "takeover", "T"): targets}


def pairs(hypotheses: list[Hypothesis]) -> list[tuple[str | None, str | None]]:
    return [(each.first, each.second) for each in hypotheses]


def test_every_type_has_one_group_with_known_sides() -> None:
    assert set(group_of()) == set(concepts()["sides"])
    for kind, group in group_of().items():
        assert set(slots_of(group)) <= set(concepts()["sides"][kind]), kind
    for group in group_names():
        assert len(concepts()["groups"][group]["open"]) == len(slots_of(group))
    assert {name for pair in concepts()["rivals"]["groups"] for name in pair} <= set(group_names())


def test_sides_face_each_other() -> None:
    assert opposite("A", "takeover") == "T"
    assert opposite("S", "supply") == "A"
    assert opposite("P", "merger") == "P"
    assert may_stay_open("takeover", 1)
    assert are_rivals("equity", "takeover")
    assert not are_rivals("debt", "takeover")


def test_a_pair_heard_twice_outweighs_a_pair_heard_once() -> None:
    told = [event(), event(index=1)]
    sure, unsure = Filler("Adobe", 0.6), Filler("Reuters", 0.65)
    fillers = {
        **takeover(0, [unsure, sure], [Filler("Figma", 0.9)]),
        **takeover(1, [sure], [Filler("Figma", 0.9)]),
    }
    found = hypotheses_of(told, fillers)
    assert pairs(found)[:2] == [("Adobe", "Figma"), ("Reuters", "Figma")]
    assert len(found[0].support) == 2
    assert found[0].weight > found[0].best.weight


def test_a_side_may_go_unnamed_but_not_both() -> None:
    found = hypotheses_of([event()], takeover(0, [], [Filler("Figma", 0.9)]))
    assert pairs(found) == [(None, "Figma")]
    assert hypotheses_of([event()], {}) == []


def test_a_stake_may_be_in_something_of_the_seller_without_a_name() -> None:
    told = [event(types={"equity_stake": 1.0})]
    buyers = {(0, "equity", "A"): [Filler("Norges", 0.9)]}
    assert hypotheses_of(told, buyers) == []
    sold = {**buyers, (0, "equity", "S"): [Filler("Iberdrola", 0.9)]}
    assert pairs(hypotheses_of(told, sold)) == [("Norges", None)]
    named = {**sold, (0, "equity", "T"): [Filler("Adif", 0.6)]}
    assert pairs(hypotheses_of(told, named)) == [("Norges", "Adif"), (None, "Adif")]


def test_partners_come_in_one_order() -> None:
    told = [event(types={"merger": 1.0})]
    options = [Filler("Zeta", 0.9), Filler("Alfa", 0.8)]
    assert pairs(hypotheses_of(told, {(0, "merger", "P"): options})) == [("Alfa", "Zeta")]
