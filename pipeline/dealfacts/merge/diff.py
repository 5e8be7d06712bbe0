"""What changed between two tables: new deals, changed status, new conflicts, rows that met or parted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dealfacts.merge.flat import flat_row, show_conflict, show_value
from dealfacts.records import Deal

Plain = dict[str, Any]

_FIELDS = ("amount", "valuation", "stake", "type")


@dataclass(frozen=True)
class Change:
    """A field of a deal that reads otherwise than before."""

    deal_id: str
    field: str
    before: Any
    after: Any


@dataclass
class Diff:
    """The difference of two tables, each list in the order of the new table's ids."""

    new: list[Plain] = field(default_factory=list)
    gone: list[Plain] = field(default_factory=list)
    status: list[Change] = field(default_factory=list)
    values: list[Change] = field(default_factory=list)
    conflicts: list[tuple[str, Plain]] = field(default_factory=list)
    merged: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """(new id, the old ids that are one row now)."""
    split: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """(old id, the new ids it has come apart into)."""

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not any(vars(self).values())


def diff(old: Iterable[Deal | Plain], new: Iterable[Deal | Plain]) -> Diff:
    """Compare two tables of deals; rows are matched by the facts they share, not by id.

    Args:
        old: the earlier deals.
        new: the later deals.
    """
    before, after = _by_id(old), _by_id(new)
    old_of = {fact: deal for deal, row in before.items() for fact in row["fact_ids"]}
    changes = Diff()
    heirs: dict[str, list[str]] = {}
    for deal_id in sorted(after):
        row = after[deal_id]
        shared: dict[str, int] = {}
        for fact in row["fact_ids"]:
            if fact in old_of:
                shared[old_of[fact]] = shared.get(old_of[fact], 0) + 1
        if not shared:
            changes.new.append(row)
            continue
        for parent in shared:
            heirs.setdefault(parent, []).append(deal_id)
        if len(shared) > 1:
            changes.merged.append((deal_id, tuple(sorted(shared))))
        _compare(before[min(shared, key=lambda parent: (-shared[parent], parent))], row, changes)
    changes.gone = [before[deal_id] for deal_id in sorted(before) if deal_id not in heirs]
    changes.split = [(deal, tuple(found)) for deal, found in sorted(heirs.items()) if len(found) > 1]
    return changes


def _by_id(deals: Iterable[Deal | Plain]) -> dict[str, Plain]:
    rows = (deal.model_dump(mode="json") if isinstance(deal, Deal) else deal for deal in deals)
    return {row["id"]: row for row in rows}


def _compare(before: Plain, after: Plain, changes: Diff) -> None:
    if before["status"] != after["status"]:
        changes.status.append(Change(after["id"], "status", before["status"], after["status"]))
    for name in _FIELDS:
        if before.get(name) != after.get(name):
            changes.values.append(Change(after["id"], name, before.get(name), after.get(name)))
    known = {conflict["field"]: len(conflict["values"]) for conflict in before["conflicts"]}
    for conflict in after["conflicts"]:
        if len(conflict["values"]) > known.get(conflict["field"], 0):
            changes.conflicts.append((after["id"], conflict))


def format_diff(changes: Diff, new: Iterable[Deal | Plain]) -> str:
    """Write a difference as text, a change a line; `new` is the later table."""
    rows = _by_id(new)
    lines = [f"new       {show_deal(row)}" for row in changes.new]
    lines += [f"gone      {show_deal(row)}" for row in changes.gone]
    lines += [f"status    {_named(c, rows)}: {c.before} -> {c.after}" for c in changes.status]
    lines += [
        f"value     {_named(c, rows)}: {c.field} {_shown(c.before)} -> {_shown(c.after)}"
        for c in changes.values
    ]
    lines += [
        f"conflict  {show_deal(rows[deal])}: {show_conflict(found)}" for deal, found in changes.conflicts
    ]
    lines += [f"merged    {deal} from {', '.join(parents)}" for deal, parents in changes.merged]
    lines += [f"split     {deal} into {', '.join(children)}" for deal, children in changes.split]
    return "\n".join(lines) + "\n" if lines else "no changes\n"


def _named(change: Change, rows: Mapping[str, Plain]) -> str:
    return show_deal(rows[change.deal_id])


def _shown(value: Any) -> str:
    return "none" if value is None else show_value(value)


def show_deal(row: Plain) -> str:
    """Write a deal in one line: id, type, status, parties and amount."""
    flat = flat_row(row)
    sides = [flat["buyer_side"], flat["target_side"], flat["partners"], flat["seller"]]
    parties = " / ".join(side for side in sides if side)
    amount = show_value(row["amount"]) if row.get("amount") else ""
    return f"{row['id']} {row['type']} {row['status']}: {parties} {amount}".rstrip()
