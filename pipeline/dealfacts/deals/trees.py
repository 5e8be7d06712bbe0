"""Gradient-boosted decision trees on numbers: scoring with numpy, and packing into bytes.

The trees are grown elsewhere (`scripts/deals_forests.py`); the values of the leaves that a row ends in add
up to a log-odds (Friedman, "Greedy function approximation", 2001).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.packing import pack_blocks, unpack_blocks

FORMAT = 1
_LEAF = -1
_BLOCK = 1024
"""How many rows are scored at once, so that what is in hand stays in the processor's cache."""
_MASKS = (np.uint16, np.uint32, np.uint64)
Rows = NDArray[np.float32]
Masks = NDArray[np.unsignedinteger]


def as_rows(rows: list[list[float]], columns: tuple[str, ...]) -> Rows:
    """Lay lists of numbers out as rows of shape (n, len(columns)), also when there are none."""
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(columns))


class Part(NamedTuple):
    """Some columns of a table, with each row that occurs in them once."""

    columns: Sequence[int]
    values: Rows
    at: NDArray[np.intp]
    """For each row of the table, which of `values` it holds in these columns."""


@dataclass(frozen=True)
class Forest:
    """Trees as flat arrays of nodes; the children of a leaf are the leaf itself."""

    names: tuple[str, ...]
    """What the columns of a row mean."""
    base: float
    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    """The column a node asks about; -1 in leaves."""
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]

    def probabilities(self, rows: Rows) -> NDArray[np.float64]:
        """Return one probability a row.

        Args:
            rows: shape (n, columns), columns in the order of `names`.

        Raises:
            ValueError: when the rows have another number of columns.
        """
        if rows.ndim != 2 or rows.shape[1] != len(self.names):
            raise ValueError(f"rows of {rows.shape} for {len(self.names)} columns")
        masks, columns = self._masks, range(len(self.names))
        return self._shares(
            masks.odds(masks.left_open(columns, rows[at : at + _BLOCK])) for at in range(0, len(rows), _BLOCK)
        )

    def probabilities_of(self, tables: Sequence[Rows]) -> list[NDArray[np.float64]]:
        """Return the probabilities of the rows of several tables, scored in one go."""
        if not tables:
            return []
        ends = np.cumsum([len(rows) for rows in tables])
        return np.split(self.probabilities(np.concatenate(tables)), ends[:-1])

    def probabilities_in_parts(self, parts: Sequence[Part]) -> NDArray[np.float64]:
        """Return one probability a row, of rows that share much of what they say.

        Args:
            parts: all columns, each in one part.
        """
        masks, count = self._masks, len(parts[0].at)
        opened = [masks.left_open(part.columns, part.values) for part in parts]
        return self._shares(
            masks.odds(
                np.bitwise_and.reduce(
                    [each[part.at[at : at + _BLOCK]] for each, part in zip(opened, parts, strict=True)]
                )
            )
            for at in range(0, count, _BLOCK)
        )

    def _shares(self, blocks: Iterable[NDArray[np.float64]]) -> NDArray[np.float64]:
        odds = self.base + np.concatenate([np.zeros(0), *blocks])
        shares: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return shares

    @cached_property
    def _masks(self) -> _LeafMasks:
        return _leaf_masks(self)

    def contributions(self, row: Rows, count: int = 5) -> list[tuple[str, float]]:
        """Return how far each column moves the log-odds of one row, furthest first.

        A step from a node to its child counts for the column the node asks about, by how much the
        child's mean differs from the node's (Saabas, "Interpreting random forests", 2014).
        """
        moved = dict.fromkeys(self.names, 0.0)
        for root in self.roots:
            node = int(root)
            while self.feature[node] != _LEAF:
                name = self.names[self.feature[node]]
                below = self.left if row[self.feature[node]] <= self.threshold[node] else self.right
                moved[name] += float(self.value[below[node]] - self.value[node])
                node = int(below[node])
        furthest = sorted(moved.items(), key=lambda item: (-abs(item[1]), item[0]))
        return [(name, share) for name, share in furthest[:count] if share]


@dataclass(frozen=True)
class _LeafMasks:
    """A forest turned round: what each column's value leaves open in every tree at once.

    A tree's leaves are bits, the leftmost the lowest. A node whose test fails rules out the leaves on its
    left; what all columns leave open has the leaf that the row ends in as its lowest bit (Lucchese et al.,
    "QuickScorer", 2015). All tests that a value fails are looked up together, by where it lies among the
    thresholds of its column.
    """

    tests: dict[int, tuple[NDArray[np.float32], Masks]]
    """Column to its thresholds in order, and the leaves left open: shape (thresholds + 1, trees)."""
    values: NDArray[np.float64]
    """The leaves' values, tree after tree, `width` places a tree."""
    width: int
    kind: np.dtype[np.unsignedinteger]
    """How many bits stand for the leaves of a tree."""

    def left_open(self, columns: Sequence[int], rows: Rows) -> Masks:
        """Return the leaves of every tree that these columns of each row leave open."""
        still_open = np.full((len(rows), len(self.values) // self.width), np.iinfo(self.kind).max, self.kind)
        for column, values in zip(columns, np.ascontiguousarray(rows.T), strict=True):
            if column in self.tests:
                thresholds, masks = self.tests[column]
                still_open &= masks[thresholds.searchsorted(values)]
        return still_open

    def odds(self, still_open: Masks) -> NDArray[np.float64]:
        """Add up the values of the leaves that each row ends in."""
        lowest = still_open & (~still_open + np.ones((), dtype=self.kind))
        leaf = np.frexp(lowest.astype(np.float64))[1] - 1
        leaf += np.arange(0, len(self.values), self.width, dtype=leaf.dtype)
        total: NDArray[np.float64] = self.values[leaf].sum(axis=1)
        return total


def _leaf_masks(forest: Forest) -> _LeafMasks:
    """Number the leaves of each tree from left to right and gather each column's tests.

    Raises:
        ValueError: when a tree has more than 64 leaves.
    """
    feature, left, right = forest.feature.tolist(), forest.left.tolist(), forest.right.tolist()
    walked = [_walk(feature, left, right, root) for root in forest.roots.tolist()]
    width = max((len(leaves) for leaves, _ in walked), default=1)
    kind = next((kind for kind in _MASKS if np.iinfo(kind).bits >= width), None)
    if kind is None:
        raise ValueError(f"a tree of {width} leaves; at most {np.iinfo(_MASKS[-1]).bits} can be told apart")
    values = np.zeros((len(walked), width))
    tests: dict[int, list[tuple[float, int, int]]] = {}
    for tree, (leaves, asking) in enumerate(walked):
        values[tree, : len(leaves)] = forest.value[leaves]
        for node, ruled_out in asking:
            tests.setdefault(feature[node], []).append((float(forest.threshold[node]), tree, ruled_out))
    full = np.iinfo(kind).max
    gathered = {}
    for column, asked in tests.items():
        thresholds = np.unique(np.array([threshold for threshold, _, _ in asked], dtype=np.float32))
        masks = np.full((len(thresholds) + 1, len(walked)), full, dtype=kind)
        for threshold, tree, ruled_out in asked:
            masks[np.searchsorted(thresholds, np.float32(threshold)) + 1, tree] &= kind(full ^ ruled_out)
        gathered[column] = (thresholds, np.bitwise_and.accumulate(masks, axis=0))
    return _LeafMasks(gathered, values.ravel(), width, np.dtype(kind))


def _walk(
    feature: Sequence[int], left: Sequence[int], right: Sequence[int], root: int
) -> tuple[list[int], list[tuple[int, int]]]:
    """Return the leaves of a tree from left to right, and the nodes that ask with the leaves on their left.

    These are bits, the leftmost leaf of the tree the lowest.
    """
    leaves: list[int] = []
    asking: list[tuple[int, int]] = []

    def visit(node: int) -> None:
        if feature[node] == _LEAF:
            leaves.append(node)
            return
        first = len(leaves)
        visit(left[node])
        asking.append((node, (1 << len(leaves)) - (1 << first)))
        visit(right[node])

    visit(root)
    return leaves, asking


_ARRAYS = {
    "roots": "<i4",
    "feature": "<i2",
    "threshold": "<f4",
    "left": "<i4",
    "right": "<i4",
    "value": "<f4",
}


def pack(forests: dict[str, Forest]) -> bytes:
    """Write forests as bytes: a header that says what is where, then the arrays, compressed."""
    header: dict[str, Any] = {"format": FORMAT, "forests": {}}
    blocks: list[bytes] = []
    for name, forest in sorted(forests.items()):
        sizes = {"trees": len(forest.roots), "nodes": len(forest.feature)}
        header["forests"][name] = {
            "names": forest.names, "base": forest.base, **sizes
        }  # fmt: skip
        blocks += [getattr(forest, key).astype(kind).tobytes() for key, kind in _ARRAYS.items()]
    return pack_blocks(header, blocks)


def unpack(content: bytes) -> dict[str, Forest]:
    """Read forests back from bytes that `pack` wrote.

    Raises:
        ValueError: when the bytes are of another format.
    """
    header, plain = unpack_blocks(content, FORMAT)
    forests, position = {}, 0
    for name, part in header["forests"].items():
        arrays = {}
        for key, kind in _ARRAYS.items():
            count = part["trees"] if key == "roots" else part["nodes"]
            arrays[key] = np.frombuffer(plain, dtype=kind, count=count, offset=position)
            position += count * np.dtype(kind).itemsize
        forests[name] = Forest(tuple(part["names"]), part["base"], **arrays)
    return forests
