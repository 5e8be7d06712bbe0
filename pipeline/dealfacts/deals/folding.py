"""Fold the statements of one article into deals: the same deal told five times is one fact."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from dealfacts.deals.events import NONE, Event
from dealfacts.deals.lexicon import concepts
from dealfacts.records import Mention, Money, Percent, Quantity, Timex

FAMILIES: tuple[frozenset[str], ...] = (
    frozenset({"acquisition", "asset_purchase", "divestiture", "equity_stake", "merger"}),
    frozenset({"investment", "funding_round", "equity_stake"}),
    frozenset({"debt_financing"}),
    frozenset({"ipo", "divestiture"}),
    frozenset({"licensing", "supply_contract", "partnership"}),
    frozenset({"partnership", "joint_venture", "merger"}),
)
"""Types that one article may use for one and the same deal."""
MIN_SIDE = 0.4
"""Least probability with which a name takes a side on its own account."""
MIN_NEEDED = 0.15
"""Least probability with which the best name takes a side that would stay empty; a judge follows."""
MIN_FIRM = 0.7
"""Least probability with which a party keeps statements with another party on its side apart."""
MIN_VALUE = 0.5
FAR_DISCOUNT = 0.6
OTHER_SENTENCE = 0.7
"""How much a figure counts that stands in another sentence than the trigger."""

CONTROL = Decimal(50)
"""The share in per cent above which the holder controls a company."""
_EARLIER_REACH = 6

Parties = dict[str, list[tuple[str, float]]]
"""Side to its entities with their probabilities, surest first."""


@dataclass
class Statement:
    """An event with its sides decided."""

    event: Event
    type: str
    parties: Parties
    own: int
    """How many parties stand in the trigger's own sentence."""
    amount: Money | None
    years: frozenset[str]
    """The years of the dates that the sentence gives the deal."""
    earlier: bool
    """True when words beside the trigger put the deal in the past (`already in`, `previously`, `ago`)."""

    @property
    def strength(self) -> float:
        """How much this statement says, how surely."""
        return self.event.probability * (0.3 + min(self.own, 3)) + 0.1 * len(self.parties)

    def firm(self, side: str) -> set[str]:
        """Return the parties of a side that are not mere guesses."""
        found = [*self.parties.get(side, ()), *(self.parties.get("L", ()) if side == "A" else ())]
        return {entity for entity, share in found if share >= MIN_FIRM}

    def entities(self) -> set[str]:
        """Return every party, whatever its side."""
        return {entity for parties in self.parties.values() for entity, _ in parties}


@dataclass
class Draft:
    """A deal being put together from the statements that tell it."""

    statements: list[Statement] = field(default_factory=list)
    type: str = ""
    type_share: float = 0.0
    sides: dict[str, list[str]] = field(default_factory=dict)
    """Side to the entities that play it, surest first."""
    support: dict[str, float] = field(default_factory=dict)
    """How strongly each chosen party is supported."""
    values: dict[str, tuple[Mention, float]] = field(default_factory=dict)
    """Meaning (`amount`, `stake`, `announced`...) to the figure or date chosen, and its probability."""

    @property
    def events(self) -> list[Event]:
        """The events behind the statements."""
        return [statement.event for statement in self.statements]

    @property
    def probability(self) -> float:
        """How sure the surest statement is."""
        return max(event.probability for event in self.events)


def same_family(first: str, second: str) -> bool:
    """Tell whether two types can name one deal."""
    return any(first in family and second in family for family in FAMILIES)


def fold(events: list[Event]) -> list[Draft]:
    """Group events into deals, strongest statements first, and settle each deal's type, sides and values."""
    statements = [_statement(event) for event in _without_echoes(events)]
    statements = [statement for statement in statements if statement.parties]
    statements.sort(
        key=lambda s: (-s.strength, s.event.sentence.index, s.event.trigger.anchor, s.event.trigger.concept)
    )
    drafts: list[Draft] = []
    for statement in statements:
        home = next((draft for draft in drafts if _joins(draft, statement)), None)
        if home is None:
            home = Draft()
            drafts.append(home)
        home.statements.append(statement)
    for draft in drafts:
        _settle_type(draft)
        _settle_sides(draft)
    drafts = _without_shadows(drafts)
    _settle_values(drafts)
    for draft in drafts:
        _settle_control(draft)
    return drafts


def _without_shadows(drafts: list[Draft]) -> list[Draft]:
    """Leave out vague drafts ("the partnership", "the deal") of parties that a plainer draft has in full."""
    kept = []
    for draft in drafts:
        mine = {entity for entities in draft.sides.values() for entity in entities}
        plainer = [
            other
            for other in drafts
            if other is not draft
            and mine <= {entity for entities in other.sides.values() for entity in entities}
            and not _is_vague(other)
        ]
        if not (_is_vague(draft) and plainer):
            kept.append(draft)
    return kept


def _is_vague(draft: Draft) -> bool:
    """Tell whether a draft says no more than that the parties have to do with each other."""
    table = concepts()["triggers"]
    generic = all(table[event.trigger.concept].get("generic", False) for event in draft.events)
    return generic or draft.type == "partnership"


def _without_echoes(events: list[Event]) -> list[Event]:
    """Leave out generic triggers ("the deal", "paid") where a plainer one stands in the same sentence."""
    kept = []
    table = concepts()["triggers"]
    for event in events:
        generic = table[event.trigger.concept].get("generic", False)
        rivals = [
            other
            for other in events
            if other is not event
            and other.sentence is event.sentence
            and not table[other.trigger.concept].get("generic", False)
            and other.probability >= 0.4
            and same_family(other.type, event.type)
        ]
        if not (generic and rivals):
            kept.append(event)
    return kept


def _statement(event: Event) -> Statement:
    kind = event.type
    parties = _sides_of(event, kind)
    own = sum(len(found) for found in parties.values())
    _fill_needed(event, kind, parties)
    amounts = [
        (shares["amount"], -mention.start, mention.value)
        for mention, shares, index in event.values
        if index == event.sentence.index and shares.get("amount", 0.0) >= MIN_VALUE
    ]
    amount = max(amounts, key=lambda item: item[:2])[2] if amounts else None
    years = frozenset(
        mention.value.timex[:4]
        for mention, shares, index in event.values
        if index == event.sentence.index
        and isinstance(mention.value, Timex)
        and mention.value.timex[:4].isdigit()
        and shares[NONE] < MIN_VALUE
    )
    near = range(event.trigger.anchor - _EARLIER_REACH, event.trigger.anchor + _EARLIER_REACH + 1)
    earlier = any("s:background" in event.sentence.concepts_at.get(index, ()) for index in near)
    sum_told = amount if isinstance(amount, Money) else None
    return Statement(event, kind, parties, own, sum_told, years, earlier)


def _sides_of(event: Event, kind: str) -> Parties:
    """Decide who is on which side in one event."""
    allowed = set(concepts()["sides"][kind])
    found: Parties = {}
    for entity, shares in event.sides.items():
        side, share = _best_side(shares, allowed)
        if side is not None and share >= MIN_SIDE:
            found.setdefault(side, []).append((entity, share))
    for side, parties in found.items():
        parties.sort(key=lambda item: (-item[1], item[0]))
        found[side] = _together(event, side, parties)
    return found


def _together(event: Event, side: str, parties: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Keep the surest party of a side, and those named in one list with it; partners need not be."""
    if side == "T":
        return parties[:1]
    partners = event.lists.get(parties[0][0], frozenset())
    kept = [item for item in parties if item == parties[0] or item[0] in partners]
    if side == "P" and len(kept) < 2:
        return parties[:2]
    if side in {"A", "L"} and event.type in {"funding_round", "debt_financing"}:
        return parties
    return kept


def _best_side(shares: dict[str, float], allowed: set[str]) -> tuple[str | None, float]:
    spare = shares[NONE] + sum(
        share for side, share in shares.items() if side != NONE and side not in allowed
    )
    side, share = max(
        ((s, p) for s, p in shares.items() if s in allowed), key=lambda item: (item[1], item[0])
    )
    return (side, share) if share > spare else (None, spare)


def _fill_needed(event: Event, kind: str, found: Parties) -> None:
    """Fill main sides that are still open with the best name of the sentence, or else from nearby."""
    used = {entity for parties in found.values() for entity, _ in parties}
    for side in _main_sides(kind):
        while len(found.get(side, ())) < (2 if side == "P" else 1) and not (side == "A" and found.get("L")):
            options = [
                (shares.get(side, 0.0) * weight, entity)
                for pool, weight in ((event.sides, 1.0), (event.far_sides, FAR_DISCOUNT))
                for entity, shares in pool.items()
                if entity not in used
            ]
            share, entity = max(options, default=(0.0, ""))
            if share < MIN_NEEDED:
                break
            found.setdefault(side, []).append((entity, share))
            used.add(entity)


@cache
def _main_sides(kind: str) -> tuple[str, ...]:
    """Return the sides without which a deal of a type says little, the most telling first."""
    if "P" in concepts()["sides"][kind]:
        return ("P",)
    needed = {side for need in concepts()["needs"][kind] for side in need}
    return tuple(side for side in ("T", "A", "S") if side in needed and (side != "S" or "T" not in needed))


def _joins(draft: Draft, statement: Statement) -> bool:
    """Tell whether a statement is about the deal of a draft."""
    if not any(same_family(statement.type, other.type) for other in draft.statements):
        return False
    theirs = {entity for other in draft.statements for entity in other.entities()}
    shared = statement.entities() & theirs
    if not shared or _told_apart(draft, statement):
        return False
    return not any(_contradicts(other, statement, theirs) for other in draft.statements)


def _contradicts(first: Statement, second: Statement, known: set[str]) -> bool:
    """Tell whether two statements name different parties for one main side.

    Statements that merely swap the sides of the same parties are about one deal: one of them errs.
    """
    for side in ("A", "T", "P"):
        mine, theirs = first.firm(side), second.firm(side)
        if not mine or not theirs or mine & theirs:
            continue
        if side == "P" and len(mine) + len(theirs) < 3:
            continue
        # The investors of a round are told over several sentences.
        if side == "A" and "funding_round" in {first.type, second.type}:
            continue
        if theirs - known or mine - second.entities():
            return True
    return False


def _told_apart(draft: Draft, statement: Statement) -> bool:
    """Tell whether another sum, told of another time, shows that this is another deal of the same parties."""
    if statement.amount is None:
        return False
    sums = [other for other in draft.statements if other.amount is not None]
    if not sums or any(_alike(other.amount, statement.amount) for other in sums):
        return False
    return any(other.years != statement.years or other.earlier != statement.earlier for other in sums)


def _alike(first: Money | None, second: Money | None) -> bool:
    """Tell whether two sums may be one: the same, or told in two currencies."""
    if first is None or second is None or first.currency != second.currency:
        return True
    return (first.amount, first.min) == (second.amount, second.min)


def _settle_type(draft: Draft) -> None:
    totals: dict[str, float] = {}
    for event in draft.events:
        for kind, share in event.types.items():
            totals[kind] = totals.get(kind, 0.0) + share * event.probability
    draft.type = max(totals, key=lambda kind: (totals[kind], kind))
    draft.type_share = totals[draft.type] / sum(totals.values())


def _settle_sides(draft: Draft) -> None:
    allowed = concepts()["sides"][draft.type]
    scores: dict[str, dict[str, float]] = {}
    for statement in draft.statements:
        for side, parties in statement.parties.items():
            place = _translate(side, allowed)
            for entity, share in parties:
                if place is not None:
                    held = scores.setdefault(entity, {})
                    held[place] = held.get(place, 0.0) + share * statement.event.probability
    chosen = {
        entity: max(held.items(), key=lambda item: (item[1], item[0])) for entity, held in scores.items()
    }
    for entity, (side, score) in sorted(chosen.items(), key=lambda item: (-item[1][1], item[0])):
        parties_now = draft.sides.setdefault(side, [])
        if side == "T" and parties_now:
            continue
        alone = 2 if side == "P" else 1
        # Investors and lenders are told over several sentences; other sides have one party or one list.
        if len(parties_now) >= alone and not (
            (side in {"A", "L"} and draft.type in {"funding_round", "debt_financing"})
            or _listed(draft, entity, parties_now)
        ):
            continue
        parties_now.append(entity)
        draft.support[entity] = score


def _listed(draft: Draft, entity: str, others: list[str]) -> bool:
    return any(entity in event.lists.get(other, ()) for event in draft.events for other in others)


def _translate(side: str, allowed: dict[str, str]) -> str | None:
    if side in allowed:
        return side
    if "P" in allowed and side in {"A", "T"}:
        return "P"
    if side == "L" and "A" in allowed:
        return "A"
    return None


MEANINGS: dict[str, type] = {
    "amount": Money,
    "valuation": Money,
    "stake": Percent,
    "capacity": Quantity,
    "announced": Timex,
    "completed": Timex,
    "expected_close": Timex,
    "start": Timex,
    "deployment": Timex,
}


def _settle_values(drafts: list[Draft]) -> None:
    """Give each figure to the deal that claims it most; a figure is not the amount of two deals."""
    claims: list[tuple[float, int, int, str, Mention]] = []
    for number, draft in enumerate(drafts):
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
            claims += [
                (share * draft.probability, number, -mention.start, meaning, mention)
                for share, mention in best.values()
            ]
    taken: dict[str, int] = {}
    for score, number, _, meaning, mention in sorted(
        claims, key=lambda claim: (-claim[0], claim[1], -claim[2], claim[3])
    ):
        draft = drafts[number]
        exclusive = MEANINGS[meaning] is Money
        if meaning in draft.values or (exclusive and taken.get(mention.id, number) != number):
            continue
        draft.values[meaning] = (mention, score)
        if exclusive:
            taken[mention.id] = number


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
    """Decide how far the deal has come, from all its statements."""
    totals: dict[str, float] = {}
    for event in draft.events:
        for status, share in event.statuses.items():
            totals[status] = totals.get(status, 0.0) + event.probability * math.log(max(share, 0.01))
    best = max(totals, key=lambda status: (totals[status], status))
    top = max(totals.values())
    spread = sum(math.exp(total - top) for total in totals.values())
    return best, 1 / spread
