"""Weigh each statement again once the whole article is known.

A trigger alone is often in doubt: `the deal` may be any deal, a bare `invests` a budget. What the headline,
the neighbouring sentences and the other statements on the same names say settles much of it (stacked
generalisation, Wolpert, 1992): trained trees see the scorers' shares for a statement beside those for its
surroundings, and say for each group of types how likely the statement means it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from dealfacts.deals.events import Event
from dealfacts.deals.groups import group_names, group_of, group_shares, side_share, slots_of
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.reading import Reading
from dealfacts.deals.slots import MAX_TOLD
from dealfacts.deals.trees import Forest

FOREST = "event"
MIN_SHARE = 0.02
"""Least share of a group of types for the trees to be asked about it."""
_STATUSES = ("announced", "completed", "in_talks", "rumoured", "stalled", "cancelled", "denied")
_CONTEXTS = (
    "s:background", "s:cancel", "s:talks", "s:rumour", "s:complete", "s:agree", "s:future", "s:perfect",
    "c:revenue", "c:profit", "c:market", "c:fund", "c:staff", "c:fine", "c:buyback", "c:capex", "c:earlier",
    "c:says", "c:price_unit", "c:debt", "c:valuation",
)  # fmt: skip
_AROUND = (
    "headline",
    "lead",
    "before",
    "two before",
    "after",
    "beside",
    "anywhere",
    "on its names",
    "same words",
)
_OWN = (
    "group", "share", "probability", "type share", "best other", "rank", "generic", "words", "readings",
    "sentence", "sentences", "headline", "length", "anchor", "names", "organisations left",
    "organisations right", "sums", "per cents", "dates", "first", "second", "seller", "partner", "none",
    "far first", "far second", "amount", "valuation", "stake", "prominent", "in headline", "statements",
    "statements here", "opens paragraph",
)  # fmt: skip
COLUMNS = (
    *_OWN, *_STATUSES, *_CONTEXTS, *(f"{place}: {what}" for place in _AROUND for what in ("same", "other")),
    "times on its names", "strongest group", "is strongest group",
)  # fmt: skip


@dataclass
class _Case:
    """The statements of an article, by where they stand and whom they name."""

    reading: Reading
    events: list[Event]
    shares: list[dict[str, float]] = field(default_factory=list)
    """Of each event, how likely it states a deal of each group."""
    on_name: dict[str, list[int]] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    in_sentence: Counter[int] = field(default_factory=Counter)
    best: dict[tuple[str, Hashable], dict[str, list[tuple[float, int]]]] = field(default_factory=dict)
    """A kind of place and which one (`sentence`, 3) to group to its two largest shares, and whose."""

    def __post_init__(self) -> None:
        for number, event in enumerate(self.events):
            shares = {group: event.probability * share for group, share in group_shares(event).items()}
            self.shares.append(shares)
            for group, share in shares.items():
                self.totals[group] += share
            self.in_sentence[event.sentence.index] += 1
            self._note(number, "sentence", event.sentence.index)
            self._note(number, "headline", event.sentence.headline)
            self._note(number, "anywhere", None)
            self._note(number, "concept", event.trigger.concept)
            for name in event.sides:
                self.on_name.setdefault(name, []).append(number)
                self._note(number, "name", name)

    def strongest(self, place: str, keys: Iterable[Hashable], but: int) -> dict[str, float]:
        """Return the largest share of each group at some places in any statement but one."""
        found: dict[str, float] = {}
        for key in keys:
            for group, best in self.best.get((place, key), {}).items():
                share = next((share for share, number in best if number != but), 0.0)
                found[group] = max(found.get(group, 0.0), share)
        return found

    def _note(self, number: int, place: str, key: Hashable) -> None:
        """Keep the two largest shares of each group at a place: one may be of the statement asked for."""
        held = self.best.setdefault((place, key), {})
        for group, share in self.shares[number].items():
            held[group] = sorted([*held.get(group, ()), (share, number)], key=lambda best: -best[0])[:2]


def weigh_again(reading: Reading, events: list[Event], forest: Forest) -> list[Event]:
    """Set every statement's probability and types to what the trees make of it in its article.

    Returns:
        The statements whose likeliest type is another now.
    """
    before = [event.type for event in events]
    asked = list(context_rows(reading, events))
    if not asked:
        return []
    shares = forest.probabilities(np.array([row for _, _, row in asked], dtype=np.float32))
    found: dict[int, dict[str, float]] = {}
    for (number, group, _), share in zip(asked, shares, strict=True):
        found.setdefault(number, {})[group] = float(share)
    for number, groups in found.items():
        _settle(events[number], groups)
    return [event for event, kind in zip(events, before, strict=True) if event.type != kind]


def _settle(event: Event, groups: dict[str, float]) -> None:
    """Divide the new share of each group over its types as they were."""
    before = group_shares(event)
    types = {
        kind: share * groups[group] / before[group]
        for kind, share in event.types.items()
        if (group := group_of()[kind]) in groups and before[group]
    }
    total = sum(types.values())
    if total > 0:
        event.probability = min(total, 1.0)
        event.types = {kind: share / total for kind, share in types.items()}


def context_rows(reading: Reading, events: list[Event]) -> Iterator[tuple[int, str, list[float]]]:
    """Yield the number of each statement, a group it may mean, and a row of len(COLUMNS) numbers."""
    case = _Case(reading, events)
    strongest = max(case.totals, key=lambda each: (case.totals[each], each), default="")
    for number in range(len(events)):
        around = _Around(case, number)
        ranked = sorted(case.shares[number].items(), key=lambda item: (-item[1], item[0]))
        for rank, (group, share) in enumerate(ranked):
            if share >= MIN_SHARE or rank == 0:
                yield number, group, _row(around, group, rank, strongest)


class _Around:
    """What surrounds a statement, whichever group it is weighed for."""

    def __init__(self, case: _Case, number: int) -> None:
        event = case.events[number]
        self.case = case
        self.number = number
        self.near = [case.strongest(place, keys, number) for place, keys in _places(event)]
        self.bag = {concept for found in event.sentence.concepts_at.values() for concept in found}
        told = {other for name in event.sides for other in case.on_name[name][:MAX_TOLD]}
        self.on_names = told - {number}


def _row(around: _Around, group: str, rank: int, strongest: str) -> list[float]:
    case, statuses = around.case, around.case.events[around.number].statuses
    near = [
        share
        for shares in around.near
        for share in (
            shares.get(group, 0.0),
            max((share for each, share in shares.items() if each != group), default=0.0),
        )
    ]
    return [
        *_own(case, around.number, group, rank),
        *(statuses.get(status, 0.0) for status in _STATUSES),
        *(concept in around.bag for concept in _CONTEXTS),
        *near,
        sum(case.shares[other].get(group, 0.0) for other in around.on_names),
        group_names().index(strongest), strongest == group,
    ]  # fmt: skip


def _places(event: Event) -> Iterator[tuple[str, Iterable[Hashable]]]:
    """Yield where to look for each of the places named in _AROUND."""
    index = event.sentence.index
    yield "headline", (True,)
    yield "sentence", (1, 2)
    yield "sentence", (index - 1,)
    yield "sentence", (index - 2,)
    yield "sentence", (index + 1,)
    yield "sentence", (index,)
    yield "anywhere", (None,)
    yield "name", event.sides
    yield "concept", (event.trigger.concept,)


def _own(case: _Case, number: int, group: str, rank: int) -> list[float]:
    event, sentence = case.events[number], case.events[number].sentence
    shares, anchor = case.shares[number], event.trigger.anchor
    known = concepts()["triggers"][event.trigger.concept]
    slots = slots_of(group)
    left = [sentence.tokens[p].word for p in sentence.names if p < anchor]
    right = [sentence.tokens[p].word for p in sentence.names if p > anchor]
    values = [sentence.tokens[position].word for position in sentence.values]
    ranks = [case.reading.rank.get(name, 30) for name in event.sides]
    inside = [share for kind, share in event.types.items() if group_of()[kind] == group]
    return [
        group_names().index(group), shares[group], event.probability, max(inside) / (sum(inside) or 1.0),
        max((share for each, share in shares.items() if each != group), default=0.0), rank,
        known.get("generic", False), len(event.trigger.tokens), len(event.trigger.concepts),
        sentence.index, len(case.reading.sentences), sentence.headline, len(sentence.tokens), anchor,
        len(sentence.names), left.count("<org>"), right.count("<org>"), values.count("<money>"),
        values.count("<percent>"), sum(word in {"<date>", "<time>"} for word in values),
        _best(event.sides, slots[0], group), _best(event.sides, slots[-1], group),
        _best(event.sides, "S", group), _best(event.sides, "P", group),
        min((sides.get("none", 0.0) for sides in event.sides.values()), default=1.0),
        _best(event.far_sides, slots[0], group), _best(event.far_sides, slots[-1], group),
        *(_value(event, meaning) for meaning in ("amount", "valuation", "stake")),
        min(ranks, default=30), any(name in case.reading.headline_entities for name in event.sides),
        len(case.events), case.in_sentence[sentence.index],
        sentence.start == 0 or case.reading.article.text[sentence.start - 1] == "\n",
    ]  # fmt: skip


def _best(sides: dict[str, dict[str, float]], side: str, group: str) -> float:
    return max((side_share(shares, side, group) for shares in sides.values()), default=0.0)


def _value(event: Event, meaning: str) -> float:
    return max((shares.get(meaning, 0.0) for _, shares, _ in event.values), default=0.0)
