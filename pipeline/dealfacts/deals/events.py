"""Read single statements of deals off the sentences: a trigger, its type, who is on which side, how much."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.features import (
    SentenceView,
    far_name_features,
    name_features,
    status_features,
    trigger_features,
    types_of,
    value_features,
)
from dealfacts.deals.network import (
    MEANINGS,
    NONE,
    SIDES,
    STATUSES,
    TYPES,
    Network,
    Place,
    Read,
    Told,
    sees,
    window_of,
)
from dealfacts.deals.places import list_head
from dealfacts.deals.reading import Reading, Sentence, Trigger, entity_of
from dealfacts.deals.scorer import Scorer
from dealfacts.deals.shares import likeliest
from dealfacts.records import Mention, Money, Percent, Quantity, Timex

FAR_BACK = 3
"""How many sentences back a party may be taken from when its name stands outside the trigger's sentence."""
VALUE_REACH = (-1, 2)
"""First and last sentence, counted from the trigger's, whose figures may belong to the deal."""
BY_NETWORK = 0.5
FAR_BY_NETWORK = 0.45
STATUS_BY_NETWORK = 0.6
TYPE_BY_NETWORK = 0.65
MEANING_BY_NETWORK = 0.6
"""How much the network counts beside the scorer, which errs in other places; chosen on held-out folds."""
_LEAST = np.float32(1e-6)
MIN_EVENT = 0.15
"""Least probability that a trigger states a deal for it to be looked at further."""
_WORTH_READING = 0.05
"""The same by the scorer alone: the network reads no other trigger."""


@dataclass(frozen=True)
class Sight:
    """What a statement is read from."""

    views: list[SentenceView]
    """All sentences of the article."""
    view: SentenceView
    """Its own."""
    read: Read
    """Its own as the network sees it."""


@dataclass
class Event:
    """One statement of a deal, with the probabilities of all readings, so that statements can be summed."""

    sentence: Sentence
    trigger: Trigger
    probability: float
    types: dict[str, float]
    sides: dict[str, dict[str, float]] = field(default_factory=dict)
    """Entity to side to probability, for names in the sentence."""
    far_sides: dict[str, dict[str, float]] = field(default_factory=dict)
    mentions: dict[str, list[Mention]] = field(default_factory=dict)
    values: list[tuple[Mention, dict[str, float], int]] = field(default_factory=list)
    """Figures and dates with the probability of each meaning and the sentence they stand in."""
    statuses: dict[str, float] = field(default_factory=dict)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    """Entity to those named in one list with it (`A, B and C`)."""
    sight: Sight | None = None
    """What it was read from, for reading it again."""

    @property
    def type(self) -> str:
        """The likeliest type."""
        return likeliest(self.types)


def far_candidates(reading: Reading, sentence: Sentence) -> Iterator[tuple[Sentence, int]]:
    """Yield the names outside a sentence that may fill a role in it: the latest one of each entity.

    Those of the last few sentences come first, then the most prominent entities of the article.
    """
    seen = {entity_of(m) for i in sentence.names if (m := sentence.tokens[i].mention)}
    sentences, index = reading.sentences, sentence.index
    reach = sentences[max(index - FAR_BACK, 0) : index]
    for other in [*reversed(reach), *sentences[index + 1 : index + 2]]:
        for position in other.names:
            mention = other.tokens[position].mention
            if mention and mention.label in {"ORG", "PERSON"} and entity_of(mention) not in seen:
                seen.add(entity_of(mention))
                yield other, position
    found = []
    for name, places in reading.prominent.items():
        before = bisect_left(places, (index, 0))
        if before and name not in seen:
            found.append(places[before - 1])
    for number, position in sorted(found, key=lambda place: (-place[0], place[1])):
        yield sentences[number], position


def value_candidates(views: list[SentenceView], view: SentenceView) -> Iterator[tuple[SentenceView, int]]:
    """Yield the figures and dates near a sentence, in order."""
    low, high = VALUE_REACH
    for offset in range(low, high + 1):
        index = view.sentence.index + offset
        if 0 <= index < len(views):
            for position in views[index].sentence.values:
                yield views[index], position


def find_events(reading: Reading, scorers: dict[str, Scorer], network: Network) -> list[Event]:
    """Find every statement of a deal in an article, weak ones included."""
    views = [SentenceView(reading, sentence) for sentence in reading.sentences]
    asked = [(view, trigger) for view in views for trigger in view.sentence.triggers]
    first = _first_types(asked, scorers["trigger"])
    worth = [number for number, shares in enumerate(first) if 1 - shares[_NO_TYPE] >= _WORTH_READING]
    read = _read([asked[number] for number in worth], views, network)
    second = network.types(read)
    events = []
    for (seen, view, trigger), shares in zip(
        read, _normal(_mean(first[worth], second, TYPE_BY_NETWORK)), strict=True
    ):
        types = {kind: float(shares[TYPES.index(kind)]) for kind in types_of(trigger.concepts)}
        if (total := sum(types.values())) >= MIN_EVENT:
            shared = {kind: share / total for kind, share in types.items()}
            events.append(Event(view.sentence, trigger, total, shared, sight=Sight(views, view, seen)))
    fill_all(events, scorers, network)
    return events


_NO_TYPE = TYPES.index(NONE)


def _first_types(asked: list[tuple[SentenceView, Trigger]], scorer: Scorer) -> NDArray[np.float32]:
    """Return what the scorer makes of triggers: rows of len(TYPES), 0 for types that they cannot mean."""
    found = scorer.probabilities_of(trigger_features(view, trigger) for view, trigger in asked)
    shares = np.zeros((len(asked), len(TYPES)), dtype=np.float32)
    shares[:, [TYPES.index(label) for label in scorer.labels]] = found
    for row, (_, trigger) in zip(shares, asked, strict=True):
        allowed = types_of(trigger.concepts)
        row[[kind != NONE and kind not in allowed for kind in TYPES]] = 0
    return shares


def _read(
    asked: list[tuple[SentenceView, Trigger]], views: list[SentenceView], network: Network
) -> list[tuple[Read, SentenceView, Trigger]]:
    """Read triggers in their context."""
    windows = {index: window_of(views, index) for index in {view.sentence.index for view, _ in asked}}
    reads = network.read([(windows[view.sentence.index], trigger) for view, trigger in asked])
    return [(read, view, trigger) for read, (view, trigger) in zip(reads, asked, strict=True)]


def fill_all(events: list[Event], scorers: dict[str, Scorer], network: Network) -> None:
    """Read who is on which side, what each figure means and the status, for the events' likeliest types."""
    if not events:
        return
    opened = [_open(event) for event in events]
    _fill_names(opened, scorers["name"], network)
    _fill_far_names(opened, scorers["far"], network)
    _fill_values(opened, scorers, network)
    _fill_statuses(opened, scorers["status"], network)


class _Opened(NamedTuple):
    """An event that is being read, and what it is read from."""

    event: Event
    views: list[SentenceView]
    told: Told


def _open(event: Event) -> _Opened:
    """Forget what was read of an event, to read it for its likeliest type."""
    if (sight := event.sight) is None:
        raise ValueError("an event that was not found by find_events cannot be read")
    event.sides, event.far_sides, event.mentions, event.values, event.lists = {}, {}, {}, [], {}
    return _Opened(event, sight.views, Told(sight.read, sight.view, event.trigger, event.type))


def _fill_names(opened: list[_Opened], scorer: Scorer, network: Network) -> None:
    """Score the names of the events' own sentences, by scorer and network together."""
    first = scorer.probabilities_of(
        name_features(told.view, told.trigger, told.kind, position)
        for event, _, told in opened
        for position in event.sentence.names
    )
    second = network.sides([(told, event.sentence.names) for event, _, told in opened])
    scores = iter(_mean(first, second[:, [SIDES.index(label) for label in scorer.labels]], BY_NETWORK))
    for event, _, told in opened:
        _place_names(event, told.view, scorer, {position: next(scores) for position in event.sentence.names})


def _place_names(
    event: Event, view: SentenceView, scorer: Scorer, scores: dict[int, NDArray[np.float32]]
) -> None:
    """Say which side each name of a sentence is on; those of one list share one score."""
    groups: dict[int, list[int]] = {}
    for position in scores:
        groups.setdefault(list_head(view, position), []).append(position)
    for members in groups.values():
        mean = np.exp(np.mean([scores[position] for position in members], axis=0))
        shares = _shares(scorer, mean / mean.sum())
        found = [m for position in members if (m := event.sentence.tokens[position].mention)]
        entities = frozenset(entity_of(mention) for mention in found)
        for mention in found:
            entity = entity_of(mention)
            known = event.sides.get(entity)
            if known is None or shares[NONE] < known[NONE]:
                event.sides[entity] = shares
            event.mentions.setdefault(entity, []).append(mention)
            event.lists[entity] = event.lists.get(entity, frozenset()) | (entities - {entity})


def _fill_far_names(opened: list[_Opened], scorer: Scorer, network: Network) -> None:
    """Score names of other sentences, by the scorer and, where it sees them, the network together."""
    found = [list(far_candidates(told.view.reading, event.sentence)) for event, _, told in opened]
    asked = [(each, *place) for each, places in zip(opened, found, strict=True) for place in places]
    shares = scorer.probabilities_of(
        far_name_features(each.told.view, each.told.trigger, each.told.kind, other, position)
        for each, other, position in asked
    )
    seen, in_sight = _in_sight(
        [
            (told, [(views[other.index], at) for other, at in places])
            for (_, views, told), places in zip(opened, found, strict=True)
        ]
    )
    second = network.far_sides(in_sight)
    order = [SIDES.index(label) for label in scorer.labels]
    shares[seen] = _normal(_mean(shares[seen], second[:, order], FAR_BY_NETWORK))
    for (each, other, position), row in zip(asked, shares, strict=True):
        if (mention := other.tokens[position].mention) is not None:
            each.event.far_sides[entity_of(mention)] = _shares(scorer, row)
            each.event.mentions.setdefault(entity_of(mention), []).append(mention)


def _fill_values(opened: list[_Opened], scorers: dict[str, Scorer], network: Network) -> None:
    """Score the figures and dates near the events, each kind by its own scorer and by the network."""
    scored = [
        [
            (kind, place)
            for place in value_candidates(each.views, each.told.view)
            if (kind := _value_scorer(_mention(place)))
        ]
        for each in opened
    ]
    near = [[place for _, place in own] for own in scored]
    seen, in_sight = _in_sight([(each.told, places) for each, places in zip(opened, near, strict=True)])
    second = np.zeros((len(seen), len(MEANINGS)), dtype=np.float32)
    second[seen] = network.meanings(in_sight)
    asked = [(each, *place) for each, places in zip(opened, near, strict=True) for place in places]
    kinds = [kind for own in scored for kind, _ in own]
    found: dict[int, dict[str, float]] = {}
    for name in dict.fromkeys(kinds):
        scorer, numbers = scorers[name], [number for number, kind in enumerate(kinds) if kind == name]
        shares = scorer.probabilities_of(
            value_features(each.told.view, each.told.trigger, each.told.kind, other, position)
            for each, other, position in (asked[number] for number in numbers)
        )
        order, both = [MEANINGS.index(label) for label in scorer.labels], seen[numbers]
        by_network = second[numbers][both][:, order]
        shares[both] = _normal(_mean(shares[both], by_network, MEANING_BY_NETWORK))
        found.update(zip(numbers, (_shares(scorer, row) for row in shares), strict=True))
    for number, (each, other, position) in enumerate(asked):
        if mention := _mention((other, position)):
            each.event.values.append((mention, found[number], other.sentence.index))


def _mention(place: Place) -> Mention | None:
    """Return the name or figure that stands at a place."""
    view, position = place
    return view.sentence.tokens[position].mention


def _in_sight(
    asked: list[tuple[Told, list[Place]]],
) -> tuple[NDArray[np.bool_], list[tuple[Told, list[Place]]]]:
    """Tell of each place whether the network sees it, and return those that it does see."""
    seen = [[sees(told.read, view.sentence.index, at) for view, at in places] for told, places in asked]
    in_sight = [
        (told, list(compress(places, flags))) for (told, places), flags in zip(asked, seen, strict=True)
    ]
    return np.array([flag for flags in seen for flag in flags], dtype=bool), in_sight


def _fill_statuses(opened: list[_Opened], scorer: Scorer, network: Network) -> None:
    """Score how far each deal has come, by scorer and network together."""
    first = scorer.probabilities_of(
        status_features(told.view, told.trigger, told.kind) for _, _, told in opened
    )
    second = network.statuses([told for _, _, told in opened])
    order = [STATUSES.index(label) for label in scorer.labels]
    shares = _normal(_mean(first, second[:, order], STATUS_BY_NETWORK))
    for (event, _, _), row in zip(opened, shares, strict=True):
        event.statuses = _shares(scorer, row)


def _normal(logarithms: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shares of each row that have these logarithms, but for a factor."""
    raised = np.exp(logarithms)
    shares: NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _mean(first: NDArray[np.float32], second: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """Return the logarithm of the weighted geometric mean of two readings, not normalised."""
    mean: NDArray[np.float32] = (1 - weight) * np.log(first + _LEAST) + weight * np.log(second + _LEAST)
    return mean


def _value_scorer(mention: Mention | None) -> str | None:
    value = mention.value if mention else None
    if isinstance(value, Money):
        return "money"
    if isinstance(value, Percent):
        return "percent"
    if isinstance(value, Quantity):
        return "quantity"
    return "date" if isinstance(value, Timex) else None


def _shares(scorer: Scorer, shares: NDArray[np.float32]) -> dict[str, float]:
    return dict(zip(scorer.labels, shares.tolist(), strict=True))
