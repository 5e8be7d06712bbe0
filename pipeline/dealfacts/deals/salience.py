"""How the entities of an article stand in it: where each is named, and where its events put each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from dealfacts.deals.events import Event
from dealfacts.deals.groups import group_shares, side_share
from dealfacts.deals.reading import Reading, entity_of, kind_of

_WEAK = 0.05


@dataclass(frozen=True)
class Naming:
    """One mention of an entity: its sentence, its place among that sentence's names, its token."""

    sentence: int
    order: int
    token: int
    kind: str
    label: str


@dataclass
class Salience:
    """What an article as a whole says of its entities."""

    reading: Reading
    events: list[Event]
    namings: dict[str, list[Naming]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    named: list[list[str]] = field(default_factory=list)
    """The organisations and persons of each sentence, in order."""
    paragraphs: list[int] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """The likeliest group of types of each event."""
    roles: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)
    """Entity to (group, side) to how surely some event puts it there."""

    @property
    def total(self) -> int:
        """How many names the article holds."""
        return sum(len(found) for found in self.namings.values())

    def organisations_outside(self, event: Event) -> list[str]:
        """Return the organisations and persons that the event's sentence does not name."""
        return [
            name
            for name, label in self.labels.items()
            if label in {"ORG", "PERSON"} and name not in event.sides
        ]


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
    found.paragraphs = _paragraphs(reading)
    found.groups, found.roles = _roles(events)
    return found


def _paragraphs(reading: Reading) -> list[int]:
    numbers, number, text = [], 0, reading.article.text
    for index, sentence in enumerate(reading.sentences):
        if index and "\n" in text[reading.sentences[index - 1].end : sentence.start]:
            number += 1
        numbers.append(number)
    return numbers


def _roles(events: list[Event]) -> tuple[list[str], dict[str, dict[tuple[str, str], float]]]:
    groups: list[str] = []
    roles: dict[str, dict[tuple[str, str], float]] = {}
    for event in events:
        shares = group_shares(event)
        group = max(shares, key=lambda each: (shares[each], each))
        groups.append(group)
        for name, sides in event.sides.items():
            held = roles.setdefault(name, defaultdict(float))
            for side in ("A", "T", "S", "P"):
                share = side_share(sides, side, group) * event.probability
                if share > _WEAK:
                    held[group, side] = 1 - (1 - held[group, side]) * (1 - share)
    return groups, roles
