"""A small recurrent network that reads a statement in its context, beside the log-linear scorers.

The scorers weigh features one by one; the network (a bidirectional LSTM, Hochreiter and Schmidhuber, 1997)
sees words, concepts and their order together: those of the statement's own sentence, of the headline, of
the two sentences before and of the next one. The two err differently, so their geometric mean is better
than either. Trained with torch, it runs here in plain numpy, all statements of an article at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.features import SentenceView
from dealfacts.deals.packing import pack_blocks, unpack_blocks
from dealfacts.deals.reading import Trigger, entity_of

Array = NDArray[np.float32]

SIDES = ("none", "A", "T", "S", "P", "L")
STATUSES = ("announced", "completed", "in_talks", "rumoured", "stalled", "cancelled", "denied")
MAX_TOKENS = 120
"""How much of a statement's own sentence is read."""
MAX_AROUND = 50
"""How much of each sentence around it is read."""
OWN, HEADLINE, NEXT = 0, 3, 4
"""How the network numbers a sentence's place; 1 and 2 are so many sentences before the statement's own."""
DISTANCES = 5
REACH = 15
"""How far from its trigger a token's place is told apart."""
TOKEN_KEYS = 10
"""How many keys of a token are read."""
NAME_KEYS = 7
"""How many keys a name has at most."""
UNKNOWN = 0
_STEM, _ENDING = 5, 3


@dataclass(frozen=True)
class Stretch:
    """A sentence as part of a window: how far from the statement's own, and how many tokens are read."""

    view: SentenceView
    distance: int
    length: int


Window = list[Stretch]
"""What is read of a statement's context, in the order of reading."""


def window_of(views: Sequence[SentenceView], index: int) -> Window:
    """Return the sentences that are read with the sentence at `index`: the headline first."""
    places = [(HEADLINE, 0)] if index > 2 else []
    places += [(back, index - back) for back in (2, 1) if index >= back]
    places.append((OWN, index))
    if index + 1 < len(views):
        places.append((NEXT, index + 1))
    return [
        Stretch(views[place], distance, min(len(views[place].words), _most(distance)))
        for distance, place in places
    ]


def _most(distance: int) -> int:
    return MAX_TOKENS if distance == OWN else MAX_AROUND


def start_of(window: Window, distance: int = OWN) -> int:
    """Return where in a window a sentence starts, the statement's own by default, counted in tokens."""
    start = 0
    for stretch in window:
        if stretch.distance == distance:
            return start
        start += stretch.length
    raise ValueError(f"a window without a sentence at {distance}")


class Part(NamedTuple):
    """Where a sentence lies in a window: how far from the statement's own, first token, how many tokens."""

    distance: int
    start: int
    length: int


@dataclass(frozen=True)
class Read:
    """A statement as the network sees it: shapes (tokens of the window, 2 * hidden) and (2 * hidden,)."""

    states: Array
    summary: Array
    parts: dict[int, Part]
    """Number of a sentence in the article to its part of the window."""
    anchor: Array
    """The state at the trigger."""


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


def far_name_keys(view: SentenceView, trigger: Trigger, position: int, distance: int) -> list[str]:
    """Name where a name of another sentence stands there, what kind of name it is and its last word."""
    mention = view.sentence.tokens[position].mention
    words = entity_of(mention).lower().split() if mention else []
    first = position == view.sentence.names[0]
    return [
        f"far={distance}", f"far={distance}|{trigger.concept}", f"first={first}|{distance}",
        f"label={view.word(position)}", f"own={words[-1] if words else ''}",
    ]  # fmt: skip


def statement_keys(view: SentenceView, trigger: Trigger) -> list[str]:
    """Name the trigger's concept and the language."""
    return [f"concept={trigger.concept}", f"lang={view.reading.language}"]


def type_key(kind: str) -> str:
    """Name the type of a deal."""
    return f"type={kind}"


def offsets_of(window: Window, trigger: Trigger) -> list[int]:
    """Number the place of every token of a window towards the trigger, from 0 to 2 * REACH."""
    anchor = start_of(window) + trigger.anchor
    count = sum(stretch.length for stretch in window)
    return [max(-REACH, min(REACH, position - anchor)) + REACH for position in range(count)]


def marks_of(window: Window, trigger: Trigger) -> list[int]:
    """Mark the tokens of the trigger in a window with 1, others with 0."""
    return [
        int(stretch.distance == OWN and position in trigger.tokens)
        for stretch in window
        for position in range(stretch.length)
    ]


def distances_of(window: Window) -> list[int]:
    """Number the sentence of every token of a window."""
    return [stretch.distance for stretch in window for _ in range(stretch.length)]


FORMAT = 2


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

    def read(self, statements: Sequence[tuple[Window, Trigger]]) -> list[Read]:
        """Read statements in their context; each takes one batch row."""
        if not statements:
            return []
        embedded = [self._embed(window, trigger) for window, trigger in statements]
        lengths = np.array([len(each) for each in embedded])
        batch = np.zeros((len(embedded), lengths.max(), embedded[0].shape[1]), dtype=np.float32)
        for row, each in enumerate(embedded):
            batch[row, : len(each)] = each
        # Reading backwards starts at each window's own end.
        backwards = np.maximum(lengths[:, None] - 1 - np.arange(batch.shape[1])[None, :], 0)[:, :, None]
        ahead = self._run(batch, "ahead")
        back = self._run(np.take_along_axis(batch, backwards, axis=1), "back")
        states = np.concatenate([ahead, np.take_along_axis(back, backwards, axis=1)], axis=2)
        return [
            _read_of(states[row, : lengths[row]], window, trigger)
            for row, (window, trigger) in enumerate(statements)
        ]

    def _embed(self, window: Window, trigger: Trigger) -> Array:
        weights = self.weights
        known = np.concatenate([_token_rows(self, each.view)[: each.length] for each in window])
        whole = self.embed(statement_keys(window[0].view, trigger))
        embedded: Array = (
            known
            + weights["offset"][offsets_of(window, trigger)]
            + weights["mark"][marks_of(window, trigger)]
            + weights["distance"][distances_of(window)]
            + whole
        )
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
        """Return how likely each name of the sentence is on each side: shape (names, len(SIDES))."""
        keys = [name_keys(view, trigger, position) for position in positions]
        index = view.sentence.index
        return self._sides(read, view, trigger, kind, [(index, position) for position in positions], keys)

    def far_sides(
        self,
        read: Read,
        view: SentenceView,
        trigger: Trigger,
        kind: str,
        places: Sequence[tuple[SentenceView, int]],
    ) -> Array:
        """Return the same of names of other sentences of the window, which `sees` must hold for."""
        keys = [
            far_name_keys(other, trigger, position, read.parts[other.sentence.index].distance)
            for other, position in places
        ]
        at = [(other.sentence.index, position) for other, position in places]
        return self._sides(read, view, trigger, kind, at, keys)

    def _sides(
        self,
        read: Read,
        view: SentenceView,
        trigger: Trigger,
        kind: str,
        places: Sequence[tuple[int, int]],
        keys: Sequence[Sequence[str]],
    ) -> Array:
        whole = self.embed([*statement_keys(view, trigger), type_key(kind)])
        shared = np.concatenate([read.anchor, read.summary, whole])
        rows = [
            np.concatenate([_state_at(read, index, position), shared, self.embed_name(own)])
            for (index, position), own in zip(places, keys, strict=True)
        ]
        return self._answer(np.stack(rows), "side")

    def statuses(self, read: Read, view: SentenceView, trigger: Trigger, kind: str) -> Array:
        """Return how likely each status is, for a type of deal: shape (len(STATUSES),)."""
        whole = self.embed([*statement_keys(view, trigger), type_key(kind)])
        first: Array = self._answer(np.concatenate([read.anchor, read.summary, whole])[None, :], "status")[0]
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


def sees(read: Read, index: int, position: int) -> bool:
    """Tell whether a token of a sentence of the article lies in the window of a statement."""
    return index in read.parts and position < read.parts[index].length


def _read_of(states: Array, window: Window, trigger: Trigger) -> Read:
    parts, start = {}, 0
    for stretch in window:
        parts[stretch.view.sentence.index] = Part(stretch.distance, start, stretch.length)
        start += stretch.length
    own = next(part for part in parts.values() if part.distance == OWN)
    anchor = states[own.start + min(trigger.anchor, own.length - 1)]
    return Read(states, states[own.start : own.start + own.length].max(axis=0), parts, anchor)


def _state_at(read: Read, index: int, position: int) -> Array:
    part = read.parts[index]
    state: Array = read.states[part.start + min(position, part.length - 1)]
    return state


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
