"""A small recurrent network that reads a statement in its context, beside the log-linear scorers.

The scorers weigh features one by one; the network (a bidirectional LSTM, Hochreiter and Schmidhuber, 1997)
sees words, concepts and their order together: those of the statement's own sentence, of the headline, of
the two sentences before and of the next one, each word with what the parser (`syntax`) makes of it in its
sentence. It answers what the scorers answer: whether a trigger states a deal and of which type, on which side
names are, what figures and dates mean, and the status. The two err differently, so their geometric mean is
better than either. Trained with torch, it runs here in plain numpy, all statements of an article at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.features import SentenceView, magnitude_features
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.lstm import read_both_ways
from dealfacts.deals.packing import keys_by_row, pack_weights, rows_of_keys, unpack_weights
from dealfacts.deals.reading import Trigger, entity_of, sentences_around
from dealfacts.deals.sums import sum_keys

Array = NDArray[np.float32]

NONE = "none"
SIDES = (NONE, "A", "T", "S", "P", "L")
TYPES = (NONE, *sorted(concepts()["sides"]))
MEANINGS = (NONE, "amount", "valuation", "stake", "capacity",
            "announced", "completed", "expected_close", "start", "deployment")  # fmt: skip
"""What a figure or date may say of a deal."""
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
    window = []
    for place in sentences_around(index, len(views)):
        distance = _distance(place, index)
        most = MAX_TOKENS if distance == OWN else MAX_AROUND
        window.append(Stretch(views[place], distance, min(len(views[place].words), most)))
    return window


def _distance(place: int, index: int) -> int:
    """Number the place of a sentence towards a statement's own at `index`."""
    if place > index:
        return NEXT
    return min(index - place, HEADLINE)


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


Place = tuple[SentenceView, int]
"""A sentence and the position of a token in it."""


class Told(NamedTuple):
    """A statement that has been read, as telling of a deal of some type."""

    read: Read
    view: SentenceView
    trigger: Trigger
    kind: str


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


def _far_name_keys(told: Told, view: SentenceView, position: int) -> list[str]:
    distance = told.read.parts[view.sentence.index].distance
    return far_name_keys(view, told.trigger, position, distance)


def value_keys(
    view: SentenceView, trigger: Trigger, kind: str, other: SentenceView, position: int
) -> list[str]:
    """Name what a figure or date near a trigger is, how large or when, and in which sentence it stands."""
    token = other.sentence.tokens[position]
    offset = other.sentence.index - view.sentence.index
    return [
        f"value={token.word}|{offset}", f"value={token.word}|{trigger.concept}",
        *magnitude_features(view.reading, token, kind),
    ][:NAME_KEYS]  # fmt: skip


def statement_keys(view: SentenceView, trigger: Trigger) -> list[str]:
    """Name the trigger's concept and the language."""
    return [f"concept={trigger.concept}", f"lang={view.reading.language}"]


def type_key(kind: str) -> str:
    """Name the type of a deal."""
    return f"type={kind}"


def offsets_of(window: Window, trigger: Trigger) -> list[int]:
    """Number the place of every token of a window towards the trigger, from 0 to 2 * REACH."""
    anchor = start_of(window) + trigger.anchor
    places = np.arange(sum(stretch.length for stretch in window))
    offsets: list[int] = (np.clip(places - anchor, -REACH, REACH) + REACH).tolist()
    return offsets


def marks_of(window: Window, trigger: Trigger) -> list[int]:
    """Mark the tokens of the trigger in a window with 1, others with 0."""
    marks = [0] * sum(stretch.length for stretch in window)
    start = start_of(window)
    for token in trigger.tokens:
        if token < MAX_TOKENS:
            marks[start + token] = 1
    return marks


def distances_of(window: Window) -> list[int]:
    """Number the sentence of every token of a window."""
    distances: list[int] = []
    for stretch in window:
        distances += [stretch.distance] * stretch.length
    return distances


FORMAT = 5


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

    def embed(self, listed: Iterable[Sequence[str]]) -> Array:
        """Sum the embeddings of each list of keys of tokens or statements."""
        return sum_keys(self.weights["embedding"], self.words, listed)

    def embed_names(self, listed: Iterable[Sequence[str]]) -> Array:
        """Sum the embeddings of each list of keys of a name."""
        return sum_keys(self.weights["name"], self.names, listed)

    def read(self, statements: Sequence[tuple[Window, Trigger]]) -> list[Read]:
        """Read statements in their context, all at once."""
        if not statements:
            return []
        self._embed_tokens(stretch.view for window, _ in statements for stretch in window)
        wholes = self.embed(statement_keys(window[0].view, trigger) for window, trigger in statements)
        embedded = [
            self._embed_window(window, trigger, whole)
            for (window, trigger), whole in zip(statements, wholes, strict=True)
        ]
        return [
            _read_of(states, window, trigger)
            for states, (window, trigger) in zip(
                read_both_ways(embedded, self.weights), statements, strict=True
            )
        ]

    def _embed_tokens(self, views: Iterable[SentenceView]) -> None:
        """Sum what is known of the tokens of sentences, once a sentence."""
        fresh = list({id(view): view for view in views if view.embedded is None}.values())
        if not fresh:
            return
        counts = [min(len(view.words), MAX_TOKENS) for view in fresh]
        rows = self.embed(
            token_keys(view, position)
            for view, count in zip(fresh, counts, strict=True)
            for position in range(count)
        )
        states = [
            view.reading.states_of(view.sentence.index, count)
            for view, count in zip(fresh, counts, strict=True)
        ]
        rows += np.concatenate(states) @ self.weights["states"] + self.weights["states bias"]
        for view, own in zip(fresh, np.split(rows, np.cumsum(counts)[:-1]), strict=True):
            view.embedded = own

    def _embed_window(self, window: Window, trigger: Trigger, whole: Array) -> Array:
        weights = self.weights
        tokens = [each.view.embedded[: each.length] for each in window if each.view.embedded is not None]
        embedded: Array = (
            np.concatenate(tokens)
            + weights["offset"][offsets_of(window, trigger)]
            + weights["mark"][marks_of(window, trigger)]
            + weights["distance"][distances_of(window)]
            + whole
        )
        return embedded

    def sides(self, asked: Sequence[tuple[Told, Sequence[int]]]) -> Array:
        """Return how likely names of the statements' own sentences are on each side.

        Args:
            asked: statements, each with the positions of names.

        Returns:
            A row of len(SIDES) for each name, one statement's behind another's.
        """
        places = [(told, [(told.view, position) for position in positions]) for told, positions in asked]
        return self._ask_at(
            "side", places, lambda told, view, position: name_keys(view, told.trigger, position)
        )

    def far_sides(self, asked: Sequence[tuple[Told, Sequence[Place]]]) -> Array:
        """Return the same of names of other sentences of the windows, which `sees` must hold for."""
        return self._ask_at("side", asked, _far_name_keys)

    def meanings(self, asked: Sequence[tuple[Told, Sequence[Place]]]) -> Array:
        """Return what figures and dates likely mean, which `sees` must hold for: len(MEANINGS) a row."""
        return self._ask_at(
            "meaning",
            asked,
            lambda told, view, position: value_keys(told.view, told.trigger, told.kind, view, position),
        )

    def _ask_at(
        self,
        question: str,
        asked: Sequence[tuple[Told, Sequence[Place]]],
        keys_at: Callable[[Told, SentenceView, int], list[str]],
    ) -> Array:
        """Run a head over places of statements, whose keys a function names."""
        flat = [(told, *place) for told, places in asked for place in places]
        if not flat:
            return np.empty((0, len(self.weights[f"{question} bias"])), dtype=np.float32)
        states = [_state_at(told.read, view.sentence.index, position) for told, view, position in flat]
        counts = [len(places) for _, places in asked]
        shared = np.repeat(self._seen_as_told([told for told, _ in asked]), counts, axis=0)
        named = self.embed_names(keys_at(*each) for each in flat)
        return self._answer(np.concatenate([states, shared, named], axis=1), question)

    def types(self, read: Sequence[tuple[Read, SentenceView, Trigger]]) -> Array:
        """Return how likely triggers state a deal of each type, or none: shape (n, len(TYPES))."""
        if not read:
            return np.empty((0, len(TYPES)), dtype=np.float32)
        keys = [statement_keys(view, trigger) for _, view, trigger in read]
        return self._answer(self._seen([each for each, _, _ in read], keys), "type")

    def statuses(self, told: Sequence[Told]) -> Array:
        """Return how likely each status is, for statements of a type of deal: shape (n, len(STATUSES))."""
        return self._answer(self._seen_as_told(told), "status")

    def _seen_as_told(self, told: Sequence[Told]) -> Array:
        keys = [[*statement_keys(each.view, each.trigger), type_key(each.kind)] for each in told]
        return self._seen([each.read for each in told], keys)

    def _seen(self, reads: Sequence[Read], keys: Sequence[Sequence[str]]) -> Array:
        """Describe statements as a whole: their trigger, their sentence and their keys."""
        anchors, summaries = [read.anchor for read in reads], [read.summary for read in reads]
        return np.concatenate([np.stack(anchors), np.stack(summaries), self.embed(keys)], axis=1)

    def _answer(self, seen: Array, question: str) -> Array:
        """Run a head of the network over rows."""
        weights = self.weights
        inner = np.maximum(seen @ weights[f"{question} inner"] + weights[f"{question} inner bias"], 0)
        return _softmax(inner @ weights[question] + weights[f"{question} bias"])


def pack(network: Network) -> bytes:
    """Write the network as bytes: its keys in order of their rows, then its weights."""
    header = {"format": FORMAT, "words": keys_by_row(network.words), "names": keys_by_row(network.names)}
    return pack_weights(header, network.weights)


def unpack(content: bytes) -> Network:
    """Read the network back from bytes that `pack` wrote.

    Raises:
        ValueError: when the bytes are of another format.
    """
    header, weights = unpack_weights(content, FORMAT)
    return Network(rows_of_keys(header["words"]), rows_of_keys(header["names"]), weights)


def sees(read: Read, index: int, position: int) -> bool:
    """Tell whether a token of a sentence of the article lies in the window of a statement."""
    return index in read.parts and position < read.parts[index].length


def parts_of(window: Window) -> dict[int, Part]:
    """Return the place of each sentence of a window, by its number in the article."""
    parts, start = {}, 0
    for stretch in window:
        parts[stretch.view.sentence.index] = Part(stretch.distance, start, stretch.length)
        start += stretch.length
    return parts


def _read_of(states: Array, window: Window, trigger: Trigger) -> Read:
    parts = parts_of(window)
    own = next(part for part in parts.values() if part.distance == OWN)
    anchor = states[own.start + min(trigger.anchor, own.length - 1)]
    return Read(states, states[own.start : own.start + own.length].max(axis=0), parts, anchor)


def _state_at(read: Read, index: int, position: int) -> Array:
    part = read.parts[index]
    state: Array = read.states[part.start + min(position, part.length - 1)]
    return state


def _softmax(values: Array) -> Array:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares
