"""Work out which deals an article may tell: pairs of parties, with every statement that supports each.

One statement seldom names both parties beyond doubt. Each therefore votes for several hypotheses, and the
same hypothesis heard from several statements grows: a deal told five times is one hypothesis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from dealfacts.deals.events import Event
from dealfacts.deals.groups import (
    are_rivals,
    further_sides,
    group_of,
    group_shares,
    may_stay_open,
    sides_to_fill,
    slots_of,
)
from dealfacts.deals.slots import MIN_GROUP, Filler, Fillers

MIN_UNNAMED = 0.05
"""Least share of the reading that a side goes unnamed."""
MIN_WEIGHT = 0.006
MAX_PAIRS = 8
"""How many pairs of parties one statement votes for within a group."""
_SAME_STATEMENTS = 0.6
"""Share of a hypothesis' support that another must claim for the two to exclude each other."""
_CLAIMS = 0.5
"""A statement is claimed by what it votes for at least half as strongly."""
_SHARED_STATEMENTS = 0.3


@dataclass(frozen=True)
class Support:
    """A statement's vote for a hypothesis."""

    event: Event
    weight: float
    fillers: tuple[Filler, Filler]
    types: dict[str, float]
    """The event's shares of the types of the group."""
    rank: int
    """Place among the pairs of this statement, 0 for its best."""
    relative: float
    """Weight over that of the statement's best pair."""
    further: dict[str, list[Filler]] = field(default_factory=dict)
    """Further sides, such as the seller, to their likely fillers."""
    crossed: tuple[float, ...] = ()
    """How likely the first party is the second or seller instead, and the second the first or seller."""

    @property
    def group_share(self) -> float:
        """How much of the event's probability goes to the group."""
        return sum(self.types.values())


@dataclass
class Hypothesis:
    """A deal that the article may tell: a group of types and who is on its two main sides."""

    group: str
    first: str | None
    second: str | None
    support: list[Support] = field(default_factory=list)
    weight: float = 0.0
    """Probability that at least one statement means it, were they independent."""

    @property
    def best(self) -> Support:
        """The strongest statement."""
        return max(self.support, key=lambda support: support.weight)

    @property
    def parties(self) -> set[str]:
        """The parties that are named."""
        return {party for party in (self.first, self.second) if party is not None}

    @property
    def type_shares(self) -> dict[str, float]:
        """Mean share of each type over the statements, by their weight."""
        weights: dict[str, float] = {}
        for support in self.support:
            for kind, share in support.types.items():
                weights[kind] = weights.get(kind, 0.0) + share * support.weight
        total = sum(support.weight for support in self.support)
        return {kind: weight / total for kind, weight in weights.items()}


def hypotheses_of(events: list[Event], fillers: Fillers) -> list[Hypothesis]:
    """Return every hypothesis that some statement supports, strongest first."""
    found: dict[tuple[str, str | None, str | None], Hypothesis] = {}
    for number, event in enumerate(events):
        for group, share in group_shares(event).items():
            if share < MIN_GROUP:
                continue
            types = {kind: part for kind, part in event.types.items() if group_of()[kind] == group}
            further = {side: fillers.get((number, group, side), []) for side in further_sides(group)}
            shares = {
                (side, filler.entity): filler.share
                for side in sides_to_fill(group)
                for filler in fillers.get((number, group, side), ())
            }
            for support in _votes(event, types, _pairs(number, group, fillers), further, shares):
                first, second = support.fillers
                key = (group, first.entity, second.entity)
                found.setdefault(key, Hypothesis(*key)).support.append(support)
    for hypothesis in found.values():
        hypothesis.weight = 1 - math.prod(1 - support.weight for support in hypothesis.support)
    return sorted(found.values(), key=lambda h: (-h.weight, h.group, h.first or "", h.second or ""))


def _votes(
    event: Event,
    types: dict[str, float],
    pairs: Iterator[tuple[Filler, Filler]],
    further: dict[str, list[Filler]],
    shares: dict[tuple[str, str | None], float],
) -> Iterator[Support]:
    share = sum(types.values())
    weighed = [
        (event.probability * share * first.share * second.share, first, second) for first, second in pairs
    ]
    weighed.sort(key=lambda item: (-item[0], item[1].entity or "", item[2].entity or ""))
    for rank, (weight, first, second) in enumerate(weighed[:MAX_PAIRS]):
        if weight >= MIN_WEIGHT:
            crossed = tuple(
                shares.get((side, party.entity), 0.0)
                for party, others in ((first, "TS"), (second, "AS"))
                for side in others
            )
            yield Support(
                event, weight, (first, second), types, rank, weight / weighed[0][0], further, crossed
            )


def _pairs(number: int, group: str, fillers: Fillers) -> Iterator[tuple[Filler, Filler]]:
    """Yield the pairs of fillers of a group's main sides."""
    slots = slots_of(group)
    sides = [list(fillers.get((number, group, side), ())) for side in slots]
    if len(slots) == 1:
        yield from ((filler, Filler(None, 1.0)) for filler in sides[0])
        return
    if slots[0] == slots[1]:
        for pair in combinations(sides[0], 2):
            first, second = sorted(pair, key=lambda filler: filler.entity or "")
            yield first, second
        return
    for place, options in enumerate(sides):
        if may_stay_open(group, place):
            unnamed = 1 - max((filler.share for filler in options), default=0.0)
            options.append(Filler(None, max(MIN_UNNAMED, unnamed)))
    for first in sides[0]:
        yield from ((first, second) for second in sides[1] if first.entity != second.entity)


def choose(hypotheses: list[Hypothesis], shares: list[float], least: float) -> list[int]:
    """Pick the hypotheses to tell, surest first, leaving out other readings of what is told already.

    Args:
        hypotheses: of one article.
        shares: how sure each is, 0 to 1.
        least: least share to tell one.

    Returns:
        Positions in `hypotheses`.
    """
    chosen: list[int] = []
    touched: dict[str | int, set[int]] = {}
    for index in sorted(range(len(hypotheses)), key=lambda i: (-shares[i], i)):
        if shares[index] < least:
            break
        marks: list[str | int] = [
            *hypotheses[index].parties,
            *(id(each.event) for each in hypotheses[index].support),
        ]
        near: set[int] = set().union(*(touched.get(mark, ()) for mark in marks))
        if not any(_excludes(hypotheses[other], hypotheses[index]) for other in near):
            chosen.append(index)
            for mark in marks:
                touched.setdefault(mark, set()).add(index)
    return chosen


def _excludes(told: Hypothesis, other: Hypothesis) -> bool:
    """Tell whether a hypothesis is but another reading of one that is told.

    Only of one that shares a party or a statement with it.
    """
    if not are_rivals(told.group, other.group):
        return False
    overlap = _claimed(told, other)
    same_parties = other.parties <= told.parties or told.parties <= other.parties
    if same_parties and (told.group == other.group or overlap > _SHARED_STATEMENTS):
        return True
    return overlap >= _SAME_STATEMENTS and not _lists_targets(told, other)


def _claimed(told: Hypothesis, other: Hypothesis) -> float:
    """Return which share of a hypothesis rests on statements that vote for another about as much."""
    votes = {id(support.event): support.weight for support in told.support}
    claimed = [s for s in other.support if votes.get(id(s.event), 0.0) >= _CLAIMS * s.weight]
    return sum(support.weight for support in claimed) / sum(support.weight for support in other.support)


def _lists_targets(told: Hypothesis, other: Hypothesis) -> bool:
    """Tell whether one buyer buys both targets in one list (`A buys B and C`): those are two deals."""
    if not told.group == other.group == "takeover" or told.first != other.first:
        return False
    return any(told.second in support.event.lists.get(other.second or "", ()) for support in other.support)
