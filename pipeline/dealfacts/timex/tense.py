"""Does a sentence speak of the past or the future near a place? Read off its verbs, by data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W\d_]+)?|[.!?\n;]+")
_REACH_CHARS = 240  # a clause is rarely longer; it also keeps hostile text linear
_STOPS = ".!?\n;"
_SURE_WORDS = 7
_FAR_WEIGHT = 0.6


class Tense:
    """Tense cues of a language.

    Args:
        data: `past` and `future` word lists, `weak_future` words that count half, `modal` words
            that turn a past form behind them to the future (`will be completed`),
            `past_endings` and `future_endings` for regular verb forms, `stop` words that only look
            like such a form, and `near`, a table of words that decide alone when they stand just
            before the date (`since`: -1, `until`: 1).
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._cues: dict[str, tuple[int, float]] = dict.fromkeys(data["past"], (-1, 1.0))
        self._cues |= dict.fromkeys(data["future"], (1, 1.0))
        self._cues |= dict.fromkeys(data.get("weak_future", ()), (1, 0.5))
        self._cues |= dict.fromkeys(data.get("stop", ()), (0, 0.0))
        self._modal = frozenset(data.get("modal", ()))
        self._near: dict[str, int] = dict(data["near"])
        self._endings = [
            (re.compile(f"\\w{{2,}}(?:{'|'.join(data[key])})"), sign)
            for key, sign in (("future_endings", 1), ("past_endings", -1))
            if data.get(key)
        ]

    def direction(self, text: str, start: int, end: int) -> float:
        """Say how surely the words around `text[start:end]` speak of the past (-1), the future (1) or neither (0).

        The nearest cue in the same sentence decides; one that stands before the date counts as
        nearer than one behind it. The further the cue, the less sure.
        """
        before = self._before(text, start)
        if before and (near := self._near.get(before[0])):
            return near
        distance, cue = self._nearest(before, backwards=True)
        after_distance, after_cue = self._nearest(self._after(text, end), backwards=False)
        after_distance = (after_distance + 1) * 1.2
        if after_distance < distance:
            distance, cue = after_distance, after_cue
        return cue if distance <= _SURE_WORDS else cue * _FAR_WEIGHT

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

    def _nearest(self, words: Sequence[str], *, backwards: bool) -> tuple[float, float]:
        best, found = 1e9, 0.0
        for i, word in enumerate(words):
            if i + 1 >= best:
                break
            cue, weight = self._cue(word)
            if not cue:
                continue
            governors = words[i + 1 : i + 4] if backwards else words[max(0, i - 3) : i]
            if cue < 0 and not self._modal.isdisjoint(governors):
                cue = 1
            if (i + 1) / weight < best:
                best, found = (i + 1) / weight, cue * weight
        return best, found

    def _cue(self, word: str) -> tuple[int, float]:
        known = self._cues.get(word)
        if known is not None:
            return known
        for pattern, sign in self._endings:
            if pattern.fullmatch(word):
                return sign, 1.0
        return 0, 0.0
