"""Syntax: which word of a sentence hangs from which, in the relations of Universal Dependencies.

A deep biaffine parser (Dozat and Manning, 2017) over a bidirectional LSTM. It reads sentences as the deal
finder does, with names and figures as one token each. Trained with torch by `scripts/train_parser.py`, it
runs here in plain numpy. Heads are chosen word by word: what comes out is nearly always a tree, not by
construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.lexicon import Lexicon
from dealfacts.deals.lstm import read_both_ways
from dealfacts.deals.packing import keys_by_row, load_packed, pack_weights, rows_of_keys, unpack_weights
from dealfacts.deals.sums import sum_keys
from dealfacts.models import find_model

Array = NDArray[np.float32]

MODEL, WEIGHTS = "parser", "parser.bin"
FORMAT = 1
MOST_TOKENS = 100
"""How much of a sentence is parsed."""
ROOT = "root"
_STEM, _ENDING, _LONG_ENDING = 5, 2, 3


@dataclass(frozen=True)
class Arcs:
    """The dependencies of a sentence: for each parsed token its head (-1 at the root) and its relation."""

    heads: tuple[int, ...]
    relations: tuple[str, ...]

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """The tokens that hang from a token, in order."""
        found: dict[int, list[int]] = {}
        for place, head in enumerate(self.heads):
            found.setdefault(head, []).append(place)
        return found

    def upwards(self, place: int) -> list[int]:
        """Return a token, its head, the head of that, and so on; a ring ends it."""
        chain = [place]
        while (head := self.heads[chain[-1]]) >= 0 and head not in chain:
            chain.append(head)
        return chain


def word_keys(lexicon: Lexicon, word: str) -> list[str]:
    """Name a word: itself, its stem and endings in its language, and its function as a preposition."""
    language, functions = lexicon.language, lexicon.prepositions.get(word, ())
    keys = [f"w={language}:{word}", f"fn={language}:{'/'.join(functions) or '-'}"]
    if not word.startswith("<"):
        keys += [
            f"p={language}:{word[:_STEM]}",
            f"s={language}:{word[-_LONG_ENDING:]}",
            f"e={language}:{word[-_ENDING:]}",
        ]
    return keys


class Parser:
    """The trained parser.

    Args:
        keys: key of a word to its row of the `embedding`; row 0 stands for unknown keys.
        relations: the relations, in the order of the scores.
        weights: arrays by name, as `scripts/train_parser.py` exports them.
    """

    def __init__(self, keys: dict[str, int], relations: Sequence[str], weights: dict[str, Array]) -> None:
        self.keys = keys
        self.relations = tuple(relations)
        self.weights = weights

    @property
    def width(self) -> int:
        """How many numbers describe a token that was read."""
        return 2 * len(self.weights["1 ahead inner"])

    def read(self, sentences: Sequence[Sequence[Sequence[str]]]) -> list[Array]:
        """Read sentences, each given as the keys of its tokens; what follows `MOST_TOKENS` is left out.

        Returns:
            The states of each sentence: shape (1 + tokens, width), the root first.
        """
        if not sentences:
            return []
        states = self._embed([sentence[:MOST_TOKENS] for sentence in sentences])
        for layer in (0, 1):
            states = read_both_ways(states, self.weights, f"{layer} ")
        return states

    def parse(self, sentences: Sequence[Sequence[Sequence[str]]]) -> list[Arcs]:
        """Parse sentences, each given as the keys of its tokens; what follows `MOST_TOKENS` is left out."""
        return self.arcs_of(self.read(sentences))

    def _embed(self, sentences: Sequence[Sequence[Sequence[str]]]) -> list[Array]:
        """Return arrays of shape (1 + tokens, width): the root stands first."""
        listed = (keys for sentence in sentences for keys in sentence)
        words = sum_keys(self.weights["embedding"], self.keys, listed)
        ends = np.cumsum([len(sentence) for sentence in sentences])
        root = self.weights["root"][None, :]
        return [np.concatenate([root, each]) for each in np.split(words, ends[:-1])]

    def arcs_of(self, states: list[Array]) -> list[Arcs]:
        """Choose head and relation of every token of sentences that were read."""
        if not any(len(each) > 1 for each in states):
            return [Arcs((), ()) for _ in states]
        together = np.concatenate(states)
        starts = np.cumsum([0, *map(len, states)])[:-1]
        head, dependent = (self._project(together, f"arc {side}") for side in ("head", "dependent"))
        asking: Array = _with_one(dependent) @ self.weights["arc"]
        heads = [
            _best_heads(asking[start : start + len(each)] @ head[start : start + len(each)].T)
            for start, each in zip(starts, states, strict=True)
        ]
        tokens = np.concatenate(
            [start + 1 + np.arange(len(own)) for start, own in zip(starts, heads, strict=True)]
        )
        chosen = np.concatenate([start + own for start, own in zip(starts, heads, strict=True)])
        relations = iter(self._relations(together, tokens, chosen))
        return [
            Arcs(tuple(int(head) - 1 for head in own), tuple(islice(relations, len(own)))) for own in heads
        ]

    def _relations(self, states: Array, tokens: NDArray[np.intp], heads: NDArray[np.intp]) -> list[str]:
        """Choose the relation of each token to its head, both given as rows of the states."""
        weights = self.weights["relation"]
        head, dependent = (
            _with_one(self._project(states, f"relation {side}")) for side in ("head", "dependent")
        )
        asking = dependent[tokens] @ weights.transpose(1, 0, 2).reshape(weights.shape[1], -1)
        scores = np.einsum("trj,tj->tr", asking.reshape(len(tokens), len(weights), -1), head[heads])
        return [self.relations[best] for best in scores.argmax(axis=1)]

    def _project(self, states: Array, name: str) -> Array:
        projected: Array = np.maximum(states @ self.weights[name] + self.weights[f"{name} bias"], 0)
        return projected


def _best_heads(scores: Array) -> NDArray[np.intp]:
    """Return the row of the best head of every token but the root, which no token is of itself."""
    np.fill_diagonal(scores, -np.inf)
    best: NDArray[np.intp] = scores[1:].argmax(axis=1)
    return best


def _with_one(rows: Array) -> Array:
    return np.concatenate([rows, np.ones((len(rows), 1), dtype=np.float32)], axis=1)


def pack(parser: Parser) -> bytes:
    """Write the parser as bytes: its keys in order of their rows, then its weights."""
    header = {"format": FORMAT, "keys": keys_by_row(parser.keys), "relations": parser.relations}
    return pack_weights(header, parser.weights)


def unpack(content: bytes) -> Parser:
    """Read the parser back from bytes that `pack` wrote.

    Raises:
        ValueError: when the bytes are of another format.
    """
    header, weights = unpack_weights(content, FORMAT)
    return Parser(rows_of_keys(header["keys"]), header["relations"], weights)


@cache
def load_parser(folder: Path | None = None) -> Parser:
    """Load the parser.

    Args:
        folder: where it is; by default the shipped model `parser`.

    Raises:
        ModelError: when the model is missing or damaged.
    """
    return load_packed(
        folder or find_model(MODEL), "a parser", lambda where: unpack((where / WEIGHTS).read_bytes())
    )
