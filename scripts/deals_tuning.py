"""Train the encoder of the deal finder on together with its network; needs torch and transformers.

Both have been trained before: the encoder to read Dutch and Spanish (`scripts.train_encoder`), the network on
what it saw. Now the encoder learns what the network needs to know. It reads articles whole, once for all
statements in them; the network takes a step after each batch of statements, the encoder one after each batch
of articles, along the sum of what their statements ask of it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

import numpy as np
import torch
from scripts.deals_network import (
    BATCH,
    DECAY,
    DROPOUT,
    Sight,
    Statement,
    as_shipped,
    as_trained,
    batch_of,
    loss_of,
)
from scripts.training import rate_at, take_step
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence
from transformers import BertModel

from dealfacts.deals.network import Network

RATE, ENCODER_RATE = 5e-4, 2e-4
_WARMUP, _LEAST = 20, 0.05
_ARTICLES = 64
"""How many articles are read before the encoder takes a step."""
_TOGETHER = 16
"""How many runs of sentences it reads at once."""
_REPORT = 50


@dataclass(frozen=True)
class Seen:
    """What the models see of the tokens of articles, one article behind another: shapes (tokens, width)."""

    parsed: torch.Tensor
    encoded: torch.Tensor
    starts: dict[int, int]
    """Where an article begins, by the identity of its sight."""

    def of(self, statements: Sequence[Statement]) -> torch.Tensor:
        """Return what is seen of the windows of statements: shape (statements, longest window, width)."""
        rows = [
            torch.from_numpy(each.rows.astype(np.int64)) + self.starts[id(each.sight)] for each in statements
        ]
        places = pad_sequence(rows, batch_first=True)
        return torch.cat([functional.embedding(places, seen) for seen in (self.parsed, self.encoded)], 2)


def tune(
    network: Network,
    encoder: BertModel,
    frame: tuple[int, int],
    statements: Sequence[Statement],
    epochs: float = 2.5,
    seed: int = 0,
) -> Network:
    """Train a network and the encoder that it sees with.

    Args:
        network: as it ships, trained on what the encoder saw.
        encoder: changed in place.
        frame: the pieces that a run of sentences begins and ends with.
        statements: those of an article behind one another.
        epochs: how often every article is read.
        seed: decides their order.

    Returns:
        The network trained on.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    draw = random.Random(seed)  # noqa: S311
    reader = as_trained(network)
    for module in encoder.train().modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0  # what it sees is dropped out before the network gets it
    optimiser = torch.optim.AdamW(reader.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
    encoders = torch.optim.AdamW(encoder.parameters(), lr=ENCODER_RATE, weight_decay=0, fused=True)
    articles = [list(own) for _, own in groupby(statements, key=lambda each: id(each.sight))]
    total = max(1, int(epochs * len(articles) / _ARTICLES))
    for step, chosen in zip(range(total), _dealt(articles, draw), strict=False):
        rate = rate_at(step + 1, total, 1.0, _WARMUP, _LEAST)
        sights = [own[0].sight for own in chosen]
        encoded = functional.dropout(encode(encoder, frame, sights), DROPOUT)
        seen = Seen(
            functional.dropout(_parsed(sights, encoded.shape[1]), DROPOUT),
            encoded.detach().requires_grad_(),
            dict(zip(map(id, sights), _starts(sights), strict=True)),
        )
        losses = []
        for part in _batches([each for own in chosen for each in own], draw):
            batch = batch_of(part, network.words, network.names, seen.of(part))
            loss = loss_of(reader(batch), batch)
            take_step(loss, reader, optimiser, RATE * rate, (reader.embedding, reader.name))
            losses.append(float(loss.detach()))
        _step_back(encoder, encoders, encoded, seen.encoded.grad / len(losses), ENCODER_RATE * rate)
        if step % _REPORT == 0:
            print(f"step {step} of {total}, loss {np.mean(losses):.4f}", file=sys.stderr, flush=True)
    encoder.eval()
    return as_shipped(reader, network.words, network.names)


def _dealt(articles: list[list[Statement]], draw: random.Random) -> Iterator[list[list[Statement]]]:
    """Deal articles out, again and again."""
    while True:
        order = draw.sample(articles, len(articles))
        yield from (order[low : low + _ARTICLES] for low in range(0, len(order), _ARTICLES))


def _batches(statements: list[Statement], draw: random.Random) -> list[list[Statement]]:
    """Deal statements out to batches of windows of like length."""
    order = sorted(draw.sample(statements, len(statements)), key=lambda each: len(each.rows))
    batches = [order[low : low + BATCH] for low in range(0, len(order), BATCH)]
    draw.shuffle(batches)
    return batches


def _step_back(
    encoder: BertModel,
    optimiser: torch.optim.Optimizer,
    encoded: torch.Tensor,
    asked: torch.Tensor,
    rate: float,
) -> None:
    """Take the encoder a step along what is asked of the states that it gave."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad()
    encoded.backward(asked)
    nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    optimiser.step()


def _starts(sights: Sequence[Sight]) -> list[int]:
    return list(accumulate((len(sight.states) for sight in sights), initial=0))[:-1]


def _parsed(sights: Sequence[Sight], encoded: int) -> torch.Tensor:
    """Return what the parser sees: all but the encoder's part of the states."""
    return torch.from_numpy(
        np.concatenate([sight.states[:, :-encoded] for sight in sights]).astype(np.float32)
    )


def encode(encoder: BertModel, frame: tuple[int, int], sights: Sequence[Sight]) -> torch.Tensor:
    """Read articles.

    Returns:
        Of every token the mean state of its pieces: shape (tokens of all articles, width).
    """
    runs = [
        (torch.from_numpy(run.pieces.astype(np.int64)), torch.from_numpy(run.rows.astype(np.int64)), start)
        for sight, start in zip(sights, _starts(sights), strict=True)
        for run in sight.runs
        if len(run.pieces)
    ]
    runs.sort(key=lambda run: len(run[0]))
    count = sum(len(sight.states) for sight in sights)
    first, last = (torch.tensor([piece]) for piece in frame)
    states, owners = [], []
    for low in range(0, len(runs), _TOGETHER):
        part = runs[low : low + _TOGETHER]
        shown = pad_sequence([torch.cat([first, pieces, last]) for pieces, *_ in part], batch_first=True)
        mask = pad_sequence([torch.ones(len(pieces) + 2) for pieces, *_ in part], batch_first=True)
        states.append(encoder(input_ids=shown, attention_mask=mask).last_hidden_state.flatten(0, 1))
        # What belongs to no token goes to a place of its own behind all tokens.
        for _, rows, start in part:
            own = torch.full((shown.shape[1],), count)
            own[1 : len(rows) + 1] = torch.where(rows >= 0, rows + start, count)
            owners.append(own)
    owner = torch.cat(owners)
    sums = torch.zeros(count + 1, states[0].shape[1]).index_add(0, owner, torch.cat(states))
    read = torch.zeros(count + 1).index_add(0, owner, torch.ones(len(owner))).clamp(min=1)
    return (sums / read[:, None])[:count]
