"""Rank who fills a main side of a statement: a name of its sentence, or an entity named elsewhere.

Real articles name the buyer once and go on with "it", "the group" or nothing at all. Every entity of
the article is therefore a candidate for every main side, described by what its own sentence says, by
how recently and how often it is named, and by what the article's other statements say of it; trained
trees tell the likely ones (a mention-ranking view of coreference, as in Denis and Baldridge, 2008).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dealfacts.deals.events import Event
from dealfacts.deals.groups import group_names, group_shares, opposite, side_share, sides_to_fill
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.network import NONE
from dealfacts.deals.salience import Salience
from dealfacts.deals.trees import Forest, Part, Rows

FOREST = "slot"
MIN_GROUP = 0.12
"""Least share of a group of types for an event to be read as stating it."""
MIN_FILLER = 0.04
MAX_FILLERS = 4
MIN_OTHER = 0.3
"""Least share of the other party for statements about it to be looked up."""
MAX_TOLD = 200
"""How many statements about a party are looked up."""

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
    "among latest names", "first of article", "paragraphs back", "paragraphs ahead",
)  # fmt: skip
COLUMNS = STATEMENT + CANDIDATE
_ON_SIDE = (
    "share", "none", "other share", "lead over others", "far share", "far none", "far lead",
    "far other share", "same side elsewhere", "opposite side elsewhere",
    "beside the other party elsewhere", "is the other party",
)  # fmt: skip
"""What depends on the side that a candidate is weighed for; the rest holds for every side of a statement."""
_STATEMENT_AT = range(len(STATEMENT))
_ON_SIDE_AT = [COLUMNS.index(name) for name in _ON_SIDE]
_STANDING = tuple(name for name in CANDIDATE if name not in _ON_SIDE)
_STANDING_AT = [COLUMNS.index(name) for name in _STANDING]
_FROM_ANCHOR = [_STANDING.index(name) for name in ("namings before", "tokens away", "offset")]
"""What depends on where in its sentence the trigger stands, for candidates that are named there."""
_NOT_HERE = 99
"""How many tokens away a candidate counts as that the sentence does not name."""


@dataclass(frozen=True)
class Filler:
    """A candidate for a main side; `entity` is None for a side that goes unnamed."""

    entity: str | None
    share: float
    near: bool = False


@dataclass(frozen=True)
class Slot:
    """A main side of an event under a group, with its candidates and what is known of each in numbers."""

    event: Event
    group: str
    side: str
    names: list[str]
    statement: list[float]
    """What holds for every candidate."""
    standings: Rows
    """How each candidate stands towards the statement, whatever the side."""
    on_side: Rows
    """What is said of each on this side."""

    @property
    def rows(self) -> Rows:
        """All of it: shape (candidates, len(COLUMNS))."""
        rows = np.empty((len(self.names), len(COLUMNS)), dtype=np.float32)
        rows[:, _STATEMENT_AT] = self.statement
        rows[:, _STANDING_AT] = self.standings
        rows[:, _ON_SIDE_AT] = self.on_side
        return rows


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
    shares = forest.probabilities_in_parts(_parts([slot for _, slot in slots]))
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


def _parts(slots: list[Slot]) -> list[Part]:
    """Lay out the candidates of all slots: what they share is weighed once."""
    counts = [len(slot.names) for slot in slots]
    standings = list({id(slot.standings): slot.standings for slot in slots}.values())
    starts = np.cumsum([0, *map(len, standings)])
    start_of = {id(each): start for each, start in zip(standings, starts[:-1], strict=True)}
    return [
        Part(
            _STATEMENT_AT,
            np.array([slot.statement for slot in slots], dtype=np.float32),
            np.repeat(np.arange(len(slots)), counts),
        ),
        Part(
            _STANDING_AT,
            np.concatenate(standings),
            np.concatenate([start_of[id(slot.standings)] + np.arange(len(slot.names)) for slot in slots]),
        ),
        Part(_ON_SIDE_AT, np.concatenate([slot.on_side for slot in slots]), np.arange(sum(counts))),
    ]


def slot_of(salience: Salience, event: Event, group: str, side: str, share: float) -> Slot:
    """Describe a side of an event and every candidate for it."""
    facing = opposite(side, group)
    near = {name: side_share(sides, side, group) for name, sides in event.sides.items()}
    far = {name: side_share(sides, side, group) for name, sides in event.far_sides.items()}
    other = max(((side_share(s, facing, group), name) for name, s in event.sides.items()), default=(0.0, ""))
    outside = salience.organisations_outside(event)
    around = _Around(salience, event, group, (side, facing), near, far, other)
    statement = _statement(around, share, len(outside))
    names = [*near, *outside]
    on_side = np.array([_on_side(around, name) for name in names], dtype=np.float32)
    return Slot(
        event, group, side, names, statement, _standings(salience, event, names),
        on_side.reshape(len(names), len(_ON_SIDE)),
    )  # fmt: skip


def _standings(salience: Salience, event: Event, names: list[str]) -> Rows:
    """Describe how each candidate stands towards a statement whatever the side: once a statement."""
    known = salience.standings_at.get(id(event))
    if known is None:
        known = salience.standings_at[id(event)] = _standings_in(salience, event, names).copy()
        for place, name in enumerate(names):
            if salience.standing(name, event.sentence.index).here:
                known[place, _FROM_ANCHOR] = _from_anchor(salience, event, name)
    return known


def _standings_in(salience: Salience, event: Event, names: list[str]) -> Rows:
    """Describe the same of a trigger that stands before all of its sentence: once a sentence."""
    key = (event.sentence.index, tuple(names))
    known = salience.standings_in.get(key)
    if known is None:
        rows = np.array([_standing(salience, event, name) for name in names], dtype=np.float32)
        known = salience.standings_in[key] = rows.reshape(len(names), len(_STANDING))
    return known


@dataclass(frozen=True)
class _Around:
    """What the candidates for one side of a statement are compared in."""

    salience: Salience
    event: Event
    group: str
    sides: tuple[str, str]
    """The side to fill, and the one that faces it."""
    near: Mapping[str, float]
    """How likely each name of the sentence is on the side."""
    far: Mapping[str, float]
    """How likely names of other sentences are, as the scorer of names from elsewhere sees it."""
    other: tuple[float, str]
    """The likeliest name of the sentence for the facing side, after how likely it is."""

    @cached_property
    def best_near(self) -> tuple[float, float]:
        """The two largest shares of names in the sentence."""
        return _two_largest(self.near)

    @cached_property
    def best_far(self) -> tuple[float, float]:
        """The two largest shares of names from elsewhere."""
        return _two_largest(self.far)

    @cached_property
    def beside(self) -> dict[str, float]:
        """How surely other statements put an entity on this side of a deal with the other party."""
        found: dict[str, float] = {}
        (side, facing), (share, party) = self.sides, self.other
        if share <= MIN_OTHER:
            return found
        for number in self.salience.events_on[party][:MAX_TOLD]:
            told, group = self.salience.events[number], self.salience.groups[number]
            if told is self.event:
                continue
            facing_share = told.probability * side_share(told.sides[party], facing, group)
            for name, shares in told.sides.items():
                here = facing_share * side_share(shares, side, group)
                found[name] = max(found.get(name, 0.0), here)
        return found


def _two_largest(shares: Mapping[str, float]) -> tuple[float, float]:
    first, second = [*sorted(shares.values(), reverse=True), 0.0, 0.0][:2]
    return first, second


def _statement(around: _Around, share: float, outside: int) -> list[float]:
    salience, event, side = around.salience, around.event, around.sides[0]
    sentence, anchor, index = event.sentence, event.trigger.anchor, event.sentence.index
    known = concepts()["triggers"][event.trigger.concept]
    frame = known["frame"]
    left = [position for position in sentence.names if position < anchor]
    nominal = any(
        naming.kind != "name" for name in around.near for naming in salience.standing(name, index).here
    )
    paragraphs = salience.reading.paragraphs
    return [
        group_names().index(around.group), _SIDES.index(side), event.probability, share,
        *around.best_near, around.best_far[0], len(around.near), outside,
        len(left), len(sentence.names) - len(left),
        sum(sentence.tokens[position].word == "<org>" for position in left),
        known.get("generic", False), frame.get("subject") == side, frame.get("object") == side,
        index, sentence.headline, len(salience.reading.sentences), around.other[0], nominal, anchor,
        min(sentence.names[0], 50) if sentence.names else 50, paragraphs[index], len(sentence.tokens),
        index > 0 and paragraphs[index] != paragraphs[index - 1],
    ]  # fmt: skip


def _standing(salience: Salience, event: Event, name: str) -> list[float]:
    reading, index = salience.reading, event.sentence.index
    namings, stands = salience.namings.get(name, []), salience.standing(name, index)
    here, last, ahead = stands.here, stands.last, stands.next
    previous, latest = salience.named[index - 1] if index else [], salience.latest[index]
    label, paragraphs = salience.labels.get(name, ""), reading.paragraphs
    return [
        name in event.sides, reading.rank.get(name, 30), len(namings), len(namings) / max(salience.total, 1),
        name in reading.headline_entities, LABELS.index(label) if label in LABELS else len(LABELS),
        index - last.sentence if last else _FAR, ahead.sentence - index if ahead else _FAR,
        stands.before, namings[0].sentence if namings else _FAR,
        last is not None and last.sentence == index - 1 and last.order == 0, previous[:1] == [name],
        latest[:1] == [name], latest[-1:] == [name], salience.opening[index] == name,
        any(each.kind != "name" for each in here), any(each.kind == "name" for each in here),
        _NOT_HERE, _NOT_HERE, max(salience.roles.get(name, {}).values(), default=0.0), stands.close,
        stands.since, name in latest, salience.named[0][:1] == [name],
        paragraphs[index] - paragraphs[last.sentence] if last else _FAR,
        paragraphs[ahead.sentence] - paragraphs[index] if ahead else _FAR,
    ]  # fmt: skip


def _from_anchor(salience: Salience, event: Event, name: str) -> list[float]:
    stands, anchor = salience.standing(name, event.sentence.index), event.trigger.anchor
    offset = min((each.token - anchor for each in stands.here), key=abs, default=_NOT_HERE)
    return [stands.before + sum(each.token < anchor for each in stands.here), abs(offset), offset]


def _on_side(around: _Around, name: str) -> list[float]:
    event, (side, facing) = around.event, around.sides
    roles = around.salience.roles.get(name, {})
    share, none, others, lead = _shares_of(event.sides.get(name), around.near, around.best_near, name, side)
    far = _shares_of(event.far_sides.get(name), around.far, around.best_far, name, side)
    return [
        share, none, others, lead, far[0], far[1], far[3], far[2],
        roles.get((around.group, side), 0.0), roles.get((around.group, facing), 0.0),
        around.beside.get(name, 0.0), name == around.other[1],
    ]  # fmt: skip


def _shares_of(
    sides: Mapping[str, float] | None,
    shares: Mapping[str, float],
    best: tuple[float, float],
    name: str,
    side: str,
) -> tuple[float, float, float, float]:
    """Say how likely a name is on a side, on none and on others, and how far it leads the other names."""
    share = shares.get(name, 0.0)
    lead = share - (best[1] if name in shares and share == best[0] else best[0])
    if not sides:
        return share, -1.0, -1.0, lead
    others = max((held for each, held in sides.items() if each not in (NONE, side)), default=-1.0)
    return share, sides[NONE], others, lead
