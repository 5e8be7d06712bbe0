"""Token batches of sentence pairs: weighted by group, alike in length, short ones first if asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scripts.mt.model import EOS
from torch import Tensor


class TokenPairs:
    """The token arrays that `build_mt_data` wrote."""

    def __init__(self, path: Path) -> None:
        arrays = np.load(path)
        self.groups = [str(name) for name in arrays["groups"]]
        self.group: NDArray[np.uint8] = arrays["group"]
        self.lang: NDArray[np.uint8] = arrays["lang"]
        self.source_length = arrays["source_length"].astype(np.int64)
        self.target_length = arrays["target_length"].astype(np.int64)
        self._source, self._target = arrays["source"], arrays["target"]
        self._source_start = np.cumsum(self.source_length) - self.source_length
        self._target_start = np.cumsum(self.target_length) - self.target_length

    def __len__(self) -> int:
        return len(self.group)

    def outputs(self, always: int) -> Tensor:
        """The tokens that occur on the target side, and the first `always` (ends, placeholders, bytes)."""
        seen = np.unique(np.concatenate([np.arange(always), [EOS], self._target]))
        return torch.from_numpy(seen.astype(np.int64))

    def batch(self, rows: NDArray[np.int64], pad: int) -> tuple[Tensor, Tensor]:
        """Return padded source and target tokens of some rows, each ending in `</s>`."""
        sides = []
        for tokens, starts, lengths in (
            (self._source, self._source_start, self.source_length),
            (self._target, self._target_start, self.target_length),
        ):
            padded = np.full((len(rows), int(lengths[rows].max()) + 1), pad, np.int64)
            for place, row in enumerate(rows):
                length = lengths[row]
                padded[place, :length] = tokens[starts[row] : starts[row] + length]
                padded[place, length] = EOS
            sides.append(torch.from_numpy(padded))
        return sides[0], sides[1]


def by_length(pairs: TokenPairs, rows: NDArray[np.int64], tokens: int) -> list[NDArray[np.int64]]:
    """Cut rows into batches of about so many padded tokens a side, alike in length."""
    order = rows[np.lexsort((pairs.source_length[rows], pairs.target_length[rows]))]
    longest = np.maximum(pairs.source_length[order], pairs.target_length[order]) + 1
    batches, start = [], 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end + 1 - start) * longest[start : end + 1].max() > tokens:
            batches.append(order[start:end])
            start = end
    return batches


def sample(
    pairs: TokenPairs, weights: Mapping[str, float], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw rows so that each group gets its share of the target tokens.

    Within a group rows are drawn without putting back until all have been seen.
    """
    present = [name for name in pairs.groups if weights.get(name, 0) > 0]
    total = sum(weights[name] for name in present)
    drawn = []
    for name in present:
        rows = np.flatnonzero(pairs.group == pairs.groups.index(name))
        wanted = int(count * weights[name] / total / (pairs.target_length[rows].mean() + 1)) + 1
        turns = [rng.permutation(rows) for _ in range(wanted // len(rows) + 1)]
        drawn.append(np.concatenate(turns)[:wanted])
    return np.concatenate(drawn)


@dataclass(frozen=True)
class Plan:
    """What to draw: `weights` is each group's share of tokens, `tokens` the padded tokens a side of a batch.

    Until batch `short_until` the longest sentences are left out (curriculum).
    """

    weights: Mapping[str, float]
    tokens: int
    seed: int = 1
    short_until: int = 0
    drawn_at_once: int = 400_000


def stream(pairs: TokenPairs, plan: Plan, done: int = 0) -> Iterator[NDArray[np.int64]]:
    """Yield batches for ever, reproducibly, going on after the first `done` ones."""
    index, turn = 0, 0
    while True:
        rng = np.random.default_rng([plan.seed, turn])
        rows = sample(pairs, plan.weights, plan.drawn_at_once, rng)
        batches = by_length(pairs, rows, plan.tokens)
        for place in rng.permutation(len(batches)):
            batch = batches[place]
            limit = 16 + 60 * index / plan.short_until if index < plan.short_until else 10**6
            if pairs.target_length[batch].max() > limit:
                continue
            index += 1
            if index > done:
                yield batch
        turn += 1
