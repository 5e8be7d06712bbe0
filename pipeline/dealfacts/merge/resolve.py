"""Which claims are one deal: pairs of nodes are scored, and what scores well is grouped."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dealfacts.merge.blocks import Bucket, candidate_pairs, make_buckets
from dealfacts.merge.clusters import DisjointSets, Join, Links, Pair, agglomerate, by_part
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.evidence import score_pair
from dealfacts.merge.nodes import Node
from dealfacts.merge.settings import Settings

_NEAR_MISS = -2.0

Group = list[int]


@dataclass(frozen=True)
class Known:
    """The connected parts of an earlier run, and the nodes of this one, both as digests."""

    parts: Sequence[Sequence[Sequence[str]]]
    digests: Sequence[str]


@dataclass(frozen=True)
class Grouping:
    """Groups of node numbers, one a deal, by connected part: no pair across parts scored above 0."""

    parts: list[list[Group]]

    @property
    def groups(self) -> list[Group]:
        """All groups."""
        return [group for part in self.parts for group in part]


def group_nodes(
    nodes: Sequence[Node],
    decisions: Decisions,
    settings: Settings,
    report: Callable[[Join], None],
    known: Known | None = None,
) -> Grouping:
    """Group nodes into deals.

    Args:
        nodes: from `make_nodes`.
        decisions: what people have said about facts; it wins.
        settings: weights and sizes.
        report: told of each join and of each pair of groups left apart, by node number; not of those in
            parts that `known` settles.
        known: of an earlier run: parts in which nothing changed are not weighed again. The outcome is
            the same without.
    """
    work = _Work(nodes, settings, report)
    settled = _unchanged(work, known) if known else []
    for part in settled:
        work.keep_together(node for group in part for node in group)
    together, apart = (_numbered(pairs, nodes) for pairs in (decisions.facts_same, decisions.facts_apart))
    for pair in together:
        work.parts.union(*pair)
    scored = work.score(dirty=work.all_but(node for part in settled for group in part for node in group))
    members = work.members()
    done: list[list[Group]] = []
    for part in settled:
        if len(members[work.parts.find(part[0][0])]) == sum(map(len, part)):
            done.append(part)
            del members[work.parts.find(part[0][0])]
    grown = {node for numbers in members.values() if len(numbers) > 1 for node in numbers}
    if settled:  # a settled part that met something new is weighed afresh with it
        scored = work.score(dirty=grown, within=grown)
    done += work.group(members, scored, by_part(together, work.parts), by_part(apart, work.parts))
    return Grouping(sorted(done))


class _Work:
    """The nodes of one run, their buckets and connected parts."""

    def __init__(self, nodes: Sequence[Node], settings: Settings, report: Callable[[Join], None]) -> None:
        self.nodes = nodes
        self.settings = settings
        self.report = report
        self.buckets: list[Bucket] = make_buckets(nodes)
        self.parts = DisjointSets[int]()

    def keep_together(self, numbers: Iterable[int]) -> None:
        """Make nodes one part without weighing them."""
        first, *others = numbers
        for other in others:
            self.parts.union(first, other)

    def all_but(self, numbers: Iterable[int]) -> Collection[int]:
        """Return all node numbers but these."""
        left_out = set(numbers)
        return range(len(self.nodes)) if not left_out else set(range(len(self.nodes))) - left_out

    def members(self) -> dict[int, list[int]]:
        """Return the nodes of each part by its smallest node."""
        members: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self.nodes)):
            members[self.parts.find(number)].append(number)
        return members

    def score(self, dirty: Collection[int], within: Collection[int] | None = None) -> _Scores:
        """Score the candidate pairs with at least one node in `dirty`, or both in `within`; join parts.

        The scores go to arrays: millions of pairs would not fit in dictionaries.
        """
        codes, scores = array("q"), array("d")
        size, facts, nodes = len(self.nodes), self.settings.facts, self.nodes
        buckets = self.buckets
        if len(dirty) < size:
            buckets = [bucket for bucket in buckets if not bucket.nodes_apart(dirty)]
        for a, b in candidate_pairs(nodes, buckets, self.settings):
            if (a in dirty and b in dirty) if within is not None else (a in dirty or b in dirty):
                score = score_pair(nodes[a], nodes[b], facts)
                if score > 0:
                    self.parts.union(a, b)
                codes.append(a * size + b)
                scores.append(score)
        return _Scores(size, codes, scores)

    def group(
        self,
        members: dict[int, list[int]],
        scored: _Scores,
        together: dict[int, list[Pair]],
        apart: dict[int, list[Pair]],
    ) -> Iterator[list[Group]]:
        """Group the nodes of each part."""
        inside: dict[int, dict[Pair, float]] = defaultdict(dict)
        for a, b, score in scored:
            part = self.parts.find(a)
            if part == self.parts.find(b):
                inside[part][a, b] = score
            elif score > _NEAR_MISS:
                self.report(Join(score, False, a, b))
        for part, numbers in members.items():
            if len(numbers) == 1:
                yield [numbers]
                continue
            scores = inside.pop(part, {})
            self._score_rest(numbers, scores)
            links = Links(scores, together.get(part, ()), apart.get(part, ()), self.settings.facts.veto)
            yield agglomerate(numbers, links, self.report)

    def _score_rest(self, numbers: list[int], scores: dict[Pair, float]) -> None:
        """Score what no bucket proposed, in a small part: a vague claim must not tie rivals together."""
        if len(numbers) > self.settings.part_all_pairs:
            return
        for i, a in enumerate(numbers):
            for b in numbers[i + 1 :]:
                if (a, b) not in scores:
                    scores[a, b] = score_pair(self.nodes[a], self.nodes[b], self.settings.facts)


class _Scores:
    """Scores of pairs, each pair once, in the order of the pairs."""

    def __init__(self, size: int, codes: array[int], scores: array[float]) -> None:
        self._size = size
        self._codes, first = np.unique(np.frombuffer(codes, dtype=np.int64), return_index=True)
        self._scores = np.frombuffer(scores, dtype=np.float64)[first]

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        step = 1 << 16
        for start in range(0, len(self._codes), step):
            codes = self._codes[start : start + step]
            left, right = (codes // self._size).tolist(), (codes % self._size).tolist()
            yield from zip(left, right, self._scores[start : start + step].tolist(), strict=True)


def _unchanged(work: _Work, known: Known) -> list[list[Group]]:
    """Return the parts of the earlier run whose nodes are all the same and compared with the same.

    Only the neighbours in a large bucket are compared, so anything new in one unsettles all its nodes.
    """
    number_of = {digest: number for number, digest in enumerate(known.digests)}
    candidates = {
        index: part
        for index, part in enumerate(known.parts)
        if all(digest in number_of for group in part for digest in group)
    }
    part_of = {
        number_of[digest]: index for index, part in candidates.items() for group in part for digest in group
    }
    large = [bucket for bucket in work.buckets if len(bucket.nodes) > work.settings.bucket_all_pairs]
    unsettled = True
    while unsettled:
        unsettled = False
        for bucket in large:
            touched = {part_of[node] for node in bucket.nodes if node in part_of}
            if touched and any(node not in part_of for node in bucket.nodes):
                for index in touched:
                    for group in candidates.pop(index):
                        for digest in group:
                            del part_of[number_of[digest]]
                unsettled = True
    return [[[number_of[digest] for digest in group] for group in part] for part in candidates.values()]


def _numbered(pairs: Iterable[tuple[str, str]], nodes: Sequence[Node]) -> list[Pair]:
    """Translate pairs of claims into pairs of nodes, smaller number first."""
    pairs = list(pairs)
    if not pairs:
        return []
    node_of = {claim: number for number, node in enumerate(nodes) for claim in node.claims}
    found = {
        (min(node_of[a], node_of[b]), max(node_of[a], node_of[b]))
        for a, b in pairs
        if a in node_of and b in node_of and node_of[a] != node_of[b]
    }
    return sorted(found)
