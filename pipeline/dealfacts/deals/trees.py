"""Gradient-boosted decision trees on numbers: scoring with numpy, and packing into bytes.

The trees are grown elsewhere (`scripts/train_deals.py`); here a row falls through all of them at once
and the leaves' values add up to a log-odds (Friedman, "Greedy function approximation", 2001).
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
_LEAF = -1
Rows = NDArray[np.float32]


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
    depth: int

    def probabilities(self, rows: Rows) -> NDArray[np.float64]:
        """Return one probability a row.

        Args:
            rows: shape (n, columns), columns in the order of `names`.

        Raises:
            ValueError: when the rows have another number of columns.
        """
        if rows.ndim != 2 or rows.shape[1] != len(self.names):
            raise ValueError(f"rows of {rows.shape} for {len(self.names)} columns")
        place = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        line = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[line, self.feature[place]] <= self.threshold[place]
            place = np.where(goes_left, self.left[place], self.right[place])
        odds = self.base + self.value[place].sum(axis=1, dtype=np.float64)
        shares: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
        return shares

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
    header: dict[str, object] = {"format": FORMAT, "forests": {}}
    blocks: list[bytes] = []
    for name, forest in sorted(forests.items()):
        sizes = {"trees": len(forest.roots), "nodes": len(forest.feature)}
        header["forests"][name] = {  # type: ignore[index]
            "names": forest.names, "base": forest.base, "depth": forest.depth, **sizes
        }  # fmt: skip
        blocks += [getattr(forest, key).astype(kind).tobytes() for key, kind in _ARRAYS.items()]
    head = json.dumps(header, separators=(",", ":")).encode()
    return zlib.compress(len(head).to_bytes(8, "big") + head + b"".join(blocks), 9)


def unpack(content: bytes) -> dict[str, Forest]:
    """Read forests back from bytes that `pack` wrote.

    Raises:
        ValueError: when the bytes are of another format.
    """
    plain = zlib.decompress(content)
    size = int.from_bytes(plain[:8], "big")
    header = json.loads(plain[8 : 8 + size])
    if header["format"] != FORMAT:
        raise ValueError(f"format {header['format']} instead of {FORMAT}")
    forests, position = {}, 8 + size
    for name, part in header["forests"].items():
        arrays = {}
        for key, kind in _ARRAYS.items():
            count = part["trees"] if key == "roots" else part["nodes"]
            arrays[key] = np.frombuffer(plain, dtype=kind, count=count, offset=position)
            position += count * np.dtype(kind).itemsize
        forests[name] = Forest(tuple(part["names"]), part["base"], depth=part["depth"], **arrays)
    return forests
