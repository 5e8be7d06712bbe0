"""Decide who sells in each told deal, over all its statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from dealfacts.deals.drafting import Draft
from dealfacts.deals.groups import further_sides, group_names
from dealfacts.deals.hypotheses import Hypothesis, Support
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.reading import Reading
from dealfacts.deals.slots import LABELS, Filler
from dealfacts.deals.trees import Forest, Rows

FOREST = "seller"
SIDE = "S"
MIN_SELLER = 0.45
MIN_BESIDE = 0.3
"""Least probability of a further seller, listed beside the first."""
_TYPES = ("acquisition", "divestiture", "asset_purchase", "equity_stake", "ipo")
COLUMNS = (
    "share", "mean share", "share by best", "statements", "best rank", "near", "times near",
    "share in headline", "strongest", "lead", "candidates", "label", "rank", "namings", "in headline",
    "as buyer elsewhere", "as target elsewhere", "as seller elsewhere", "sides taken", "shares of sides",
    "first words shared", "group", "weight", "has first", "has second", "statement", "offset", *_TYPES,
)  # fmt: skip


def candidates_of(hypothesis: Hypothesis) -> list[str]:
    """Return the entities that some statement of a hypothesis has as a likely seller, sorted."""
    parties = hypothesis.parties
    return sorted({filler.entity for _, filler in _fillers(hypothesis.support) if filler.entity} - parties)


def _fillers(supports: Iterable[Support]) -> Iterator[tuple[Support, Filler]]:
    for support in supports:
        yield from ((support, filler) for filler in support.further.get(SIDE, ()))


def seller_rows(
    reading: Reading, hypotheses: list[Hypothesis], chosen: list[int], index: int
) -> tuple[list[str], Rows]:
    """Describe every candidate for the seller of a hypothesis; rows of shape (n, len(COLUMNS)).

    Args:
        reading: the article.
        hypotheses: all of the article.
        chosen: those that are told.
        index: the one whose seller is looked for.
    """
    hypothesis = hypotheses[index]
    names = candidates_of(hypothesis)
    others = [hypotheses[number] for number in chosen if number != index]
    described = [_Candidate(hypothesis, name) for name in names]
    shares = sorted((each.mean for each in described), reverse=True)
    types = hypothesis.type_shares
    rows = []
    for each in described:
        lead = each.mean - (shares[1] if len(shares) > 1 and each.mean == shares[0] else shares[0])
        rows.append(
            [
                *each.numbers(), shares[0], lead, len(names), *_standing(reading, each),
                *_elsewhere(each.name, others), *_hypothesis(hypothesis, each),
                *(types.get(kind, 0.0) for kind in _TYPES),
            ]
        )  # fmt: skip
    return names, np.array(rows, dtype=np.float32).reshape(len(rows), len(COLUMNS))


class _Candidate:
    """What the statements of a hypothesis say of one candidate."""

    def __init__(self, hypothesis: Hypothesis, name: str) -> None:
        self.name = name
        self.found = [(s, f) for s, f in _fillers(hypothesis.support) if f.entity == name]
        total = sum(support.weight for support in hypothesis.support)
        self.mean = sum(support.weight * filler.share for support, filler in self.found) / total
        self.best, self.filler = max(self.found, key=lambda item: (item[1].share, item[0].weight))
        self.by_best = max((f.share for s, f in self.found if s is hypothesis.best), default=0.0)

    def numbers(self) -> list[float]:
        """Return how likely it is, by the statements together and by single ones."""
        ranks = [[f.entity for f in s.further[SIDE]].index(self.name) for s, _ in self.found]
        headline = [f.share for s, f in self.found if s.event.sentence.headline]
        return [
            self.filler.share, self.mean, self.by_best, len(self.found), min(ranks), self.filler.near,
            sum(filler.near for _, filler in self.found), max(headline, default=0.0),
        ]  # fmt: skip


def _standing(reading: Reading, each: _Candidate) -> list[float]:
    labels = [m.label for s, _ in each.found for m in s.event.mentions.get(each.name, ())]
    return [
        LABELS.index(labels[0]) if labels and labels[0] in LABELS else len(LABELS),
        reading.rank.get(each.name, 30), reading.mentions_of.get(each.name, 0),
        each.name in reading.headline_entities,
    ]  # fmt: skip


def _elsewhere(name: str, others: list[Hypothesis]) -> list[float]:
    """Say how strongly the other told hypotheses have a candidate as buyer, target or seller."""
    as_seller = [f.share for other in others for _, f in _fillers(other.support) if f.entity == name]
    return [
        max((other.weight for other in others if other.first == name), default=0.0),
        max((other.weight for other in others if other.second == name), default=0.0),
        max(as_seller, default=0.0),
    ]


def _hypothesis(hypothesis: Hypothesis, each: _Candidate) -> list[float]:
    event, best = each.best.event, hypothesis.best.event
    sides = event.sides.get(each.name, {})
    words = {word for party in hypothesis.parties for word in party.lower().split()}
    return [
        max((share for side, share in sides.items() if side in {"A", "T", "L"}), default=0.0),
        sides.get(SIDE, 0.0), bool(words & set(each.name.lower().split())),
        group_names().index(hypothesis.group), hypothesis.weight, hypothesis.first is not None,
        hypothesis.second is not None, event.sentence.index, best.sentence.index - event.sentence.index,
    ]  # fmt: skip


def name_sellers(
    reading: Reading, hypotheses: list[Hypothesis], chosen: list[int], drafts: list[Draft], forest: Forest
) -> None:
    """Add the likeliest seller to each draft whose type has one, with those listed beside it."""
    sold = [
        (draft, seller_rows(reading, hypotheses, chosen, index))
        for index, draft in zip(chosen, drafts, strict=True)
        if SIDE in further_sides(draft.hypothesis.group) and SIDE in concepts()["sides"][draft.type]
    ]
    scored = forest.probabilities_of([rows for _, (_, rows) in sold])
    for (draft, (names, _)), shares in zip(sold, scored, strict=True):
        taken = {name for entities in draft.sides.values() for name in entities}
        ranked = sorted((-float(p), n) for p, n in zip(shares, names, strict=True) if n not in taken)
        if ranked and -ranked[0][0] >= MIN_SELLER:
            first = ranked[0][1]
            partners = {name for event in draft.events for name in event.lists.get(first, ())}
            draft.sides[SIDE] = [first, *(n for p, n in ranked[1:] if n in partners and -p >= MIN_BESIDE)]
