"""Links between rows: a first tranche is a deal of its own, tied to the whole it is part of."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from dealfacts.merge.values import read_sum

Plain = dict[str, Any]

_FAMILY = {
    "investment": "equity",
    "funding_round": "equity",
    "equity_stake": "equity",
    "debt_financing": "debt",
    "supply_contract": "supply",
    "licensing": "licensing",
}
_MAX_DEALS = 50
_LARGEST_PART = 0.6


def link_tranches(rows: list[Plain]) -> None:
    """Add `related` to rows of which one is a part of the other.

    A part has the same two parties and family, a sum well below a whole that is told as a ceiling
    (`up_to`), and was not reported before it.
    """
    by_parties: dict[tuple[str, ...], list[Plain]] = defaultdict(list)
    for row in rows:
        family = _FAMILY.get(row["type"])
        parties = sorted({party["entity_id"] for players in row["roles"].values() for party in players})
        if family and row["amount"] and len(parties) >= 2:
            by_parties[family, *parties].append(row)
    for same in by_parties.values():
        if 2 <= len(same) <= _MAX_DEALS:
            for part in same:
                for whole in same:
                    if _is_part(part, whole):
                        part.setdefault("related", []).append(
                            {"deal_id": whole["id"], "relation": "tranche_of"}
                        )
                        whole.setdefault("related", []).append(
                            {"deal_id": part["id"], "relation": "has_tranche"}
                        )


def _is_part(part: Plain, whole: Plain) -> bool:
    small, large = read_sum(part["amount"]), read_sum(whole["amount"])
    if small.number is None or large.number is None or small.unit != large.unit:
        return False
    if large.modifier != "up_to" or small.number > _LARGEST_PART * large.number:
        return False
    first, start = part["first_reported"], whole["first_reported"]
    return part["status"] in ("announced", "completed") and (first is None or start is None or first >= start)
