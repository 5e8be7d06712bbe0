"""Lay out the weights of a torch LSTM as `dealfacts.deals.lstm` reads them, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def lstm_weights(plain: Mapping[str, np.ndarray], name: str, layer: int) -> dict[str, np.ndarray]:
    """Return the weights of a bidirectional layer, the gates in the order in, forget, out, cell.

    Args:
        plain: the state of a module with the LSTM, as arrays.
        name: the LSTM's name in it.
        layer: counted from 0.
    """
    weights = {}
    for direction, ending in (("ahead", ""), ("back", "_reverse")):
        inputs, inner = (plain[f"{name}.weight_{part}_l{layer}{ending}"] for part in ("ih", "hh"))
        entry, forget, cell, output = np.arange(len(inputs)).reshape(4, -1)
        gates = np.concatenate([entry, forget, output, cell])
        bias = plain[f"{name}.bias_ih_l{layer}{ending}"] + plain[f"{name}.bias_hh_l{layer}{ending}"]
        weights[f"{direction} input"] = inputs[gates].T
        weights[f"{direction} inner"] = inner[gates].T
        weights[f"{direction} bias"] = bias[gates]
    return weights


def lstm_state(weights: Mapping[str, np.ndarray], name: str, layer: int) -> dict[str, np.ndarray]:
    """Return the weights of a bidirectional layer as torch has them: the inverse of `lstm_weights`.

    Of torch's two biases, which are only ever added, the second is zero.
    """
    plain = {}
    for direction, ending in (("ahead", ""), ("back", "_reverse")):
        bias = weights[f"{direction} bias"]
        entry, forget, output, cell = np.arange(len(bias)).reshape(4, -1)
        gates = np.concatenate([entry, forget, cell, output])
        plain[f"{name}.weight_ih_l{layer}{ending}"] = weights[f"{direction} input"].T[gates]
        plain[f"{name}.weight_hh_l{layer}{ending}"] = weights[f"{direction} inner"].T[gates]
        plain[f"{name}.bias_ih_l{layer}{ending}"] = bias[gates]
        plain[f"{name}.bias_hh_l{layer}{ending}"] = np.zeros_like(bias)
    return plain
