"""Groups of deal types that fill the same two places, such as who takes over and what is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from dealfacts.deals.events import Event
from dealfacts.deals.lexicon import concepts

_PARTNER = "P"
_PARTNER_FROM_SIDE = 0.8
_SIDE_FROM_PARTNER = 0.3
"""How much a share on another side counts: partners and directed sides are easily mistaken for each other."""


@cache
def group_of() -> dict[str, str]:
    """Return the group of every deal type."""
    return {kind: name for name, group in concepts()["groups"].items() for kind in group["types"]}


@cache
def slots_of(group: str) -> tuple[str, ...]:
    """Return the main sides of a group: two, or one of a listing."""
    return tuple(concepts()["groups"][group]["slots"])


@cache
def is_directed(group: str) -> bool:
    """Tell whether a group has two different main sides, such as who invests and in what."""
    return len(set(slots_of(group))) > 1


@cache
def further_sides(group: str) -> tuple[str, ...]:
    """Return the sides beyond the main ones that are looked for in the whole article."""
    return tuple(concepts()["groups"][group].get("further", ()))


@cache
def sides_to_fill(group: str) -> tuple[str, ...]:
    """Return every side of a group that candidates are ranked for, main ones first, each once."""
    return tuple(dict.fromkeys((*slots_of(group), *further_sides(group))))


@cache
def may_stay_open(group: str, place: int) -> bool:
    """Tell whether the first (0) or second (1) main side may go unnamed."""
    return bool(concepts()["groups"][group]["open"][place])


@cache
def group_names() -> tuple[str, ...]:
    """Return the groups in their fixed order."""
    return tuple(concepts()["groups"])


@cache
def are_rivals(first: str, second: str) -> bool:
    """Tell whether two groups may be two readings of one and the same deal."""
    return first == second or [first, second] in _rivals() or [second, first] in _rivals()


@cache
def _rivals() -> list[list[str]]:
    return list(concepts()["rivals"]["groups"])


def group_shares(event: Event) -> dict[str, float]:
    """Return how an event's type shares divide over the groups."""
    shares: dict[str, float] = {}
    for kind, share in event.types.items():
        group = group_of()[kind]
        shares[group] = shares.get(group, 0.0) + share
    return shares


def side_share(shares: Mapping[str, float], side: str, group: str) -> float:
    """Return how likely a name is on a main side of a group, whatever type its shares were worked out for."""
    own = shares.get(side, 0.0)
    if side == _PARTNER:
        return own + _PARTNER_FROM_SIDE * (shares.get("A", 0.0) + shares.get("T", 0.0))
    if _PARTNER in slots_of(group):
        return own
    if side == "A":
        own += shares.get("L", 0.0)
    elif side == "S" and "T" not in slots_of(group):
        own += _SIDE_FROM_PARTNER * shares.get("T", 0.0)
    return own + _SIDE_FROM_PARTNER * shares.get(_PARTNER, 0.0)


@cache
def opposite(side: str, group: str) -> str:
    """Return the main side that faces another one."""
    slots = slots_of(group)
    if len(slots) == 1:
        return "A"
    return slots[1] if side == slots[0] else slots[0]
