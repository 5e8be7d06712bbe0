"""Decide which date of an article is which day of which deal: announced, completed, expected to close..."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dealfacts.deals.figures import Claims, Figure, collect_claims, gather, strongest_rival
from dealfacts.deals.groups import group_names
from dealfacts.deals.hypotheses import Hypothesis, statuses_of
from dealfacts.deals.network import NONE, STATUSES
from dealfacts.deals.reading import Reading
from dealfacts.deals.trees import Forest, Rows, as_rows
from dealfacts.records import Mention, Timex, day_of, publication_day

FOREST = "day"
MIN_DAY = 0.45
"""Least probability, over all roles together, that a date is a day of the deal."""
MIN_ROLE = MIN_DAY / 2
"""Least probability of the one role it then gets: `start` and `deployment` often share a date's."""
MOST_DAYS_LATE = 31
"""How long after its closing a deal may yet be announced."""
ROLES = ("announced", "completed", "expected_close", "start", "deployment")
_OF_CLOSING = frozenset({"completed", "expected_close"})
_REACH = 5
_CONCEPTS = (
    "s:complete", "s:agree", "s:future", "s:perfect", "s:background", "s:cancel", "s:talks", "s:rumour",
    "c:close_expected", "c:starts", "c:earlier", "c:says",
)  # fmt: skip
_UNKNOWN = 9999.0
COLUMNS = (
    "role", "share here", "share from elsewhere", "mean share", "none", "support", "offset from best",
    "share by best", "is first", "behind first", "first", "dates", "role of mean", "best other role", "gap",
    "past", "precision", "day of publication", "sentence", "distance", "headline", "times told",
    "claimed by others", "group", "weight", *STATUSES, *_CONCEPTS,
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A date that may play a role in a deal."""

    role: str
    mention: Mention


@dataclass(frozen=True)
class Dates:
    """The dates of an article as its told hypotheses see them."""

    reading: Reading
    hypotheses: list[Hypothesis]
    times_told: dict[str, int]
    claims: Claims


def dates_of(reading: Reading, hypotheses: list[Hypothesis]) -> Dates:
    """Count how often each date is told, and work out which hypotheses claim it in their own sentences."""
    claims = collect_claims(
        hypotheses, Timex, lambda shares, is_here: 1 - shares.get(NONE, 1.0) if is_here else 0.0
    )
    return Dates(reading, hypotheses, _times_told(reading), claims)


def day_rows(dates: Dates, index: int) -> tuple[list[Candidate], Rows]:
    """Describe every date near a hypothesis' statements in every role; rows of shape (n, len(COLUMNS))."""
    reading, hypothesis = dates.reading, dates.hypotheses[index]
    by_role = {role: gather(hypothesis, Timex, role) for role in ROLES}
    means = {role: {f.mention.id: f.mean for f in figures} for role, figures in by_role.items()}
    statuses = statuses_of(hypothesis.support)
    candidates, rows = [], []
    for number, (role, figures) in enumerate(by_role.items()):
        top = max(means[role].values(), default=0.0)
        for figure in figures:
            mention = figure.mention
            shares = [means[each][mention.id] for each in ROLES]
            others = max(share for each, share in zip(ROLES, shares, strict=True) if each != role)
            candidates.append(Candidate(role, mention))
            rows.append(
                [
                    number, figure.here, figure.elsewhere, figure.mean, figure.none, figure.support,
                    figure.offset, figure.by_best, figure.mean == top, top - figure.mean, top, len(figures),
                    shares.index(max(shares)), others, *_calendar(reading, mention), figure.sentence,
                    figure.distance(reading), reading.sentences[figure.sentence].headline,
                    dates.times_told[_timex(mention)], strongest_rival(dates.claims, mention, index),
                    group_names().index(hypothesis.group), hypothesis.weight, *statuses,
                    *_surroundings(reading, figure),
                ]
            )  # fmt: skip
    return candidates, as_rows(rows, COLUMNS)


def _timex(mention: Mention) -> str:
    return mention.value.timex if isinstance(mention.value, Timex) else ""


def _times_told(reading: Reading) -> dict[str, int]:
    told: dict[str, int] = defaultdict(int)
    for sentence in reading.sentences:
        for position in sentence.values:
            mention = sentence.tokens[position].mention
            if mention is not None:
                told[_timex(mention)] += 1
    return told


def _calendar(reading: Reading, mention: Mention) -> list[float]:
    """Say how far a date lies from the day of publication, on which side, and how exact it is."""
    value, published = mention.value, publication_day(reading.article.published)
    assert isinstance(value, Timex)
    precision = len(value.timex)
    day = day_of(value.start)
    if day is None or published is None:
        return [_UNKNOWN, 0.0, precision, False]
    gap = (day - published).days
    return [math.copysign(math.log1p(abs(gap)), gap), gap < 0, precision, gap == 0]


def _surroundings(reading: Reading, figure: Figure) -> list[float]:
    near = figure.near(reading, _REACH)
    return [name in near for name in _CONCEPTS]


def choose_days(
    reading: Reading,
    hypotheses: list[Hypothesis],
    chosen: list[int],
    statuses: Sequence[str],
    forest: Forest,
) -> dict[int, dict[str, tuple[Mention, float]]]:
    """Give each told hypothesis its dates; a date has one role in a deal, and one that its status allows.

    Args:
        reading: the article.
        hypotheses: all of it.
        chosen: the positions of those that are told.
        statuses: how far each of these has come.
        forest: the trees that tell how likely a date plays a role.

    Returns:
        Position of the hypothesis to role to the date and its probability.
    """
    found: dict[int, dict[str, tuple[Mention, float]]] = {}
    dates = dates_of(reading, [hypotheses[index] for index in chosen])
    described = [day_rows(dates, place) for place in range(len(chosen))]
    scored = forest.probabilities_of([rows for _, rows in described])
    for index, status, (candidates, _), shares in zip(chosen, statuses, described, scored, strict=True):
        in_any_role: dict[str, float] = defaultdict(float)
        for candidate, share in zip(candidates, shares, strict=True):
            in_any_role[candidate.mention.id] += share
        held = found.setdefault(index, {})
        likely = [
            (candidate, share)
            for candidate, share in zip(candidates, shares, strict=True)
            if share >= MIN_ROLE
            and in_any_role[candidate.mention.id] >= MIN_DAY
            and _allows(status, candidate.role)
        ]
        taken: set[str] = set()
        for candidate, share in sorted(
            likely, key=lambda item: (-item[1], item[0].mention.start, item[0].role)
        ):
            if candidate.role not in held and candidate.mention.id not in taken:
                held[candidate.role] = (candidate.mention, float(share))
                taken.add(candidate.mention.id)
        if _is_too_late(held):
            del held["announced"]
    return found


def _is_too_late(held: dict[str, tuple[Mention, float]]) -> bool:
    """Tell whether a deal would be announced long after it closed: that is the day of the article."""
    if not {"announced", "completed"} <= held.keys():
        return False
    announced, completed = (held[role][0].value for role in ("announced", "completed"))
    assert isinstance(announced, Timex)
    assert isinstance(completed, Timex)
    told, closed = day_of(announced.start), day_of(completed.end)
    return told is not None and closed is not None and (told - closed).days > MOST_DAYS_LATE


def _allows(status: str, role: str) -> bool:
    """Tell whether a deal that has come so far may have such a day: a closed one that of its closing."""
    return (role == "completed") == (status == "completed") if role in _OF_CLOSING else True
