"""One row out of many claims: for each field the best-supported value, the others kept as conflicts.

Votes are stories, not articles: what ten papers copied from one agency counts once.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dealfacts.merge.corpus import SIDES, ArticleInfo, Claim, Corpus
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.entities import Entities
from dealfacts.merge.values import Interval, Sum, compare_intervals, compare_sums

Plain = dict[str, Any]

_PROGRESS = {"rumoured": 0, "in_talks": 1, "announced": 2, "completed": 3}
_SURE = frozenset({"announced", "completed"})
_ROLES: dict[str, tuple[str, str]] = {
    "acquisition": ("acquirer", "target"),
    "merger": ("partner", "partner"),
    "divestiture": ("acquirer", "target"),
    "equity_stake": ("investor", "investee"),
    "investment": ("investor", "investee"),
    "funding_round": ("investor", "investee"),
    "debt_financing": ("lender", "borrower"),
    "ipo": ("investor", "issuer"),
    "licensing": ("licensee", "licensor"),
    "supply_contract": ("customer", "supplier"),
    "partnership": ("partner", "partner"),
    "joint_venture": ("partner", "partner"),
    "asset_purchase": ("acquirer", "target"),
}
"""Deal type -> the roles its source and its object go by."""
_ROLE_ORDER = (
    "acquirer", "target", "seller", "lead_investor", "investor", "investee", "lender", "borrower", "licensor",
    "licensee", "supplier", "customer", "partner", "issuer",
)  # fmt: skip
_OUTVOTED = 4
_PRICE_MOVES = 1.7
_VAGUE_TYPES = {"partnership": 0, "investment": 1}
"""Of types with equal support the less vague wins; types that are not named here are not vague."""


@dataclass
class Folding:
    """What folding a deal needs to look up."""

    corpus: Corpus
    entities: Entities
    stories: dict[str, str]
    labels: dict[int, str]
    decisions: Decisions

    def story(self, claim: Claim) -> str:
        """Return the story a claim's article belongs to."""
        return self.stories.get(claim.article, claim.article)

    def day(self, claim: Claim) -> int | None:
        """Return the day a claim was reported."""
        return self.corpus.articles[claim.article].day


def fold_inputs(claims: Sequence[Claim], folding: Folding) -> list[object]:
    """List all that the row of these claims depends on, for telling whether it must be folded again."""
    told: list[object] = []
    for claim in sorted(claims, key=lambda claim: claim.id):
        article = folding.corpus.articles[claim.article]
        parties = [
            (role, folding.labels[entity], folding.entities.ids[entity], folding.corpus.names[name].text)
            for role, name in claim.parties
            for entity in (folding.entities.of(claim, name),)
        ]
        sums = (claim.amount, claim.valuation, claim.stake, *claim.quantities)
        values = [value and value.raw for value in sums]
        dates = [(role, date.raw) for role, date in claim.dates]
        told += [claim.id, claim.type, claim.status, parties, values, dates]
        told += [article.id, article.published, article.lang, folding.story(claim)]
    return told


def fold_deal(claims: Sequence[Claim], folding: Folding) -> Plain:
    """Fold the claims of one deal into its row, a plain dictionary with the keys of `records.Deal`."""
    claims = sorted(claims, key=lambda claim: claim.id)
    articles = [folding.corpus.articles[article] for article in sorted({claim.article for claim in claims})]
    deal_type = _best_type(claims, folding)
    conflicts: list[Plain] = []
    support: dict[str, list[str]] = {}
    row: Plain = {
        "id": "d-" + claims[0].id.removeprefix("f-"),
        "type": deal_type,
        "status": None,
        "roles": _fold_roles(claims, deal_type, folding, conflicts),
    }
    others = _others(claims, deal_type, lambda claim: claim.type, folding)
    if others:
        conflicts.append({"field": "type", "values": others})
    for name in ("amount", "valuation", "stake"):
        row[name] = _fold_sum(name, [(getattr(c, name), c) for c in claims], folding, conflicts, support)
    row["quantities"] = _fold_quantities(claims, folding, conflicts, support)
    row["dates"] = _fold_dates(claims, folding, conflicts, support)
    published = [
        article.published[:10] for article in articles if article.published and article.day is not None
    ]
    history = _status_history(claims, folding)
    row["status"] = _final_status(history)
    support["status"] = sorted(
        fact for change in history if change["status"] == row["status"] for fact in change["fact_ids"]
    )
    row |= {
        "first_reported": min(published, default=None),
        "last_reported": max(published, default=None),
        "n_articles": len(articles),
        "n_stories": len({folding.stories.get(article.id, article.id) for article in articles}),
        "languages": _languages(articles),
        "conflicts": conflicts,
        "fact_ids": [claim.id for claim in claims],
        "status_history": history,
        "support": support,
    }
    _apply_decided_values(row, folding.decisions)
    return row


def _languages(articles: Iterable[ArticleInfo]) -> list[str]:
    return sorted({article.lang for article in articles if article.lang})


def _votes(claims: Iterable[Claim], folding: Folding) -> int:
    return len({folding.story(claim) for claim in claims})


def _last_day(claims: Iterable[Claim], folding: Folding) -> int:
    return max((folding.day(claim) or 0 for claim in claims), default=0)


def _best_type(claims: Sequence[Claim], folding: Folding) -> str:
    by_type: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_type[claim.type].append(claim)
    return min(
        by_type,
        key=lambda kind: (
            _VAGUE_TYPES.get(kind) == 0,
            -_votes(by_type[kind], folding),
            kind in _VAGUE_TYPES,
            -_last_day(by_type[kind], folding),
            kind,
        ),
    )


def _others(
    claims: Sequence[Claim], winner: Any, value_of: Callable[[Claim], Any], folding: Folding
) -> list[Plain] | None:
    """List all values with their facts, the winner first, when there is more than one."""
    found: dict[Any, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[value_of(claim)].append(claim)
    if len(found) < 2:
        return None
    ordered = sorted(found, key=lambda value: (value != winner, -_votes(found[value], folding), str(value)))
    return [{"value": value, "fact_ids": sorted(c.id for c in found[value])} for value in ordered]


def _fold_roles(
    claims: Sequence[Claim], deal_type: str, folding: Folding, conflicts: list[Plain]
) -> dict[str, list[Plain]]:
    """Gather who plays which role, in the roles of the row's type, best supported first."""
    entities = folding.entities
    told: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        for told_as, name in claim.parties:
            told[_role_in(told_as, claim.type, deal_type), entities.of(claim, name)].append(claim)
    votes = {key: _votes(by, folding) for key, by in told.items()}
    taken: dict[int, str] = {}
    for role, entity in sorted(votes, key=lambda key: (key[0] != "lead_investor", -votes[key], key)):
        taken.setdefault(entity, role)
    roles: dict[str, list[Plain]] = {}
    for role in _ROLE_ORDER:
        players = [entity for entity, played in taken.items() if played == role]
        named = [entity for entity in players if not _is_described(entity, claims, entities)]
        players = named or players  # a name beats "2,300 rental homes"; the description stays in the facts
        players.sort(key=lambda entity: (-votes[role, entity], folding.labels[entity], entities.ids[entity]))
        players = _believed_players(role, players, told, folding, conflicts)
        if players:
            roles[role] = [_party(entity, claims, folding) for entity in players]
    return roles


def _believed_players(
    role: str,
    players: list[int],
    told: dict[tuple[str, int], list[Claim]],
    folding: Folding,
    conflicts: list[Plain],
) -> list[int]:
    """Drop a buyer that only rumours name once a settled deal names others, or that hardly anyone names.

    Whom few name may still be one of many investors of a round; who is dropped stays as a conflict.
    """
    if SIDES[role] != "source" or len(players) < 2:
        return players
    votes = {entity: _votes(told[role, entity], folding) for entity in players}
    kept = [entity for entity in players if any(claim.status in _SURE for claim in told[role, entity])]
    kept = kept or players
    leading = told[role, kept[0]]
    if 2 * sum(claim.type == "funding_round" for claim in leading) < len(leading):
        most = max(votes[entity] for entity in kept)
        kept = [entity for entity in kept if votes[entity] * _OUTVOTED > most]
    if len(kept) == len(players):
        return players
    values = [
        {
            "value": folding.labels[entity],
            "fact_ids": sorted({claim.id for claim in told[role, entity]}),
        }
        for entity in [*kept, *(entity for entity in players if entity not in kept)]
    ]
    conflicts.append({"field": f"roles.{role}", "values": values})
    return kept


def _party(entity: int, claims: Sequence[Claim], folding: Folding) -> Plain:
    texts = {
        folding.corpus.names[name].text
        for claim in claims
        for _, name in claim.parties
        if folding.entities.of(claim, name) == entity
    }
    label = folding.labels[entity]
    return {"name": label, "entity_id": folding.entities.ids[entity], "aliases": sorted(texts - {label})}


def _is_described(entity: int, claims: Sequence[Claim], entities: Entities) -> bool:
    return all(
        entities.descriptive[name]
        for claim in claims
        for _, name in claim.parties
        if entities.of(claim, name) == entity
    )


def _role_in(role: str, told_as: str, deal_type: str) -> str:
    """Translate a role of one type of deal into the row's type: an investor of a stake is an acquirer."""
    if told_as == deal_type or role == "seller" or (role == "lead_investor" and deal_type == "funding_round"):
        return role
    source, target = _ROLES[deal_type]
    side = SIDES[role]
    if side == "partner":
        return role
    return source if side == "source" else target


_BOUNDS = frozenset({"up_to", "at_least", "more_than", "less_than"})


class _Class:
    """Figures that can be one: the same number, one rounded from the other, or within a modifier."""

    def __init__(self, value: Sum, claim: Claim) -> None:
        self.items: list[tuple[Sum, Claim]] = [(value, claim)]

    def takes(self, value: Sum) -> bool:
        # With all members, not just the first: else 4.4 and 4.8 meet through "about 4.6".
        return all(compare_sums(value, known) in ("same", "rounded", "within") for known, _ in self.items)

    @property
    def claims(self) -> list[Claim]:
        return [claim for _, claim in self.items]


def _classes(values: Iterable[tuple[Sum | None, Claim]]) -> list[_Class]:
    """Group figures, most precise first, so that the vague ones join the precise ones they allow."""
    given = [(value, claim) for value, claim in values if value is not None]
    given.sort(key=lambda item: (item[0].number or 0.0, item[1].id))
    given.sort(key=lambda item: _precision(item[0]), reverse=True)  # a stable sort: ties keep their order
    # What has a figure of its own comes before what only bounds one: `up to 100` belongs to 100, not to 10.
    given.sort(key=lambda item: item[0].modifier in _BOUNDS)
    made: list[_Class] = []
    for value, claim in given:
        rank = {"same": 0, "rounded": 1, "within": 2}
        fitting = [known for known in made if known.takes(value)]
        if fitting:
            best = min(fitting, key=lambda known: rank[compare_sums(value, known.items[0][0])])
            best.items.append((value, claim))
        else:
            made.append(_Class(value, claim))
    return made


def _precision(value: Sum) -> tuple[bool, bool, int]:
    return value.number is not None, value.modifier != "about", value.digits


def _fold_sum(
    name: str,
    values: Iterable[tuple[Sum | None, Claim]],
    folding: Folding,
    conflicts: list[Plain],
    support: dict[str, list[str]],
) -> Plain | None:
    """Choose a figure; those that contradict it go to the conflicts."""
    classes = _classes(values)
    if not classes:
        return None
    leading = max(classes, key=lambda group: (_votes(group.claims, folding), -classes.index(group)))
    classes.sort(key=lambda group: _rank(group, leading, folding))
    support[name] = sorted(claim.id for claim in classes[0].claims)
    chosen = [_representative(group, folding) for group in classes]
    if len(classes) > 1:
        conflicts.append(
            {
                "field": name,
                "values": [
                    {"value": value, "fact_ids": sorted(claim.id for claim in group.claims)}
                    for value, group in zip(chosen, classes, strict=True)
                ],
            }
        )
    return chosen[0]


def _rank(group: _Class, leading: _Class, folding: Folding) -> tuple[Any, ...]:
    """Order figures: numbers before ranges, the final price, settled deals before rumours, then votes."""
    claims, value = group.claims, group.items[0][0]
    votes = _votes(claims, folding)
    return (
        value.number is None,
        not _is_final(group, leading, folding),
        not any(claim.status in _SURE for claim in claims),
        -votes,
        -_last_day(claims, folding),
        value.number or 0.0,
        claims[0].id,
    )


def _is_final(group: _Class, leading: _Class, folding: Folding) -> bool:
    """Tell whether a figure can be the price finally paid: told on completion, by some, and not far off."""
    if not any(claim.status == "completed" for claim in group.claims):
        return False
    value, usual = group.items[0][0].number, leading.items[0][0].number
    if not value or not usual or not 1 / _PRICE_MOVES < value / usual < _PRICE_MOVES:
        return False
    return 3 * _votes(group.claims, folding) >= _votes(leading.claims, folding)


def _representative(group: _Class, folding: Folding) -> Plain:
    """Choose how to write a class: its most precise number, with the modifier most stories give it.

    Between equal votes a modifier beats none: headlines drop "up to", nobody adds it.
    """
    best = group.items[0][0]
    same = [
        (value, claim)
        for value, claim in group.items
        if value.number == best.number and value.unit == best.unit
    ]
    by_modifier: dict[str, list[Claim]] = defaultdict(list)
    raw: dict[str, Plain] = {}
    for value, claim in same:
        by_modifier[value.modifier].append(claim)
        raw.setdefault(value.modifier, value.raw)
    rank = {"exact": 1, "about": 2}
    modifier = min(raw, key=lambda m: (-_votes(by_modifier[m], folding), rank.get(m, 0), m))
    return raw[modifier]


def _fold_quantities(
    claims: Sequence[Claim], folding: Folding, conflicts: list[Plain], support: dict[str, list[str]]
) -> list[Plain]:
    by_unit: dict[str, list[tuple[Sum | None, Claim]]] = defaultdict(list)
    for claim in claims:
        for quantity in claim.quantities:
            by_unit[quantity.unit or ""].append((quantity, claim))
    folded = []
    for unit in sorted(by_unit):
        value = _fold_sum(f"quantities.{unit}", by_unit[unit], folding, conflicts, support)
        if value is not None:
            folded.append(value)
    return folded


def _fold_dates(
    claims: Sequence[Claim], folding: Folding, conflicts: list[Plain], support: dict[str, list[str]]
) -> dict[str, Plain]:
    by_role: dict[str, list[tuple[Interval, Claim]]] = defaultdict(list)
    for claim in claims:
        for role, value in claim.dates:
            by_role[role].append((value, claim))
    dates: dict[str, Plain] = {}
    for role in ("announced", "completed", "expected_close", "start", "deployment", "reported"):
        if role not in by_role:
            continue
        told = by_role[role]
        # "Now" and "recently" say no day: they neither contradict one nor stand beside it.
        dated = [item for item in told if item[0].start is not None or item[0].month is not None]
        classes = _date_classes(dated or told)
        classes.sort(
            key=lambda group: (
                -_votes((claim for _, claim in group), folding),
                # Told as often, a day or month of a year beats `November` of a year nobody knows.
                group[0][0].start is None,
                # Of announcements told alike often the first is it; later ones are mostly steps on the way.
                (group[0][0].start or 0) if role == "announced" else 0,
                -_last_day((claim for _, claim in group), folding),
                group[0][1].id,
            )
        )
        if role == "reported":  # each report has its own day: they do not contradict each other
            classes = [min(classes, key=lambda group: group[0][0].start or 0)]
        dates[role] = classes[0][0][0].raw
        support[f"dates.{role}"] = sorted(claim.id for _, claim in classes[0])
        if len(classes) > 1:
            conflicts.append(
                {
                    "field": f"dates.{role}",
                    "values": [
                        {"value": group[0][0].raw, "fact_ids": sorted(claim.id for _, claim in group)}
                        for group in classes
                    ],
                }
            )
    return dates


def _date_classes(values: Sequence[tuple[Interval, Claim]]) -> list[list[tuple[Interval, Claim]]]:
    """Group dates that can be one, the narrowest first in each group."""

    def width(date: Interval) -> int:
        return date.end - date.start if date.start is not None and date.end is not None else 100_000

    ordered = sorted(values, key=lambda item: (width(item[0]), item[0].start or 0, item[1].id))
    classes: list[list[tuple[Interval, Claim]]] = []
    for value, claim in ordered:
        for group in classes:
            if all(compare_intervals(value, known)[0] in ("day", "overlap") for known, _ in group):
                group.append((value, claim))
                break
            if value.raw == group[0][0].raw:
                group.append((value, claim))
                break
        else:
            classes.append([(value, claim)])
    return classes


def _status_history(claims: Sequence[Claim], folding: Folding) -> list[Plain]:
    """List how the status went over time, undated reports first; of several on one day the best supported."""
    by_day: dict[int | None, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_day[folding.day(claim)].append(claim)
    history: list[Plain] = []
    for day in sorted(by_day, key=lambda day: day or 0):
        by_status: dict[str, list[Claim]] = defaultdict(list)
        for claim in by_day[day]:
            by_status[claim.status].append(claim)
        ordered = sorted(by_status, key=lambda s: (_votes(by_status[s], folding), _PROGRESS.get(s, 9), s))
        for status in ordered:
            facts = sorted(claim.id for claim in by_status[status])
            if history and history[-1]["status"] == status:
                history[-1]["fact_ids"] = sorted(history[-1]["fact_ids"] + facts)
                history[-1]["date"] = history[-1]["date"] or _iso(day)
            else:
                history.append({"status": status, "date": _iso(day), "fact_ids": facts})
    return history


def _final_status(history: Sequence[Plain]) -> str:
    """Let later reports win, but look-backs not undo progress: completed stays when "announced" is retold."""
    current = history[0]["status"]
    reached = _PROGRESS.get(current, -1)
    for change in history[1:]:
        status = change["status"]
        rank = _PROGRESS.get(status)
        if rank is None or rank > reached or (current not in _PROGRESS and rank >= reached):
            current = status
            reached = max(reached, rank if rank is not None else -1)
    return str(current)


def _iso(day: int | None) -> str | None:
    return datetime.date.fromordinal(day).isoformat() if day is not None else None


def _apply_decided_values(row: Plain, decisions: Decisions) -> None:
    for (fact, field), value in decisions.values.items():
        if fact in row["fact_ids"]:
            if field.startswith("dates."):
                row["dates"][field.removeprefix("dates.")] = value
            else:
                row[field] = value
            row["support"][field] = ["decision"]
            row["conflicts"] = [conflict for conflict in row["conflicts"] if conflict["field"] != field]
