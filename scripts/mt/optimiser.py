"""Muon for the matrices, Adam for the rest, over float32 masters of a bfloat16 model.

Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks") replaces a matrix's
momentum by the nearest orthogonal matrix, found with a few Newton-Schulz steps. On models this small it
reaches the same loss in about half the steps of Adam.
"""

# torch is not followed by mypy, so its base classes and decorators are untyped
# mypy: disable-error-code="misc,untyped-decorator"

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, distributed

_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
_STEPS = 5


class MasterOptimiser:
    """Updates a model in place from its gradients.

    Args:
        parameters: named parameters of the model, in whatever type they compute in.
        muon_names: which of them are hidden matrices.
        rank: which worker this is; the workers share the work on the matrices.
        workers: how many there are.
    """

    def __init__(
        self, parameters: dict[str, torch.nn.Parameter], muon_names: set[str], rank: int = 0, workers: int = 1
    ) -> None:
        self.parameters, self.rank, self.workers = parameters, rank, workers
        self.muon_names = muon_names
        self.masters = {name: p.detach().float().clone() for name, p in parameters.items()}
        self.first = {name: torch.zeros_like(m) for name, m in self.masters.items()}
        self.second = {
            name: torch.zeros_like(m) for name, m in self.masters.items() if name not in muon_names
        }
        self.steps = 0

    @torch.no_grad()
    def step(self, muon_rate: float, adam_rate: float, clip: float = 1.0) -> float:
        """Apply one update and clear the gradients; returns the norm of the gradient."""
        self.steps += 1
        grads = {name: p.grad.float() for name, p in self.parameters.items() if p.grad is not None}
        norm = float(torch.stack([grad.norm() for grad in grads.values()]).norm())
        if not math.isfinite(norm):
            for parameter in self.parameters.values():
                parameter.grad = None
            return norm
        scale = min(1.0, clip / (norm + 1e-6))
        muon = [name for name in grads if name in self.muon_names]
        for name, grad in grads.items():
            if name not in self.muon_names:
                self._adam(name, grad * scale, adam_rate)
        self._muon({name: grads[name] for name in muon}, muon_rate)
        for name, parameter in self.parameters.items():
            parameter.copy_(self.masters[name])
            parameter.grad = None
        return norm

    def _adam(self, name: str, grad: Tensor, rate: float) -> None:
        first, second = self.first[name], self.second[name]
        first.lerp_(grad, 0.1)
        second.lerp_(grad.square(), 0.02)
        upward = math.sqrt(1 - 0.98**self.steps) / (1 - 0.9**self.steps)
        self.masters[name].sub_(first / (second.sqrt() + 1e-9 * upward) * rate * upward)

    def _muon(self, grads: dict[str, Tensor], rate: float) -> None:
        updates: dict[str, Tensor] = {}
        shapes: dict[torch.Size, list[str]] = {}
        for name, grad in grads.items():
            self.first[name].lerp_(grad, 0.05)
            shapes.setdefault(grad.shape, []).append(name)
        for names in shapes.values():  # equal shapes go through the iteration together
            mine = names[self.rank :: self.workers]
            if mine:
                stacked = torch.stack([grads[name].lerp(self.first[name], 0.95) for name in mine])
                stacked = stacked.to(self.parameters[mine[0]].dtype)
                updates.update(zip(mine, orthogonalise(stacked).float(), strict=True))
        if self.workers > 1:
            flat = torch.cat([updates.get(name, torch.zeros_like(g)).flatten() for name, g in grads.items()])
            distributed.all_reduce(flat)
            parts = flat.split([grad.numel() for grad in grads.values()])
            updates = {name: part.view_as(grads[name]) for name, part in zip(grads, parts, strict=True)}
        for name, update in updates.items():
            size = rate * math.sqrt(max(1.0, update.shape[0] / update.shape[1]))
            self.masters[name].mul_(1 - rate * 0.01).sub_(update * size)

    def state(self) -> dict[str, Any]:
        """Everything needed to go on, as tensors."""
        return {"masters": self.masters, "first": self.first, "second": self.second, "steps": self.steps}

    @torch.no_grad()
    def load(self, state: dict[str, Any]) -> None:
        """Take up a saved state and write the masters into the model."""
        for kept, saved in ((self.masters, state["masters"]), (self.first, state["first"])):
            for name in kept:
                kept[name].copy_(saved[name])
        for name in self.second:
            self.second[name].copy_(state["second"][name])
        self.steps = state["steps"]
        for name, parameter in self.parameters.items():
            parameter.copy_(self.masters[name])


def orthogonalise(matrices: Tensor) -> Tensor:
    """Bring a stack of matrices close to orthogonal, computing in their own type."""
    a, b, c = _NEWTON_SCHULZ
    flip = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if flip else matrices
    x = x / (x.float().norm(dim=(-2, -1), keepdim=True) + 1e-7).to(x.dtype)
    for _ in range(_STEPS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if flip else x
