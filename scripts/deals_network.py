"""Train the network of the deal finder on statements whose sides are labelled; needs torch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from scripts.deals_data import Example
from scripts.deals_labels import expressed_deal, side_of
from torch import nn
from torch.nn import functional

from dealfacts.deals.features import SentenceView
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.network import (
    MAX_TOKENS,
    REACH,
    SIDES,
    STATUSES,
    TOKEN_KEYS,
    Network,
    name_keys,
    offset_of,
    statement_keys,
    token_keys,
    type_key,
)
from dealfacts.deals.reading import read_article

WIDTH, HIDDEN, INNER, NAME_WIDTH = 72, 80, 96, 64
MIN_COUNT = 3
EPOCHS = 5
STATUS_WEIGHT = 0.5
BATCH = 48
RATE, DECAY, WARMUP = 2e-3, 1e-2, 200
DROPOUT, KEY_DROPOUT, SMOOTHING = 0.3, 0.15, 0.05
_LENGTH_NOISE = 8
"""Sentences of about one length share a batch; the noise mixes the batches anew each epoch."""


@dataclass(frozen=True)
class Statement:
    """A trigger that states a labelled deal, as keys, with the side of every name of its sentence."""

    tokens: list[list[str]]
    offsets: list[int]
    marks: list[int]
    whole: list[str]
    anchor: int
    places: list[int]
    names: list[list[str]]
    sides: list[int]
    status: int
    weight: float


def statements_of(examples: Iterable[Example]) -> Iterator[Statement]:
    """Yield every statement of a labelled deal with a name in its sentence."""
    for example in examples:
        words = lexicon(example.article.lang or "")
        if words is None or example.partial:
            continue
        reading = read_article(example.article, words.language, words)
        for sentence in reading.sentences:
            view = SentenceView(reading, sentence)
            for trigger in sentence.triggers:
                deal = expressed_deal(example, sentence, trigger)
                places = [position for position in sentence.names if position < MAX_TOKENS]
                if deal is None or isinstance(deal, str) or not places or trigger.anchor >= MAX_TOKENS:
                    continue
                count = min(len(sentence.tokens), MAX_TOKENS)
                mentions = [sentence.tokens[position].mention for position in places]
                yield Statement(
                    [token_keys(view, position) for position in range(count)],
                    [offset_of(position, trigger) for position in range(count)],
                    [int(position in trigger.tokens) for position in range(count)],
                    [*statement_keys(view, trigger), type_key(deal.type)],
                    trigger.anchor,
                    places,
                    [name_keys(view, trigger, position) for position in places],
                    [SIDES.index(side_of(mention, deal)) for mention in mentions],  # type: ignore[arg-type]
                    STATUSES.index(deal.status),
                    example.weight,
                )


class Reader(nn.Module):  # type: ignore[misc,unused-ignore]
    """The network in torch; `scripts` train it, `dealfacts.deals.network` runs it in numpy."""

    def __init__(self, words: int, names: int) -> None:
        super().__init__()
        self.embedding = _embedding(words, WIDTH)
        self.name = _embedding(names, NAME_WIDTH)
        self.offset, self.mark = _embedding(2 * REACH, WIDTH), _embedding(1, WIDTH)
        self.lstm = nn.LSTM(WIDTH, HIDDEN, bidirectional=True, batch_first=True)
        self.inner = nn.Linear(6 * HIDDEN + WIDTH + NAME_WIDTH, INNER)
        self.side = nn.Linear(INNER, len(SIDES))
        self.status_inner = nn.Linear(4 * HIDDEN + WIDTH, INNER)
        self.status = nn.Linear(INNER, len(STATUSES))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Score a batch.

        Returns:
            Scores of the sides of every name, shape (names, len(SIDES)), and of every statement's
            status, shape (statements, len(STATUSES)).
        """
        keys = batch.tokens
        if self.training:
            keys = keys * (torch.rand(keys.shape) > KEY_DROPOUT)
        whole = self.embedding(batch.whole)
        entering = (
            self.embedding(keys).sum(2)
            + self.offset(batch.offsets)
            + self.mark(batch.marks)
            # The type is not known while the sentence is read; only the head sees it.
            + whole[:, :-1].sum(1)[:, None]
        )
        packed = nn.utils.rnn.pack_padded_sequence(
            self.dropout(entering), batch.lengths, batch_first=True, enforce_sorted=False
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        states = self.dropout(states)
        outside = torch.arange(states.shape[1])[None, :] >= batch.lengths[:, None]
        summary = states.masked_fill(outside[:, :, None], -1e4).max(1)[0]
        row = batch.rows
        seen = torch.cat(
            [
                states[row, batch.places], states[row, batch.anchors[row]], summary[row],
                whole.sum(1)[row], self.dropout(self.name(batch.names).sum(1)),
            ],
            1,
        )  # fmt: skip
        anchors = states[torch.arange(len(states)), batch.anchors]
        told = torch.cat([anchors, summary, whole.sum(1)], 1)
        return (
            self.side(self.dropout(functional.relu(self.inner(seen)))),
            self.status(self.dropout(functional.relu(self.status_inner(told)))),
        )


def _embedding(count: int, width: int) -> nn.Embedding:
    """Make a table with one row more than `count`: the first is for unknown keys, at zero where padded."""
    table = nn.Embedding(count + 1, width)
    nn.init.normal_(table.weight, 0, 0.1)
    return table


@dataclass(frozen=True)
class Batch:
    """Statements as padded tensors; names lie behind one another, `rows` says whose each is."""

    tokens: torch.Tensor
    offsets: torch.Tensor
    marks: torch.Tensor
    lengths: torch.Tensor
    whole: torch.Tensor
    anchors: torch.Tensor
    rows: torch.Tensor
    places: torch.Tensor
    names: torch.Tensor
    sides: torch.Tensor
    statuses: torch.Tensor
    weights: torch.Tensor
    """One a statement."""


def _batch(statements: list[Statement], words: dict[str, int], names: dict[str, int]) -> Batch:
    longest = max(len(each.tokens) for each in statements)
    tokens = np.zeros((len(statements), longest, TOKEN_KEYS), dtype=np.int64)
    offsets, marks = np.zeros(tokens.shape[:2], dtype=np.int64), np.zeros(tokens.shape[:2], dtype=np.int64)
    for row, each in enumerate(statements):
        for column, keys in enumerate(each.tokens):
            tokens[row, column, : len(keys)] = [words.get(key, 0) for key in keys]
        offsets[row, : len(each.tokens)], marks[row, : len(each.tokens)] = each.offsets, each.marks
    return Batch(
        torch.from_numpy(tokens),
        torch.from_numpy(offsets),
        torch.from_numpy(marks),
        torch.tensor([len(each.tokens) for each in statements]),
        torch.tensor([[words.get(key, 0) for key in each.whole] for each in statements]),
        torch.tensor([each.anchor for each in statements]),
        torch.tensor([row for row, each in enumerate(statements) for _ in each.places]),
        torch.tensor([place for each in statements for place in each.places]),
        torch.tensor([[names.get(key, 0) for key in keys] for each in statements for keys in each.names]),
        torch.tensor([side for each in statements for side in each.sides]),
        torch.tensor([each.status for each in statements]),
        torch.tensor([each.weight for each in statements]),
    )


def train_network(statements: list[Statement], seed: int = 0) -> Network:
    """Train on statements and return the network as it ships."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    draw = random.Random(seed)  # noqa: S311
    words = _vocabulary(key for s in statements for keys in [*s.tokens, s.whole] for key in keys)
    names = _vocabulary(key for s in statements for keys in s.names for key in keys)
    reader = Reader(len(words), len(names))
    with torch.no_grad():
        reader.embedding.weight[0] = 0
        reader.name.weight[0] = 0
    optimiser = torch.optim.AdamW(reader.parameters(), lr=RATE, weight_decay=DECAY)
    steps, total = 0, EPOCHS * (len(statements) // BATCH + 1)
    for _ in range(EPOCHS):
        order = sorted(statements, key=lambda each: len(each.tokens) + draw.random() * _LENGTH_NOISE)
        batches = [order[low : low + BATCH] for low in range(0, len(order), BATCH)]
        draw.shuffle(batches)
        for part in batches:
            batch = _batch(part, words, names)
            sides, statuses = reader(batch)
            loss = _loss(sides, batch.sides, batch.weights[batch.rows])
            loss = loss + STATUS_WEIGHT * _loss(statuses, batch.statuses, batch.weights)
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1.0, steps / WARMUP) * max(0.05, 1 - steps / total)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            reader.embedding.weight.grad[0] = 0
            reader.name.weight.grad[0] = 0
            optimiser.step()
            steps += 1
    return Network(words, names, _weights(reader))


def _loss(scores: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    losses = functional.cross_entropy(scores, labels, reduction="none", label_smoothing=SMOOTHING)
    return (losses * weights).mean()


def _vocabulary(keys: Iterable[str]) -> dict[str, int]:
    counts = Counter(keys)
    return {
        key: row
        for row, key in enumerate(sorted(key for key, n in counts.items() if n >= MIN_COUNT), start=1)
    }


def _weights(reader: Reader) -> dict[str, np.ndarray]:
    """Lay the weights out as numpy reads them: inputs first, the gates in the order in, forget, out, cell."""
    plain = {name: value.detach().numpy().astype(np.float32) for name, value in reader.state_dict().items()}
    weights = {
        "embedding": plain["embedding.weight"],
        "name": plain["name.weight"],
        "offset": plain["offset.weight"],
        "mark": plain["mark.weight"],
        "side inner": plain["inner.weight"].T,
        "side inner bias": plain["inner.bias"],
        "side": plain["side.weight"].T,
        "side bias": plain["side.bias"],
        "status inner": plain["status_inner.weight"].T,
        "status inner bias": plain["status_inner.bias"],
        "status": plain["status.weight"].T,
        "status bias": plain["status.bias"],
    }
    entry, forget, cell, output = np.arange(4 * HIDDEN).reshape(4, HIDDEN)
    gates = np.concatenate([entry, forget, output, cell])
    for direction, ending in (("ahead", ""), ("back", "_reverse")):
        weights[f"{direction} input"] = plain[f"lstm.weight_ih_l0{ending}"][gates].T
        weights[f"{direction} inner"] = plain[f"lstm.weight_hh_l0{ending}"][gates].T
        bias = plain[f"lstm.bias_ih_l0{ending}"] + plain[f"lstm.bias_hh_l0{ending}"]
        weights[f"{direction} bias"] = bias[gates]
    return {name: np.ascontiguousarray(array) for name, array in weights.items()}
