"""How sure a hypothesis is: what its statements, parties and rivals add up to, as trained trees see it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from dealfacts.deals.events import Event
from dealfacts.deals.groups import group_names
from dealfacts.deals.hypotheses import Hypothesis
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.reading import Reading, kind_of
from dealfacts.deals.slots import LABELS
from dealfacts.deals.trees import Forest, Rows, as_rows

FOREST = "judge"

_STATUSES = ("announced", "completed", "in_talks", "rumoured", "cancelled", "denied")
_SUPPORT = (
    "weight", "best weight", "sum of weights", "statements", "surest event", "largest group share",
    "surest first", "surest second", "sum for first", "sum for second", "event", "group share",
    "first", "first near", "second", "second near", "rank", "relative", "best relative", "best rank",
    "times best", "sentences", "first sentence", "best sentence", "headline", "length",
    "together",
)  # fmt: skip
_PARTY = ("rank", "in headline", "namings", "label", "named", "near statements", "in paragraph")
_RIVALS = (
    "swapped", "same parties otherwise", "same first", "same second", "covered", "covered by any",
    "stronger", "place", "of strongest", "hypotheses", "events", "place in group", "of strongest in group",
)  # fmt: skip
_CROSSED = ("first as second", "first as seller", "second as first", "second as seller")
_REST = (
    *(f"{name} {how}" for name in _CROSSED for how in ("by best", "mean")), "likeliest seller",
    "all generic", "generic", "amount", "stake", *_STATUSES, "first elsewhere", "second elsewhere",
)  # fmt: skip
COLUMNS = (
    *_SUPPORT, "group", *(f"first {name}" for name in _PARTY), *(f"second {name}" for name in _PARTY),
    *_RIVALS, *_REST,
)  # fmt: skip


@dataclass
class _Case:
    """What a hypothesis is judged among: look-ups over all hypotheses of an article, by their number."""

    reading: Reading
    events: list[Event]
    hypotheses: list[Hypothesis]
    on_event: dict[int, list[int]] = field(default_factory=dict)
    """Identity of an event to the hypotheses it supports."""
    on_parties: dict[frozenset[str | None], list[int]] = field(default_factory=dict)
    """The two main parties, in either order, to the hypotheses on them."""
    on_party: dict[str, list[int]] = field(default_factory=dict)
    """A party to the hypotheses that name it."""
    by_group: dict[str, list[int]] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    """Each hypothesis' place among those of its group."""

    def __post_init__(self) -> None:
        for number, each in enumerate(self.hypotheses):
            for support in each.support:
                self.on_event.setdefault(id(support.event), []).append(number)
            self.on_parties.setdefault(frozenset((each.first, each.second)), []).append(number)
            for party in each.parties:
                self.on_party.setdefault(party, []).append(number)
            alike = self.by_group.setdefault(each.group, [])
            self.places.append(len(alike))
            alike.append(number)

    def overlaps(self, number: int) -> dict[int, float]:
        """Return which share of a hypothesis' support comes from statements that each other one shares."""
        support = self.hypotheses[number].support
        total = sum(each.weight for each in support)
        shared: dict[int, float] = {}
        for each in support:
            for other in self.on_event[id(each.event)]:
                if other != number:
                    shared[other] = shared.get(other, 0.0) + each.weight
        return {other: weight / total for other, weight in shared.items()}


def judge(reading: Reading, events: list[Event], hypotheses: list[Hypothesis], forest: Forest) -> list[float]:
    """Return how sure each hypothesis is, 0 to 1; they come strongest first, as by `hypotheses_of`."""
    if not hypotheses:
        return []
    return [float(share) for share in forest.probabilities(judged_rows(reading, events, hypotheses))]


def judged_rows(reading: Reading, events: list[Event], hypotheses: list[Hypothesis]) -> Rows:
    """Describe every hypothesis of an article, strongest first, in one row of numbers.

    Returns:
        Rows of shape (n, len(COLUMNS)).
    """
    case = _Case(reading, events, hypotheses)
    rows = [_row(case, place) for place in range(len(hypotheses))]
    return as_rows(rows, COLUMNS)


def _row(case: _Case, place: int) -> list[float]:
    hypothesis = case.hypotheses[place]
    return [
        *_support(case, hypothesis),
        group_names().index(hypothesis.group),
        *_party(case, hypothesis, hypothesis.first),
        *_party(case, hypothesis, hypothesis.second),
        *_rivals(case, place),
        *_rest(case, place),
    ]


def _support(case: _Case, hypothesis: Hypothesis) -> list[float]:
    support, best = hypothesis.support, hypothesis.best
    first, second = best.fillers
    return [
        hypothesis.weight, best.weight, sum(s.weight for s in support), len(support),
        max(s.event.probability for s in support), max(s.group_share for s in support),
        max(s.fillers[0].share for s in support), max(s.fillers[1].share for s in support),
        sum(s.fillers[0].share * s.event.probability for s in support),
        sum(s.fillers[1].share * s.event.probability for s in support),
        best.event.probability, best.group_share, first.share, first.near, second.share, second.near,
        best.rank, best.relative, max(s.relative for s in support), min(s.rank for s in support),
        sum(s.rank == 0 for s in support), len({s.event.sentence.index for s in support}),
        min(s.event.sentence.index for s in support), best.event.sentence.index,
        any(s.event.sentence.headline for s in support), len(case.reading.sentences),
        _together(case.reading, hypothesis),
    ]  # fmt: skip


def _together(reading: Reading, hypothesis: Hypothesis) -> float:
    """Return which share of the support stands in paragraphs that name all the parties."""
    named = [reading.paragraphs_of.get(party, set()) for party in hypothesis.parties]
    weights = {True: 0.0, False: 0.0}
    for each in hypothesis.support:
        paragraph = reading.paragraphs[each.event.sentence.index]
        weights[all(paragraph in paragraphs for paragraphs in named)] += each.weight
    return weights[True] / (weights[True] + weights[False])


def _party(case: _Case, hypothesis: Hypothesis, name: str | None) -> list[float]:
    if name is None:
        return [-1.0] * len(_PARTY)
    reading, best = case.reading, hypothesis.best.event
    labels = [m.label for s in hypothesis.support for m in s.event.mentions.get(name, ())]
    return [
        reading.rank.get(name, 30), name in reading.headline_entities, reading.mentions_of.get(name, 0),
        LABELS.index(labels[0]) if labels and labels[0] in LABELS else len(LABELS),
        any(kind_of(mention) == "name" for mention in best.mentions.get(name, ())),
        sum(name in s.event.sides for s in hypothesis.support),
        reading.paragraphs[best.sentence.index] in reading.paragraphs_of.get(name, ()),
    ]  # fmt: skip


def _rivals(case: _Case, place: int) -> list[float]:
    """Describe the other hypotheses: those on the same parties, and those that claim the same statements."""
    hypotheses, mine = case.hypotheses, case.hypotheses[place]
    swapped = otherwise = same_first = same_second = covered = covered_by_any = 0.0
    stronger = 0
    for number in case.on_parties[frozenset((mine.first, mine.second))]:
        if number != place and hypotheses[number].group == mine.group:
            swapped = max(swapped, hypotheses[number].weight)
        elif number != place:
            otherwise = max(otherwise, hypotheses[number].weight)
    for number, overlap in case.overlaps(place).items():
        other = hypotheses[number]
        claim = other.weight * overlap
        stronger += other.weight > mine.weight
        covered_by_any = max(covered_by_any, claim)
        if other.group == mine.group:
            covered = max(covered, claim)
            same_first = max(same_first, claim if other.first == mine.first else 0.0)
            same_second = max(same_second, claim if other.second == mine.second else 0.0)
    strongest = hypotheses[case.by_group[mine.group][0]]
    return [
        swapped, otherwise, same_first, same_second, covered, covered_by_any, stronger, place,
        mine.weight / hypotheses[0].weight, len(hypotheses), len(case.events), case.places[place],
        mine.weight / strongest.weight,
    ]  # fmt: skip


def _rest(case: _Case, place: int) -> list[float]:
    hypothesis = case.hypotheses[place]
    table, support = concepts()["triggers"], hypothesis.support
    generic = [table[s.event.trigger.concept].get("generic", False) for s in support]
    statuses: dict[str, float] = defaultdict(float)
    for each in support:
        for status, share in each.event.statuses.items():
            statuses[status] += share * each.weight
    total = sum(statuses.values()) or 1.0
    best, weight = hypothesis.best, sum(each.weight for each in support)
    crossed = [
        share
        for place in range(len(_CROSSED))
        for share in (best.crossed[place], sum(s.crossed[place] * s.weight for s in support) / weight)
    ]
    return [
        *crossed, max((f.share for s in support for f in s.further.get("S", ())), default=0.0),
        all(generic), table[hypothesis.best.event.trigger.concept].get("generic", False),
        _strongest_value(hypothesis, "amount"), _strongest_value(hypothesis, "stake"),
        *(statuses[status] / total for status in _STATUSES),
        _elsewhere(case, place, hypothesis.first), _elsewhere(case, place, hypothesis.second),
    ]  # fmt: skip


def _strongest_value(hypothesis: Hypothesis, meaning: str) -> float:
    return max(
        (shares.get(meaning, 0.0) for s in hypothesis.support for _, shares, _ in s.event.values), default=0.0
    )


def _elsewhere(case: _Case, place: int, name: str | None) -> float:
    """Return the weight of the strongest other hypothesis on a party; they come strongest first."""
    others = case.on_party[name] if name is not None else ()
    return next((case.hypotheses[number].weight for number in others[:2] if number != place), 0.0)
