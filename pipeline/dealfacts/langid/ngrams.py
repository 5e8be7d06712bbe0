"""langdetect's reading of a text (Shuyo 2010) in a fraction of the time, with the same figures.

Its n-grams never reach beyond a word, so each word is taken apart once; its sums over all languages are
left to numpy. The profiles of the languages, the constants and the seeded draws are langdetect's own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from langdetect import detector_factory
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

_SPACES = re.compile(" +")
_LATIN = re.compile("[A-z]")
_BEYOND_LATIN = re.compile("[\u0300-\U0010ffff]")
_TRIALS = 7
_NORMALISE_EVERY = 5
_KNOWN_WORDS = 100_000
"""How many words are remembered with their n-grams."""

Shares = NDArray[np.float64]


class NgramDetector:
    """Identify languages as langdetect does with the seed 0; load once, use for many. Not thread safe."""

    def __init__(self) -> None:
        detector_factory.init_factory()
        self._factory: Any = detector_factory._factory
        self._letters = _Letters()
        self._ngrams_of: dict[str, list[str]] = {}
        self._shares_of: dict[str, Shares] = {}
        self._random = random.Random()  # noqa: S311 - it draws n-grams

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of each likely language; empty when there is nothing to go by.

        >>> list(NgramDetector().probabilities("De overname wordt volgens beide bedrijven in mei afgerond."))
        ['nl']
        """
        ngrams = self._ngrams(self._cleaned(text))
        if not ngrams:
            return {}
        # The draws are random: with a fixed seed a text gets the same answer every time.
        self._random.seed(0)
        mean = np.zeros(len(self._factory.langlist))
        for _ in range(_TRIALS):
            mean += self._trial(ngrams) / _TRIALS
        found = zip(self._factory.langlist, mean.tolist(), strict=True)
        likely = [(lang, share) for lang, share in found if share > Detector.PROB_THRESHOLD]
        return dict(sorted(likely, key=lambda item: item[1], reverse=True))

    def _cleaned(self, text: str) -> str:
        """Leave out addresses, and Latin letters where most are of another script."""
        if "http" in text:
            text = Detector.URL_RE.sub(" ", text)
        if "@" in text:
            text = Detector.MAIL_RE.sub(" ", text)
        text = _SPACES.sub(" ", NGram.normalize_vi(text))
        if 2 * len(_LATIN.findall(text)) >= len(_BEYOND_LATIN.findall(text)):
            return text
        whole: Any = self._factory.create()
        whole.text = text
        whole.cleaning_text()
        cleaned: str = whole.text
        return cleaned

    def _ngrams(self, text: str) -> list[str]:
        """Return the n-grams of one to three letters that the profiles know, in the order of the text."""
        *words, last = text.translate(self._letters).split(" ")
        found: list[str] = []
        for word in words:
            if word:
                found += self._ngrams_of.get(word) or self._take_apart(word)
        return found + self._known_ngrams(last)

    def _take_apart(self, word: str) -> list[str]:
        if len(self._ngrams_of) >= _KNOWN_WORDS:
            self._ngrams_of.clear()
        found = self._ngrams_of[word] = self._known_ngrams(word + " ")
        return found

    def _known_ngrams(self, word: str) -> list[str]:
        """Return the known n-grams of a word with a space before it; none ends in the midst of capitals."""
        padded, known = " " + word, self._factory.word_lang_prob_map
        found = []
        for last in range(1, len(padded)):
            if padded[last].isupper() and padded[last - 1].isupper():
                continue
            for first in range(last, max(last - NGram.N_GRAM, -1), -1):
                ngram = padded[first : last + 1]
                if ngram != " " and ngram in known:
                    found.append(ngram)
        return found

    def _trial(self, ngrams: Sequence[str]) -> Shares:
        """Draw n-grams until one language is all but certain."""
        languages = len(self._factory.langlist)
        shares = np.full(languages, 1.0 / languages)
        alpha = Detector.ALPHA_DEFAULT + self._random.gauss(0.0, 1.0) * Detector.ALPHA_WIDTH
        weight = alpha / Detector.BASE_FREQ
        for step in range(Detector.ITERATION_LIMIT + 1):
            shares *= weight + self._shares(self._random.choice(ngrams))
            if step % _NORMALISE_EVERY == 0:
                # Added up one by one, as langdetect does: numpy's order of summation is another.
                shares /= sum(shares.tolist())
                if shares.max() > Detector.CONV_THRESHOLD:
                    break
        return shares

    def _shares(self, ngram: str) -> Shares:
        """Return how often an n-gram occurs in each language."""
        found = self._shares_of.get(ngram)
        if found is None:
            found = self._shares_of[ngram] = np.array(self._factory.word_lang_prob_map[ngram])
        return found


class _Letters(dict[int, str]):
    """Letters as langdetect takes them, worked out when they first occur."""

    def __missing__(self, letter: int) -> str:
        normal: str = NGram.normalize(chr(letter))
        self[letter] = normal
        return normal
