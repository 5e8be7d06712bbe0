"""Choose the hypotheses to tell, surest first.

A hypothesis that rests on the statements or parties of one that is told may be but another reading of it, or
a deal of its own: `X is in talks to put in 50, Y 30`. Trained trees see both and say which.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dealfacts.deals.groups import are_rivals, group_names
from dealfacts.deals.hypotheses import Hypothesis, Support, statuses_apart
from dealfacts.deals.reading import Reading
from dealfacts.deals.trees import Forest, Rows, as_rows
from dealfacts.records import Money

FOREST = "apart"
MIN_APART = 0.5
_SAME_STATEMENTS = 0.6
"""Share of a hypothesis' support that another must claim for the two to exclude each other."""
_CLAIMS = 0.5
"""A statement is claimed by what it votes for at least half as strongly."""
_SHARED_STATEMENTS = 0.3
_EQUITY = "equity"
_ONE = (
    "share", "group", "weight", "best weight", "statements", "best rank", "times best", "best relative",
    "first", "second", "first near", "second near", "sentence", "sum", "first rank", "second rank",
    "open",
)  # fmt: skip
_BOTH = (
    "same group", "same first", "same second", "first is second", "second is first", "within", "around",
    "claimed", "shared", "shared of told", "own statements", "own weight", "own sum", "listed",
    "told first here", "told second here", "offset", "same best", "same sum", "statuses apart",
    "words shared", "same paragraph", "first told", "second told", "chosen",
)  # fmt: skip
COLUMNS = (*_ONE, *(f"told {name}" for name in _ONE), *_BOTH)


def choose(
    reading: Reading, hypotheses: list[Hypothesis], shares: Sequence[float], least: float, forest: Forest
) -> list[int]:
    """Pick the hypotheses to tell, surest first, leaving out other readings of what is told already.

    Args:
        reading: the article.
        hypotheses: of it.
        shares: how sure each is, 0 to 1.
        least: least share to tell one.
        forest: the trained trees.

    Returns:
        Positions in `hypotheses`.
    """
    chosen: list[int] = []
    touched: dict[str | int, set[int]] = {}
    for index in sorted(range(len(hypotheses)), key=lambda i: (-shares[i], i)):
        if shares[index] < least:
            break
        marks = marks_of(hypotheses[index])
        near = set[int]().union(*(touched.get(mark, ()) for mark in marks))
        told = [other for other in sorted(near) if may_be_same(hypotheses[other], hypotheses[index])]
        if told:
            rows = apart_rows(reading, hypotheses, shares, index, told, chosen)
            if min(forest.probabilities(rows)) < MIN_APART:
                continue
        chosen.append(index)
        for mark in marks:
            touched.setdefault(mark, set()).add(index)
    return [index for index in chosen if not _is_funded(hypotheses, chosen, index)]


def _is_funded(hypotheses: list[Hypothesis], chosen: Sequence[int], index: int) -> bool:
    """Tell whether a partnership is but a name for what one partner is told to put into the other."""
    told = hypotheses[index]
    return any(
        told.is_partnership_in(hypotheses[other]) and hypotheses[other].group == _EQUITY for other in chosen
    )


def marks_of(hypothesis: Hypothesis) -> set[str | int]:
    """Return the parties and statements of a hypothesis: without one in common two do not meet."""
    return {*hypothesis.parties, *(id(each.event) for each in hypothesis.support)}


def may_be_same(told: Hypothesis, other: Hypothesis) -> bool:
    """Tell whether a hypothesis may be but another reading of one that is told."""
    if not are_rivals(told.group, other.group):
        return False
    overlap = _claimed(told, other)
    same_parties = other.parties <= told.parties or told.parties <= other.parties
    if same_parties and (told.group == other.group or overlap > _SHARED_STATEMENTS):
        return True
    return overlap >= _SAME_STATEMENTS


def _claimed(told: Hypothesis, other: Hypothesis) -> float:
    """Return which share of a hypothesis rests on statements that vote for another about as much."""
    return _weight(_claimed_support(told, other)) / _weight(other.support)


def _claimed_support(told: Hypothesis, other: Hypothesis) -> list[Support]:
    votes = {id(support.event): support.weight for support in told.support}
    return [s for s in other.support if votes.get(id(s.event), 0.0) >= _CLAIMS * s.weight]


def apart_rows(
    reading: Reading,
    hypotheses: list[Hypothesis],
    shares: Sequence[float],
    index: int,
    told: Iterable[int],
    chosen: Sequence[int],
) -> Rows:
    """Describe a hypothesis beside each that is told and may be the same; rows of shape (n, len(COLUMNS)).

    Args:
        reading: the article.
        hypotheses: of it.
        shares: how sure each is.
        index: position of the hypothesis.
        told: positions of those it may be the same as.
        chosen: positions of all that are told so far.
    """
    other = hypotheses[index]
    mine = _described(reading, other, shares[index])
    rows = [
        [
            *mine, *_described(reading, hypotheses[number], shares[number]),
            *_beside(reading, hypotheses[number], other), *_told(hypotheses, other, chosen),
        ]
        for number in told
    ]  # fmt: skip
    return as_rows(rows, COLUMNS)


def _described(reading: Reading, hypothesis: Hypothesis, share: float) -> list[float]:
    support, best = hypothesis.support, hypothesis.best
    first, second = best.fillers
    return [
        share, group_names().index(hypothesis.group), hypothesis.weight, best.weight, len(support),
        best.rank, sum(each.rank == 0 for each in support), max(each.relative for each in support),
        first.share, second.share, first.near, second.near, best.event.sentence.index,
        max((claim for claim, _ in _sums(support)), default=0.0),
        *(reading.rank.get(name, 30) if name else -1 for name in (hypothesis.first, hypothesis.second)),
        len(hypothesis.parties) < 2,
    ]  # fmt: skip


def _beside(reading: Reading, told: Hypothesis, other: Hypothesis) -> list[float]:
    votes = {id(each.event): each for each in told.support}
    here = {id(each.event) for each in other.support}
    shared = [each for each in other.support if id(each.event) in votes]
    claimed = {id(each.event) for each in _claimed_support(told, other)}
    own = [each for each in other.support if id(each.event) not in claimed]
    at_best = votes.get(id(other.best.event))
    return [
        told.group == other.group, told.first == other.first, told.second == other.second,
        other.first is not None and other.first == told.second,
        other.second is not None and other.second == told.first,
        other.parties <= told.parties, told.parties <= other.parties,
        _claimed(told, other), _weight(shared) / _weight(other.support),
        _weight(each for each in told.support if id(each.event) in here) / _weight(told.support),
        len(own), max((each.weight for each in own), default=0.0),
        max((claim for claim, _ in _sums(own)), default=0.0), _are_listed(told, other),
        *((filler.share for filler in at_best.fillers) if at_best else (0.0, 0.0)),
        other.best.event.sentence.index - told.best.event.sentence.index,
        other.best.event is told.best.event, _same_sum(told, other),
        statuses_apart(told.support, other.support),
        bool(_words(told.parties - other.parties) & _words(other.parties - told.parties)),
        _paragraph(reading, other) == _paragraph(reading, told),
    ]  # fmt: skip


def _paragraph(reading: Reading, hypothesis: Hypothesis) -> int:
    return reading.paragraphs[hypothesis.best.event.sentence.index]


def _told(hypotheses: list[Hypothesis], other: Hypothesis, chosen: Sequence[int]) -> list[float]:
    """Say how many told hypotheses name each party, and how many there are."""
    named = [hypotheses[number].parties for number in chosen]
    return [*(sum(name in parties for parties in named) for name in (other.first, other.second)), len(named)]


def _weight(support: Iterable[Support]) -> float:
    return sum(each.weight for each in support)


def _sums(support: Iterable[Support]) -> list[tuple[float, str]]:
    """Return the sums told in the statements' own sentences, with how likely each is the amount."""
    return [
        (shares.get("amount", 0.0), f"{mention.value.amount} {mention.value.currency}")
        for each in support
        for mention, shares, sentence in each.event.values
        if isinstance(mention.value, Money) and sentence == each.event.sentence.index
    ]


def _same_sum(told: Hypothesis, other: Hypothesis) -> int:
    """Compare the likeliest sums: 1 the same, 0 different, -1 where one has none."""
    mine, theirs = _sums(other.support), _sums(told.support)
    return int(max(mine)[1] == max(theirs)[1]) if mine and theirs else -1


def _are_listed(told: Hypothesis, other: Hypothesis) -> bool:
    """Tell whether a party of one stands in a list with a party that only the other has."""
    fresh, known = other.parties - told.parties, told.parties - other.parties
    return any(known & each.event.lists.get(name, frozenset()) for each in other.support for name in fresh)


def _words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in name.lower().split()}
