"""Mend small slips of English in a translation: words said twice, `a` for `an`, odd spaces."""

from __future__ import annotations

import re
from functools import cache

from dealfacts.lang import lang_data

# One to three words that come again at once; placeholders and figures are no words.
_TWICE = re.compile(
    r"(?<![\w<>'’-])((?:[^\W\d_]+(?:['’]s)?)(?: [^\W\d_]+(?:['’]s)?){0,2})(?: \1)+(?![\w'’-])"
)
_SPACE_BEFORE = re.compile(r" +(?=[,.;:!?)\]](?:\s|$))")
_SPACE_AFTER = re.compile(r"(?<=[(\[¿¡]) +")
_LOOSE_HYPHEN = re.compile(r"(?<=[\w>]) -(?=[^\W\d_])")
_GLUED_ACRONYM = re.compile(r"\b([A-Z]{2,})([a-z]{3,})\b")
_ARTICLE = re.compile(r"\b([Aa])(n?) (?=([^\W\d_]{2,}))")
_VOWELS = "aeio"
_UNSURE = "uh"
"""First letters that do not tell how a word begins to sound: a university, an umbrella, an hour."""


def polish(source: str, output: str) -> str:
    """Mend an English sentence, placeholders included; figures, dates and names are not touched.

    Args:
        source: the sentence it was translated from; what is said twice there may be said twice.
        output: the translation.

    >>> polish("Het is een aanbod", "It is a offer offer .")
    'It is an offer.'
    """
    if not _TWICE.search(source):
        output = _TWICE.sub(_once, output)
    output = _SPACE_AFTER.sub("", _SPACE_BEFORE.sub("", output))
    if not _LOOSE_HYPHEN.search(source):
        output = _LOOSE_HYPHEN.sub("-", output)
    output = _GLUED_ACRONYM.sub(
        lambda match: f"{match[1]} {match[2]}" if f"{match[1]}-" in source else match[0], output
    )
    return _ARTICLE.sub(_article, output)


def article_fits(article: str, word: str) -> str:
    """Return `a` or `an`, whichever the first letters of a word ask for, or the article as it is.

    >>> article_fits("a", "offer"), article_fits("an", "European"), article_fits("an", "hour")
    ('an', 'a', 'an')
    """
    first = word[:1].lower()
    if first in _UNSURE or word[1:2].isupper() or not first.isascii():
        return article
    is_vowel = first in _VOWELS and not word.lower().startswith(_consonant_starts())
    return article[0] + ("n" if is_vowel else "")


def _article(match: re.Match[str]) -> str:
    return article_fits(match[1] + match[2], match[3]) + " "


def _once(match: re.Match[str]) -> str:
    is_loop = len(match[0]) > 2 * len(match[1]) + 1  # more than a slip: the guard sees to it
    return match[0] if is_loop or match[1].lower() in _doubles() else match[1]


@cache
def _doubles() -> frozenset[str]:
    return frozenset(lang_data("en", "translation.toml")["doubles"])


@cache
def _consonant_starts() -> tuple[str, ...]:
    return tuple(lang_data("en", "translation.toml")["consonant_starts"])
