"""Deals as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from dealfacts.quantities import format_value
from dealfacts.records import Deal, Role

BUYERS: tuple[Role, ...] = (
    "acquirer", "lead_investor", "investor", "lender", "licensee", "customer", "issuer", "partner",
)  # fmt: skip
_LANGUAGE = "en"


def deals_table(deals: Sequence[Deal]) -> Table:
    """Lay out deals for reading: who, what, whom, how much, how certain, when and from how many articles."""
    table = Table(
        "who", "deal", "with whom", "amount", "status", "announced", "articles", "conflicts", pad_edge=False
    )
    for deal in deals:
        who, whom = sides(deal)
        announced = deal.dates.get("announced") or deal.dates.get("completed")
        table.add_row(
            ", ".join(who),
            deal.type.replace("_", " "),
            ", ".join(whom),
            format_value(deal.amount, _LANGUAGE) if deal.amount else "",
            deal.status.replace("_", " "),
            announced.timex if announced else "",
            f"{deal.n_articles} {'/'.join(deal.languages)}",
            ", ".join(conflict.field for conflict in deal.conflicts),
        )
    return table


def sides(deal: Deal) -> tuple[list[str], list[str]]:
    """Split the parties of a deal into the side that gives the money and the side that gives the thing."""
    who = [party.name for role in BUYERS for party in deal.roles.get(role, ())]
    whom = [party.name for role, parties in deal.roles.items() if role not in BUYERS for party in parties]
    return who, whom
