"""Score named features with the shipped weights: multinomial logistic regression, numpy only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.packing import pack_blocks, unpack_blocks
from dealfacts.deals.sums import sum_rows

FORMAT = 1


class Scorer:
    """A log-linear classifier over named features."""

    def __init__(self, labels: list[str], features: dict[str, int], weights: NDArray[np.float32]) -> None:
        self.labels = labels
        self.features = features
        self.weights = weights

    def probabilities(self, features: Iterable[str]) -> NDArray[np.float32]:
        """Return one probability a label; unknown features count for nothing."""
        shares: NDArray[np.float32] = self.probabilities_of([features])[0]
        return shares

    def probabilities_of(self, described: Iterable[Iterable[str]]) -> NDArray[np.float32]:
        """Return a row of one probability a label for each of several things, from their features."""
        known = self.features.get
        rows = [[row for row in map(known, features) if row is not None] for features in described]
        if not rows:
            return np.empty((0, len(self.labels)), dtype=np.float32)
        scores = sum_rows(self.weights, rows)
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = exponents / exponents.sum(axis=1, keepdims=True)
        return shares

    def contributions(self, features: Iterable[str], label: str, count: int = 5) -> list[tuple[str, float]]:
        """Return the features that speak most for a label over the mean of the others, strongest first."""
        column = self.labels.index(label)
        known = {name: self.weights[self.features[name]] for name in features if name in self.features}
        margins = {name: float(row[column] - np.delete(row, column).mean()) for name, row in known.items()}
        return sorted(margins.items(), key=lambda item: (-item[1], item[0]))[:count]


def pack(scorers: dict[str, Scorer]) -> bytes:
    """Write scorers as bytes: a header of names, then weights in 8 bits a number, compressed."""
    header: dict[str, Any] = {"format": FORMAT, "scorers": {}}
    blocks: list[bytes] = []
    for name, scorer in sorted(scorers.items()):
        scale = float(np.abs(scorer.weights).max()) / 127 or 1.0
        names = sorted(scorer.features)
        rows = scorer.weights[[scorer.features[feature] for feature in names]]
        blocks.append(np.round(rows / scale).astype(np.int8).tobytes())
        header["scorers"][name] = {"labels": scorer.labels, "features": names, "scale": scale}
    return pack_blocks(header, blocks)


def unpack(content: bytes) -> dict[str, Scorer]:
    """Read scorers back from bytes that `pack` wrote.

    Raises:
        ValueError: when the bytes are of another format.
    """
    header, plain = unpack_blocks(content, FORMAT)
    scorers, position = {}, 0
    for name, part in header["scorers"].items():
        labels, names = part["labels"], part["features"]
        count = len(names) * len(labels)
        raw = np.frombuffer(plain, dtype=np.int8, count=count, offset=position)
        position += count
        weights = raw.reshape(len(names), len(labels)).astype(np.float32) * np.float32(part["scale"])
        scorers[name] = Scorer(labels, {feature: row for row, feature in enumerate(names)}, weights)
    return scorers
