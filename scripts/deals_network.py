"""Train the network of the deal finder on statements whose sides are labelled; needs torch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scripts.deals_data import Example, GoldDeal
from scripts.deals_labels import expressed_deal, side_of, value_label
from scripts.recurrent_weights import lstm_state, lstm_weights
from scripts.training import rate_at, take_step, weights_of
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from dealfacts.deals.encoder import MOST_PIECES, Encoder, windows_of
from dealfacts.deals.events import value_candidates
from dealfacts.deals.features import SentenceView
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.network import (
    DISTANCES,
    MAX_TOKENS,
    MEANINGS,
    NAME_KEYS,
    NEXT,
    NONE,
    OWN,
    REACH,
    SIDES,
    STATUSES,
    TOKEN_KEYS,
    TYPES,
    Network,
    Window,
    distances_of,
    far_name_keys,
    marks_of,
    name_keys,
    offsets_of,
    parts_of,
    start_of,
    statement_keys,
    token_keys,
    type_key,
    value_keys,
    window_of,
)
from dealfacts.deals.packing import rows_of_keys
from dealfacts.deals.reading import Reading, Trigger, entity_of, read_article

WIDTH, HIDDEN, INNER, NAME_WIDTH = 72, 144, 96, 64
MIN_COUNT = 3
EPOCHS = 4
STATUS_WEIGHT, TYPE_WEIGHT, MEANING_WEIGHT = 0.5, 0.5, 0.5
BATCH = 48
RATE, DECAY, WARMUP = 2e-3, 1e-2, 200
DROPOUT, KEY_DROPOUT, SMOOTHING = 0.3, 0.15, 0.05

IGNORED = -100
"""The label that torch's cross entropy passes over."""


class Labelled(NamedTuple):
    """A name or figure of a window: its place there, its keys and its side or meaning."""

    place: int
    keys: list[str]
    label: int


class Run(NamedTuple):
    """Neighbouring sentences as the encoder reads them: their pieces, and the row of each piece's token."""

    pieces: NDArray[np.int32]
    rows: NDArray[np.int32]
    """-1 for tokens that no window holds."""


@dataclass(eq=False)
class Sight:
    """What two models see of the tokens of an article that the windows of its statements hold."""

    states: NDArray[np.float16]
    """Shape (tokens, width of the parser + width of the encoder)."""
    runs: list[Run]


@dataclass(frozen=True)
class Statement:
    """A trigger as keys: whether it states a deal, and if so the side of every name and what figures mean."""

    tokens: list[list[str]]
    """Of its whole window."""
    sight: Sight
    rows: NDArray[np.int32]
    """Which rows of the sight they are."""
    offsets: list[int]
    marks: list[int]
    distances: list[int]
    whole: list[str]
    anchor: int
    names: list[Labelled]
    values: list[Labelled]
    type: int
    status: int
    """Of a trigger that states a deal; `IGNORED` of others."""
    weight: float


def statements_of(examples: Iterable[Example], encoder: Encoder | None = None) -> Iterator[Statement]:
    """Yield every trigger that states a labelled deal or, as far as one can tell, none.

    Args:
        examples: labelled articles.
        encoder: what sees their words in context; by default the shipped one.
    """
    for example in examples:
        words = lexicon(example.article.lang or "")
        if words is None or example.partial:
            continue
        reading = read_article(example.article, words.language, words, encoder)
        views = [SentenceView(reading, sentence) for sentence in reading.sentences]
        known = _Known()
        stated = [
            _statement(views, (view, trigger), deal, known, example.weight)
            for view in views
            for trigger in view.sentence.triggers
            if trigger.anchor < MAX_TOKENS
            and not isinstance(deal := expressed_deal(example, view.sentence, trigger), str)
        ]
        known.look_at(reading)
        yield from stated


def _statement(
    views: list[SentenceView],
    stated: tuple[SentenceView, Trigger],
    deal: GoldDeal | None,
    known: _Known,
    weight: float,
) -> Statement:
    """Lay out a trigger and its window, with the deal that it states, if any."""
    view, trigger = stated
    window = window_of(views, view.sentence.index)
    return Statement(
        tokens=[known.keys(each.view, place) for each in window for place in range(each.length)],
        sight=known.sight,
        rows=np.concatenate([known.rows(each.view)[: each.length] for each in window]),
        offsets=offsets_of(window, trigger),
        marks=marks_of(window, trigger),
        distances=distances_of(window),
        whole=[*statement_keys(view, trigger), type_key(deal.type if deal else NONE)],
        anchor=start_of(window) + trigger.anchor,
        names=list(_names_around(window, view, trigger, deal)) if deal else [],
        values=list(_values_around(window, views, view, trigger, deal)) if deal else [],
        type=TYPES.index(deal.type if deal else NONE),
        status=STATUSES.index(deal.status) if deal else IGNORED,
        weight=weight,
    )


class _Known:
    """What the windows of an article share: the keys of its tokens, and how two models see them."""

    def __init__(self) -> None:
        self.sight = Sight(np.empty((0, 0), np.float16), [])
        """Blank until `look_at`, when it is known which tokens windows hold."""
        self._keys: dict[tuple[int, int], list[str]] = {}
        self._rows: dict[int, NDArray[np.int32]] = {}

    def keys(self, view: SentenceView, position: int) -> list[str]:
        """Name a token."""
        place = (view.sentence.index, position)
        if place not in self._keys:
            self._keys[place] = token_keys(view, position)
        return self._keys[place]

    def rows(self, view: SentenceView) -> NDArray[np.int32]:
        """Number the tokens of a sentence that can be read."""
        index = view.sentence.index
        if index not in self._rows:
            start = sum(map(len, self._rows.values()))
            length = min(len(view.words), MAX_TOKENS)
            self._rows[index] = np.arange(start, start + length, dtype=np.int32)
        return self._rows[index]

    def look_at(self, reading: Reading) -> None:
        """Fill the sight with what the models see of the tokens that have been numbered."""
        if self._rows:
            states = [reading.states_of(index, len(rows)) for index, rows in self._rows.items()]
            self.sight.states = np.concatenate(states).astype(np.float16)
            self.sight.runs = list(self._runs(reading))

    def _runs(self, reading: Reading) -> Iterator[Run]:
        for numbers in windows_of([sum(map(len, sentence)) for sentence in reading.pieces]):
            pieces: list[int] = []
            rows: list[int] = []
            for number in numbers:
                own = self._rows.get(reading.near[number], ())
                for token, split in enumerate(reading.pieces[number]):
                    pieces += split
                    rows += [int(own[token]) if token < len(own) else -1] * len(split)
            yield Run(np.array(pieces[:MOST_PIECES], np.int32), np.array(rows[:MOST_PIECES], np.int32))


def _names_around(window: Window, own: SentenceView, trigger: Trigger, deal: GoldDeal) -> Iterator[Labelled]:
    """Yield the names of a statement's sentence, and of the others those of parties it does not name."""
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
                yield Labelled(start + position, name_keys(view, trigger, position), side)
            elif mention.label in {"ORG", "PERSON"} and entity_of(mention) not in here:
                keys = far_name_keys(view, trigger, position, stretch.distance)
                yield Labelled(start + position, keys, side)
        start += stretch.length


def _values_around(
    window: Window, views: list[SentenceView], own: SentenceView, trigger: Trigger, deal: GoldDeal
) -> Iterator[Labelled]:
    """Yield the figures and dates near a statement that its window holds."""
    parts = parts_of(window)
    for other, position in value_candidates(views, own):
        part, mention = parts.get(other.sentence.index), other.sentence.tokens[position].mention
        if part is None or position >= part.length or mention is None:
            continue
        scorer, meaning = value_label(mention, deal)
        if scorer:
            keys = value_keys(own, trigger, deal.type, other, position)
            yield Labelled(part.start + position, keys, MEANINGS.index(meaning))


class Reader(nn.Module):  # type: ignore[misc,unused-ignore]
    """The network in torch; `scripts` train it, `dealfacts.deals.network` runs it in numpy.

    Args:
        words: how many keys of tokens there are.
        names: how many keys of names and figures there are.
        width: how many numbers the parser and the encoder give a token.
    """

    def __init__(self, words: int, names: int, width: int) -> None:
        super().__init__()
        self.embedding = _embedding(words, WIDTH)
        self.name = _embedding(names, NAME_WIDTH)
        self.offset, self.mark = _embedding(2 * REACH, WIDTH), _embedding(1, WIDTH)
        self.distance = _embedding(DISTANCES - 1, WIDTH)
        self.states = nn.Linear(width, WIDTH)
        self.ahead = nn.LSTM(WIDTH, HIDDEN, batch_first=True)
        self.back = nn.LSTM(WIDTH, HIDDEN, batch_first=True)
        self.side_inner = nn.Linear(6 * HIDDEN + WIDTH + NAME_WIDTH, INNER)
        self.side_outer = nn.Linear(INNER, len(SIDES))
        self.status_inner = nn.Linear(4 * HIDDEN + WIDTH, INNER)
        self.status_outer = nn.Linear(INNER, len(STATUSES))
        self.type_inner = nn.Linear(4 * HIDDEN + WIDTH, INNER)
        self.type_outer = nn.Linear(INNER, len(TYPES))
        self.meaning_inner = nn.Linear(6 * HIDDEN + WIDTH + NAME_WIDTH, INNER)
        self.meaning_outer = nn.Linear(INNER, len(MEANINGS))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, batch: Batch) -> Scores:
        """Score a batch."""
        whole = self.embedding(batch.whole)
        entering = (
            self._embed(batch.tokens)
            + self.states(self.dropout(batch.states))
            + self.offset(batch.offsets)
            + self.mark(batch.marks)
            + self.distance(batch.distances)
            # The type is not known while the sentence is read; only the head sees it.
            + whole[:, :-1].sum(1)[:, None]
        )
        states = self.dropout(self._read(self.dropout(entering), batch.lengths))
        outside = batch.distances != OWN
        summary = states.masked_fill(outside[:, :, None], -1e4).max(1)[0]
        anchors = states[torch.arange(len(states)), batch.anchors]
        told = torch.cat([anchors, summary, whole.sum(1)], 1)
        blind = torch.cat([anchors, summary, whole[:, :-1].sum(1)], 1)
        return Scores(
            self._answer(self._look_at(states, told, batch.names), "side"),
            self._answer(self._look_at(states, told, batch.values), "meaning"),
            self._answer(blind, "type"),
            self._answer(told, "status"),
        )

    def _read(self, entering: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Read windows both ways; what lies behind the end of one is read last, so it tells nothing."""
        places = torch.arange(entering.shape[1])
        turned = torch.where(places < lengths[:, None], lengths[:, None] - 1 - places, places)[:, :, None]
        ahead = self.ahead(entering)[0]
        back = self.back(entering.gather(1, turned.expand_as(entering)))[0]
        return torch.cat([ahead, back.gather(1, turned.expand_as(back))], 2)

    def _look_at(self, states: torch.Tensor, told: torch.Tensor, places: Places) -> torch.Tensor:
        """Put side by side what is known of each place of a batch: its state, its statement and its keys."""
        keys = self.dropout(self.name(places.keys).sum(1))
        return torch.cat([states[places.rows, places.positions], told[places.rows], keys], 1)

    def _answer(self, seen: torch.Tensor, question: str) -> torch.Tensor:
        inner, outer = getattr(self, f"{question}_inner"), getattr(self, f"{question}_outer")
        answer: torch.Tensor = outer(self.dropout(functional.relu(inner(seen))))
        return answer

    def _embed(self, keys: torch.Tensor) -> torch.Tensor:
        """Sum the embeddings of the keys of each token; in training some keys are left out."""
        kept = (torch.rand(keys.shape) > KEY_DROPOUT) if self.training else torch.ones(keys.shape)
        summed = functional.embedding_bag(
            keys.flatten(0, 1),
            self.embedding.weight,
            mode="sum",
            per_sample_weights=kept.float().flatten(0, 1),
        )
        return summed.unflatten(0, keys.shape[:2])


def _embedding(count: int, width: int) -> nn.Embedding:
    """Make a table with one row more than `count`: the first is for unknown keys, at zero where padded."""
    table = nn.Embedding(count + 1, width)
    nn.init.normal_(table.weight, 0, 0.1)
    return table


class Scores(NamedTuple):
    """Scores of each name's side, each figure's meaning, and each statement's type and status."""

    sides: torch.Tensor
    meanings: torch.Tensor
    types: torch.Tensor
    statuses: torch.Tensor


class Places(NamedTuple):
    """Names or figures of a batch, one behind another."""

    rows: torch.Tensor
    """Whose each is: the number of its statement."""
    positions: torch.Tensor
    keys: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class Batch:
    """Statements as tensors, filled up to the length of the longest window."""

    lengths: torch.Tensor
    tokens: torch.Tensor
    states: torch.Tensor
    offsets: torch.Tensor
    marks: torch.Tensor
    distances: torch.Tensor
    whole: torch.Tensor
    anchors: torch.Tensor
    names: Places
    values: Places
    types: torch.Tensor
    statuses: torch.Tensor
    weights: torch.Tensor
    """One a statement."""


def batch_of(
    statements: list[Statement],
    words: dict[str, int],
    names: dict[str, int],
    states: torch.Tensor | None = None,
) -> Batch:
    """Number the keys of statements; unknown keys are 0.

    Args:
        statements: at best of about one length.
        words: the keys of tokens.
        names: the keys of names and figures.
        states: what the parser and the encoder see, shape (statements, tokens, width); by default what
            they saw when the statements were laid out.
    """
    if states is None:
        seen = [torch.from_numpy(each.sight.states[each.rows].astype(np.float32)) for each in statements]
        states = pad_sequence(seen, batch_first=True)
    tokens = [[_rows(keys, words, TOKEN_KEYS) for keys in each.tokens] for each in statements]
    return Batch(
        torch.tensor([len(each.tokens) for each in statements]),
        _padded(tokens),
        states,
        _padded([each.offsets for each in statements]),
        _padded([each.marks for each in statements]),
        _padded([each.distances for each in statements], filling=NEXT),
        torch.tensor([[words.get(key, 0) for key in each.whole] for each in statements]),
        torch.tensor([each.anchor for each in statements]),
        _places([each.names for each in statements], names),
        _places([each.values for each in statements], names),
        torch.tensor([each.type for each in statements]),
        torch.tensor([each.status for each in statements]),
        torch.tensor([each.weight for each in statements]),
    )


def _padded(lists: Sequence[list[int] | list[list[int]]], filling: int = 0) -> torch.Tensor:
    return pad_sequence([torch.tensor(each) for each in lists], batch_first=True, padding_value=filling)


def _places(listed: list[list[Labelled]], names: dict[str, int]) -> Places:
    """Lay out what stands at places of statements."""
    flat = [(row, each) for row, own in enumerate(listed) for each in own]
    keys = [_rows(each.keys, names, NAME_KEYS) for _, each in flat]
    return Places(
        torch.tensor([row for row, _ in flat], dtype=torch.long),
        torch.tensor([each.place for _, each in flat], dtype=torch.long),
        torch.tensor(keys, dtype=torch.long).view(-1, NAME_KEYS),
        torch.tensor([each.label for _, each in flat], dtype=torch.long),
    )


def _rows(keys: list[str], rows: dict[str, int], length: int) -> list[int]:
    """Return the rows of keys, filled up to one length."""
    return [rows.get(key, 0) for key in keys] + [0] * (length - len(keys))


def train_network(statements: list[Statement], seed: int = 0) -> Network:
    """Train on statements what is to be tuned, and return it as a network ships."""
    torch.manual_seed(seed)
    words = vocabulary_of(key for s in statements for keys in [*s.tokens, s.whole] for key in keys)
    names = vocabulary_of(key for s in statements for each in [*s.names, *s.values] for key in each.keys)
    reader = Reader(len(words), len(names), statements[0].sight.states.shape[1])
    with torch.no_grad():
        reader.embedding.weight[0] = 0
        reader.name.weight[0] = 0
    return _train(reader, (words, names), statements, seed)


def _train(
    reader: Reader, keys: tuple[dict[str, int], dict[str, int]], statements: list[Statement], seed: int
) -> Network:
    torch.set_num_threads(1)
    draw = random.Random(seed)  # noqa: S311
    optimiser = torch.optim.AdamW(reader.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
    lengths = Counter(len(each.rows) for each in statements)
    steps, total = 0, EPOCHS * sum(-(-count // BATCH) for count in lengths.values())
    for _ in range(EPOCHS):
        for part in _batches(statements, draw):
            batch = batch_of(part, *keys)
            loss = loss_of(reader(batch), batch)
            rate = rate_at(steps, total, RATE, WARMUP, 0.05)
            take_step(loss, reader, optimiser, rate, (reader.embedding, reader.name))
            steps += 1
    return as_shipped(reader, *keys)


def _batches(statements: list[Statement], draw: random.Random) -> list[list[Statement]]:
    """Deal statements out to batches, each of one length, so that nothing is read in vain."""
    alike: dict[int, list[Statement]] = {}
    for each in draw.sample(statements, len(statements)):
        alike.setdefault(len(each.tokens), []).append(each)
    batches = [group[low : low + BATCH] for group in alike.values() for low in range(0, len(group), BATCH)]
    draw.shuffle(batches)
    return batches


def as_shipped(reader: Reader, words: dict[str, int], names: dict[str, int]) -> Network:
    """Return the network that numpy runs, with the same weights."""
    return Network(words, names, _weights(reader))


def as_trained(network: Network) -> Reader:
    """Return the torch module that a shipped network was written from, with its weights (of 16 bits)."""
    reader = Reader(len(network.words), len(network.names), len(network.weights["states"]))
    state = {name: torch.from_numpy(array) for name, array in _state_of(network.weights).items()}
    reader.load_state_dict(state)
    return reader


def loss_of(scores: Scores, batch: Batch) -> torch.Tensor:
    """Return the loss of a batch: the weighted sum of those of its sides, meanings, types and statuses."""
    return (
        _loss(scores.sides, batch.names.labels, batch.weights[batch.names.rows])
        + MEANING_WEIGHT * _loss(scores.meanings, batch.values.labels, batch.weights[batch.values.rows])
        + TYPE_WEIGHT * _loss(scores.types, batch.types, batch.weights)
        + STATUS_WEIGHT * _loss(scores.statuses, batch.statuses, batch.weights)
    )


def _loss(scores: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return the mean cross entropy; 0 where there is nothing to score."""
    losses = functional.cross_entropy(
        scores, labels, reduction="none", label_smoothing=SMOOTHING, ignore_index=IGNORED
    )
    return (losses * weights).sum() / max(int((labels != IGNORED).sum()), 1)


def vocabulary_of(keys: Iterable[str]) -> dict[str, int]:
    """Number the keys that are common enough, from 1."""
    counts = Counter(keys)
    return rows_of_keys(sorted(key for key, n in counts.items() if n >= MIN_COUNT))


_TABLES = ("embedding", "name", "offset", "mark", "distance")
_QUESTIONS = ("side", "meaning", "type", "status")
_LAYERS = {
    "states": "states",
    **{question: f"{question}_outer" for question in _QUESTIONS},
    **{f"{question} inner": f"{question}_inner" for question in _QUESTIONS},
}
"""What the shipped network calls a linear layer, and what the module calls it."""
_BOTH_WAYS = {
    f"{way}.{part}_l0": f"lstm.{part}_l0{ending}"
    for way, ending in (("ahead", ""), ("back", "_reverse"))
    for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
}
"""What the module calls the weights of its LSTMs, and what torch would call them were they one."""


def _weights(reader: Reader) -> dict[str, np.ndarray]:
    """Lay the weights out as numpy reads them."""
    plain = weights_of(reader)
    weights = {name: plain[f"{name}.weight"] for name in _TABLES}
    for shipped, layer in _LAYERS.items():
        weights |= {shipped: plain[f"{layer}.weight"].T, f"{shipped} bias": plain[f"{layer}.bias"]}
    weights |= lstm_weights({_BOTH_WAYS.get(name, name): array for name, array in plain.items()}, "lstm", 0)
    return {name: np.ascontiguousarray(array) for name, array in weights.items()}


def _state_of(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Lay weights out as torch has them: the inverse of `_weights`."""
    state = {f"{name}.weight": weights[name] for name in _TABLES}
    for shipped, layer in _LAYERS.items():
        state |= {f"{layer}.weight": weights[shipped].T, f"{layer}.bias": weights[f"{shipped} bias"]}
    one_way = {both: one for one, both in _BOTH_WAYS.items()}
    state |= {one_way[name]: array for name, array in lstm_state(weights, "lstm", 0).items()}
    return {name: np.array(array, order="C") for name, array in state.items()}
