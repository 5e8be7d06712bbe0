"""What is drafted of a hypothesis: further parties, lead investors, figures, control and status."""

from __future__ import annotations

import dataclasses

import pytest

from dealfacts.deals.drafting import Draft, draft_of, settle_values, status_of
from dealfacts.deals.events import Event
from dealfacts.deals.hypotheses import Hypothesis, Support
from dealfacts.deals.reading import Sentence, Token, Trigger
from dealfacts.deals.slots import Filler
from dealfacts.records import Mention, Percent


def event(types: dict[str, float], sides: dict[str, dict[str, float]] | None = None) -> Event:
    sentence = Sentence(0, 0, 10, [Token("buys", 0, 4)])
    told = Event(sentence, Trigger("buy", (0,), ("buy",)), 0.9, types)
    told.sides = sides or {}
    return told


def told(group: str, first: str | None, second: str | None, *events: Event) -> Hypothesis:
    found = Hypothesis(group, first, second, weight=0.9)
    for each in events:
        fillers = (Filler(first, 0.9), Filler(second, 0.9))
        found.support.append(Support(each, 0.8, fillers, each.types, 0, 1.0))
    return found


def stake(percent: str) -> Mention:
    value = Percent(percent=percent)
    return Mention(id="p", start=0, end=3, text="the", label="PERCENT", value=value, stage="t")


def test_drafting_takes_the_type_most_statements_mean() -> None:
    first = event({"acquisition": 0.9, "asset_purchase": 0.1})
    second = event({"acquisition": 0.3, "asset_purchase": 0.7})
    draft = draft_of(told("takeover", "Acme", "Zeta", first, second))
    assert draft.type == "acquisition"
    assert draft.type_share == pytest.approx(0.6)
    assert draft.sides == {"A": ["Acme"], "T": ["Zeta"]}


def test_drafting_adds_buyers_of_one_list_and_no_second_target() -> None:
    sides = {"Iota": {"A": 0.8}, "Eta": {"T": 0.9}}
    told_now = event({"acquisition": 1.0}, sides)
    for first, second in (("Acme", "Iota"), ("Zeta", "Eta")):
        told_now.lists |= {first: frozenset({second}), second: frozenset({first})}
    draft = draft_of(told("takeover", "Acme", "Zeta", told_now))
    assert draft.sides == {"A": ["Acme", "Iota"], "T": ["Zeta"]}


def test_drafting_leaves_out_whom_a_buyer_acts_through() -> None:
    told_now = event({"acquisition": 1.0}, {"Iota": {"A": 0.8}})
    told_now.lists |= {"Acme": frozenset({"Iota"}), "Iota": frozenset({"Acme"})}
    told_now.sentence.aside = {"Iota"}
    assert draft_of(told("takeover", "Acme", "Zeta", told_now)).sides == {"A": ["Acme"], "T": ["Zeta"]}


def test_drafting_leaves_out_a_rival_that_only_a_paler_statement_lists() -> None:
    plain, quarrel = event({"supply_contract": 1.0}), event({"supply_contract": 1.0}, {"Iota": {"S": 0.8}})
    quarrel.lists |= {"Zeta": frozenset({"Iota"}), "Iota": frozenset({"Zeta"})}
    hypothesis = told("supply", "Acme", "Zeta", plain, quarrel)
    hypothesis.support[1] = dataclasses.replace(hypothesis.support[1], weight=0.3)
    assert draft_of(hypothesis).sides == {"A": ["Acme"], "S": ["Zeta"]}
    hypothesis.support[1] = dataclasses.replace(hypothesis.support[1], weight=0.7)
    assert draft_of(hypothesis).sides == {"A": ["Acme"], "S": ["Zeta", "Iota"]}


def test_drafting_sets_lead_investors_apart() -> None:
    sides = {"Acme": {"A": 0.3, "L": 0.6}, "Iota": {"A": 0.8, "L": 0.1}}
    draft = draft_of(told("equity", "Acme", "Zeta", event({"funding_round": 1.0}, sides)))
    assert draft.sides == {"T": ["Zeta"], "L": ["Acme"], "A": ["Iota"]}


@pytest.mark.parametrize(
    ("kind", "mover", "expect"),
    [
        ("equity_stake", {"A": 0.3, "S": 0.6}, {"S": ["Acme"], "T": ["Zeta"]}),
        ("equity_stake", {"A": 0.6, "S": 0.3}, {"A": ["Acme"], "T": ["Zeta"]}),
        ("investment", {"A": 0.3, "S": 0.6}, {"A": ["Acme"], "T": ["Zeta"]}),
    ],
)
def test_drafting_who_moves_a_stake_may_sell_it(
    kind: str, mover: dict[str, float], expect: dict[str, list[str]]
) -> None:
    draft = draft_of(told("equity", "Acme", "Zeta", event({kind: 1.0}, {"Acme": mover})))
    assert draft.sides == expect


def test_drafting_partners_share_one_side() -> None:
    draft = draft_of(told("merger", "Acme", "Zeta", event({"merger": 1.0})))
    assert draft.sides == {"P": ["Acme", "Zeta"]}


@pytest.mark.parametrize(
    ("kind", "percent", "expect"),
    [
        ("acquisition", "30", "equity_stake"),
        ("acquisition", "51", "acquisition"),
        ("equity_stake", "50", "equity_stake"),
        ("equity_stake", "75", "acquisition"),
        ("funding_round", "75", "funding_round"),
    ],
)
def test_drafting_control_decides_between_stake_and_acquisition(kind: str, percent: str, expect: str) -> None:
    draft = Draft(told("takeover", "Acme", "Zeta", event({kind: 1.0})), [], kind, 1.0)
    draft.support = draft.hypothesis.support
    draft.sides = {"A": ["Acme"], "T": ["Zeta"]}
    draft.values["stake"] = (stake(percent), 0.9)
    settle_values([draft])
    assert draft.type == expect


def test_drafting_status_is_that_of_all_statements() -> None:
    first, second = event({"acquisition": 1.0}), event({"acquisition": 1.0})
    first.statuses = {"announced": 0.6, "completed": 0.4}
    second.statuses = {"announced": 0.1, "completed": 0.9}
    status, share = status_of(draft_of(told("takeover", "Acme", "Zeta", first, second)))
    assert status == "completed"
    assert 0.5 < share < 1
