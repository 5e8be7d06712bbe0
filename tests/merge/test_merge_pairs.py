import datetime
from collections.abc import Callable
from typing import Any

from dealfacts.merge import merge

ROWS = "pairs.jsonl"
Plain = dict[str, Any]

ROLES = {
    "acquisition": ("acquirer", "target"),
    "investment": ("investor", "investee"),
    "equity_stake": ("investor", "investee"),
    "supply_contract": ("customer", "supplier"),
    "partnership": ("partner", "partner"),
}


def test_pairs_are_one_deal_or_two(row: Plain, article: Callable[..., Plain]) -> None:
    later = datetime.date(2025, 12, 1) + datetime.timedelta(days=row.get("days", 2))
    told: list[Plain] = []
    for short, day in ((row["a"], "2025-12-01"), (row["b"], later.isoformat())):
        source, target = ROLES[short.get("type", "acquisition")]
        roles: dict[str, list[str]] = {}
        roles.setdefault(source, []).append("Corvane")
        roles.setdefault(target, []).append("Lumenry")
        told.append(article(f"a{len(told)}", short | {"roles": roles}, published=day))
    assert (len(merge(told)) == 1) == row["same"]
