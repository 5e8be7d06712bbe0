"""Forests of one tree with two leaves, so that a test knows what they say."""

from __future__ import annotations

import numpy as np

from dealfacts.deals.trees import Forest


def stump(columns: tuple[str, ...], name: str, threshold: float = 0.5, odds: float = 1.0) -> Forest:
    """Return a forest that holds for rows whose column `name` is above a threshold; `odds` are logarithmic."""
    return Forest(
        names=columns,
        base=0.0,
        roots=np.array([0], dtype=np.int32),
        feature=np.array([columns.index(name), -1, -1], dtype=np.int16),
        threshold=np.array([threshold, 0, 0], dtype=np.float32),
        left=np.array([1, 1, 2], dtype=np.int32),
        right=np.array([2, 1, 2], dtype=np.int32),
        value=np.array([0, -odds, odds], dtype=np.float32),
    )
