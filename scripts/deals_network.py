"""Train the network of the deal finder on statements whose sides are labelled; needs torch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scripts.deals_data import Example, GoldDeal
from scripts.deals_labels import expressed_deal, side_of
from scripts.recurrent_weights import lstm_state, lstm_weights
from scripts.training import rate_at, take_step, weights_of
from torch import nn
from torch.nn import functional

from dealfacts.deals.features import SentenceView
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.network import (
    DISTANCES,
    MAX_TOKENS,
    NAME_KEYS,
    OWN,
    REACH,
    SIDES,
    STATUSES,
    TOKEN_KEYS,
    Network,
    Window,
    distances_of,
    far_name_keys,
    marks_of,
    name_keys,
    offsets_of,
    start_of,
    statement_keys,
    token_keys,
    type_key,
    window_of,
)
from dealfacts.deals.packing import rows_of_keys
from dealfacts.deals.reading import Trigger, entity_of, read_article
from dealfacts.deals.syntax import load_parser

WIDTH, HIDDEN, INNER, NAME_WIDTH = 72, 80, 96, 64
MIN_COUNT = 3
EPOCHS = 5
STATUS_WEIGHT = 0.5
BATCH = 48
RATE, DECAY, WARMUP = 2e-3, 1e-2, 200
_RATE_ON = 0.4
"""The rate of training on, as a part of the first one."""
DROPOUT, KEY_DROPOUT, SMOOTHING = 0.3, 0.15, 0.05
_LENGTH_NOISE = 8
"""Sentences of about one length share a batch; the noise mixes the batches anew each epoch."""


@dataclass(frozen=True)
class Statement:
    """A trigger that states a labelled deal, as keys, with the side of every name around it."""

    tokens: list[list[str]]
    """Of its whole window."""
    syntax: list[NDArray[np.float16]]
    """How the parser sees them, sentence by sentence."""
    offsets: list[int]
    marks: list[int]
    distances: list[int]
    whole: list[str]
    anchor: int
    places: list[int]
    names: list[list[str]]
    sides: list[int]
    status: int
    weight: float


def statements_of(examples: Iterable[Example]) -> Iterator[Statement]:
    """Yield every statement of a labelled deal with a name in its sentence or around it."""
    for example in examples:
        words = lexicon(example.article.lang or "")
        if words is None or example.partial:
            continue
        reading = read_article(example.article, words.language, words)
        views = [SentenceView(reading, sentence) for sentence in reading.sentences]
        known = _Known()
        for view in views:
            window = window_of(views, view.sentence.index)
            for trigger in view.sentence.triggers:
                deal = expressed_deal(example, view.sentence, trigger)
                if deal is None or isinstance(deal, str) or trigger.anchor >= MAX_TOKENS:
                    continue
                statement = _statement(example, window, trigger, deal, known)
                if statement.places:
                    yield statement


def _statement(
    example: Example,
    window: Window,
    trigger: Trigger,
    deal: GoldDeal,
    known: _Known,
) -> Statement:
    own = next(stretch.view for stretch in window if stretch.distance == OWN)
    labelled = list(_names_around(window, own, trigger, deal))
    return Statement(
        [known.keys(stretch.view, position) for stretch in window for position in range(stretch.length)],
        [known.syntax(stretch.view)[: stretch.length] for stretch in window],
        offsets_of(window, trigger),
        marks_of(window, trigger),
        distances_of(window),
        [*statement_keys(own, trigger), type_key(deal.type)],
        start_of(window) + trigger.anchor,
        [place for place, _, _ in labelled],
        [keys for _, keys, _ in labelled],
        [side for _, _, side in labelled],
        STATUSES.index(deal.status),
        example.weight,
    )


class _Known:
    """What the windows of an article share: the keys of its tokens, and how the parser sees them."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int, int], list[str]] = {}
        self._syntax: dict[int, NDArray[np.float16]] = {}

    def keys(self, view: SentenceView, position: int) -> list[str]:
        """Name a token."""
        place = (view.sentence.index, position)
        if place not in self._keys:
            self._keys[place] = token_keys(view, position)
        return self._keys[place]

    def syntax(self, view: SentenceView) -> NDArray[np.float16]:
        """Return how the parser sees a sentence, in half the bytes."""
        index = view.sentence.index
        if index not in self._syntax:
            length = min(len(view.words), MAX_TOKENS)
            self._syntax[index] = view.reading.syntax_of(index, length).astype(np.float16)
        return self._syntax[index]


def _names_around(
    window: Window, own: SentenceView, trigger: Trigger, deal: GoldDeal
) -> Iterator[tuple[int, list[str], int]]:
    """Yield the names of a statement's sentence, and of the others those of parties it does not name.

    Each with its place in the window, its keys and its side.
    """
    here = {entity_of(mention) for i in own.sentence.names if (mention := own.sentence.tokens[i].mention)}
    start = 0
    for stretch in window:
        view = stretch.view
        for position in view.sentence.names:
            mention = view.sentence.tokens[position].mention
            if mention is None or position >= stretch.length:
                continue
            side = SIDES.index(side_of(mention, deal))
            if stretch.distance == OWN:
                yield start + position, name_keys(view, trigger, position), side
            elif mention.label in {"ORG", "PERSON"} and entity_of(mention) not in here:
                yield start + position, far_name_keys(view, trigger, position, stretch.distance), side
        start += stretch.length


class Reader(nn.Module):  # type: ignore[misc,unused-ignore]
    """The network in torch; `scripts` train it, `dealfacts.deals.network` runs it in numpy."""

    def __init__(self, words: int, names: int) -> None:
        super().__init__()
        self.embedding = _embedding(words, WIDTH)
        self.name = _embedding(names, NAME_WIDTH)
        self.offset, self.mark = _embedding(2 * REACH, WIDTH), _embedding(1, WIDTH)
        self.distance = _embedding(DISTANCES - 1, WIDTH)
        self.syntax = nn.Linear(load_parser().width, WIDTH)
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
            + self.syntax(self.dropout(batch.syntax))
            + self.offset(batch.offsets)
            + self.mark(batch.marks)
            + self.distance(batch.distances)
            # The type is not known while the sentence is read; only the head sees it.
            + whole[:, :-1].sum(1)[:, None]
        )
        packed = nn.utils.rnn.pack_padded_sequence(
            self.dropout(entering), batch.lengths, batch_first=True, enforce_sorted=False
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        states = self.dropout(states)
        outside = torch.arange(states.shape[1])[None, :] >= batch.lengths[:, None]
        outside = outside | (batch.distances != OWN)
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
    syntax: torch.Tensor
    offsets: torch.Tensor
    marks: torch.Tensor
    distances: torch.Tensor
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


def batch_of(statements: list[Statement], words: dict[str, int], names: dict[str, int]) -> Batch:
    """Number the keys of statements and pad them to one length; unknown keys are 0."""
    longest = max(len(each.tokens) for each in statements)
    tokens = np.zeros((len(statements), longest, TOKEN_KEYS), dtype=np.int64)
    syntax = np.zeros((*tokens.shape[:2], load_parser().width), dtype=np.float32)
    offsets, marks, distances = (np.zeros(tokens.shape[:2], dtype=np.int64) for _ in range(3))
    for row, each in enumerate(statements):
        length = len(each.tokens)
        for column, keys in enumerate(each.tokens):
            tokens[row, column, : len(keys)] = [words.get(key, 0) for key in keys]
        syntax[row, :length] = np.concatenate(each.syntax)
        offsets[row, :length], marks[row, :length] = each.offsets, each.marks
        distances[row, :length] = each.distances
    return Batch(
        torch.from_numpy(tokens),
        torch.from_numpy(syntax),
        torch.from_numpy(offsets),
        torch.from_numpy(marks),
        torch.from_numpy(distances),
        torch.tensor([len(each.tokens) for each in statements]),
        torch.tensor([[words.get(key, 0) for key in each.whole] for each in statements]),
        torch.tensor([each.anchor for each in statements]),
        torch.tensor([row for row, each in enumerate(statements) for _ in each.places]),
        torch.tensor([place for each in statements for place in each.places]),
        torch.tensor([_name_rows(keys, names) for each in statements for keys in each.names]),
        torch.tensor([side for each in statements for side in each.sides]),
        torch.tensor([each.status for each in statements]),
        torch.tensor([each.weight for each in statements]),
    )


def _name_rows(keys: list[str], names: dict[str, int]) -> list[int]:
    """Return the rows of a name's keys, filled up to one length for all names."""
    rows = [names.get(key, 0) for key in keys]
    return rows + [0] * (NAME_KEYS - len(rows))


def train_network(statements: list[Statement], seed: int = 0) -> Network:
    """Train on statements and return the network as it ships."""
    torch.manual_seed(seed)
    words = vocabulary_of(key for s in statements for keys in [*s.tokens, s.whole] for key in keys)
    names = vocabulary_of(key for s in statements for keys in s.names for key in keys)
    reader = Reader(len(words), len(names))
    with torch.no_grad():
        reader.embedding.weight[0] = 0
        reader.name.weight[0] = 0
    return _train(reader, (words, names), statements, seed=seed, epochs=EPOCHS, highest=RATE)


def train_on(network: Network, statements: list[Statement], epochs: int = 2, seed: int = 0) -> Network:
    """Train a network on, with the keys that it has, and return it as it ships.

    Give it some of what it has learnt from before beside what is new, lest it forget the one for the other.
    """
    torch.manual_seed(seed)
    reader = as_trained(network)
    keys = network.words, network.names
    return _train(reader, keys, statements, seed=seed, epochs=epochs, highest=RATE * _RATE_ON)


def _train(
    reader: Reader,
    keys: tuple[dict[str, int], dict[str, int]],
    statements: list[Statement],
    *,
    seed: int,
    epochs: int,
    highest: float,
) -> Network:
    torch.set_num_threads(1)
    draw = random.Random(seed)  # noqa: S311
    optimiser = torch.optim.AdamW(reader.parameters(), lr=highest, weight_decay=DECAY)
    steps, total = 0, epochs * (len(statements) // BATCH + 1)
    for _ in range(epochs):
        order = sorted(statements, key=lambda each: len(each.tokens) + draw.random() * _LENGTH_NOISE)
        batches = [order[low : low + BATCH] for low in range(0, len(order), BATCH)]
        draw.shuffle(batches)
        for part in batches:
            batch = batch_of(part, *keys)
            sides, statuses = reader(batch)
            loss = _loss(sides, batch.sides, batch.weights[batch.rows])
            loss = loss + STATUS_WEIGHT * _loss(statuses, batch.statuses, batch.weights)
            rate = rate_at(steps, total, highest, WARMUP, 0.05)
            take_step(loss, reader, optimiser, rate, (reader.embedding, reader.name))
            steps += 1
    return as_shipped(reader, *keys)


def as_shipped(reader: Reader, words: dict[str, int], names: dict[str, int]) -> Network:
    """Return the network that numpy runs, with the same weights."""
    return Network(words, names, _weights(reader))


def as_trained(network: Network) -> Reader:
    """Return the torch module that a shipped network was written from, with its weights (of 16 bits)."""
    reader = Reader(len(network.words), len(network.names))
    state = {name: torch.from_numpy(array) for name, array in _state_of(network.weights).items()}
    reader.load_state_dict(state)
    return reader


def _loss(scores: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    losses = functional.cross_entropy(scores, labels, reduction="none", label_smoothing=SMOOTHING)
    return (losses * weights).mean()


def vocabulary_of(keys: Iterable[str]) -> dict[str, int]:
    """Number the keys that are common enough, from 1."""
    counts = Counter(keys)
    return rows_of_keys(sorted(key for key, n in counts.items() if n >= MIN_COUNT))


_TABLES = ("embedding", "name", "offset", "mark", "distance")
_LAYERS = {"syntax": "syntax", "side inner": "inner", "side": "side", "status inner": "status_inner",
           "status": "status"}  # fmt: skip
"""What the shipped network calls a linear layer, and what the module calls it."""


def _weights(reader: Reader) -> dict[str, np.ndarray]:
    """Lay the weights out as numpy reads them."""
    plain = weights_of(reader)
    weights = {name: plain[f"{name}.weight"] for name in _TABLES}
    for shipped, layer in _LAYERS.items():
        weights |= {shipped: plain[f"{layer}.weight"].T, f"{shipped} bias": plain[f"{layer}.bias"]}
    weights |= lstm_weights(plain, "lstm", 0)
    return {name: np.ascontiguousarray(array) for name, array in weights.items()}


def _state_of(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Lay weights out as torch has them: the inverse of `_weights`."""
    state = {f"{name}.weight": weights[name] for name in _TABLES}
    for shipped, layer in _LAYERS.items():
        state |= {f"{layer}.weight": weights[shipped].T, f"{layer}.bias": weights[f"{shipped} bias"]}
    state |= lstm_state(weights, "lstm", 0)
    return {name: np.array(array, order="C") for name, array in state.items()}
