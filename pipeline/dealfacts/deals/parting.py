"""Tell two deals of one kind between the same two parties apart: an older and a newer order, two rounds.

Statements on the same parties make one hypothesis, so a second deal shows as a second sum of money that
statements claim. Trained trees see both sums, with what is told beside each of status and time, and say
whether the second belongs to a deal of its own; if so, the statements beside it become one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from dealfacts.deals.amounts import Sum, key_of_sum, times_told
from dealfacts.deals.figures import Figure, gather
from dealfacts.deals.groups import group_names
from dealfacts.deals.hypotheses import Hypothesis, Support, statuses_apart, statuses_of, weight_of
from dealfacts.deals.network import STATUSES
from dealfacts.deals.reading import Reading, Sentence
from dealfacts.deals.trees import Forest, Rows, as_rows
from dealfacts.records import Modifier, Money, Timex, day_of, publication_day

FOREST = "parting"
MIN_PARTED = 0.45
MIN_CLAIM = 0.15
"""Least probability, by a statement of its own sentence, that a sum is the amount."""
_REACH = 6
_UNDATED = -1.0
_CONCEPTS = (
    "s:background", "s:complete", "s:agree", "s:future", "s:talks", "s:rumour", "s:cancel", "c:earlier",
    "c:valuation", "c:talks_about", "c:starts", "c:upfront", "c:milestone", "c:fees",
)  # fmt: skip
_SUM = (
    "here", "elsewhere", "mean", "support", "none", "by best", "first sentence", "sentences", "headline",
    "size", "times told", "modifier", "years ago", "weight", *STATUSES, *_CONCEPTS,
)  # fmt: skip
COLUMNS = (
    *_SUM, *(f"main {name}" for name in _SUM), "sentences away", "times the main", "other currency",
    "statuses apart", "years apart", "sums", "shared sentence", "group", "weight of both",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A sum that statements of a hypothesis may mean, wherever it stands, and those statements."""

    value: Money
    figures: list[Figure]
    support: list[Support]

    @property
    def sentences(self) -> list[int]:
        """The numbers of the sentences it stands in."""
        return sorted({figure.sentence for figure in self.figures})


@dataclass(frozen=True)
class Parting:
    """A hypothesis that may be two deals: the sum that it is surer of, and the other."""

    main: Told
    other: Told


def partings_of(hypothesis: Hypothesis) -> list[Parting]:
    """Return how a hypothesis may be divided: the sum it claims most beside each other one."""
    told = sorted(_sums(hypothesis), key=lambda each: -sum(figure.mean for figure in each.figures))
    return [Parting(told[0], other) for other in told[1:] if _rest(hypothesis, other)]


def _sums(hypothesis: Hypothesis) -> Iterator[Told]:
    """Yield the sums that statements beside them take for the amount."""
    by_value: dict[Sum, list[Figure]] = {}
    for figure in gather(hypothesis, Money, "amount"):
        value = figure.mention.value
        assert isinstance(value, Money)
        if figure.here >= MIN_CLAIM and not value.per and value.amount is not None:
            by_value.setdefault(key_of_sum(value), []).append(figure)
    for figures in by_value.values():
        value = figures[0].mention.value
        assert isinstance(value, Money)
        places = {figure.sentence for figure in figures}
        support = [each for each in hypothesis.support if each.event.sentence.index in places]
        yield Told(value, figures, support)


def _rest(hypothesis: Hypothesis, other: Told) -> list[Support]:
    """Return the statements that remain when those of the other sum are taken away."""
    taken = {id(each.event) for each in other.support}
    return [each for each in hypothesis.support if id(each.event) not in taken]


def parting_rows(
    reading: Reading, hypothesis: Hypothesis, partings: Sequence[Parting], told: Mapping[Sum, int]
) -> Rows:
    """Describe ways to divide a hypothesis, `told` by `times_told`; rows of shape (n, len(COLUMNS))."""
    return as_rows([_row(reading, hypothesis, each, len(partings), told) for each in partings], COLUMNS)


def _row(
    reading: Reading, hypothesis: Hypothesis, parting: Parting, count: int, told: Mapping[Sum, int]
) -> list[float]:
    main, other = parting.main, parting.other
    mine, theirs = (_described(reading, each, told) for each in (other, main))
    years, main_years = mine[_SUM.index("years ago")], theirs[_SUM.index("years ago")]
    return [
        *mine, *theirs, other.sentences[0] - main.sentences[0], _size(other) - _size(main),
        other.value.currency != main.value.currency,
        statuses_apart(other.support, main.support),
        abs(years - main_years) if _UNDATED not in (years, main_years) else _UNDATED, count,
        bool({*other.sentences} & {*main.sentences}),
        group_names().index(hypothesis.group), hypothesis.weight,
    ]  # fmt: skip


def _described(reading: Reading, each: Told, told: Mapping[Sum, int]) -> list[float]:
    best = max(each.figures, key=lambda figure: figure.mean)
    near = {concept for figure in each.figures for concept in figure.near(reading, _REACH)}
    sentences = [reading.sentences[index] for index in each.sentences]
    return [
        max(figure.here for figure in each.figures), max(figure.elsewhere for figure in each.figures),
        best.mean, best.support, best.none, best.by_best, sentences[0].index, len(sentences),
        any(sentence.headline for sentence in sentences), _size(each),
        told.get(key_of_sum(each.value), 0),
        get_args(Modifier).index(each.value.modifier), _years_ago(reading, sentences),
        weight_of(each.support), *statuses_of(each.support), *(concept in near for concept in _CONCEPTS),
    ]  # fmt: skip


def _size(each: Told) -> float:
    return math.log10(abs(float(each.value.amount or 0)) + 1)


def _years_ago(reading: Reading, sentences: Sequence[Sentence]) -> float:
    """Return how many years before the article the earliest date beside a sum lies, where there is one."""
    published = publication_day(reading.article.published)
    days = [
        day
        for sentence in sentences
        for place in sentence.values
        if (mention := sentence.tokens[place].mention)
        and isinstance(mention.value, Timex)
        and (day := day_of(mention.value.start)) is not None
    ]
    if not days or published is None:
        return _UNDATED
    return max((published - min(days)).days / 365.25, 0.0)


def part(
    reading: Reading, hypotheses: list[Hypothesis], chosen: list[int], shares: list[float], forest: Forest
) -> tuple[list[Hypothesis], list[int], list[float]]:
    """Divide the told hypotheses that are two deals.

    Args:
        reading: the article.
        hypotheses: all of it.
        chosen: positions of those to tell.
        shares: how sure each hypothesis is.
        forest: the trained trees.

    Returns:
        The same three, with the second deals behind the other hypotheses and told last.
    """
    hypotheses, chosen, shares = [*hypotheses], [*chosen], [*shares]
    told = times_told(reading)
    options = [partings_of(hypotheses[index]) for index in chosen]
    rows = [
        parting_rows(reading, hypotheses[index], ways, told)
        for index, ways in zip(chosen, options, strict=True)
    ]
    scored = forest.probabilities_of(rows)
    for index, ways, likely in zip([*chosen], options, scored, strict=True):
        best = max(range(len(ways)), key=lambda way: (likely[way], -way), default=None)
        if best is None or likely[best] < MIN_PARTED:
            continue
        whole, other = hypotheses[index], ways[best].other
        hypotheses[index] = _with_support(whole, _rest(whole, other))
        hypotheses.append(_with_support(whole, other.support))
        chosen.append(len(hypotheses) - 1)
        shares.append(shares[index] * float(likely[best]))
    return hypotheses, chosen, shares


def _with_support(hypothesis: Hypothesis, support: list[Support]) -> Hypothesis:
    return Hypothesis(hypothesis.group, hypothesis.first, hypothesis.second, support, weight_of(support))
