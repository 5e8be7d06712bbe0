"""Signs that a translation went wrong: loops, copies of the source, absurd lengths."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"<[ne]\d>|[^\W_]+(?:['’][^\W_]+)*")
# The same two to four letters five times in a row.
_STUTTER = re.compile(r"([^\W\d_]{2,4})\1{4}")
_TAG = re.compile(r"<[ne]\d>")
_FIGURE = re.compile(r"(?<!\w)\d|[$€£¥%]")
_UNKNOWN = re.compile("[⁇\ufffd]")

MAX_LOOP_UNIT = 8
"""Longest repeated stretch looked for, in words."""
LOOP_TIMES = 3
STRETCH = 6
MIN_COPY_WORDS = 5
COPY_SHARE = 0.6
MIN_LENGTH_WORDS = 6
SHORTEST, LONGEST = 0.4, 2.2
"""English words for each Dutch or Spanish word; between these lies every pair of the held-back news."""


def faults(source: str, output: str) -> list[str]:
    """Name what is wrong with a translation: `empty`, `loop`, `copy`, `length`, `unknown`; or nothing.

    Args:
        source: the sentence as the model saw it, placeholders included.
        output: its translation, placeholders included.

    >>> faults("De raad heeft het bod unaniem afgewezen", "The board the board the board the board")
    ['loop']
    """
    given, made = _WORD.findall(source), _WORD.findall(output)
    if not made:
        return ["empty"] if given else []
    found = []
    if _goes_round([word.lower() for word in given], [word.lower() for word in made], output):
        found.append("loop")
    if is_copy(given, made):
        found.append("copy")
    if len(given) >= MIN_LENGTH_WORDS and not SHORTEST <= len(made) / len(given) <= LONGEST:
        found.append("length")
    if len(given) < MIN_LENGTH_WORDS and len(made) > 4 * len(given) + 4:
        found.append("length")
    if len(_UNKNOWN.findall(output)) > len(_UNKNOWN.findall(source)):
        found.append("unknown")
    return found


def invents_figures(source: str, output: str) -> bool:
    """Tell whether a translation has figures outside placeholders where the source has none."""
    return bool(_FIGURE.search(_TAG.sub("", output))) and not _FIGURE.search(_TAG.sub("", source))


def loops(words: Sequence[str]) -> int:
    """Count how often in a row the most repeated stretch of words stands; 1 when nothing is repeated."""
    most = 1
    for size in range(1, min(MAX_LOOP_UNIT, len(words) // 2) + 1):
        run = 0
        for i in range(size, len(words)):
            run = run + 1 if words[i] == words[i - size] else 0
            most = max(most, run // size + 1)
    return most


def _goes_round(given: Sequence[str], made: Sequence[str], output: str) -> bool:
    """Tell whether a translation repeats words, letters or a long stretch where the source does not."""
    if loops(made) > max(loops(given), LOOP_TIMES - 1) or _STUTTER.search(output):
        return True
    return _repeats_stretch(made) and not _repeats_stretch(given)


def _repeats_stretch(words: Sequence[str]) -> bool:
    stretches = [tuple(words[i : i + STRETCH]) for i in range(len(words) - STRETCH + 1)]
    return len(set(stretches)) < len(stretches)


def is_copy(given: Sequence[str], made: Sequence[str]) -> bool:
    """Tell whether most lower-case words of a translation stand in the source: names may be the same."""
    words = [word for word in made if word.isalpha() and word.islower()]
    if len(words) < MIN_COPY_WORDS:
        return False
    source = set(given)
    return sum(word in source for word in words) > COPY_SHARE * len(words)
