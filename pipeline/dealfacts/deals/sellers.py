"""Decide who sells in each told deal, over all its statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealfacts.deals.drafting import Draft
from dealfacts.deals.groups import further_sides, group_names
from dealfacts.deals.hypotheses import Hypothesis, Support
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.reading import Reading
from dealfacts.deals.slots import LABELS, Filler
from dealfacts.deals.trees import Forest, Rows, as_rows

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

Places = dict[tuple[str, str | None], dict[int, float]]
"""`first`, `second` or SIDE, and a name, to the told hypotheses that have it there, and how strongly."""


def candidates_of(hypothesis: Hypothesis) -> list[str]:
    """Return the entities that some statement of a hypothesis has as a likely seller, sorted.

    Whoever a party acts through is none, and neither is who is named as absent.
    """
    aside = {name for each in hypothesis.support for name in each.event.sentence.aside}
    found = {filler.entity for _, filler in _fillers(hypothesis.support) if filler.entity}
    return sorted(found - hypothesis.parties - aside)


def _fillers(supports: Iterable[Support]) -> Iterator[tuple[Support, Filler]]:
    for support in supports:
        yield from ((support, filler) for filler in support.further.get(SIDE, ()))


def places_of(hypotheses: list[Hypothesis], chosen: list[int]) -> Places:
    """Work out how strongly each told hypothesis has which names as buyer, target or seller.

    Args:
        hypotheses: all of the article.
        chosen: those that are told.
    """
    places: Places = {}
    for number in chosen:
        told = hypotheses[number]
        shares = [("first", told.first, told.weight), ("second", told.second, told.weight)]
        shares += [(SIDE, filler.entity, filler.share) for _, filler in _fillers(told.support)]
        for place, name, share in shares:
            held = places.setdefault((place, name), {})
            held[number] = max(held.get(number, 0.0), share)
    return places


def seller_rows(
    reading: Reading, hypothesis: Hypothesis, number: int, places: Places
) -> tuple[list[str], Rows]:
    """Describe every candidate for the seller of a hypothesis; rows of shape (n, len(COLUMNS))."""
    names = candidates_of(hypothesis)
    described = [_Candidate(hypothesis, name) for name in names]
    shares = sorted((each.mean for each in described), reverse=True)
    types = hypothesis.type_shares
    rows = []
    for each in described:
        lead = each.mean - (shares[1] if len(shares) > 1 and each.mean == shares[0] else shares[0])
        rows.append(
            [
                *each.numbers(), shares[0], lead, len(names), *_standing(reading, each),
                *_elsewhere(each.name, number, places), *_hypothesis(hypothesis, each),
                *(types.get(kind, 0.0) for kind in _TYPES),
            ]
        )  # fmt: skip
    return names, as_rows(rows, COLUMNS)


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


def _elsewhere(name: str, number: int, places: Places) -> list[float]:
    """Say how strongly the other told hypotheses have a candidate as buyer, target or seller."""
    found = (places.get((place, name), {}) for place in ("first", "second", SIDE))
    return [max((share for other, share in held.items() if other != number), default=0.0) for held in found]


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
    places = places_of(hypotheses, chosen)
    sold = [
        (draft, seller_rows(reading, draft.hypothesis, index, places))
        for index, draft in zip(chosen, drafts, strict=True)
        if SIDE in further_sides(draft.hypothesis.group)
        and SIDE in concepts()["sides"][draft.type]
        and SIDE not in draft.sides
    ]
    scored = forest.probabilities_of([rows for _, (_, rows) in sold])
    for (draft, (names, _)), shares in zip(sold, scored, strict=True):
        taken = {name for entities in draft.sides.values() for name in entities}
        ranked = sorted((-float(p), n) for p, n in zip(shares, names, strict=True) if n not in taken)
        if ranked and -ranked[0][0] >= MIN_SELLER:
            first = ranked[0][1]
            partners = {name for event in draft.events for name in event.lists.get(first, ())}
            draft.sides[SIDE] = [first, *(n for p, n in ranked[1:] if n in partners and -p >= MIN_BESIDE)]
