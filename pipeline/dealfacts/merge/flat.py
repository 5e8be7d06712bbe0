"""A deal as one flat row of plain columns, the way spreadsheets and people read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dealfacts.merge.corpus import SIDES

Plain = dict[str, Any]

COLUMNS: dict[str, str] = {
    "id": "VARCHAR",
    "type": "VARCHAR",
    "status": "VARCHAR",
    "buyer_side": "VARCHAR",
    "target_side": "VARCHAR",
    "seller": "VARCHAR",
    "partners": "VARCHAR",
    "amount": "DOUBLE",
    "currency": "VARCHAR",
    "amount_modifier": "VARCHAR",
    "amount_min": "DOUBLE",
    "amount_max": "DOUBLE",
    "valuation": "DOUBLE",
    "valuation_currency": "VARCHAR",
    "stake_percent": "DOUBLE",
    "quantities": "VARCHAR",
    "announced": "VARCHAR",
    "completed": "VARCHAR",
    "expected_close": "VARCHAR",
    "start_date": "VARCHAR",
    "deployment": "VARCHAR",
    "first_reported": "VARCHAR",
    "last_reported": "VARCHAR",
    "n_articles": "INTEGER",
    "n_stories": "INTEGER",
    "languages": "VARCHAR",
    "conflicts": "VARCHAR",
    "fact_ids": "VARCHAR",
}
"""Column -> DuckDB type, in the order of deals.csv."""

_SIDE_COLUMNS = {"source": "buyer_side", "object": "target_side", "seller": "seller", "partner": "partners"}
_SIGNS = {"up_to": "≤", "at_least": "≥", "more_than": ">", "less_than": "<", "about": "~"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def flat_row(deal: Plain) -> Plain:
    """Flatten a deal; values are strings, numbers or None."""
    amount, valuation = deal.get("amount") or {}, deal.get("valuation") or {}
    dates = deal.get("dates") or {}
    return {
        "id": deal["id"],
        "type": deal["type"],
        "status": deal["status"],
        **_sides(deal["roles"]),
        "amount": amount.get("amount"),
        "currency": amount.get("currency"),
        "amount_modifier": amount.get("modifier"),
        "amount_min": amount.get("min"),
        "amount_max": amount.get("max"),
        "valuation": valuation.get("amount"),
        "valuation_currency": valuation.get("currency"),
        "stake_percent": (deal.get("stake") or {}).get("percent"),
        "quantities": "; ".join(show_value(quantity) for quantity in deal.get("quantities") or ()) or None,
        "announced": _timex(dates.get("announced")),
        "completed": _timex(dates.get("completed")),
        "expected_close": _timex(dates.get("expected_close")),
        "start_date": _timex(dates.get("start")),
        "deployment": _timex(dates.get("deployment")),
        "first_reported": deal.get("first_reported"),
        "last_reported": deal.get("last_reported"),
        "n_articles": deal["n_articles"],
        "n_stories": deal["n_stories"],
        "languages": " ".join(deal.get("languages") or ()),
        "conflicts": "; ".join(map(show_conflict, deal.get("conflicts") or ())) or None,
        "fact_ids": " ".join(deal["fact_ids"]),
    }


def _sides(roles: Plain) -> Plain:
    names: dict[str, list[str]] = {column: [] for column in _SIDE_COLUMNS.values()}
    for role, players in roles.items():
        names[_SIDE_COLUMNS[SIDES[role]]] += [party["name"] for party in players]
    return {column: "; ".join(dict.fromkeys(found)) or None for column, found in names.items()}


def _timex(date: Plain | None) -> str | None:
    return date.get("timex") if date else None


def show_conflict(conflict: Plain) -> str:
    """Write a conflict in a line, such as `amount: 1.9e9 EUR (2) | 1.74e9 EUR (1)`."""
    values = " | ".join(
        f"{show_value(item['value'])} ({len(item['fact_ids'])})" for item in conflict["values"]
    )
    return f"{conflict['field']}: {values}"


def show_value(value: Any) -> str:
    """Write a normalised value shortly: `≤100000000000 USD`, `≥10 gigawatt`, `2025-09`."""
    if not isinstance(value, dict):
        return str(value)
    if "timex" in value:
        return str(value["timex"])
    number = value.get("amount") or value.get("percent") or value.get("value")
    if number is None:
        number = f"{value.get('min') or ''}…{value.get('max') or ''}"
    unit = value.get("currency") or (value.get("unit") if "percent" not in value else "%") or ""
    return f"{_SIGNS.get(value.get('modifier') or '', '')}{number} {unit}".strip()


def safe_cell(value: Any) -> Any:
    """Make a cell that no spreadsheet takes for a formula: a quote goes before its first sign.

    >>> safe_cell("=1+1")
    "'=1+1"
    """
    if not isinstance(value, str):
        return value
    cleaned = "".join(" " if c in "\r\n\t\v\f\x00" else c for c in value)
    return "'" + cleaned if cleaned.lstrip().startswith(_FORMULA) or value.startswith(_FORMULA) else cleaned


def party_rows(deals: Iterable[Plain]) -> Iterable[Plain]:
    """List who plays which role in which deal."""
    for deal in deals:
        for role, players in deal["roles"].items():
            for party in players:
                yield {"deal_id": deal["id"], "role": role, **party}
