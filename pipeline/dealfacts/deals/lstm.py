"""A bidirectional LSTM (Hochreiter and Schmidhuber, 1997) in numpy, over sequences of different lengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Places = NDArray[np.intp]

_HALF = np.float32(0.5)
_DIRECTIONS = ("ahead", "back")


def read_both_ways(sequences: Sequence[Array], weights: Mapping[str, Array], prefix: str = "") -> list[Array]:
    """Run one layer over sequences, all at once and both ways.

    Args:
        sequences: arrays of shape (length, inputs).
        weights: `ahead input` (inputs, 4 * hidden), `ahead inner` (hidden, 4 * hidden), `ahead bias` and the
            same for `back`, with the gates in the order in, forget, out, cell.
        prefix: what stands before these names.

    Returns:
        An array of shape (length, 2 * hidden) for each sequence, those ahead first.
    """
    order = sorted(range(len(sequences)), key=lambda number: -len(sequences[number]))
    lengths = np.array([len(sequences[number]) for number in order])
    inputs = np.concatenate([sequences[number] for number in order])
    ways, counts = _step_by_step(lengths)
    entering = np.stack([
        inputs[places] @ _halved(weights[f"{prefix}{way} input"]) + _halved(weights[f"{prefix}{way} bias"])
        for way, places in zip(_DIRECTIONS, ways, strict=True)
    ])  # fmt: skip
    inner = np.stack([_halved(weights[f"{prefix}{way} inner"]) for way in _DIRECTIONS])
    size = inner.shape[1]
    states = np.empty((len(inputs), 2 * size), dtype=np.float32)
    ahead, back = _run(entering, inner, counts)
    states[ways[0], :size], states[ways[1], size:] = ahead, back
    found = dict(zip(order, np.split(states, np.cumsum(lengths)[:-1]), strict=True))
    return [found[number] for number in range(len(sequences))]


def _step_by_step(lengths: NDArray[np.intp]) -> tuple[tuple[Places, Places], list[int]]:
    """Lay sequences out by steps rather than one behind the other, the longest first in each step.

    Returns:
        The place of the token that each way reads, step after step, and how many sequences take each step.
    """
    starts = np.cumsum(lengths) - lengths
    steps = np.arange(lengths[0])[:, None]
    runs = steps < lengths
    # Reading backwards starts at each sequence's own end.
    ways = (starts + steps)[runs], (starts + lengths - 1 - steps)[runs]
    return ways, runs.sum(axis=1).tolist()


def _halved(weights: Array) -> Array:
    """Halve what leads to the first three gates: the sigmoid of x is half of tanh(x / 2), plus a half."""
    halves = weights.copy()
    halves[..., : weights.shape[-1] // 4 * 3] *= _HALF
    return halves


def _run(entering: Array, inner: Array, counts: Sequence[int]) -> Array:
    """Take every step of both ways, as laid out by `_step_by_step`; returns (2, tokens, hidden)."""
    size = inner.shape[1]
    states = np.empty((2, entering.shape[1], size), dtype=np.float32)
    hidden = np.zeros((2, counts[0], size), dtype=np.float32)
    cell = np.zeros_like(hidden)
    start = 0
    for count in counts:
        step = slice(start, start + count)
        gates = np.tanh(entering[:, step] + hidden[:, :count] @ inner)
        opened = gates[..., : 3 * size] * _HALF + _HALF
        kept = opened[..., size : 2 * size] * cell[:, :count]
        cell = kept + opened[..., :size] * gates[..., 3 * size :]
        hidden = opened[..., 2 * size :] * np.tanh(cell)
        states[:, step] = hidden
        start += count
    return states
