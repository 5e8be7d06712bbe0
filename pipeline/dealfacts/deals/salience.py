"""How the entities of an article stand in it: where each is named, and where its events put each."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.events import Event
from dealfacts.deals.groups import group_shares, side_share
from dealfacts.deals.reading import Reading, entity_of, kind_of
from dealfacts.deals.shares import likeliest

_WEAK = 0.05
_CLOSE = 3
"""How many sentences back a name counts as just named."""
MAX_CANDIDATES = 30_000
"""How many candidates from other sentences the statements of an article may have together."""
MIN_CANDIDATES = 20
"""How many each may have in any case, the most prominent as well as the latest."""


@dataclass(frozen=True)
class Naming:
    """One mention of an entity: its sentence, its place among that sentence's names, its token."""

    sentence: int
    order: int
    token: int
    kind: str
    label: str


@dataclass(frozen=True)
class Standing:
    """How an entity stands at a sentence: where it was named before, there and behind."""

    here: list[Naming]
    last: Naming | None
    """The latest naming in an earlier sentence."""
    before: int
    """How many times it was named in earlier sentences, and of these in the last few."""
    close: int
    next: Naming | None
    """The first naming in a later sentence."""
    since: int
    """How many organisations and persons were named from the sentence of `last` on."""


@dataclass
class Salience:
    """What an article as a whole says of its entities."""

    reading: Reading
    events: list[Event]
    namings: dict[str, list[Naming]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    named: list[list[str]] = field(default_factory=list)
    """The organisations and persons of each sentence, in order."""
    groups: list[str] = field(default_factory=list)
    """The likeliest group of types of each event."""
    roles: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)
    """Entity to (group, side) to how surely some event puts it there."""
    events_on: dict[str, list[int]] = field(default_factory=dict)
    """Entity to the numbers of the events whose sentence names it."""
    latest: list[list[str]] = field(default_factory=list)
    """For each sentence, the organisations of the last sentence before it that names any."""
    opening: list[str | None] = field(default_factory=list)
    """For each sentence, the first organisation of its paragraph, up to the sentence itself."""
    standings_at: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    """Identity of an event to how its candidates stand towards it, in numbers."""
    standings_in: dict[tuple[int, tuple[str, ...]], NDArray[np.float32]] = field(default_factory=dict)
    """Index of a sentence and its candidates to how these stand towards it."""
    _standings: dict[tuple[str, int], Standing] = field(default_factory=dict)
    _distinct: dict[int, list[int]] = field(default_factory=dict)

    @cached_property
    def total(self) -> int:
        """How many names the article holds."""
        return sum(len(found) for found in self.namings.values())

    @cached_property
    def organisations(self) -> list[str]:
        """The organisations and persons of the article, in the order of their first naming."""
        return [name for name, label in self.labels.items() if label in {"ORG", "PERSON"}]

    @cached_property
    def organisations_by_rank(self) -> list[str]:
        """The same, the most prominent first."""
        return sorted(self.organisations, key=lambda name: self.reading.rank[name])

    def organisations_outside(self, event: Event) -> list[str]:
        """Return the organisations and persons that the event's sentence does not name.

        Of very many, only the most prominent and the latest.
        """
        limit = max(MIN_CANDIDATES, MAX_CANDIDATES // len(self.events))
        if len(self.organisations) - len(event.sides) <= limit:
            return [name for name in self.organisations if name not in event.sides]
        index = event.sentence.index
        recent = [name for names in self.named[max(index - _CLOSE, 0) : index] for name in names]
        few = dict.fromkeys([*self.organisations_by_rank[:limit], *recent[-limit:]])
        return [name for name in few if name not in event.sides]

    def standing(self, name: str, index: int) -> Standing:
        """Return how an entity stands at a sentence."""
        key = (name, index)
        if key not in self._standings:
            self._standings[key] = self._work_out_standing(name, index)
        return self._standings[key]

    def _work_out_standing(self, name: str, index: int) -> Standing:
        namings = self.namings.get(name, [])
        low = bisect_left(namings, index, key=_sentence_of)
        high = bisect_left(namings, index + 1, key=_sentence_of)
        last = namings[low - 1] if low else None
        return Standing(
            here=namings[low:high],
            last=last,
            before=low,
            close=low - bisect_left(namings, index - _CLOSE, key=_sentence_of, hi=low),
            next=namings[high] if high < len(namings) else None,
            since=self._distinct_before(index)[last.sentence] if last else 50,
        )

    def _distinct_before(self, index: int) -> list[int]:
        """Return how many different names stand from each earlier sentence up to this one."""
        if index not in self._distinct:
            seen: set[str] = set()
            counts = [0] * index
            for number in range(index - 1, -1, -1):
                seen.update(self.named[number])
                counts[number] = len(seen)
            self._distinct[index] = counts
        return self._distinct[index]


def _sentence_of(naming: Naming) -> int:
    return naming.sentence


def salience_of(reading: Reading, events: list[Event]) -> Salience:
    """Go through an article's names and events once."""
    found = Salience(reading, events)
    for sentence in reading.sentences:
        found.named.append([])
        for order, position in enumerate(sentence.names):
            mention = sentence.tokens[position].mention
            if mention is None:
                continue
            name = entity_of(mention)
            naming = Naming(sentence.index, order, position, kind_of(mention), mention.label)
            found.namings.setdefault(name, []).append(naming)
            if mention.label in {"ORG", "PERSON"}:
                found.named[-1].append(name)
    for name, namings in found.namings.items():
        labels = [naming.label for naming in namings]
        found.labels[name] = max(sorted(set(labels)), key=labels.count)
    found.groups, found.roles = _roles(events)
    for number, event in enumerate(events):
        for name in event.sides:
            found.events_on.setdefault(name, []).append(number)
    _look_back(found)
    return found


def _look_back(found: Salience) -> None:
    """Note for each sentence who was named latest, and who was named first in its paragraph."""
    latest: list[str] = []
    opening: dict[int, str] = {}
    for names, paragraph in zip(found.named, found.reading.paragraphs, strict=True):
        found.latest.append(latest)
        if names:
            latest = names
            opening.setdefault(paragraph, names[0])
        found.opening.append(opening.get(paragraph))


def _roles(events: list[Event]) -> tuple[list[str], dict[str, dict[tuple[str, str], float]]]:
    groups: list[str] = []
    roles: dict[str, dict[tuple[str, str], float]] = {}
    for event in events:
        shares = group_shares(event)
        group = likeliest(shares)
        groups.append(group)
        for name, sides in event.sides.items():
            held = roles.setdefault(name, defaultdict(float))
            for side in ("A", "T", "S", "P"):
                share = side_share(sides, side, group) * event.probability
                if share > _WEAK:
                    held[group, side] = 1 - (1 - held[group, side]) * (1 - share)
    return groups, roles
