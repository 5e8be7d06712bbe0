"""The LSTM reads sequences of different lengths together as it reads each alone, step by step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.lstm import read_both_ways

INPUTS, HIDDEN = 5, 3
Array = NDArray[np.float32]


def weights(prefix: str = "") -> dict[str, Array]:
    draw = np.random.default_rng(5)
    shapes = {"input": (INPUTS, 4 * HIDDEN), "inner": (HIDDEN, 4 * HIDDEN), "bias": (4 * HIDDEN,)}
    return {
        f"{prefix}{way} {name}": draw.normal(size=shape).astype(np.float32)
        for way in ("ahead", "back")
        for name, shape in shapes.items()
    }


def sequences(*lengths: int) -> list[Array]:
    draw = np.random.default_rng(6)
    return [draw.normal(size=(length, INPUTS)).astype(np.float32) for length in lengths]


def read_ahead(sequence: Array, known: dict[str, Array], way: str) -> Array:
    """One direction as textbooks write it."""
    hidden = cell = np.zeros(HIDDEN)
    states = []
    for token in sequence:
        gates = token @ known[f"{way} input"] + known[f"{way} bias"] + hidden @ known[f"{way} inner"]
        enter, forget, leave = (1 / (1 + np.exp(-part)) for part in np.split(gates[: 3 * HIDDEN], 3))
        cell = forget * cell + enter * np.tanh(gates[3 * HIDDEN :])
        hidden = leave * np.tanh(cell)
        states.append(hidden)
    return np.array(states)


def test_lstm_reads_as_textbooks_say_whatever_the_lengths() -> None:
    told, known = sequences(2, 7, 1, 7, 4), weights("x ")
    for sequence, found in zip(told, read_both_ways(told, known, "x "), strict=True):
        ahead = read_ahead(sequence, known, "x ahead")
        back = read_ahead(sequence[::-1], known, "x back")[::-1]
        np.testing.assert_allclose(found, np.concatenate([ahead, back], axis=1), rtol=1e-4, atol=1e-6)
