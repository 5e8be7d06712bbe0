"""Compare the facts found in an article with the deals labelled in it.

Two deals are compared when their types are of one family. Each has two sides: who gives the money
or takes the goods (buyer, investor, lender, licensee, customer) and who it is about (target,
investee, borrower, licensor, supplier). Partners of a merger or an alliance form one side without
direction. A pair of deals can be

* paired: one family, at least one party in common in any role;
* matched: both sides agree, each by at least one party (a side that the label leaves open is not compared);
* lenient: matched, and the amount agrees in value and currency, or neither has one;
* strict: matched, and type, status, every party of every role, amount with modifier, valuation, stake,
  capacity and dates agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dealfacts.evaluate.agreement import (
    same_capacity,
    same_date,
    same_stake,
    same_sum,
    same_sum_and_modifier,
)
from dealfacts.evaluate.assignment import best_assignment
from dealfacts.evaluate.gold import GoldDeal
from dealfacts.evaluate.names import match_parties
from dealfacts.records import Article, DealType, Fact, Name, Role

FAMILIES: tuple[frozenset[DealType], ...] = (
    frozenset({"acquisition", "merger", "divestiture", "asset_purchase"}),
    frozenset({"investment", "funding_round", "equity_stake", "ipo"}),
    frozenset({"debt_financing"}),
    frozenset({"licensing"}),
    frozenset({"supply_contract"}),
    frozenset({"partnership", "joint_venture"}),
)
FAMILY: dict[DealType, int] = {kind: number for number, kinds in enumerate(FAMILIES) for kind in kinds}

SIDE_A: tuple[Role, ...] = ("acquirer", "investor", "lead_investor", "lender", "licensee", "customer")
SIDE_B: tuple[Role, ...] = ("target", "investee", "issuer", "borrower", "licensor", "supplier")
NOT_SCORED_DATES = ("reported",)

Names = list[str]


@dataclass(frozen=True)
class Claim:
    """A labelled deal or a found fact, reduced to what is compared: parties by role."""

    type: DealType
    roles: Mapping[Role, list[Names]]

    def side(self, roles: Sequence[Role]) -> list[Names]:
        """Return the parties of several roles together."""
        return [party for role in roles for party in self.roles.get(role, [])]


@dataclass(frozen=True)
class Pair:
    """A labelled deal beside the fact that comes nearest to it, and in what they agree."""

    gold: int
    fact: int
    matched: bool
    lenient: bool
    strict: bool
    score: float


def gold_claim(deal: GoldDeal) -> Claim:
    """Reduce a labelled deal to what is compared."""
    return Claim(deal.type, deal.roles)


def fact_claim(fact: Fact, article: Article) -> Claim:
    """Reduce a found fact to what is compared; a party's names are those of its named mentions too."""
    mentions = {mention.id: mention for mention in article.mentions or []}
    roles: dict[Role, list[Names]] = {}
    for role, parties in fact.roles.items():
        roles[role] = [
            [
                party.name,
                *(
                    mentions[each].text
                    for each in party.mention_ids
                    if each in mentions and _is_name(mentions[each].value)
                ),
            ]
            for party in parties
        ]
    return Claim(fact.type, roles)


def _is_name(value: object) -> bool:
    return not isinstance(value, Name) or value.kind == "name"


def pair_deals(deals: Sequence[GoldDeal], facts: Sequence[Fact], article: Article) -> list[Pair]:
    """Pair labelled deals with facts one to one, so that the pairs agree in as much as possible."""
    claims = [fact_claim(fact, article) for fact in facts]
    table = [
        [
            compare(number, deal, index, fact, claim)
            for index, (fact, claim) in enumerate(zip(facts, claims, strict=True))
        ]
        for number, deal in enumerate(deals)
    ]
    chosen = best_assignment([[pair.score for pair in row] for row in table])
    return [table[gold][fact] for gold, fact in chosen]


def compare(number: int, deal: GoldDeal, index: int, fact: Fact, claim: Claim) -> Pair:
    """Compare one labelled deal with one fact; a score of 0 means that they are not to be paired.

    The score puts pairs in order: lenient hits first, then matches, then what else agrees; deals
    that are not core count half, so that they take no fact away from a core deal as good.
    """
    gold = gold_claim(deal)
    shared = shared_parties(gold, claim) if FAMILY[gold.type] == FAMILY[claim.type] else 0.0
    if not shared:
        return Pair(number, index, matched=False, lenient=False, strict=False, score=0.0)
    matched = sides_agree(gold, claim)
    lenient = matched and same_sum(deal.amount, fact.amount)
    strict = lenient and _all_agree(deal, gold, fact, claim)
    details = (
        0.3 * (deal.type == fact.type) + 0.3 * (deal.status == fact.status) + 0.2 * dates_agree(deal, fact)
    )
    score = 10 * lenient + 4 * matched + shared + details
    return Pair(number, index, matched, lenient, strict, score if deal.core else score / 2)


def shared_parties(gold: Claim, found: Claim) -> float:
    """Return the share of the labelled parties that a fact has in any role, 0 to 1."""
    everyone = gold.side(tuple(gold.roles))
    return len(match_parties(everyone, found.side(tuple(found.roles)))) / len(everyone) if everyone else 0.0


def sides_agree(gold: Claim, found: Claim) -> bool:
    """Tell whether both sides agree by at least one party each; direction counts unless one has partners."""
    if gold.side(("partner",)) or found.side(("partner",)):
        directed: tuple[Role, ...] = (*SIDE_A, *SIDE_B, "seller")
        left = gold.side(("partner",)) or gold.side(directed)
        right = found.side(("partner",)) or found.side(directed)
        return len(match_parties(left, right)) >= min(2, len(left))
    return _side_agrees(gold.side(SIDE_A), found.side(SIDE_A)) and _side_agrees(*_other_sides(gold, found))


def _other_sides(gold: Claim, found: Claim) -> tuple[list[Names], list[Names]]:
    # The seller stands in for a target that one of the two does not name.
    named = gold.side(SIDE_B) and found.side(SIDE_B)
    roles: tuple[Role, ...] = SIDE_B if named else (*SIDE_B, "seller")
    return gold.side(roles), found.side(roles)


def _side_agrees(gold: list[Names], found: list[Names]) -> bool:
    return not gold or bool(match_parties(gold, found))


def role_counts(gold: Claim, found: Claim) -> dict[Role, tuple[int, int, int]]:
    """Count parties by role: right, found too many, missed. A list half right earns half its parties."""
    counts: dict[Role, tuple[int, int, int]] = {}
    for role in sorted({*gold.roles, *found.roles}):
        labelled, claimed = gold.roles.get(role, []), found.roles.get(role, [])
        right = len(match_parties(labelled, claimed))
        if labelled or claimed:
            counts[role] = (right, len(claimed) - right, len(labelled) - right)
    return counts


def date_counts(deal: GoldDeal, fact: Fact) -> tuple[int, int, int]:
    """Count a deal's dates: right in role and value, found too many, missed."""
    found = {role: date for role, date in fact.dates.items() if role not in NOT_SCORED_DATES}
    gold = {role: timex for role, timex in deal.dates.items() if role not in NOT_SCORED_DATES}
    right = sum(role in found and same_date(timex, found[role]) for role, timex in gold.items())
    return right, len(found) - right, len(gold) - right


def dates_agree(deal: GoldDeal, fact: Fact) -> bool:
    """Tell whether a fact has the labelled dates and no others."""
    _, extra, missed = date_counts(deal, fact)
    return not extra and not missed


def _all_agree(deal: GoldDeal, gold: Claim, fact: Fact, claim: Claim) -> bool:
    return (
        deal.type == fact.type
        and deal.status == fact.status
        and not any(extra or missed for _, extra, missed in role_counts(gold, claim).values())
        and same_sum_and_modifier(deal.amount, fact.amount)
        and same_sum_and_modifier(deal.valuation, fact.valuation)
        and same_stake(deal.stake, fact.stake)
        and same_capacity(deal.capacity, fact.quantities)
        and dates_agree(deal, fact)
    )


def differences(deal: GoldDeal, fact: Fact, article: Article) -> list[str]:
    """Name the fields in which a fact differs from the labelled deal it is paired with."""
    gold, claim = gold_claim(deal), fact_claim(fact, article)
    checks: Iterable[tuple[str, bool]] = (
        ("type", deal.type == fact.type),
        ("status", deal.status == fact.status),
        *((role, not extra and not missed) for role, (_, extra, missed) in role_counts(gold, claim).items()),
        ("amount", same_sum_and_modifier(deal.amount, fact.amount)),
        ("valuation", same_sum_and_modifier(deal.valuation, fact.valuation)),
        ("stake", same_stake(deal.stake, fact.stake)),
        ("capacity", same_capacity(deal.capacity, fact.quantities)),
        ("dates", dates_agree(deal, fact)),
    )
    return [field for field, agrees in checks if not agrees]
