"""Decide which percentage is the stake of which deal, over all the deals and percentages of an article."""

from __future__ import annotations

from dealfacts.deals.drafting import CONTROL
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
from dealfacts.deals.groups import group_names
from dealfacts.deals.hypotheses import Hypothesis
from dealfacts.deals.reading import Reading
from dealfacts.deals.trees import Forest, Rows, as_rows
from dealfacts.records import Mention, Percent

FOREST = "stake"
MIN_STAKE = 0.45
_REACH = 4
_CONTEXTS = ("revenue", "profit", "market", "price_unit", "staff", "fund", "talks_about", "earlier")
_TYPES = ("acquisition", "equity_stake", "asset_purchase", "investment", "funding_round")
COLUMNS = (
    "share here", "share from elsewhere", "mean share", "support", "none", "offset from best",
    "share by best", "behind first", "is first", "first", "percentages", "claim", "lead over rivals", "size",
    "control", "sentence", "before best", "distance", "headline", "percentages in sentence",
    "sums in sentence", "names in sentence", "names a party", "group", "weight", *_TYPES, *_CONTEXTS,
    "beside a trigger", "beside a stake",
)  # fmt: skip


def claims_of(hypotheses: list[Hypothesis]) -> Claims:
    """Work out how strongly each hypothesis claims each percentage."""
    return claims_as("stake", hypotheses, Percent)


def stake_rows(
    reading: Reading, hypothesis: Hypothesis, number: int, claims: Claims
) -> tuple[list[Mention], Rows]:
    """Describe every percentage near a hypothesis' statements; rows of shape (n, len(COLUMNS))."""
    figures = [f for f in gather(hypothesis, Percent, "stake") if _percent(f.mention) is not None]
    types = hypothesis.type_shares
    rows = []
    for each, beside in zip(figures, compare(figures), strict=True):
        claim = own_claim(claims, each.mention, number)
        rows.append(
            [
                each.here, each.elsewhere, each.mean, *beside,
                claim, claim - strongest_rival(claims, each.mention, number),
                *_place(reading, hypothesis, each), group_names().index(hypothesis.group), hypothesis.weight,
                *(types.get(kind, 0.0) for kind in _TYPES), *_surroundings(reading, each),
            ]
        )  # fmt: skip
    return [each.mention for each in figures], as_rows(rows, COLUMNS)


def _percent(mention: Mention) -> float | None:
    value = mention.value
    return float(value.percent) if isinstance(value, Percent) and value.percent is not None else None


def _place(reading: Reading, hypothesis: Hypothesis, each: Figure) -> list[float]:
    sentence, percent = reading.sentences[each.sentence], _percent(each.mention) or 0.0
    words = [sentence.tokens[position].word for position in sentence.values]
    parties = {
        m.id for s in hypothesis.support for p in hypothesis.parties for m in s.event.mentions.get(p, ())
    }
    named = {m.id for position in sentence.names if (m := sentence.tokens[position].mention)}
    return [
        percent, percent > CONTROL, *locate(reading, hypothesis, each),
        words.count("<percent>"), words.count("<money>"), len(named), len(parties & named),
    ]  # fmt: skip


def _surroundings(reading: Reading, each: Figure) -> list[float]:
    """Tell what is spoken of around a percentage: revenue, a market, a stake..."""
    near = each.near(reading, _REACH)
    triggers = {name for name in near if name.startswith("t:")}
    return [*(f"c:{name}" in near for name in _CONTEXTS), bool(triggers), "t:stake" in triggers]


def choose_stakes(
    reading: Reading, hypotheses: list[Hypothesis], chosen: list[int], forest: Forest
) -> dict[int, tuple[Mention, float]]:
    """Give each told hypothesis the percentage that most likely is its stake.

    Returns:
        Position of the hypothesis to the percentage and its probability, where there is one.
    """
    claims = claims_of(hypotheses)
    found: dict[int, tuple[Mention, float]] = {}
    described = [stake_rows(reading, hypotheses[index], index, claims) for index in chosen]
    scored = forest.probabilities_of([rows for _, rows in described])
    for index, (mentions, _), shares in zip(chosen, described, scored, strict=True):
        ranked = sorted(zip(mentions, shares, strict=True), key=lambda item: (-item[1], item[0].start))
        if ranked and ranked[0][1] >= MIN_STAKE:
            found[index] = (ranked[0][0], float(ranked[0][1]))
    return found
