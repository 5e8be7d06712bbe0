"""A small recurrent network that reads a statement's whole sentence, beside the log-linear scorers.

The scorers weigh features one by one; the network (a bidirectional LSTM, Hochreiter and Schmidhuber, 1997)
sees words, concepts and their order together. The two err differently, so their geometric mean is better
than either. Trained with torch, it runs here in plain numpy, all statements of an article at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.features import SentenceView
from dealfacts.deals.packing import pack_blocks, unpack_blocks
from dealfacts.deals.reading import Trigger, entity_of

Array = NDArray[np.float32]

SIDES = ("none", "A", "T", "S", "P", "L")
STATUSES = ("announced", "completed", "in_talks", "rumoured", "stalled", "cancelled", "denied")
MAX_TOKENS = 120
"""How much of a long sentence is read."""
REACH = 15
"""How far from its trigger a token's place is told apart."""
TOKEN_KEYS = 10
"""How many keys of a token are read."""
UNKNOWN = 0
_STEM, _ENDING = 5, 3


@dataclass(frozen=True)
class Read:
    """A statement as the network sees it: shapes (tokens, 2 * hidden) and (2 * hidden,)."""

    states: Array
    summary: Array


def token_keys(view: SentenceView, position: int) -> list[str]:
    """Name what a token is: its word, stem and ending in its language, its function and its concepts."""
    word, language = view.word(position), view.reading.language
    keys = [f"w={language}:{word}"]
    if not word.startswith("<"):
        keys += [f"p={language}:{word[:_STEM]}", f"s={language}:{word[-_ENDING:]}"]
    function = view.function(word)
    keys.append(f"fn={function if function != word else '-'}")
    keys += [f"c={concept}" for concept in view.concepts_at.get(position, ())]
    return keys[:TOKEN_KEYS]


def name_keys(view: SentenceView, trigger: Trigger, position: int) -> list[str]:
    """Name where a name stands towards a trigger, what kind of name it is and its last word."""
    place, mention = view.place(trigger, position), view.sentence.tokens[position].mention
    words = entity_of(mention).lower().split() if mention else []
    return [
        f"rel={place.relation}", f"guess={place.guess or '-'}", f"breaks={place.breaks}",
        f"passive={place.passive}", f"rel={place.relation}|{trigger.concept}|{place.passive}",
        f"label={view.word(position)}", f"own={words[-1] if words else ''}",
    ]  # fmt: skip


def statement_keys(view: SentenceView, trigger: Trigger) -> list[str]:
    """Name the trigger's concept and the language."""
    return [f"concept={trigger.concept}", f"lang={view.reading.language}"]


def type_key(kind: str) -> str:
    """Name the type of a deal."""
    return f"type={kind}"


def offset_of(position: int, trigger: Trigger) -> int:
    """Number a token's place towards a trigger, from 0 to 2 * REACH."""
    return max(-REACH, min(REACH, position - trigger.anchor)) + REACH


FORMAT = 1


class Network:
    """The trained network.

    Args:
        words: key of a token or statement to its row of the `embedding`; row 0 stands for unknown keys.
        names: key of a name to its row of `name`, likewise.
        weights: arrays by name, as `scripts/deals_network.py` exports them.
    """

    def __init__(self, words: dict[str, int], names: dict[str, int], weights: dict[str, Array]) -> None:
        self.words = words
        self.names = names
        self.weights = weights

    def embed(self, keys: Sequence[str]) -> Array:
        """Sum the embeddings of keys."""
        summed: Array = self.weights["embedding"][[self.words.get(key, UNKNOWN) for key in keys]].sum(axis=0)
        return summed

    def embed_name(self, keys: Sequence[str]) -> Array:
        """Sum the embeddings of the keys of a name."""
        summed: Array = self.weights["name"][[self.names.get(key, UNKNOWN) for key in keys]].sum(axis=0)
        return summed

    def read(self, statements: Sequence[tuple[SentenceView, Trigger]]) -> list[Read]:
        """Read the sentences of statements; each takes one batch row."""
        if not statements:
            return []
        embedded = [self._embed(view, trigger) for view, trigger in statements]
        lengths = np.array([len(each) for each in embedded])
        batch = np.zeros((len(embedded), lengths.max(), embedded[0].shape[1]), dtype=np.float32)
        for row, each in enumerate(embedded):
            batch[row, : len(each)] = each
        # Reading backwards starts at each sentence's own end.
        backwards = np.maximum(lengths[:, None] - 1 - np.arange(batch.shape[1])[None, :], 0)[:, :, None]
        ahead = self._run(batch, "ahead")
        back = self._run(np.take_along_axis(batch, backwards, axis=1), "back")
        states = np.concatenate([ahead, np.take_along_axis(back, backwards, axis=1)], axis=2)
        return [
            Read(states[row, :length], states[row, :length].max(axis=0)) for row, length in enumerate(lengths)
        ]

    def _embed(self, view: SentenceView, trigger: Trigger) -> Array:
        known = _token_rows(self, view)
        places = [offset_of(position, trigger) for position in range(len(known))]
        marks = [int(position in trigger.tokens) for position in range(len(known))]
        whole = self.embed(statement_keys(view, trigger))
        embedded: Array = known + self.weights["offset"][places] + self.weights["mark"][marks] + whole
        return embedded

    def _run(self, batch: Array, direction: str) -> Array:
        """Run one direction of the LSTM over (rows, tokens, embedding); returns (rows, tokens, hidden)."""
        inner, bias = self.weights[f"{direction} inner"], self.weights[f"{direction} bias"]
        entering = batch @ self.weights[f"{direction} input"] + bias
        size = inner.shape[0]
        hidden = np.zeros((len(batch), size), dtype=np.float32)
        cell = np.zeros_like(hidden)
        states = np.empty((*batch.shape[:2], size), dtype=np.float32)
        for step in range(batch.shape[1]):
            gates = entering[:, step] + hidden @ inner
            opened = _sigmoid(gates[:, : 3 * size])
            cell = opened[:, size : 2 * size] * cell + opened[:, :size] * np.tanh(gates[:, 3 * size :])
            hidden = opened[:, 2 * size :] * np.tanh(cell)
            states[:, step] = hidden
        return states

    def sides(
        self, read: Read, view: SentenceView, trigger: Trigger, kind: str, positions: Sequence[int]
    ) -> Array:
        """Return how likely each name is on each side, for a type of deal: shape (names, len(SIDES))."""
        whole = self.embed([*statement_keys(view, trigger), type_key(kind)])
        last = len(read.states) - 1
        shared = np.concatenate([read.states[min(trigger.anchor, last)], read.summary, whole])
        traits = [self.embed_name(name_keys(view, trigger, position)) for position in positions]
        rows = [
            np.concatenate([read.states[min(p, last)], shared, own])
            for p, own in zip(positions, traits, strict=True)
        ]
        return self._answer(np.stack(rows), "side")

    def statuses(self, read: Read, view: SentenceView, trigger: Trigger, kind: str) -> Array:
        """Return how likely each status is, for a type of deal: shape (len(STATUSES),)."""
        whole = self.embed([*statement_keys(view, trigger), type_key(kind)])
        anchor = read.states[min(trigger.anchor, len(read.states) - 1)]
        first: Array = self._answer(np.concatenate([anchor, read.summary, whole])[None, :], "status")[0]
        return first

    def _answer(self, seen: Array, question: str) -> Array:
        """Run a head of the network over rows."""
        weights = self.weights
        inner = np.maximum(seen @ weights[f"{question} inner"] + weights[f"{question} inner bias"], 0)
        return _softmax(inner @ weights[question] + weights[f"{question} bias"])


def pack(network: Network) -> bytes:
    """Write the network as bytes: its keys in order of their rows, then weights in 16 bits a number."""
    names = sorted(network.weights)
    header = {
        "format": FORMAT,
        "words": sorted(network.words, key=network.words.__getitem__),
        "names": sorted(network.names, key=network.names.__getitem__),
        "weights": {name: network.weights[name].shape for name in names},
    }
    return pack_blocks(header, (network.weights[name].astype(np.float16).tobytes() for name in names))


def unpack(content: bytes) -> Network:
    """Read the network back from bytes that `pack` wrote.

    Raises:
        ValueError: when the bytes are of another format.
    """
    header, plain = unpack_blocks(content, FORMAT)
    weights, position = {}, 0
    for name, shape in header["weights"].items():
        count = int(np.prod(shape))
        raw = np.frombuffer(plain, dtype=np.float16, count=count, offset=position)
        weights[name] = raw.reshape(shape).astype(np.float32)
        position += 2 * count
    words, names = (
        {key: row for row, key in enumerate(header[each], start=UNKNOWN + 1)} for each in ("words", "names")
    )
    return Network(words, names, weights)


def _token_rows(network: Network, view: SentenceView) -> Array:
    """Return the summed embeddings of a sentence's tokens, worked out once a sentence."""
    if view.embedded is None:
        count = min(len(view.words), MAX_TOKENS)
        view.embedded = np.stack([network.embed(token_keys(view, position)) for position in range(count)])
    return view.embedded


def _sigmoid(values: Array) -> Array:
    halves: Array = np.float32(0.5) * np.tanh(np.float32(0.5) * values) + np.float32(0.5)
    return halves


def _softmax(values: Array) -> Array:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares
