"""The two sides of a deal, for showing it as a sentence: who does what with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dealfacts.records import Role

ACTIVE: tuple[Role, ...] = (
    "acquirer", "lead_investor", "investor", "lender", "licensee", "customer", "issuer", "partner",
)  # fmt: skip
"""The roles that give the money or make the move; the others are on the other side."""


def sides(roles: Mapping[Role, Sequence[Any]]) -> tuple[list[str], list[str]]:
    """Split the parties of a fact or deal into the active side and the other side, by name.

    Partners stand on both sides: the first on one, the rest on the other.
    """
    active = [party.name for role in ACTIVE if role != "partner" for party in roles.get(role, ())]
    other = [party.name for role, parties in roles.items() if role not in ACTIVE for party in parties]
    partners = [party.name for party in roles.get("partner", ())]
    if not active and partners:
        return partners[:1], partners[1:] + other
    return active, other + partners
