"""Does a sentence speak of the past or the future near a place? Read off its verbs, by data."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W\d_]+)?|[.!?\n;]+|(?<!\d):|:(?!\d)|[,()—–\"“”«»]")
_REACH_CHARS = 240  # a clause is rarely longer; it also keeps hostile text linear
_STOPS = ".!?\n;"
_BRACKETS = ',:()—–"“”«»'
_BRACKET_WORDS = 3
"""A comma keeps a verb as far from a date as so many words: it mostly belongs to another clause."""

_CLOSE_WORDS, _SURE_WORDS = 4, 8
_CLOSE_WEIGHT, _FAR_WEIGHT = 1.3, 0.6
"""How much a past form says that is close to the date, and any cue that is far from it."""

_ALONE = 1.2
_BEHIND_WEIGHT = 1.2
"""A verb behind the date counts as so much further away."""


class Tense:
    """Tense cues of a language.

    Args:
        data: words and what they say. `past` are finite forms and `participles` forms that a `modal`
            before them turns to the future (`will be completed`); `future` and `weak_future` are
            clear and doubtful signs of it; `past_endings` and `future_endings` are those of regular
            forms, `stop` words that only look like one. `near` are words that count when they stand
            just before the date (`since`: -1, `until`: 0.6); 1 and -1 decide alone. `reported` are
            nouns that quarters and halves are past beside (`results`, `profit`), `before_only` cues that
            say nothing when they stand behind the date (`to`), `clause` words that begin a clause,
            `infinitive` the mark of one (`to`), `unless_after` words after which a cue says nothing
            (`than expected`), `past_patterns` whole forms as regular expressions (Dutch `aan` + `ge` +
            ...). A key of `near` may be two words (`has until`).
        articles: articles of the language; one between such a word and the date is looked through.
    """

    def __init__(self, data: Mapping[str, Any], articles: Collection[str] = ()) -> None:
        self._articles = frozenset(articles)
        self._cues: dict[str, tuple[float, float]] = {}
        for key, sign, weight in (
            ("past", -1, 1.0),
            ("participles", -1, 1.0),
            ("future", 1, 1.0),
            ("weak_future", 1, 0.6),
            ("stop", 0, 0.0),
        ):
            self._cues |= dict.fromkeys(data.get(key, ()), (sign, weight))
        self._firm = frozenset(data["past"])
        self._unless_after = frozenset(data.get("unless_after", ()))
        self._infinitive = frozenset(data.get("infinitive", ()))
        self._before_only = frozenset(data.get("before_only", ()))
        self._brackets = frozenset(_BRACKETS) | frozenset(data.get("clause", ()))
        self._modal = frozenset(data.get("modal", ()))
        self._near: dict[str, float] = dict(data["near"])
        self._reported = frozenset(data.get("reported", ()))
        self._endings = [
            (re.compile(f"\\w{{2,}}(?:{'|'.join(data[key])})"), sign)
            for key, sign in (("future_endings", 1), ("past_endings", -1))
            if data.get(key)
        ]
        self._endings += [(re.compile(pattern), -1) for pattern in data.get("past_patterns", ())]

    def direction(self, text: str, start: int, end: int, *, reported: bool = False) -> float:
        """Say how surely the words around `text[start:end]` speak of the past (-1) or the future (1).

        The nearest cue in the same sentence decides, together with the word just before. The further
        the cue, the less sure.

        A word that decides alone gives -2 or 2.

        Args:
            text: the text.
            start: where the date begins.
            end: where it ends.
            reported: it is a quarter or half, so nouns such as `profit` count as cues.
        """
        before, after = self._before(text, start), self._after(text, end)
        if not before and not after:
            return _ALONE  # a date that stands alone is an appointment
        near = self._said_by_preposition(before)
        if abs(near) == 1:
            return near * 2
        if reported and after and after[0] in self._reported:
            return -_CLOSE_WEIGHT  # second-quarter results
        distance, cue = self._nearest(before, backwards=True, reported=reported)
        governed = not self._modal.isdisjoint(_clause(before))
        after_distance, after_cue = self._nearest(
            after, backwards=False, reported=reported, governed=governed
        )
        after_distance = (after_distance + 1) * _BEHIND_WEIGHT
        if after_distance < distance:
            distance, cue = after_distance, after_cue
        if cue == -1 and distance <= _CLOSE_WORDS:
            cue = -_CLOSE_WEIGHT
        elif distance > _SURE_WORDS:
            cue *= _FAR_WEIGHT
        return max(-_CLOSE_WEIGHT, min(1.0, near + cue))

    def _said_by_preposition(self, before: list[str]) -> float:
        """Say what the word or two just before the date tell (`until`), and take them off."""
        start = 1 if before and before[0] in self._articles else 0
        for count in (2, 1):
            words = before[start : start + count]
            phrase = " ".join(reversed(words))
            if len(words) == count and phrase in self._near:
                del before[: start + count]
                return self._near[phrase]
        return 0.0

    def _before(self, text: str, start: int) -> list[str]:
        """Return the words before a place in the same sentence, nearest first."""
        words = [word.casefold() for word in _WORD.findall(text, max(0, start - _REACH_CHARS), start)]
        words.reverse()
        for i, word in enumerate(words):
            if word[0] in _STOPS and not (word == "." and i + 1 < len(words) and len(words[i + 1]) <= 3):
                return words[:i]
        return words

    def _after(self, text: str, end: int) -> list[str]:
        words = []
        for found in _WORD.finditer(text, end, end + _REACH_CHARS):
            word = found.group()
            if word[0] in _STOPS:
                break
            words.append(word.casefold())
        return words

    def _nearest(
        self, words: Sequence[str], *, backwards: bool, reported: bool, governed: bool = False
    ) -> tuple[float, float]:
        """Return the distance and the sign of the cue that counts as nearest.

        `governed` says that a modal stands before the date, whose participle may come behind it
        (`wordt in maart afgerond`).
        """
        best, found, distance = 1e9, 0.0, 0
        for i, word in enumerate(words):
            if word == ":":
                break
            if word in self._brackets:
                distance += _BRACKET_WORDS
                governed = False
                continue
            distance += 1
            if distance >= best:
                break
            if reported and word in self._reported:
                cue, weight = -1.0, 1.0
            else:
                near = words[i + 1 : i + 4] if backwards else words[max(0, i - 3) : i][::-1]
                cue, weight = self._cue_under(word, self._governors(near), governed=governed)
            if not cue or (not backwards and word in self._before_only):
                continue
            if distance / weight < best:
                best, found = distance / weight, cue * weight
        return best, found

    def _cue_under(self, word: str, governors: Sequence[str], *, governed: bool) -> tuple[float, float]:
        """Return what a word says of the tense, and how surely, under the words that may govern it."""
        cue, weight = self._cue(word)
        if governors and governors[0] in self._unless_after:
            return 0.0, 0.0
        if cue < 0 and word not in self._firm and self._firm.isdisjoint(governors):
            cue = 1.0 if governed or not self._modal.isdisjoint(governors) else cue
        if cue > 0 and weight < 1 and any(self._looks_ahead(governor) for governor in governors):
            weight = 1.0  # set to begin, plans to open: together they are sure
        return cue, weight

    def _looks_ahead(self, word: str) -> bool:
        return word not in self._infinitive and self._cue(word)[0] > 0

    def _governors(self, before: Sequence[str]) -> Sequence[str]:
        """Return the words that may govern a verb: those before it in its clause, nearest first."""
        for i, word in enumerate(before):
            if word in self._brackets:
                return before[:i]
        return before

    def _cue(self, word: str) -> tuple[float, float]:
        known = self._cues.get(word)
        if known is not None:
            return known
        for pattern, sign in self._endings:
            if pattern.fullmatch(word):
                return sign, 1.0
        return 0, 0.0


def _clause(before: Sequence[str]) -> Sequence[str]:
    """Return the words before a date, nearest first, up to the first comma."""
    for i, word in enumerate(before[:_SURE_WORDS]):
        if word in _BRACKETS:
            return before[:i]
    return before[:_SURE_WORDS]
