"""Decide which sum of money is the amount of which deal, over all the deals and sums of an article."""

from __future__ import annotations

import math
from collections import Counter
from typing import get_args

from dealfacts.deals.figures import (
    Claims,
    Figure,
    claims_as,
    compare,
    gather,
    locate,
    own_claim,
    strongest_rival,
)
from dealfacts.deals.groups import group_names, is_directed
from dealfacts.deals.hypotheses import Hypothesis
from dealfacts.deals.reading import Reading, Sentence
from dealfacts.deals.trees import Forest, Rows, as_rows
from dealfacts.records import Mention, Modifier, Money

FOREST = "amount"
MIN_AMOUNT = 0.4
MIN_SAME_SUM = 0.65
"""Least probability of a sum that another deal of the article has already, told in another place."""
_REACH = 4
_CONVERSION_REACH = 4
"""How many tokens behind a sum the same sum may follow in another currency (`X, or about Y`)."""
_CONTEXTS = (
    "revenue", "profit", "valuation", "market", "price_unit", "fund", "staff", "debt", "fine", "buyback",
    "capex", "upfront", "milestone", "fees", "talks_about", "close_expected",
)  # fmt: skip
Sum = tuple[str, str | None]
"""The number and the currency of a sum."""
COLUMNS = (
    "share here", "share from elsewhere", "mean share", "valuation", "support", "none", "offset from best",
    "share by best", "behind first", "is first", "first", "sums", "strongest rival claim", "claim",
    "lead over rivals", "size", "times told", "modifier", "per", "sentence", "before best", "distance",
    "headline", "sums in sentence", "group", "weight", *_CONTEXTS, "beside a trigger",
    "converted", "converts",
)  # fmt: skip


def claims_of(hypotheses: list[Hypothesis]) -> Claims:
    """Work out how strongly each hypothesis claims each sum."""
    return claims_as("amount", hypotheses, Money)


def times_told(reading: Reading) -> Counter[Sum]:
    """Count how often each sum is told in an article."""
    return Counter(
        key_of_sum(mention.value)
        for sentence in reading.sentences
        for position in sentence.values
        if (mention := sentence.tokens[position].mention) and isinstance(mention.value, Money)
    )


def key_of_sum(value: Money) -> Sum:
    """Return what makes two wordings the same sum."""
    return str(value.amount), value.currency


def amount_rows(
    reading: Reading,
    hypothesis: Hypothesis,
    number: int,
    claims: Claims,
    told: Counter[Sum],
) -> tuple[list[Mention], Rows]:
    """Describe every sum near a hypothesis' statements; rows of shape (n, len(COLUMNS))."""
    sums = gather(hypothesis, Money, "amount")
    valuations = {f.mention.id: max(f.here, f.elsewhere) for f in gather(hypothesis, Money, "valuation")}
    rows = []
    for each, beside in zip(sums, compare(sums), strict=True):
        claim = own_claim(claims, each.mention, number)
        rival = strongest_rival(claims, each.mention, number)
        rows.append(
            [
                each.here, each.elsewhere, each.mean, valuations[each.mention.id], *beside,
                rival, claim, claim - rival, *_place(reading, hypothesis, each, told),
                group_names().index(hypothesis.group), hypothesis.weight, *_surroundings(reading, each),
            ]
        )  # fmt: skip
    return [each.mention for each in sums], as_rows(rows, COLUMNS)


def _place(reading: Reading, hypothesis: Hypothesis, each: Figure, told: Counter[Sum]) -> list[float]:
    value, sentence = each.mention.value, reading.sentences[each.sentence]
    assert isinstance(value, Money)
    size = value.amount or value.min or value.max
    modifiers = get_args(Modifier)
    return [
        math.log10(abs(float(size)) + 1) if size else 0.0, told[key_of_sum(value)],
        modifiers.index(value.modifier), bool(value.per), *locate(reading, hypothesis, each),
        sum(sentence.tokens[p].word == "<money>" for p in sentence.values),
    ]  # fmt: skip


def _surroundings(reading: Reading, each: Figure) -> list[float]:
    """Tell what is spoken of around a sum: revenue, market value, a fund..."""
    near = each.near(reading, _REACH)
    return [
        *(f"c:{name}" in near for name in _CONTEXTS), any(name.startswith("t:") for name in near),
        *_conversion(reading, each),
    ]  # fmt: skip


def _conversion(reading: Reading, each: Figure) -> list[float]:
    """Tell whether a sum is given in another currency just after, or is such a second giving itself."""
    sentence, place = reading.sentences[each.sentence], each.place(reading)
    sums = [p for p in sentence.values if sentence.tokens[p].word == "<money>"]
    at = sums.index(place) if place in sums else 0
    return [
        at + 1 < len(sums) and _converts(sentence, place, sums[at + 1]),
        at > 0 and _converts(sentence, sums[at - 1], place),
    ]


def _converts(sentence: Sentence, first: int, second: int) -> bool:
    values = [mention.value for p in (first, second) if (mention := sentence.tokens[p].mention)]
    currencies = {value.currency for value in values if isinstance(value, Money)}
    return second - first <= _CONVERSION_REACH and len(currencies) > 1


def choose_amounts(
    reading: Reading, hypotheses: list[Hypothesis], chosen: list[int], forest: Forest
) -> dict[int, tuple[Mention, float]]:
    """Give each told hypothesis the sum it most likely is about; one sum goes to one deal.

    Returns:
        Position of the hypothesis to the sum and its probability, where there is one.
    """
    claims, told = claims_of(hypotheses), times_told(reading)
    options: list[tuple[float, int, int, Mention]] = []
    asked = [index for index in chosen if not _leaves_sums(hypotheses, chosen, index)]
    described = [amount_rows(reading, hypotheses[index], index, claims, told) for index in asked]
    scored = forest.probabilities_of([rows for _, rows in described])
    for index, (mentions, _), shares in zip(asked, described, scored, strict=True):
        options += [
            (float(share), index, mention.start, mention)
            for mention, share in zip(mentions, shares, strict=True)
            if share >= MIN_AMOUNT
        ]
    found: dict[int, tuple[Mention, float]] = {}
    taken: set[str] = set()
    sums: set[Sum] = set()
    for share, index, _, mention in sorted(options, key=lambda option: (-option[0], option[1], option[2])):
        assert isinstance(mention.value, Money)
        value = key_of_sum(mention.value)
        if index in found or mention.id in taken or (value in sums and share < MIN_SAME_SUM):
            continue
        found[index] = (mention, share)
        taken.add(mention.id)
        sums.add(value)
    return found


def _leaves_sums(hypotheses: list[Hypothesis], chosen: list[int], index: int) -> bool:
    """Tell whether a partnership leaves its sums to another deal told of its partners: to what one pays."""
    told = hypotheses[index]
    return any(
        told.is_partnership_in(hypotheses[other]) and is_directed(hypotheses[other].group) for other in chosen
    )
