"""Rank who fills a main side of a statement: a name of its sentence, or an entity named elsewhere.

Real articles name the buyer once and go on with "it", "the group" or nothing at all. Every entity of
the article is therefore a candidate for every main side, described by what its own sentence says, by
how recently and how often it is named, and by what the article's other statements say of it; trained
trees tell the likely ones (a mention-ranking view of coreference, as in Denis and Baldridge, 2008).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dealfacts.deals.events import NONE, Event
from dealfacts.deals.groups import group_names, group_shares, opposite, side_share, sides_to_fill
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.salience import Naming, Salience
from dealfacts.deals.trees import Forest, Rows

FOREST = "slot"
MIN_GROUP = 0.12
"""Least share of a group of types for an event to be read as stating it."""
MIN_FILLER = 0.04
MAX_FILLERS = 4

_SIDES = "ATSP"
LABELS = ("ORG", "PERSON", "GPE", "LOC", "PRODUCT")
_FAR = 99.0

STATEMENT = (
    "group", "side", "event", "group share", "best near", "second near", "best far", "near names",
    "far names", "names left", "names right", "organisations left", "generic", "side is subject",
    "side is object", "sentence", "headline", "sentences", "other side", "stands for a name", "anchor",
    "first name", "paragraph", "tokens", "opens paragraph",
)  # fmt: skip
CANDIDATE = (
    "near", "share", "none", "other share", "lead over others", "far share", "far none", "far lead",
    "far other share", "rank", "namings", "share of names", "in headline", "label", "sentences back",
    "sentences ahead", "namings before", "first sentence", "opened last sentence", "first of last sentence",
    "first of latest names", "last of latest names", "first of paragraph", "stood for here", "named here",
    "tokens away", "offset", "same side elsewhere", "opposite side elsewhere", "any side elsewhere",
    "beside the other party elsewhere", "is the other party", "namings close before", "names since",
    "among latest names", "first of article",
)  # fmt: skip
COLUMNS = STATEMENT + CANDIDATE


@dataclass(frozen=True)
class Filler:
    """A candidate for a main side; `entity` is None for a side that goes unnamed."""

    entity: str | None
    share: float
    near: bool = False


@dataclass(frozen=True)
class Slot:
    """A main side of an event under a group, with its candidates and one row of numbers for each."""

    event: Event
    group: str
    side: str
    names: list[str]
    rows: Rows


Fillers = dict[tuple[int, str, str], list[Filler]]
"""Number of the event, group and side to the likely fillers, likeliest first."""


def open_slots(salience: Salience) -> Iterator[tuple[int, Slot]]:
    """Yield every main side of every event under each group it may state."""
    for number, event in enumerate(salience.events):
        for group, share in group_shares(event).items():
            if share >= MIN_GROUP:
                for side in sides_to_fill(group):
                    slot = slot_of(salience, event, group, side, share)
                    if slot.names:
                        yield number, slot


def rank_fillers(salience: Salience, forest: Forest) -> Fillers:
    """Find the likely fillers of every main side of every event."""
    slots = list(open_slots(salience))
    if not slots:
        return {}
    shares = forest.probabilities(np.concatenate([slot.rows for _, slot in slots]))
    found: Fillers = {}
    position = 0
    for number, slot in slots:
        mine = shares[position : position + len(slot.names)]
        position += len(slot.names)
        ranked = sorted(zip(slot.names, mine, strict=True), key=lambda item: (-item[1], item[0]))
        found[number, slot.group, slot.side] = [
            Filler(name, float(share), name in slot.event.sides)
            for name, share in ranked[:MAX_FILLERS]
            if share >= MIN_FILLER
        ]
    return found


def slot_of(salience: Salience, event: Event, group: str, side: str, share: float) -> Slot:
    """Describe a main side of an event and every candidate for it."""
    facing = opposite(side, group)
    near = {name: side_share(sides, side, group) for name, sides in event.sides.items()}
    far = {name: side_share(sides, side, group) for name, sides in event.far_sides.items()}
    other = max(((side_share(s, facing, group), name) for name, s in event.sides.items()), default=(0.0, ""))
    outside = salience.organisations_outside(event)
    statement = _statement(salience, event, (group, side, share), near, far, (other[0], len(outside)))
    beside = _beside(salience, event, other, (side, facing))
    latest = _latest_names(salience, event.sentence.index)
    names = [*near, *outside]
    sides, shares, around = (group, side, facing), (near, far), (other, beside, latest)
    rows = [statement + _candidate(salience, event, sides, name, shares, around) for name in names]
    return Slot(event, group, side, names, np.array(rows, dtype=np.float32).reshape(len(rows), len(COLUMNS)))


def _statement(
    salience: Salience,
    event: Event,
    what: tuple[str, str, float],
    near: Mapping[str, float],
    far: Mapping[str, float],
    rest: tuple[float, int],
) -> list[float]:
    group, side, share = what
    sentence, anchor, index = event.sentence, event.trigger.anchor, event.sentence.index
    known = concepts()["triggers"][event.trigger.concept]
    frame = known["frame"]
    shares = [*sorted(near.values(), reverse=True), 0.0, 0.0]
    left = [position for position in sentence.names if position < anchor]
    nominal = any(naming.kind != "name" for name in near for naming in _here(salience, name, index))
    paragraphs = salience.paragraphs
    return [
        group_names().index(group), _SIDES.index(side), event.probability, share,
        shares[0], shares[1], max(far.values(), default=0.0), len(near), rest[1],
        len(left), len(sentence.names) - len(left),
        sum(sentence.tokens[position].word == "<org>" for position in left),
        known.get("generic", False), frame.get("subject") == side, frame.get("object") == side,
        index, sentence.headline, len(salience.reading.sentences), rest[0], nominal, anchor,
        min(sentence.names[0], 50) if sentence.names else 50, paragraphs[index], len(sentence.tokens),
        index > 0 and paragraphs[index] != paragraphs[index - 1],
    ]  # fmt: skip


def _candidate(
    salience: Salience,
    event: Event,
    what: tuple[str, str, str],
    name: str,
    shares: tuple[Mapping[str, float], Mapping[str, float]],
    around: tuple[tuple[float, str], Mapping[str, float], list[str]],
) -> list[float]:
    group, side, facing = what
    near, far = shares
    other, beside, latest = around
    reading, index, anchor = salience.reading, event.sentence.index, event.trigger.anchor
    namings = salience.namings.get(name, [])
    before = [each for each in namings if each.sentence < index]
    after = [each for each in namings if each.sentence > index]
    here = _here(salience, name, index)
    last = before[-1] if before else None
    previous = salience.named[index - 1] if index else []
    label = salience.labels.get(name, "")
    roles = salience.roles.get(name, {})
    offset = min((each.token - anchor for each in here), key=abs, default=99)
    since = {each for number in range(last.sentence if last else 0, index) for each in salience.named[number]}
    return [
        name in event.sides, *_shares_of(event.sides.get(name), near, name, side),
        *_shares_of(event.far_sides.get(name), far, name, side, far=True),
        reading.rank.get(name, 30), len(namings), len(namings) / max(salience.total, 1),
        name in reading.headline_entities, LABELS.index(label) if label in LABELS else len(LABELS),
        index - last.sentence if last else _FAR, after[0].sentence - index if after else _FAR,
        len(before) + sum(each.token < anchor for each in here), namings[0].sentence if namings else _FAR,
        last is not None and last.sentence == index - 1 and last.order == 0, previous[:1] == [name],
        latest[:1] == [name], latest[-1:] == [name], _first_of_paragraph(salience, index) == name,
        any(each.kind != "name" for each in here), any(each.kind == "name" for each in here),
        abs(offset), offset,
        roles.get((group, side), 0.0), roles.get((group, facing), 0.0), max(roles.values(), default=0.0),
        beside.get(name, 0.0), name == other[1], sum(each.sentence >= index - 3 for each in before),
        len(since) if last else 50, name in latest, salience.named[0][:1] == [name],
    ]  # fmt: skip


def _shares_of(
    sides: Mapping[str, float] | None, shares: Mapping[str, float], name: str, side: str, *, far: bool = False
) -> list[float]:
    """Say how likely a name is on a side, on none and on others, and how far it leads the others."""
    share = shares.get(name, 0.0)
    lead = share - max((held for other, held in shares.items() if other != name), default=0.0)
    none = sides[NONE] if sides else -1.0
    others = max((held for each, held in (sides or {}).items() if each not in {NONE, side}), default=-1.0)
    return [share, none, lead, others] if far else [share, none, others, lead]


def _beside(
    salience: Salience, event: Event, other: tuple[float, str], sides: tuple[str, str]
) -> dict[str, float]:
    """Say how surely other statements put an entity on this side of a deal with the other party."""
    found: dict[str, float] = {}
    side, facing = sides
    share, party = other
    if share <= MIN_OTHER:
        return found
    for told, group in zip(salience.events, salience.groups, strict=True):
        if told is event or party not in told.sides:
            continue
        facing_share = told.probability * side_share(told.sides[party], facing, group)
        for name, shares in told.sides.items():
            here = facing_share * side_share(shares, side, group)
            found[name] = max(found.get(name, 0.0), here)
    return found


MIN_OTHER = 0.3
"""Least share of the other party for statements about it to be looked up."""


def _here(salience: Salience, name: str, index: int) -> list[Naming]:
    return [each for each in salience.namings.get(name, ()) if each.sentence == index]


def _latest_names(salience: Salience, index: int) -> list[str]:
    """Return the organisations of the last sentence before this one that names any."""
    return next((salience.named[n] for n in range(index - 1, -1, -1) if salience.named[n]), [])


def _first_of_paragraph(salience: Salience, index: int) -> str | None:
    """Return the first organisation of the sentence's paragraph, up to the sentence itself."""
    paragraph = salience.paragraphs[index]
    return next(
        (
            salience.named[number][0]
            for number in range(index + 1)
            if salience.paragraphs[number] == paragraph and salience.named[number]
        ),
        None,
    )
