"""Work out which deals an article may tell: pairs of parties, with every statement that supports each.

One statement seldom names both parties beyond doubt. Each therefore votes for several hypotheses, and the
same hypothesis heard from several statements grows: a deal told five times is one hypothesis.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from dealfacts.deals.events import Event
from dealfacts.deals.groups import (
    further_sides,
    group_of,
    group_shares,
    may_stay_open,
    sides_to_fill,
    slots_of,
)
from dealfacts.deals.network import STATUSES
from dealfacts.deals.shares import likeliest
from dealfacts.deals.slots import MIN_GROUP, Filler, Fillers

MIN_UNNAMED = 0.05
"""Least share of the reading that a side goes unnamed."""
MIN_SELLER = 0.5
"""Least share of a likely seller."""
MIN_WEIGHT = 0.006
_PARTNERSHIP = "partnership"
MAX_PAIRS = 8
"""How many pairs of parties one statement votes for within a group."""


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

    @property
    def type(self) -> str:
        """The likeliest type."""
        return likeliest(self.type_shares)

    def is_partnership_in(self, other: Hypothesis) -> bool:
        """Tell whether this is a partnership of which all the partners are parties of another deal."""
        return self.parties <= other.parties and self.type == _PARTNERSHIP


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
        hypothesis.weight = weight_of(hypothesis.support)
    return sorted(found.values(), key=lambda h: (-h.weight, h.group, h.first or "", h.second or ""))


def weight_of(support: list[Support]) -> float:
    """Return the probability that at least one statement means a deal, were they independent."""
    return 1 - math.prod(1 - each.weight for each in support)


def statuses_of(support: Sequence[Support]) -> list[float]:
    """Return how likely statements take their deal to have each of STATUSES, by their weight."""
    total = sum(each.weight for each in support)
    return [
        sum(each.event.statuses.get(status, 0.0) * each.weight for each in support) / total
        for status in STATUSES
    ]


def statuses_apart(support: Sequence[Support], others: Sequence[Support]) -> float:
    """Return how far two sets of statements differ on the status: total variation distance, 0 to 1."""
    return sum(abs(a - b) for a, b in zip(statuses_of(support), statuses_of(others), strict=True)) / 2


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


def _is_sold(number: int, group: str, fillers: Fillers) -> bool:
    """Tell whether somebody is likely to sell: a stake may be in something of theirs without a name."""
    return any(
        filler.share >= MIN_SELLER
        for side in further_sides(group)
        for filler in fillers.get((number, group, side), ())
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
        if may_stay_open(group, place) or (not options and _is_sold(number, group, fillers)):
            unnamed = 1 - max((filler.share for filler in options), default=0.0)
            options.append(Filler(None, max(MIN_UNNAMED, unnamed)))
    for first in sides[0]:
        yield from ((first, second) for second in sides[1] if first.entity != second.entity)
