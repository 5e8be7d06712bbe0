"""Draft the deals to tell: type, parties in their roles, figures, dates and status of each hypothesis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from dealfacts.deals.events import Event
from dealfacts.deals.groups import further_sides, slots_of
from dealfacts.deals.hypotheses import Hypothesis, Support, statuses_of
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.network import STATUSES
from dealfacts.deals.shares import likeliest
from dealfacts.records import Mention, Money, Percent, Quantity

MIN_SIDE = 0.4
"""Least probability with which a further party takes a side."""
MIN_SELLS = 0.4
"""Least share, of buying and selling, at which who moves a stake sells it."""
MIN_VALUE = 0.5
FAR_DISCOUNT = 0.6
OTHER_SENTENCE = 0.7
"""How much a figure counts that stands in another sentence than the trigger."""
CONTROL = Decimal(50)
"""The share in per cent above which the holder controls a company."""
_MIN_RELATIVE = 0.25
_MIN_OF_BEST = 0.5
_SHARED_BY_MANY = frozenset({"funding_round", "debt_financing"})
"""Types whose investors or lenders are told over several sentences."""

MEANINGS: dict[str, type] = {
    "valuation": Money,
    "capacity": Quantity,
}


@dataclass
class Draft:
    """A deal about to be told."""

    hypothesis: Hypothesis
    support: list[Support]
    """The statements it is told from: those that mean this deal rather than another."""
    type: str
    type_share: float
    sides: dict[str, list[str]] = field(default_factory=dict)
    """Side to the entities that play it, surest first."""
    values: dict[str, tuple[Mention, float]] = field(default_factory=dict)
    """Meaning (`amount`, `stake`, `announced`...) to the figure or date chosen, and its probability."""

    @property
    def events(self) -> list[Event]:
        """The events behind the statements."""
        return [support.event for support in self.support]

    @property
    def probability(self) -> float:
        """How sure the surest statement is."""
        return max(event.probability for event in self.events)


def draft_of(hypothesis: Hypothesis) -> Draft:
    """Settle the type and the parties of a hypothesis."""
    support = [
        each for each in hypothesis.support if each.relative > _MIN_RELATIVE or _is_sure(each, hypothesis)
    ]
    kind, share = _type_of(hypothesis)
    draft = Draft(hypothesis, support, kind, share)
    for side, entity in zip(slots_of(hypothesis.group), (hypothesis.first, hypothesis.second), strict=False):
        if entity is not None:
            draft.sides.setdefault(side, []).append(entity)
    if kind == "equity_stake" and _sells(draft):
        draft.sides["S"] = draft.sides.pop("A")
    shares = _side_shares(draft)
    _add_further_parties(draft, shares)
    _set_leads_apart(draft, shares)
    return draft


def _sells(draft: Draft) -> bool:
    """Tell whether the one who moves a stake sells it, to nobody who is named."""
    mover = draft.hypothesis.first
    if mover is None or draft.hypothesis.second is None:
        return False
    told = [(each.weight, each.event.sides.get(mover, {})) for each in draft.support]
    sold, bought = (
        sum(weight * shares.get(side, 0.0) for weight, shares in told for side in sides)
        for sides in ("S", "AL")
    )
    return sold > MIN_SELLS * (sold + bought)


def _is_sure(support: Support, hypothesis: Hypothesis) -> bool:
    """Tell whether a statement is about as sure as the surest of its hypothesis."""
    return support.weight >= _MIN_OF_BEST * hypothesis.best.weight


def _type_of(hypothesis: Hypothesis) -> tuple[str, float]:
    shares = hypothesis.type_shares
    kind = likeliest(shares)
    return kind, shares[kind] / sum(shares.values())


def _side_shares(draft: Draft) -> dict[str, dict[str, float]]:
    """Return how likely each entity is on each side of the type, by the statement that says so most."""
    allowed = concepts()["sides"][draft.type]
    found: dict[str, dict[str, float]] = {}
    for event in draft.events:
        for pool, weight in ((event.sides, 1.0), (event.far_sides, FAR_DISCOUNT)):
            for entity, shares in pool.items():
                held = found.setdefault(entity, dict.fromkeys(allowed, 0.0))
                for side in allowed:
                    held[side] = max(held[side], shares.get(side, 0.0) * weight)
    return found


def _add_further_parties(draft: Draft, shares: dict[str, dict[str, float]]) -> None:
    """Add those who share a side with its party, or stand on a side beyond those looked for by themselves."""
    main = draft.hypothesis.parties
    aside = {name for event in draft.events for name in event.sentence.aside}
    for entity, held in sorted(shares.items(), key=lambda item: (-max(item[1].values()), item[0])):
        side = likeliest(held)
        if side in further_sides(draft.hypothesis.group) or entity in aside:
            continue
        if entity not in main and held[side] >= MIN_SIDE and _has_room(draft, side, entity):
            draft.sides.setdefault(side, []).append(entity)


def _has_room(draft: Draft, side: str, entity: str) -> bool:
    """Tell whether a side may take one more party."""
    parties = draft.sides.get(side, [])
    if not parties:
        return side not in slots_of(draft.hypothesis.group) or draft.type == "funding_round"
    if side == "T":
        return False
    many = side in {"A", "L"} and draft.type in _SHARED_BY_MANY
    # A paler statement may list a party with its rival in a quarrel.
    sure = [each.event for each in draft.support if _is_sure(each, draft.hypothesis)]
    return many or any(entity in event.lists.get(other, ()) for event in sure for other in parties)


def _set_leads_apart(draft: Draft, shares: dict[str, dict[str, float]]) -> None:
    """Call an investor the lead investor where that is likelier."""
    if "L" not in concepts()["sides"][draft.type]:
        return
    investors = draft.sides.pop("A", [])
    leads = [name for name in investors if name in shares and shares[name]["L"] > shares[name]["A"]]
    others = [name for name in investors if name not in leads]
    for side, names in (("L", [*leads, *draft.sides.get("L", [])]), ("A", others)):
        if names:
            draft.sides[side] = names


def settle_values(drafts: list[Draft]) -> None:
    """Give each figure to the deal that claims it most; a sum has one meaning in one deal."""
    taken = {
        mention.id: number for number, draft in enumerate(drafts) for mention, _ in draft.values.values()
    }
    claims = [(number, *claim) for number, draft in enumerate(drafts) for claim in _claims(draft)]
    for number, score, meaning, mention in sorted(
        claims, key=lambda claim: (-claim[1], claim[0], claim[3].start, claim[2])
    ):
        draft, exclusive = drafts[number], MEANINGS[meaning] is Money
        if meaning in draft.values or (exclusive and mention.id in taken):
            continue
        draft.values[meaning] = (mention, score)
        if exclusive:
            taken[mention.id] = number
    for draft in drafts:
        _settle_control(draft)


def _claims(draft: Draft) -> Iterator[tuple[float, str, Mention]]:
    for meaning, kind in MEANINGS.items():
        best: dict[str, tuple[float, Mention]] = {}
        for event in draft.events:
            for mention, shares, index in event.values:
                share = shares.get(meaning, 0.0) if isinstance(mention.value, kind) else 0.0
                if share < MIN_VALUE:
                    continue
                share *= 1.0 if index == event.sentence.index else OTHER_SENTENCE
                if share > best.get(mention.id, (0.0, mention))[0]:
                    best[mention.id] = (share, mention)
        yield from ((share * draft.probability, meaning, mention) for share, mention in best.values())


def _settle_control(draft: Draft) -> None:
    """Call it an acquisition when the stake gives control, and a stake when it does not."""
    held = draft.values.get("stake")
    value = held[0].value if held else None
    if (
        not isinstance(value, Percent)
        or value.percent is None
        or draft.type not in {"acquisition", "equity_stake"}
    ):
        return
    kind = "acquisition" if Decimal(value.percent) > CONTROL else "equity_stake"
    if kind != draft.type and draft.sides.get("A") and draft.sides.get("T"):
        draft.type = kind


def status_of(draft: Draft) -> tuple[str, float]:
    """Decide how far the deal has come, from all its statements by their weight."""
    shares = dict(zip(STATUSES, statuses_of(draft.support), strict=True))
    best = likeliest(shares)
    return best, shares[best]
