"""Read single statements of deals off the sentences: a trigger, its type, who is on which side, how much."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

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
from dealfacts.deals.network import SIDES, STATUSES, Network, Read, sees, window_of
from dealfacts.deals.places import list_head
from dealfacts.deals.reading import Reading, Sentence, Trigger, entity_of
from dealfacts.deals.scorer import Scorer
from dealfacts.records import Mention, Money, Percent, Quantity, Timex

NONE = "none"
FAR_BACK = 3
"""How many sentences back a party may be taken from when its name stands outside the trigger's sentence."""
VALUE_REACH = (-1, 2)
"""First and last sentence, counted from the trigger's, whose figures may belong to the deal."""
BY_NETWORK = 0.5
FAR_BY_NETWORK = 0.5
STATUS_BY_NETWORK = 0.4
"""How much the network counts beside the scorer, which errs in other places; chosen on held-out folds."""
_LEAST = np.float32(1e-6)
MIN_EVENT = 0.15
"""Least probability that a trigger states a deal for it to be looked at further."""


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
        return max(self.types, key=lambda kind: (self.types[kind], kind))


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
    found = [
        (view, trigger, types)
        for view in views
        for trigger in view.sentence.triggers
        if sum((types := _types(view, trigger, scorers["trigger"])).values()) >= MIN_EVENT
    ]
    events = []
    reads = network.read([(window_of(views, view.sentence.index), trigger) for view, trigger, _ in found])
    for (view, trigger, types), read in zip(found, reads, strict=True):
        total = sum(types.values())
        shares = {kind: share / total for kind, share in types.items()}
        events.append(Event(view.sentence, trigger, total, shares, sight=Sight(views, view, read)))
        fill(events[-1], scorers, network)
    return events


def _types(view: SentenceView, trigger: Trigger, scorer: Scorer) -> dict[str, float]:
    """Return how likely a trigger states a deal of each type that its concepts may mean."""
    shares = scorer.probabilities(trigger_features(view, trigger))
    allowed = set(types_of(trigger.concepts))
    return {
        label: float(share) for label, share in zip(scorer.labels, shares, strict=True) if label in allowed
    }


def fill(event: Event, scorers: dict[str, Scorer], network: Network) -> None:
    """Read who is on which side, what each figure means and the status, for the event's likeliest type."""
    if event.sight is None:
        raise ValueError("an event that was not found by find_events cannot be read")
    views, view, read = event.sight.views, event.sight.view, event.sight.read
    event.sides, event.far_sides, event.mentions, event.values, event.lists = {}, {}, {}, [], {}
    _fill_names(event, view, scorers["name"], network, read)
    trigger, kind = event.trigger, event.type
    _fill_far_names(event, event.sight, scorers["far"], network)
    for other_view, position in value_candidates(views, view):
        mention = other_view.sentence.tokens[position].mention
        name = _value_scorer(mention)
        if mention is None or name is None:
            continue
        features = value_features(view, trigger, kind, other_view, position)
        shares = _shares(scorers[name], scorers[name].probabilities(features))
        event.values.append((mention, shares, other_view.sentence.index))
    status = scorers["status"]
    second = network.statuses(read, view, trigger, kind)[[STATUSES.index(label) for label in status.labels]]
    mean = _mean(status.probabilities(status_features(view, trigger, kind)), second, STATUS_BY_NETWORK)
    event.statuses = _shares(status, np.exp(mean) / np.exp(mean).sum())


def _fill_names(event: Event, view: SentenceView, scorer: Scorer, network: Network, read: Read) -> None:
    """Score the names of the sentence, by scorer and network together; those of one list share one score."""
    scores: dict[int, NDArray[np.float32]] = {}
    groups: dict[int, list[int]] = {}
    names = event.sentence.names
    order = [SIDES.index(label) for label in scorer.labels]
    second = network.sides(read, view, event.trigger, event.type, names)[:, order] if names else ()
    for position, shares in zip(names, second, strict=True):
        features = name_features(view, event.trigger, event.type, position)
        scores[position] = _mean(scorer.probabilities(features), shares, BY_NETWORK)
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


def _fill_far_names(event: Event, sight: Sight, scorer: Scorer, network: Network) -> None:
    """Score names of other sentences, by the scorer and, where it sees them, the network together."""
    view, trigger, kind = sight.view, event.trigger, event.type
    found = [
        (mention, other, position)
        for other, position in far_candidates(view.reading, event.sentence)
        if (mention := other.tokens[position].mention) is not None
    ]
    within = {
        number: (sight.views[other.index], position)
        for number, (_, other, position) in enumerate(found)
        if sees(sight.read, other.index, position)
    }
    order = [SIDES.index(label) for label in scorer.labels]
    second: dict[int, NDArray[np.float32]] = {}
    if within:
        shares_there = network.far_sides(sight.read, view, trigger, kind, list(within.values()))[:, order]
        second = dict(zip(within, shares_there, strict=True))
    for number, (mention, other, position) in enumerate(found):
        shares = scorer.probabilities(far_name_features(view, trigger, kind, other, position))
        if number in second:
            mean = np.exp(_mean(shares, second[number], FAR_BY_NETWORK))
            shares = mean / mean.sum()
        event.far_sides[entity_of(mention)] = _shares(scorer, shares)
        event.mentions.setdefault(entity_of(mention), []).append(mention)


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
    return {label: float(share) for label, share in zip(scorer.labels, shares, strict=True)}
