"""How likely two claims tell of one deal: a sum of named contributions.

The score is in the manner of Fellegi and Sunter (1969): each agreement or disagreement adds its weight
to a prior, and above 0 the claims are taken for one. The weights are in `settings.FactWeights`.
"""

from __future__ import annotations

from collections.abc import Collection

from dealfacts.merge.nodes import Node
from dealfacts.merge.settings import FactWeights
from dealfacts.merge.values import Interval, compare_intervals, compare_sums

_NEAR = frozenset(
    frozenset(pair.split())
    for pair in (
        "acquisition merger",
        "acquisition divestiture",
        "acquisition asset_purchase",
        "acquisition equity_stake",
        "acquisition investment",
        "divestiture asset_purchase",
        "divestiture ipo",
        "divestiture equity_stake",
        "merger joint_venture",
        "asset_purchase equity_stake",
        "investment funding_round",
        "investment equity_stake",
        "funding_round equity_stake",
        "joint_venture investment",
        "joint_venture partnership",
        "supply_contract licensing",
        "investment debt_financing",
        "funding_round debt_financing",
    )
)
_SETTLED = frozenset({"announced", "completed"})
_EARLY = frozenset({"rumoured", "in_talks"})
_OVER = frozenset({"stalled", "cancelled", "denied"})
_ENDED = frozenset({"stalled", "cancelled"})
_DATED = ("announced", "completed", "expected_close", "start", "deployment")
_WEEKS, _QUARTER, _YEAR = 30, 100, 400

Part = tuple[str, float]


def score_pair(a: Node, b: Node, weights: FactWeights) -> float:
    """Return how likely two nodes tell of one deal; above 0 is more likely than not."""
    return sum(value for _, value in explain_pair(a, b, weights))


def explain_pair(a: Node, b: Node, weights: FactWeights) -> list[Part]:
    """Name what speaks for and against two nodes telling of one deal, each with its weight."""
    parts: list[Part] = [("prior", weights.prior)]
    once = a.once and b.once
    _add_type(parts, a, b, weights)
    _add_parties(parts, a, b, weights, once)
    specific = len(parts)
    _add_sums(parts, a, b, weights, once)
    _add_dates(parts, a, b, weights, weights.dates_of_once if once and _both_sides(parts) else 1.0)
    told = any(value > 0 for _, value in parts[specific:])
    _add_time(parts, a, b, weights)
    _add_status(parts, a, b, weights, told)
    if _overlap(a.articles, b.articles):
        parts += _told_together(a, b, weights)
    elif a.type == b.type and _overlap(a.stories, b.stories):
        parts.append(("same_story", weights.same_story))
    return parts


def _overlap(a: Collection[str], b: Collection[str]) -> bool:
    return not set(a).isdisjoint(b) if len(a) > 1 else next(iter(a)) in b


def _told_together(a: Node, b: Node, weights: FactWeights) -> list[Part]:
    """Weigh that one article states both: as a rule these are two deals.

    But articles state one deal twice, with the same sum, and call a deal a partnership as well.
    """
    vague = a.type != b.type and "partnership" in (a.type, b.type)
    alike = len(a.everyone & b.everyone) >= 2
    if alike and a.amount is not None and b.amount is not None:
        if compare_sums(a.amount, b.amount) == "same":
            return [] if vague else [("same_article_same_sum", weights.same_article_same_sum)]
    elif alike and vague:
        return [("same_article_vague", weights.same_article_vague)]
    return [("same_article", weights.same_article)]


def _add_type(parts: list[Part], a: Node, b: Node, weights: FactWeights) -> None:
    if a.type == b.type:
        parts.append(("type_same", weights.type_same))
    elif frozenset((a.type, b.type)) in _NEAR:
        parts.append(("type_near", weights.type_near))
    elif "partnership" in (a.type, b.type):
        parts.append(("type_vague", weights.type_vague))
    else:
        parts.append(("type_far", weights.type_far))


def _add_parties(parts: list[Part], a: Node, b: Node, weights: FactWeights, once: bool) -> None:
    if a.partners or b.partners:
        _add_partners(parts, a, b, weights)
    elif a.objects & b.sources and a.sources & b.objects and not a.objects & b.objects:
        parts.append(("partners_same", weights.partners_same))
        parts.append(("swapped", weights.swapped))
    else:
        _add_sides(parts, a, b, weights, once)
    if a.type != b.type and len(a.everyone & b.everyone) == 1 and not (a.sellers & b.sellers):
        parts.append(("one_party_other_type", weights.one_party_other_type))
    if a.sellers and b.sellers:
        name = "seller_same" if a.sellers & b.sellers else "seller_differs"
        parts.append((name, getattr(weights, name)))


def _add_partners(parts: list[Part], a: Node, b: Node, weights: FactWeights) -> None:
    """Compare where at least one side lists equals: two common parties make the pair."""
    common = len(a.everyone & b.everyone)
    if common >= 2:
        parts.append(("partners_same", weights.partners_same))
    elif common == 1 and len(a.everyone) > 1 and len(b.everyone) > 1:
        parts.append(("object_same", weights.object_same))
        parts.append(("source_differs", weights.source_differs))
    elif common == 1:
        parts.append(("object_same", weights.object_same))
    else:
        parts.append(("object_differs", weights.object_differs))


def _add_sides(parts: list[Part], a: Node, b: Node, weights: FactWeights, once: bool) -> None:
    if a.objects and b.objects:
        name = "object_same" if a.objects & b.objects else "object_differs"
        if name == "object_differs" and translated(a, b, "object"):
            name = "party_translated"
        parts.append((name, getattr(weights, name)))
        if a.type == b.type == "ipo" and name == "object_same":  # there is no second party to agree on
            parts.append(("done_once", weights.done_once))
    if a.sources and b.sources:
        if a.sources & b.sources:
            parts.append(("source_same", weights.source_same))
            if once and (a.objects & b.objects or a.sellers & b.sellers):
                parts.append(("done_once", weights.done_once))
        elif translated(a, b, "source"):
            parts.append(("party_translated", weights.party_translated))
        elif a.type == b.type == "funding_round":
            parts.append(("source_differs_in_round", weights.source_differs_in_round))
        else:
            parts.append(("source_differs", weights.source_differs))


def translated(a: Node, b: Node, side: str) -> bool:
    """Tell whether names can be one institution's in two languages (Waals Gewest, Walloon Region)."""
    if a.languages & b.languages or not a.languages or not b.languages:
        return False
    return bool(a.glosses.get(side, frozenset()) & b.glosses.get(side, frozenset()))


def _add_sums(parts: list[Part], a: Node, b: Node, weights: FactWeights, once: bool) -> None:
    if a.amount is not None and b.amount is not None:
        relation = compare_sums(a.amount, b.amount)
        name = {
            "near": "amount_differs_control" if once else "amount_near",
            "differs": "amount_differs_control" if once else "amount_differs",
        }.get(relation, f"amount_{relation}")
        if name == "amount_near" and a.status in _SETTLED and b.status in _SETTLED:
            name = "amount_near_settled"
        if name == "amount_same" and min(a.amount.digits, b.amount.digits) < 2:
            name = "amount_same_round"
        parts.append((name, getattr(weights, name)))
    if a.valuation is not None and b.valuation is not None:
        relation = compare_sums(a.valuation, b.valuation)
        name = "valuation_differs" if relation in ("near", "differs") else "valuation_same"
        parts.append((name, getattr(weights, name)))
    if a.stake is not None and b.stake is not None:
        alike = compare_sums(a.stake, b.stake) in ("same", "rounded")
        name = "stake_same" if alike else "stake_differs_control" if once else "stake_differs"
        parts.append((name, getattr(weights, name)))
    if a.quantities and b.quantities:
        _add_quantities(parts, a, b, weights)


def _add_quantities(parts: list[Part], a: Node, b: Node, weights: FactWeights) -> None:
    relations = [compare_sums(x, y) for x in a.quantities for y in b.quantities if x.unit == y.unit]
    if relations:
        alike = any(relation in ("same", "rounded") for relation in relations)
        name = "quantity_same" if alike else "quantity_differs"
        parts.append((name, getattr(weights, name)))


def _both_sides(parts: list[Part]) -> bool:
    return any(name in ("done_once", "partners_same") for name, _ in parts)


def _add_dates(parts: list[Part], a: Node, b: Node, weights: FactWeights, loudness: float) -> None:
    """Compare the dates of the same event; of several the most telling counts.

    Dates that differ count by `loudness`: where two parties can hardly do such a deal twice, one paper may
    have taken the day of completion for that of the announcement.
    """
    best: Part | None = None
    for role in _DATED:
        if role not in a.dates or role not in b.dates:
            continue
        part = _compare_dates(a.dates[role], b.dates[role], weights)
        if role not in ("announced", "completed"):  # plans slip: they speak half as loud
            part = part and (part[0], part[1] / 2)
        if part and (best is None or abs(part[1]) > abs(best[1])):
            best = part
    if best is None and ("announced" in a.dates or "announced" in b.dates):
        best = _completed_before(a, b, weights) or _completed_before(b, a, weights)
    if best:
        parts.append((best[0], best[1] * loudness if best[1] < 0 else best[1]))


def _compare_dates(a: Interval, b: Interval, weights: FactWeights) -> Part | None:
    relation, days = compare_intervals(a, b)
    if relation == "unknown":
        return None
    if relation == "day":
        return "date_same_day", weights.date_same_day
    if relation == "overlap":
        return "date_overlap", weights.date_overlap
    if days <= 7:
        return "date_overlap", weights.date_overlap / 2
    if days <= _QUARTER:
        return "date_within_quarter", weights.date_within_quarter
    return (
        ("date_within_year", weights.date_within_year)
        if days <= _YEAR
        else ("date_apart", weights.date_apart)
    )


def _completed_before(a: Node, b: Node, weights: FactWeights) -> Part | None:
    """A deal completed well before the other was announced is not that one."""
    done, begun = a.dates.get("completed"), b.dates.get("announced")
    if done is None or begun is None or done.end is None or begun.start is None:
        return None
    days = begun.start - done.end
    if days <= 7:
        return None
    return (
        ("date_within_year", weights.date_within_year)
        if days <= _YEAR
        else ("date_apart", weights.date_apart)
    )


def _add_time(parts: list[Part], a: Node, b: Node, weights: FactWeights) -> None:
    """Compare when two claims were reported, or dated where only one of them tells its date.

    What ends a deal looks back on it: a contract of three years ago can be cancelled today.
    """
    first, second = (a, b) if _order(a) <= _order(b) else (b, a)
    ended = second.status in _ENDED and first.status not in _ENDED
    span_a, span_b = (_reported(a), _reported(b)) if ended else (_span(a), _span(b))
    if span_a is None or span_b is None:
        return
    days = max(0, span_a[0] - span_b[1], span_b[0] - span_a[1])
    if days <= _WEEKS:
        name = "reported_within_weeks"
    elif days <= _QUARTER:
        name = "reported_within_quarter"
    elif days <= _YEAR:
        name = "reported_within_year"
    else:
        name = "reported_apart" if ended or (a.once and b.once) else "reported_apart_repeatable"
    parts.append((name, getattr(weights, name)))


def _reported(node: Node) -> tuple[int, int] | None:
    return None if node.first_day is None or node.last_day is None else (node.first_day, node.last_day)


def _span(node: Node) -> tuple[int, int] | None:
    """The days a node speaks of: from the date it tells to the last report."""
    known = [
        date.start
        for role in ("announced", "completed", "reported")
        if (date := node.dates.get(role)) is not None and date.start is not None
    ]
    if known and node.last_day is not None and node.last_day - min(known) > _YEAR:
        date_ends = [
            node.dates[r].end or min(known) for r in ("announced", "completed", "reported") if r in node.dates
        ]
        return min(known), max(date_ends)
    if node.first_day is None or node.last_day is None:
        return (min(known), min(known)) if known else None
    return min([node.first_day, *known]), node.last_day


def _add_status(parts: list[Part], a: Node, b: Node, weights: FactWeights, told: bool) -> None:
    """Ask whether the status told later can follow the one told earlier."""
    once = a.once and b.once
    first, second = (a, b) if _order(a) <= _order(b) else (b, a)
    days = 0
    if second.first_day is not None and first.last_day is not None:
        days = second.first_day - first.last_day
    if a.status == b.status:
        if a.status not in _OVER or days <= _WEEKS:
            parts.append(("status_same", weights.status_same))
    elif first.status == "completed" and second.status in _EARLY | _OVER:
        if days > 7:
            parts.append(("status_after_completion", weights.status_after_completion))
    elif first.status in _OVER | {"announced"} and second.status in _EARLY:
        if days > 21:
            parts.append(("status_restart", weights.status_restart / (2 if once else 1)))
    elif second.status in _OVER:
        parts.append(("status_follows", weights.status_follows))
    elif not once and not told and a.type != b.type and (a.status in _EARLY) != (b.status in _EARLY):
        parts.append(("phase_differs", weights.phase_differs))


def _order(node: Node) -> tuple[int, str]:
    return (node.first_day if node.first_day is not None else 0, node.claims[0])
