"""Word pieces of Dutch and Spanish, and the vectors that they start from: those of their translations.

Minixhofer et al., 2022 (WECHSEL) begin a model of another language this way.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scripts.encoder.pairs import Links, Pair
from tokenizers import (  # type: ignore[import-not-found,unused-ignore]
    Tokenizer,
    models,
    pre_tokenizers,
    trainers,
)

from dealfacts.deals.encoder import plain

Array = NDArray[np.float32]

PIECES = 14_000
"""How many pieces a language has."""
LEAST = 3
"""How often a word must stand in the text to count for the pieces."""
_MOST_ALIKE = 3_000
"""A word counts at most so often when pieces are chosen."""
_TRANSLATIONS = 8
"""So many translations of a word make its vector."""
_UNKNOWN = "[UNK]"


@dataclass(frozen=True)
class Words:
    """The words of a language, in plain letters: how often each stands in the text, and what it becomes."""

    counts: Mapping[str, int]
    translations: Mapping[str, Counter[str]]


def count_words(pairs: Iterable[Pair], links: Iterable[Links]) -> Words:
    """Count words and their translations; names and figures, which are read as English, are no words."""
    counts: Counter[str] = Counter()
    translations: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pair, own in zip(pairs, links, strict=True):
        for place, word in enumerate(pair.words):
            if not (_may_be_name(pair.words, place) or any(map(str.isdigit, word))):
                counts[plain(word)] += pair.weight
        for place, english in own:
            translations[plain(pair.words[place])][pair.english[english].lower()] += pair.weight
    return Words(counts, translations)


def _may_be_name(words: Sequence[str], place: int) -> bool:
    """Say whether a word has a capital that no beginning of a sentence or quotation gives it."""
    return words[place][0].isupper() and place > 0 and words[place - 1] not in {".", ":", '"', "«", "“"}


def choose_pieces(counts: Mapping[str, int], size: int = PIECES) -> list[str]:
    """Choose word pieces (Schuster and Nakajima, 2012), those inside a word marked with `##`; sorted."""
    tokenizer = _tokenizer(models.WordPiece(unk_token=_UNKNOWN))
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=[_UNKNOWN], min_frequency=5, show_progress=False
    )
    common = {word: count for word, count in counts.items() if count >= LEAST}
    tokenizer.train_from_iterator(
        (" ".join([word] * min(count, _MOST_ALIKE)) for word, count in common.items()), trainer
    )
    return sorted(set(tokenizer.get_vocab()) - {_UNKNOWN})


def first_vectors(pieces: Sequence[str], words: Words, vector_of: Callable[[str], Array]) -> dict[str, Array]:
    """Give each piece the vector of the words that have it: a word's is the mean of its translations'.

    Args:
        pieces: of one language.
        words: its words.
        vector_of: the vector of an English word.

    Returns:
        The vector of each piece that some translated word has; a piece that is a whole word has that word's.
    """
    tokenizer = _tokenizer(
        models.WordPiece(
            {piece: row for row, piece in enumerate([_UNKNOWN, *pieces])}, unk_token=_UNKNOWN,
            max_input_chars_per_word=100,
        )
    )  # fmt: skip
    whole: dict[str, Array] = {}
    sums: dict[str, Array] = {}
    totals: dict[str, float] = {}
    for word, count in words.counts.items():
        if not (found := words.translations.get(word)):
            continue
        best = found.most_common(_TRANSLATIONS)
        total = sum(share for _, share in best)
        vector: Array = np.sum([share / total * vector_of(english) for english, share in best], axis=0)
        own = tokenizer.encode(word).tokens
        if len(own) == 1:
            whole[own[0]] = vector
        for piece in own:
            weight = math.log1p(count) / len(own)
            sums[piece] = sums.get(piece, 0) + weight * vector
            totals[piece] = totals.get(piece, 0) + weight
    return {piece: np.asarray(total / totals[piece], np.float32) for piece, total in sums.items()} | whole


def _tokenizer(model: models.WordPiece) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer
