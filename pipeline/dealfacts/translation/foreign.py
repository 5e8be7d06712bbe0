"""Tell sentences that are already in English from those that are not."""

from __future__ import annotations

import re
from functools import cache

from dealfacts.lang import lang_data

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
MIN_WORDS = 4


@cache
def _telling_words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the function words of English and of a language, without those that both have."""
    english = frozenset(lang_data("en", "translation.toml")["function_words"])
    other = frozenset(lang_data(language, "translation.toml")["function_words"])
    return english - other, other - english


def is_english(sentence: str, language: str) -> bool:
    """Tell whether a sentence of an article in another language is written in English.

    The function words decide: at least two English ones, and three times as many as of the article's
    own language. A sentence of three words or fewer, or of names only, is taken to be the article's.

    Args:
        sentence: one sentence.
        language: the article's language.

    >>> is_english("We will invest a large amount of money in the company.", "nl")
    True
    >>> is_english("Nvidia is een partner van de start-up.", "nl")
    False
    """
    words = [word.lower() for word in _WORD.findall(sentence)]
    if len(words) < MIN_WORDS:
        return False
    english, other = _telling_words(language)
    ours = sum(word in english for word in words)
    theirs = sum(word in other for word in words)
    return ours >= 2 and ours >= 3 * theirs
