"""Grouping: disjoint sets, and average-linkage clustering under constraints."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

_ZERO = 1e-9
"""Sums that are 0 on paper may miss it by a rounding error."""


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Item = TypeVar("Item", bound=_Ordered)


class DisjointSets(Generic[Item]):
    """Union-find whose representative is always the smallest member."""

    def __init__(self) -> None:
        self._parent: dict[Item, Item] = {}

    def find(self, item: Item) -> Item:
        """Return the smallest member of the set of `item`."""
        root = item
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while item != root:
            self._parent[item], item = root, self._parent.get(item, item)
        return root

    def union(self, a: Item, b: Item) -> Item:
        """Join two sets and return the smallest member."""
        a, b = self.find(a), self.find(b)
        low, high = (a, b) if a < b else (b, a)
        self._parent[high] = low
        return low


class Join(NamedTuple):
    """A decision of the clustering near enough to the border to be worth a look."""

    score: float
    joined: bool
    a: int
    b: int


class NearMisses:
    """Keeps the joins nearest to the border, a bounded number of them, whatever the order they come in."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: list[Join] = []

    def __call__(self, join: Join) -> None:
        """Take note of a join."""
        self._kept.append(join)
        if len(self._kept) > 4 * self._size:
            self._kept = self.nearest(self._size)

    def nearest(self, count: int) -> list[Join]:
        """Return the joins nearest to the border, nearest first."""
        return sorted(self._kept, key=lambda join: (abs(join.score), join))[:count]


Pair = tuple[int, int]
_Link = tuple[float, int, float, bool]
"""Sum and number of the scores between two groups, the best of them, and whether a veto stands between."""
_BEST = 0.3
"""How much the best pair of two groups counts beside the mean of all: a deal's first rumour and its closing
look less alike than either looks like what lies between."""


@dataclass(frozen=True)
class Links:
    """What is known about pairs of items.

    `scores` holds (smaller, larger) -> score; `together` are pairs that are one whatever they score;
    `apart` pairs never end in one group, unless `together` joins them; a pair that scores below `veto`
    keeps its groups apart.
    """

    scores: Mapping[Pair, float]
    together: Sequence[Pair] = ()
    apart: Sequence[Pair] = ()
    veto: float = float("-inf")


def by_part(pairs: Iterable[Pair], parts: DisjointSets[int]) -> dict[int, list[Pair]]:
    """Sort pairs by the connected part they lie in; pairs between parts are left out."""
    found: dict[int, list[Pair]] = defaultdict(list)
    for a, b in pairs:
        if parts.find(a) == parts.find(b):
            found[parts.find(a)].append((a, b))
    return found


def agglomerate(nodes: Iterable[int], links: Links, report: Callable[[Join], None]) -> list[list[int]]:
    """Cluster by average linkage: join the two groups with the highest mean score while it is above 0.

    Args:
        nodes: the items.
        links: what is known about pairs; pairs without a score do not count in the mean.
        report: told of each join and of each pair of groups left apart, with its mean score.

    Returns:
        The groups, each sorted, sorted by smallest member.
    """
    groups = _Groups(nodes, links)
    heap = [(-mean, a, b) for a, b, mean in groups.joinable()]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if not groups.adjacent(a, b) or groups.mean(a, b) != -negative:
            continue  # one of the two has grown since
        report(Join(-negative, True, a, b))
        groups.join(a, b)
        for other in groups.neighbours(a):
            if (mean := groups.mean(a, other)) > _ZERO:
                heapq.heappush(heap, (-mean, min(a, other), max(a, other)))
    for a, b, mean in groups.left_apart():
        report(Join(mean, False, a, b))
    return groups.members()


class _Groups:
    """Groups named by their smallest member, and for each pair of them the sum and count of scores."""

    def __init__(self, nodes: Iterable[int], links: Links) -> None:
        self._members: dict[int, list[int]] = {node: [node] for node in nodes}
        self._links: dict[int, dict[int, _Link]] = {node: {} for node in self._members}
        for (a, b), score in sorted(links.scores.items()):  # sums of floats depend on their order
            self._link(a, b, (score, 1, score, score < links.veto))
        for a, b in links.apart:
            self._link(a, b, (0.0, 0, float("-inf"), True))
        place = DisjointSets[int]()
        for pair in links.together:
            a, b = place.find(pair[0]), place.find(pair[1])
            if a != b:
                place.union(a, b)
                self.join(min(a, b), max(a, b))

    def _link(self, a: int, b: int, added: _Link) -> None:
        known = self._links[a].get(b)
        if known is not None:
            added = (known[0] + added[0], known[1] + added[1], max(known[2], added[2]), known[3] or added[3])
        self._links[a][b] = self._links[b][a] = added

    def join(self, a: int, b: int) -> None:
        """Put group `b` into group `a`, the smaller."""
        self._members[a] = sorted(self._members[a] + self._members.pop(b))
        self._links[a].pop(b, None)
        for other, link in self._links.pop(b).items():
            if other != a:
                del self._links[other][b]
                self._link(a, other, link)

    def adjacent(self, a: int, b: int) -> bool:
        return b in self._links.get(a, ())

    def neighbours(self, a: int) -> Iterable[int]:
        return self._links[a]

    def mean(self, a: int, b: int) -> float:
        total, count, best, barred = self._links[a][b]
        return float("-inf") if barred or not count else (1 - _BEST) * total / count + _BEST * best

    def joinable(self) -> Iterator[tuple[int, int, float]]:
        for a, links in self._links.items():
            for b in links:
                if a < b and (mean := self.mean(a, b)) > _ZERO:
                    yield a, b, mean

    def left_apart(self) -> Iterator[tuple[int, int, float]]:
        for a, links in self._links.items():
            for b, (total, count, best, _) in links.items():
                if a < b and count:
                    yield a, b, (1 - _BEST) * total / count + _BEST * best

    def members(self) -> list[list[int]]:
        return [self._members[key] for key in sorted(self._members)]
