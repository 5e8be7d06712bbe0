"""Read shares told as fractions (`a quarter of Acme`, `een derde belang`) as percentages.

Only fractions of a company or its shares count: `half of the voters` and `half of its stake` say nothing of
a stake's size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_MOST_BETWEEN = 3
"""How many determiners may stand before what the fraction is of."""
_COMPANIES = ("<org", "<nominal", "<pronoun", "<product")


@dataclass(frozen=True)
class Fractions:
    """The fractions of a language, compiled from `[fractions]` of its `deals.toml`."""

    values: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    """Words to the percentage they stand for."""
    complete: frozenset[tuple[str, ...]] = frozenset()
    """Those that say themselves what they are a share of: `all the shares`."""
    of: frozenset[str] = frozenset()
    stakes: frozenset[str] = frozenset()
    """What may follow the fraction itself: `a one-third stake`."""
    wholes: frozenset[str] = frozenset()
    """What a fraction may be of, beside a named company: `half of the shares`."""
    determiners: frozenset[str] = frozenset()

    @classmethod
    def of_data(cls, data: Mapping[str, Any], determiners: frozenset[str]) -> Fractions:
        """Compile the data of a language."""
        complete = _by_words(data["complete"])
        values = _by_words(data["values"]) | complete
        words = {name: frozenset(data[name]) for name in ("of", "stakes", "wholes")}
        return cls(values, frozenset(complete), determiners=determiners - words["of"], **words)

    def find(self, words: Sequence[str]) -> list[tuple[int, int, str]]:
        """Find the fractions of companies in a sentence: first token, the token after it, percentage.

        Args:
            words: lower case, with names as `<org>` and the like.
        """
        found = []
        start = 0
        while start < len(words):
            end, percent = self._phrase_at(words, start)
            if percent and (tuple(words[start:end]) in self.complete or self._speaks_of_shares(words, end)):
                found.append((start, end, percent))
                start = end
            else:
                start += 1
        return found

    def _phrase_at(self, words: Sequence[str], start: int) -> tuple[int, str]:
        """Return where the longest fraction that starts at a token ends, and its percentage."""
        for length in self._lengths.get(words[start], ()):
            percent = self.values.get(tuple(words[start : start + length]))
            if percent:
                return start + length, percent
        return start, ""

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """The lengths that a fraction may have, the greatest first, by its first word."""
        lengths: dict[str, set[int]] = {}
        for phrase in self.values:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        return {word: sorted(found, reverse=True) for word, found in lengths.items()}

    def _speaks_of_shares(self, words: Sequence[str], position: int) -> bool:
        if position < len(words) and words[position] in self.stakes:
            return True
        has_of = position < len(words) and words[position] in self.of
        place = position + has_of
        first = place
        while place < len(words) and place - first < _MOST_BETWEEN and words[place] in self.determiners:
            place += 1
        if place >= len(words) or not (has_of or place > first):
            return False
        # One adjective may stand between: `two thirds of the Rotterdam-based group`.
        if not self.wholes.isdisjoint(words[place : place + 2]):
            return True
        return has_of and words[place].startswith(_COMPANIES)


def _by_words(data: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): percent for percent, phrases in data.items() for phrase in phrases}
