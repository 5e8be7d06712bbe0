"""What the trainings with torch share: the learning rate, one step, and the weights as arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import nn


def rate_at(step: int, total: int, highest: float, warmup: int, least: float) -> float:
    """Return the learning rate of a step: it rises over the warm-up, then falls to `least` of the highest."""
    return highest * min(1.0, step / warmup) * max(least, 1 - step / total)


def take_step(
    loss: torch.Tensor,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    rate: float,
    tables: Iterable[nn.Embedding],
) -> None:
    """Train a model on a loss; the first row of its tables, that of unknown keys, stays as it is."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for table in tables:
        table.weight.grad[0] = 0
    optimiser.step()


def weights_of(model: nn.Module) -> dict[str, np.ndarray]:
    """Return the state of a model as arrays by name."""
    return {name: value.detach().numpy().astype(np.float32) for name, value in model.state_dict().items()}
