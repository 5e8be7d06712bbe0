"""Whom a short name means in each claim, where several longer names begin alike.

"Apollo" alone may be Apollo Capital in one article and Apollo Foods in another. No one answer holds for
the name, but each claim tells whom Apollo deals with: if just one of the longer names deals with the same
party in the same kind of deal elsewhere, that one is meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dealfacts.merge.corpus import SIDES, Claim, Corpus

Senses = dict[tuple[str, int], int]
"""(claim id, name number) -> entity number, where it is not the one of the name."""

_ROUNDS = 2


def settle_short_names(
    corpus: Corpus, longer: Mapping[int, Iterable[int]], node_of: Sequence[int], group_of: Mapping[int, int]
) -> Senses:
    """Choose for each claim with an ambiguous short name whom it means.

    Args:
        corpus: the claims.
        longer: short node -> the nodes of longer names that begin or end with it.
        node_of: name number -> node.
        group_of: node -> entity.

    Returns:
        The claims in which a name means another entity than it does by itself.
    """
    choices: dict[int, set[int]] = {}
    for short, forms in longer.items():
        groups = {group_of[form] for form in forms}
        if groups - {group_of[short]}:
            choices[short] = groups
    if not choices:
        return {}
    candidates = {group for groups in choices.values() for group in groups}
    claims = [
        claim
        for claim in corpus.claims.values()
        if any(node_of[name] in choices or group_of[node_of[name]] in candidates for _, name in claim.parties)
    ]
    senses: Senses = {}
    for _ in range(_ROUNDS):  # the second round profits from the other parties settled in the first
        senses = _settle(claims, choices, node_of, group_of, senses)
    return senses


def _settle(
    claims: Iterable[Claim],
    choices: Mapping[int, set[int]],
    node_of: Sequence[int],
    group_of: Mapping[int, int],
    known: Senses,
) -> Senses:
    def entity(claim: Claim, name: int) -> int:
        return known.get((claim.id, name), group_of[node_of[name]])

    contexts: dict[int, set[tuple[int, str]]] = defaultdict(set)
    unsettled: list[tuple[Claim, int, set[tuple[int, str]]]] = []
    for claim in claims:
        parties = [(role, name, entity(claim, name)) for role, name in claim.parties]
        for role, name, party in parties:
            context = {(other, claim.type) for other in _others(role, party, parties)}
            if node_of[name] in choices:
                unsettled.append((claim, name, context))
            else:
                contexts[party] |= context
    settled: Senses = {}
    for claim, name, context in unsettled:
        meant = [group for group in choices[node_of[name]] if contexts[group] & context]
        if len(meant) == 1 and meant[0] != group_of[node_of[name]]:
            settled[claim.id, name] = meant[0]
    return settled


def _others(role: str, party: int, parties: Iterable[tuple[str, int, int]]) -> Iterator[int]:
    side = SIDES[role]
    for other_role, _, other in parties:
        if other != party and (SIDES[other_role] != side or side == "partner"):
            yield other
