"""The table in FollowTheMoney's form (followthemoney.tech), for tools that investigate who owns what.

Plain dictionaries in the shape that `ftm` reads from JSON lines; the followthemoney package is not needed.
Deals that change ownership become `Ownership`, loans `Debt`, all others `UnknownLink`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from dealfacts.merge.corpus import SIDES
from dealfacts.records import Deal

Plain = dict[str, Any]

_OWNERSHIP = frozenset(
    {"acquisition", "merger", "equity_stake", "investment", "funding_round", "asset_purchase"}
)


def to_ftm(deals: Iterable[Deal | Plain]) -> Iterator[Plain]:
    """Yield the parties of all deals, each once, and a link for each pair of parties across a deal.

    Args:
        deals: from `merge`.
    """
    rows = [deal.model_dump(mode="json") if isinstance(deal, Deal) else deal for deal in deals]
    seen: set[str] = set()
    for row in rows:
        for players in row["roles"].values():
            for party in players:
                if party["entity_id"] not in seen:
                    seen.add(party["entity_id"])
                    properties = {"name": [party["name"]], "alias": party["aliases"]}
                    yield _entity(party["entity_id"], "LegalEntity", properties)
    for row in rows:
        yield from _links(row)


def _links(row: Plain) -> Iterator[Plain]:
    sides: dict[str, list[Plain]] = {"source": [], "object": [], "seller": [], "partner": []}
    for role, players in row["roles"].items():
        sides[SIDES[role]] += players
    pairs = [
        *itertools.product(sides["source"], sides["object"]),
        *itertools.combinations(sides["partner"], 2),
    ]
    for source, other in pairs:
        key = f"{row['id']}-{source['entity_id']}-{other['entity_id']}"
        a, b = [source["entity_id"]], [other["entity_id"]]
        amount = row.get("amount") or {}
        dates = row.get("dates") or {}
        properties: dict[str, list[str | None]] = {
            "date": [(dates.get("announced") or {}).get("timex")],
            "startDate": [(dates.get("completed") or {}).get("timex")],
            "status": [row["status"]],
            "summary": [row["type"]],
        }
        money = {"amount": [amount.get("amount")], "currency": [amount.get("currency")]}
        if row["type"] == "debt_financing":
            yield _entity(key, "Debt", properties | money | {"creditor": a, "debtor": b})
        elif row["type"] in _OWNERSHIP and not sides["partner"]:
            share = {"percentage": [(row.get("stake") or {}).get("percent")]}
            yield _entity(key, "Ownership", properties | share | {"owner": a, "asset": b})
        else:
            yield _entity(key, "UnknownLink", properties | {"role": [row["type"]], "subject": a, "object": b})


def _entity(key: str, schema: str, properties: dict[str, list[Any]]) -> Plain:
    given = {name: [value for value in values if value] for name, values in properties.items()}
    return {
        "id": key,
        "schema": schema,
        "properties": {name: values for name, values in given.items() if values},
    }
