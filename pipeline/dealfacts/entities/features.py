"""What the name model sees of each token: its form, the known names it is part of, and its document.

Beside the usual word, affixes and shape there are hints from the gazetteer, and two that look at the
whole document: how the same word is written elsewhere in it (a word that is also written small is rarely
a name), and whether its line says anything by capitals at all (headlines in capitals or title case do
not).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]

from dealfacts.entities.gazetteer import PHRASE_CLASSES, PhraseTable, phrases, words
from dealfacts.entities.tokens import token_spans

COLUMNS = (
    "norm",
    "prefix2",
    "prefix4",
    "suffix2",
    "suffix3",
    "suffix4",
    "shape",
    "phrase",
    "word_class",
    "elsewhere",
    "place_in_line",
)
PHRASE_COLUMN = COLUMNS.index("phrase")

Matrix = NDArray[np.uint64]

_DIGIT = re.compile(r"\d")
_SENTENCE_END = frozenset(".!?:…")
_OPENING = frozenset("\"'“‘«‹(¿¡[")
_WORD_COLUMNS = 7
_CACHE_LIMIT = 200_000
_word_cache: dict[str, tuple[int, ...]] = {}


def shape_of(word: str) -> str:
    """Write a word's shape, runs shortened: `Nvidia` is `Xx`, `OpenAI` `XxX`, `bol.com` `x.x`, `H100` `Xd`.

    >>> shape_of("OpenAI"), shape_of("1.500,25")
    ('XxX', 'd.d,d')
    """
    shape: list[str] = []
    for character in word[:40]:
        if character.isalpha():
            sign = "X" if character.isupper() else "x"
        elif character.isdigit():
            sign = "d"
        else:
            sign = character
        if not shape or shape[-1] != sign:
            shape.append(sign)
    return "".join(shape[:8])


def plain(word: str) -> str:
    """Write the typographic apostrophe as the plain one."""
    return word.replace("’", "'")


def _word_features(word: str) -> tuple[int, ...]:
    found = _word_cache.get(word)
    if found is None:
        norm = _DIGIT.sub("0", plain(word).lower())[:40]
        single = "1" if len(word) == 1 else ""
        found = tuple(
            hash_string(name)
            for name in (
                norm,
                "p" + norm[:2],
                "P" + norm[:4],
                "s" + norm[-2:],
                "S" + norm[-3:],
                "Z" + norm[-4:],
                "x" + shape_of(word) + single,
            )
        )
        if len(_word_cache) >= _CACHE_LIMIT:
            _word_cache.clear()
        _word_cache[word] = found
    return found


@cache
def _tables() -> tuple[PhraseTable, PhraseTable]:
    """Return the known names as written, and all in small letters (for lines that show no case)."""
    known = [
        (
            tuple(plain(name[start:end]) for start, end in token_spans(name)),
            1 << PHRASE_CLASSES.index(name_class),
        )
        for name, name_class in phrases()
    ]
    lower = [(tuple(token.lower() for token in tokens), bit) for tokens, bit in known]
    return PhraseTable(known), PhraseTable(lower)


@cache
def _lower_words() -> dict[str, int]:
    lower: dict[str, int] = {}
    for word, bits in words().items():
        lower[word.lower()] = lower.get(word.lower(), 0) | bits
    return lower


def token_features(tokens: Sequence[str]) -> Matrix:
    """Compute the features of a document's tokens.

    Args:
        tokens: the tokens in order, white-space tokens included.

    Returns:
        A matrix of hashes, a row a token, the columns of `COLUMNS`.
    """
    matrix = np.empty((len(tokens), len(COLUMNS)), dtype=np.uint64)
    lines = _line_kinds(tokens)
    phrase = phrase_column(tokens, lines)
    places = _places_in_line(tokens, lines)
    elsewhere = _elsewhere(tokens, places)
    word_bits, lower_bits = words(), _lower_words()
    for index, token in enumerate(tokens):
        bits = word_bits.get(token, 0) if lines[index] != _NO_CASE else lower_bits.get(token.lower(), 0)
        matrix[index, :_WORD_COLUMNS] = _word_features(token)
        matrix[index, _WORD_COLUMNS:] = (phrase[index], bits + 1, elsewhere[index], places[index])
    return matrix


def phrase_column(
    tokens: Sequence[str], lines: Sequence[int] | None = None, without: int = 0
) -> NDArray[np.uint64]:
    """Mark the tokens that known names cover: classes, and whether the token is the first of the name.

    Args:
        tokens: the tokens of a document.
        lines: the kind of line of each token, computed when left out.
        without: bits of classes to leave out (for training, so that the model does not lean on them).
    """
    lines = _line_kinds(tokens) if lines is None else lines
    exact, lower = _tables()
    written = [plain(token) for token in tokens]
    small = [token.lower() for token in written]
    column = np.ones(len(tokens), dtype=np.uint64)
    index = 0
    while index < len(tokens):
        caseless = lines[index] == _NO_CASE
        found = lower.match(small, index) if caseless else exact.match(written, index)
        length, bits = found if found is not None else (1, 0)
        bits &= ~without
        if bits:
            column[index] = 2 + 2 * bits
            column[index + 1 : index + length] = 3 + 2 * bits
        index += length
    return column


_MIXED, _NO_CASE, _TITLE_CASE = 0, 1, 2


def _line_kinds(tokens: Sequence[str]) -> list[int]:
    """Tell for each token whether its line is in mixed case, shows no case, or is in title case."""
    kinds: list[int] = []
    start = 0
    for index in range(len(tokens) + 1):
        if index == len(tokens) or "\n" in tokens[index]:
            end = min(index + 1, len(tokens))
            kinds.extend([_line_kind(tokens[start:end])] * (end - start))
            start = end
    return kinds


def _line_kind(line: Sequence[str]) -> int:
    long_words = [token for token in line if len(token) >= 4 and token.isalpha()]
    if len(long_words) < 2:
        return _MIXED
    small = sum(token.islower() for token in long_words)
    if small == len(long_words) or sum(token.isupper() for token in long_words) > 0.7 * len(long_words):
        return _NO_CASE
    return _TITLE_CASE if small <= 0.25 * len(long_words) and len(long_words) >= 3 else _MIXED


def _places_in_line(tokens: Sequence[str], lines: Sequence[int]) -> list[int]:
    """Number where each token stands: at the start of a line or sentence, after a sign, or inside."""
    places: list[int] = []
    state = 1
    for token, kind in zip(tokens, lines, strict=True):
        places.append(1 + state + 4 * kind)
        if "\n" in token:
            state = 1
        elif token in _SENTENCE_END:
            state = 2
        elif token in _OPENING:
            state = max(state, 3) if state != 0 else 3
        elif token.strip():
            state = 0
    return places


def _elsewhere(tokens: Sequence[str], places: Sequence[int]) -> list[int]:
    """Number how the same word is written at other, telling places of the document."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for token, place in zip(tokens, places, strict=True):
        # Only the inside of sentences in mixed case tells: elsewhere a capital is bound to come.
        if token.islower():
            small[token] += 1
        elif place == 1 and token[0].isupper():
            capital[token.lower()] += 1
    found: list[int] = []
    for token, place in zip(tokens, places, strict=True):
        low = token.lower()
        own_small = token.islower()
        others_small = small[low] - own_small
        others_capital = capital[low] - (place == 1 and token[:1].isupper())
        found.append(1 + (others_small > 0) + 2 * (others_capital > 0))
    return found
