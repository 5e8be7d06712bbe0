"""Word translation tables by expectation maximisation, and embeddings made from them.

IBM model 1 with a prior on the diagonal (Brown et al. 1993; Dyer et al. 2013, fast_align) learns in seconds
which token translates which. It serves twice: as the target of guided attention (Chen et al. 2016), and as
co-occurrence counts from which embeddings are made in which a word and its translation lie close.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

_TENSION = 4.0


def diagonal_prior(targets: int, sources: int) -> Tensor:
    """Favour source places at the same relative position: (targets, sources)."""
    rows = (torch.arange(targets)[:, None] + 0.5) / targets
    columns = (torch.arange(sources)[None, :] + 0.5) / sources
    return torch.exp(-_TENSION * (rows - columns).abs())


def posterior(table: Tensor, source: Tensor, target: Tensor, pad: int) -> Tensor:
    """Where each target token comes from: (batch, targets, sources), rows sum to at most one.

    Args:
        table: p(target | source) over the vocabulary, source first.
        source: padded source tokens.
        target: padded target tokens.
        pad: the padding id.
    """
    prior = diagonal_prior(target.shape[1], source.shape[1]).to(table.device)
    scores = table[source[:, None, :].expand(-1, target.shape[1], -1), target[:, :, None]].float() * prior
    scores = scores * ((source != pad)[:, None, :] & (target != pad)[:, :, None])
    return scores / (scores.sum(-1, keepdim=True) + 1e-7)


def train_table(
    batches: Iterable[tuple[Tensor, Tensor]], vocabulary: int, rounds: int
) -> tuple[Tensor, Tensor]:
    """Learn the translation table; returns it and the expected counts of the last round.

    Args:
        batches: pairs of padded (batch, length) source and target tokens, gone over once a round.
        vocabulary: number of tokens; the last is the padding.
        rounds: iterations of expectation maximisation.
    """
    table = torch.full((vocabulary, vocabulary), 1.0)
    counts = torch.zeros_like(table)
    for turn in range(rounds):
        counts = torch.zeros_like(table)
        for source, target in batches:
            expected = posterior(table, source, target, vocabulary - 1)
            places = source[:, None, :] * vocabulary + target[:, :, None]
            counts.view(-1).index_add_(0, places.reshape(-1), expected.reshape(-1))
        counts[-1] = counts[:, -1] = 0
        if turn + 1 < rounds:
            table = counts / (counts.sum(1, keepdim=True) + 1.0)
    return counts / (counts.sum(1, keepdim=True) + 1.0), counts


def bilingual_embeddings(counts: Tensor, width: int, seed: int = 0) -> Tensor:
    """Make embeddings in which tokens that translate each other, or share translations, lie close.

    The positive part of the spectrum of the positive pointwise mutual information of the symmetric counts
    (Levy and Goldberg 2014 for the matrix): the negative part would set a word opposite its translation.
    Rows have norm one; tokens never seen get a random direction.
    """
    both = counts + counts.T
    total, row = both.sum(), both.sum(1)
    context = row.clamp_min(1e-9) ** 0.75
    context = context / context.sum()
    information = both / (row[:, None] * context[None, :]).clamp_min(1e-9)
    del total
    matrix = information.clamp_min(1.0).log()
    matrix = (matrix + matrix.T) / 2
    generator = torch.Generator().manual_seed(seed)
    basis = torch.randn(len(matrix), width + 32, generator=generator)
    shift = float(
        torch.linalg.vector_norm(matrix @ torch.nn.functional.normalize(matrix @ basis[:, :1], dim=0))
    )
    for _ in range(
        12
    ):  # subspace iteration on matrix + shift, whose largest eigenvalues are the positive ones
        basis, _ = torch.linalg.qr(matrix @ basis + shift * basis)
    values, vectors = torch.linalg.eigh(basis.T @ (matrix @ basis))
    vectors = (basis @ vectors[:, -width:]) * values[-width:].clamp_min(0).sqrt()
    vectors = vectors @ torch.linalg.qr(torch.randn(width, width, generator=generator))[0]
    norms = vectors.norm(dim=1, keepdim=True)
    noise = torch.nn.functional.normalize(torch.randn(vectors.shape, generator=generator), dim=1)
    known = (norms > 1e-3).float()
    mixed = known * vectors / norms.clamp_min(1e-3) + (1 - known) * noise + 0.25 * noise
    return torch.nn.functional.normalize(mixed, dim=1)
