"""Buckets: which nodes are worth comparing, found by keys so that the cost grows with their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from dealfacts.merge.evidence import translated
from dealfacts.merge.nodes import Node
from dealfacts.merge.settings import Settings

_MAX_PARTIES = 6
_GROUPS = {"debt_financing": "lending", "licensing": "trade", "supply_contract": "trade"}


class Bucket(NamedTuple):
    """Nodes that share two parties, or just the one (`one_sided`), in the order of their numbers."""

    one_sided: bool
    nodes: list[int]

    def nodes_apart(self, others: Collection[int]) -> bool:
        """Tell whether no node is among others."""
        return not any(node in others for node in self.nodes)


def make_buckets(nodes: Sequence[Node]) -> list[Bucket]:
    """Sort nodes into buckets of two or more by the parties they name."""
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        for key in _keys(node):
            found[key].append(number)
    return [Bucket(key[0] == "one", numbers) for key, numbers in found.items() if len(numbers) > 1]


def candidate_pairs(
    nodes: Sequence[Node], buckets: Iterable[Bucket], settings: Settings
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of nodes that share a bucket, smaller number first; a pair may come more than once.

    A bucket with many nodes is searched only among neighbours in time and in amount, so the number of
    pairs grows linearly.
    """
    for one_sided, numbers in buckets:
        for a, b in _pairs_in(numbers, nodes, settings):
            if not one_sided or _may_join(nodes[a], nodes[b]):
                yield (a, b) if a < b else (b, a)


def _keys(node: Node) -> Iterator[tuple[Any, ...]]:
    """Name the buckets of a node: each pair of its parties, and each party it may be about alone."""
    objects, sources, partners, sellers = (
        sorted(side)[:_MAX_PARTIES] if len(side) > 1 else tuple(side)
        for side in (node.objects, node.sources, node.partners, node.sellers)
    )
    pairs = {(a, b) if a < b else (b, a) for a in objects for b in sources}
    if partners:
        others = (*partners, *objects, *sources)
        pairs |= {(a, b) if a < b else (b, a) for a in partners for b in others if a != b}
    for pair in pairs:
        yield ("two", *pair)
    for seller in sellers:
        for source in sources:
            yield "sold", seller, source
        if not sources:
            yield "one", "seller", seller
    group = _GROUPS.get(node.type, "equity")
    for party in objects or partners:
        yield "one", group, party
    if not objects and not partners and not sellers:
        for source in sources:
            yield "one", group, "source", source


def _pairs_in(bucket: list[int], nodes: Sequence[Node], settings: Settings) -> Iterator[tuple[int, int]]:
    if len(bucket) <= settings.bucket_all_pairs:
        for i, a in enumerate(bucket):
            for b in bucket[i + 1 :]:
                yield a, b
        return
    window = settings.bucket_window
    by_day = sorted(bucket, key=lambda n: (nodes[n].first_day or 0, n))
    by_sum = sorted(
        (n for n in bucket if nodes[n].amount is not None),
        key=lambda n: (_amount_of(nodes[n]), nodes[n].first_day or 0, n),
    )
    for ordered in (by_day, by_sum):
        for i, a in enumerate(ordered):
            for b in ordered[i + 1 : i + 1 + window]:
                yield a, b


def _amount_of(node: Node) -> float:
    amount = node.amount
    return 0.0 if amount is None else amount.number if amount.number is not None else amount.low


def _may_join(a: Node, b: Node) -> bool:
    """Tell whether nodes that share one party can be one deal: not if both name others as the second.

    Those that share both parties meet in another bucket.
    """
    if (a.partners or b.partners) and len(a.everyone) > 1 and len(b.everyone) > 1:
        return False
    if not a.sources or not b.sources:
        return True
    if a.sources.isdisjoint(b.sources):
        return a.type == b.type == "funding_round" or translated(a, b, "source")
    return not (a.objects and b.objects)
