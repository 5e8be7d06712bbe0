"""What the statements behind a hypothesis say together of each figure and date near them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dealfacts.deals.hypotheses import Hypothesis
from dealfacts.deals.network import NONE
from dealfacts.deals.reading import Reading
from dealfacts.records import Mention

OTHER_SENTENCE = 0.6
"""How much a claim counts on a figure that stands in another sentence than the trigger."""


@dataclass
class Figure:
    """A figure or date with how likely it has one meaning (amount, day of completion...) for a hypothesis."""

    mention: Mention
    sentence: int
    here: float = 0.0
    """By the statements of its own sentence."""
    elsewhere: float = 0.0
    mean: float = 0.0
    """Over the statements, by their weight."""
    support: float = 0.0
    """Share of the hypothesis' weight that stands near it."""
    none: float = 1.0
    offset: float = 99.0
    """Sentences from the best statement's."""
    by_best: float = 0.0
    triggers: list[int] = field(default_factory=list)
    """Anchors of the triggers in its own sentence."""

    def place(self, reading: Reading) -> int:
        """Return its token's position in its sentence."""
        sentence = reading.sentences[self.sentence]
        return next((p for p in sentence.values if sentence.tokens[p].mention is self.mention), 0)

    def distance(self, reading: Reading) -> int:
        """Return how many tokens it stands from the nearest trigger of its sentence; 50 without one."""
        place = self.place(reading)
        return min((abs(place - anchor) for anchor in self.triggers), default=50)

    def near(self, reading: Reading, reach: int) -> set[str]:
        """Return the concepts told within so many tokens."""
        return reading.sentences[self.sentence].concepts_near(self.place(reading), reach)


Claims = dict[str, dict[int, float]]
"""Mention id to the number of the hypothesis to how strongly it claims the figure."""


def collect_claims(
    hypotheses: list[Hypothesis], kind: type, weigh: Callable[[Mapping[str, float], bool], float]
) -> Claims:
    """Work out how strongly each hypothesis claims each figure of a kind.

    Args:
        hypotheses: those whose claims count, known by their number in this list.
        kind: the kind of value, such as `Money`.
        weigh: how much a statement claims a figure, by the shares of its meanings and whether both stand
            in one sentence.
    """
    claims: Claims = {}
    for number, hypothesis in enumerate(hypotheses):
        for support in hypothesis.support:
            for mention, shares, sentence in support.event.values:
                if isinstance(mention.value, kind):
                    claim = support.weight * weigh(shares, sentence == support.event.sentence.index)
                    held = claims.setdefault(mention.id, {})
                    held[number] = max(held.get(number, 0.0), claim)
    return claims


def claims_as(meaning: str, hypotheses: list[Hypothesis], kind: type) -> Claims:
    """Work out how strongly each hypothesis claims each figure of a kind in one meaning (amount, stake)."""
    return collect_claims(
        hypotheses,
        kind,
        lambda shares, is_here: shares.get(meaning, 0.0) * (1.0 if is_here else OTHER_SENTENCE),
    )


def own_claim(claims: Claims, mention: Mention, number: int) -> float:
    """Return how strongly one hypothesis claims a figure."""
    return claims.get(mention.id, {}).get(number, 0.0)


def strongest_rival(claims: Claims, mention: Mention, number: int) -> float:
    """Return how strongly any hypothesis but one claims a figure."""
    held = claims.get(mention.id, {})
    return max((claim for other, claim in held.items() if other != number), default=0.0)


def gather(hypothesis: Hypothesis, kind: type, meaning: str) -> list[Figure]:
    """Collect the figures of a kind near a hypothesis' statements, with how likely each has a meaning."""
    total = sum(support.weight for support in hypothesis.support)
    best = hypothesis.best.event
    found: dict[str, Figure] = {}
    for support in hypothesis.support:
        for mention, shares, sentence in support.event.values:
            if not isinstance(mention.value, kind):
                continue
            figure = found.get(mention.id)
            if figure is None:
                figure = found[mention.id] = Figure(mention, sentence)
            share = shares.get(meaning, 0.0)
            if sentence == support.event.sentence.index:
                figure.here = max(figure.here, share)
                figure.triggers.append(support.event.trigger.anchor)
            else:
                figure.elsewhere = max(figure.elsewhere, share)
            figure.mean += share * support.weight / total
            figure.support += support.weight / total
            figure.none = min(figure.none, shares.get(NONE, 1.0))
            if support.event is best:
                figure.offset, figure.by_best = sentence - best.sentence.index, share
    return list(found.values())


def compare(figures: list[Figure]) -> list[list[float]]:
    """Return for each of a hypothesis' figures the numbers that set it beside the others.

    They are its support, none, offset and share by the best statement, how far its mean lies behind the
    largest, whether that is its own, the second largest mean, and how many figures there are.
    """
    first, second = [*sorted((each.mean for each in figures), reverse=True), 0.0, 0.0][:2]
    return [
        [
            each.support, each.none, each.offset, each.by_best, first - each.mean, each.mean == first,
            second, len(figures),
        ]
        for each in figures
    ]  # fmt: skip


def locate(reading: Reading, hypothesis: Hypothesis, figure: Figure) -> list[float]:
    """Return a figure's sentence, how far before the best statement's, its distance, and headline or not."""
    best, sentence = hypothesis.best.event.sentence, reading.sentences[figure.sentence]
    return [figure.sentence, best.index - figure.sentence, figure.distance(reading), sentence.headline]
