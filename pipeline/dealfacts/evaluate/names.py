"""When two names mean the same party: case, accents, legal forms and articles do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from dealfacts.evaluate.assignment import best_assignment
from dealfacts.lang import lang_data, languages

POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])(?!\w)", re.IGNORECASE)
_EXACT, _CONTAINED = 2.0, 1.0


@cache
def normal_name(name: str) -> tuple[str, ...]:
    """Reduce a name to the words that tell it apart.

    >>> normal_name("The Corvane Group N.V.’s")
    ('corvane',)
    """
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", POSSESSIVE.sub("", name))
        if not unicodedata.combining(char)
    )
    words = re.findall(r"\w+", re.sub(r"[./'’]", "", plain.casefold()).replace("&", " and "))
    articles, endings = _scoring_words("articles"), _scoring_words("legal_forms") | _scoring_words("generic")
    while len(words) > 1 and words[0] in articles | _scoring_words("generic"):
        words = words[1:]
    while len(words) > 1 and words[-1] in endings:
        words = words[:-1]
    return tuple(words)


@cache
def _scoring_words(key: str) -> frozenset[str]:
    return frozenset(
        re.sub(r"[./'’]", "", word.casefold())
        for language in languages()
        for word in lang_data(language, "scoring.toml")[key]
    )


def match_parties(gold: Sequence[Sequence[str]], predicted: Sequence[Iterable[str]]) -> list[tuple[int, int]]:
    """Pair gold parties with predicted ones, each known by any of its names.

    Names match when they are equal once reduced, or, after those, when one begins with all the
    words of the other (`Corvane` and `Corvane Semiconductor`).

    Args:
        gold: the parties, each a list of names.
        predicted: the parties, each its names.

    Returns:
        Index pairs (gold, predicted).
    """
    left = [{normal_name(name) for name in names} - {()} for names in gold]
    right = [{normal_name(name) for name in names} - {()} for names in predicted]
    return best_assignment([[_likeness(one, other) for other in right] for one in left])


def _likeness(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    if one & other:
        return _EXACT
    contained = any(a[: len(b)] == b or b[: len(a)] == a for a in one for b in other)
    return _CONTAINED if contained else 0.0
