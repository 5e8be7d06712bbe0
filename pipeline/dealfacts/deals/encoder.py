"""Context: what each word means where it stands, as a small pre-trained transformer sees it.

Four layers of MiniLM (Wang et al., 2020), which knows English, with word pieces of Dutch and Spanish beside
the English ones; `scripts/train_encoder.py` taught these to give the states of the English words that they
translate. CTranslate2 runs it, in 8 bits.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dealfacts.errors import ModelError
from dealfacts.models import find_model

if TYPE_CHECKING:
    import ctranslate2

Array = NDArray[np.float32]

MODEL = "encoder"
VOCABULARY = "vocabulary.json"
MOST_PIECES = 250
"""How many pieces are read together: sentences that share a window are read in each other's light."""
_FIRST, _LAST, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_INSIDE = "##"
"""What the piece of a word starts with that does not stand at its beginning."""


class WordPieces:
    """The vocabulary: pieces of English words under their own names, of others as `nl:woord`, `es:##mente`.

    Args:
        pieces: in the order of their rows in the model's table.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self._rows = {piece: row for row, piece in enumerate(pieces)}
        self._known: dict[tuple[str, str, bool], tuple[int, ...]] = {}
        self.first, self.last, self.unknown = (self._rows[each] for each in (_FIRST, _LAST, _UNKNOWN))

    def of(self, word: str, language: str, *, starts: bool = False, names: bool = False) -> tuple[int, ...]:
        """Return the rows of the pieces of a word.

        Args:
            word: as it is written.
            language: the article's (`en`, `nl`, `es`).
            starts: whether its capital may be that of a sentence.
            names: whether it is part of a name, which is read as English whatever the language.
        """
        if not names and language != "en":
            named = word[:1].isupper() and not starts and f"{language}:{plain(word)}" not in self._rows
            names = named or not any(map(str.isalpha, word)) or any(map(str.isdigit, word))
        key = (word, language, names)
        if key not in self._known:
            own = [] if names or language == "en" else self._split(plain(word), f"{language}:")
            self._known[key] = tuple(own or self._in_english(word))
        return self._known[key]

    def _in_english(self, word: str) -> list[int]:
        """Split as English, where a mark is a word of its own."""
        return [row for part in _parts(plain(word)) for row in self._split(part, "") or [self.unknown]]

    def _split(self, word: str, prefix: str) -> list[int]:
        """Split a word into the longest pieces there are, from its start; empty where that cannot be done."""
        rows: list[int] = []
        start = 0
        while start < len(word):
            mark = prefix + (_INSIDE if start else "")
            ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in self._rows)
            end = next(ends, None)
            if end is None:
                return []
            rows.append(self._rows[mark + word[start:end]])
            start = end
        return rows


def plain(word: str) -> str:
    """Return a word in lower case, without accents, as the vocabulary of BERT has it."""
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


def _parts(word: str) -> list[str]:
    """Part letters and digits from marks, each of which stands alone.

    >>> _parts("l'oreal"), _parts("42.5%")
    (['l', "'", 'oreal'], ['42', '.', '5', '%'])
    """
    parts: list[str] = []
    for place, sign in enumerate(word):
        if place and sign.isalnum() and word[place - 1].isalnum():
            parts[-1] += sign
        elif not sign.isspace():
            parts.append(sign)
    return parts


class Encoder:
    """The encoder: a folder with the model as CTranslate2 has it.

    Args:
        folder: `model.bin`, `config.json` and `vocabulary.json`.

    Raises:
        ModelError: when something of it is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            pieces = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
            self.pieces = WordPieces(pieces)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{folder}: not an encoder ({error}); reinstall dealfacts") from error

    @cached_property
    def _model(self) -> ctranslate2.Encoder:
        import ctranslate2  # noqa: PLC0415 - takes a second

        try:
            return ctranslate2.Encoder(str(self._folder), device="cpu", inter_threads=1, intra_threads=1)
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"{self._folder}: not an encoder ({error}); reinstall dealfacts") from error

    @cached_property
    def width(self) -> int:
        """How many numbers describe a token."""
        width: int = self.read([[(self.pieces.unknown,)]])[0].shape[1]
        return width

    def read(self, sentences: Sequence[Sequence[Sequence[int]]]) -> list[Array]:
        """Read sentences of an article, each given as the pieces of its tokens.

        Returns:
            An array of shape (tokens, width) a sentence: of each token the mean over its pieces; zeros for a
            token that has none, or that stands behind `MOST_PIECES` pieces of its sentence.
        """
        if not sentences:
            return []
        windows = windows_of([sum(map(len, sentence)) for sentence in sentences])
        rows = [
            [row for number in window for token in sentences[number] for row in token][:MOST_PIECES]
            for window in windows
        ]
        framed = [[self.pieces.first, *window, self.pieces.last] for window in rows]
        states = np.asarray(self._model.forward_batch(framed).last_hidden_state, dtype=np.float32)
        return [
            mean
            for window, seen in zip(windows, states, strict=True)
            for mean in _means([sentences[number] for number in window], seen[1 : MOST_PIECES + 1])
        ]


def windows_of(sizes: Sequence[int]) -> list[list[int]]:
    """Part sentences, given by how many pieces they have, into runs that are read together.

    >>> windows_of([100, 100, 100, 400, 20])
    [[0, 1], [2], [3], [4]]
    """
    windows: list[list[int]] = []
    held = MOST_PIECES + 1
    for number, size in enumerate(sizes):
        if held + size > MOST_PIECES:
            windows.append([])
            held = 0
        windows[-1].append(number)
        held += size
    return windows


def _means(sentences: Sequence[Sequence[Sequence[int]]], states: Array) -> list[Array]:
    """Return the mean state of each token of sentences that were read one behind the other."""
    counts = np.array([len(token) for sentence in sentences for token in sentence], dtype=np.intp)
    owners = np.repeat(np.arange(len(counts)), counts)[: len(states)]
    sums = np.zeros((len(counts), states.shape[1]), dtype=np.float32)
    np.add.at(sums, owners, states[: len(owners)])
    read = np.bincount(owners, minlength=len(counts)).clip(1)
    ends = np.cumsum([len(sentence) for sentence in sentences])
    return np.split(sums / read[:, None].astype(np.float32), ends[:-1])


@cache
def load_encoder(folder: Path | None = None) -> Encoder:
    """Load the encoder.

    Args:
        folder: where it is; by default the shipped model `encoder`.

    Raises:
        ModelError: when the model is missing or damaged.
    """
    return Encoder(folder or find_model(MODEL))
