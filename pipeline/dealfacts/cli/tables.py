"""Deals as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from dealfacts.quantities import format_value
from dealfacts.records import Deal
from dealfacts.report import field_label
from dealfacts.report.sides import sides

_LANGUAGE = "en"


def deals_table(deals: Sequence[Deal]) -> Table:
    """Lay out deals for reading: who, what, whom, how much, how certain, when and from how many articles."""
    table = Table(
        "who", "deal", "with whom", "amount", "status", "announced", "articles", "conflicts", pad_edge=False
    )
    for deal in deals:
        who, whom = sides(deal.roles)
        announced = deal.dates.get("announced") or deal.dates.get("completed")
        table.add_row(
            ", ".join(who),
            deal.type.replace("_", " "),
            ", ".join(whom),
            format_value(deal.amount, _LANGUAGE) if deal.amount else "",
            deal.status.replace("_", " "),
            announced.timex if announced else "",
            f"{deal.n_articles} {'/'.join(deal.languages)}",
            ", ".join(field_label(conflict.field) for conflict in deal.conflicts),
        )
    return table
