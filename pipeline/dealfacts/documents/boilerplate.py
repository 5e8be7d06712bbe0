"""Which lines of a text are not the story: menus, forms, captions, share buttons, repeated titles.

The text is never changed; the lines are only marked, so that later stages can leave them out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import regex

from dealfacts.lang import lang_data, languages
from dealfacts.records import Boilerplate

_SHORT_WORDS = 9
_TAIL_RUN = 3
"""So many telling lines make their short neighbours boilerplate too."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text with its offsets; `text` is stripped."""

    start: int
    end: int
    text: str

    @property
    def is_short(self) -> bool:
        """Whether the line is a label rather than a sentence."""
        return len(self.text.split()) <= _SHORT_WORDS and not self.text.endswith(
            (".", "!", "?", ".”", '."', ":")
        )


def split_lines(text: str) -> list[Line]:
    """Split a text into its non-blank lines."""
    return [
        Line(match.start(), match.end(), match[0].strip())
        for match in regex.finditer(r"[^\n]+", text)
        if match[0].strip()
    ]


@cache
def _patterns() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    by_kind: dict[str, set[str]] = {}
    for language in languages():
        for kind, phrases in lang_data(language, "documents.toml")["boilerplate"].items():
            by_kind.setdefault(kind, set()).update(phrases)
    return tuple(
        (kind, regex.compile("|".join(f"(?:{phrase})" for phrase in sorted(phrases)), regex.I))
        for kind, phrases in sorted(by_kind.items())
    )


def _known_kind(line: Line) -> str | None:
    if len(line.text) > 200:
        return None
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(line.text)), None)


def mark_boilerplate(text: str, title: str | None = None) -> list[Boilerplate]:
    """Find the lines of a text that are not the story.

    Args:
        text: the text of a document, one paragraph a line.
        title: the title; a second line that repeats it is marked.

    Returns:
        Spans of whole lines in text order, with their kind: caption, form, legal, menu, related,
        share or title.
    """
    lines = split_lines(text)
    kinds = [_known_kind(line) for line in lines]
    _mark_repeats(lines, kinds, title)
    _mark_neighbours(lines, kinds)
    return [
        Boilerplate(start=line.start, end=line.end, kind=kind)
        for line, kind in zip(lines, kinds, strict=True)
        if kind
    ]


def _mark_repeats(lines: list[Line], kinds: list[str | None], title: str | None) -> None:
    """Mark titles said again, and short lines said twice running: captions with their alternative text."""
    seen: Counter[str] = Counter()
    for index, line in enumerate(lines):
        if kinds[index] is None and title and line.text == title and seen[title]:
            kinds[index] = "title"
        seen[line.text] += 1
        if index and line.text == lines[index - 1].text and line.is_short and line.text != title:
            kinds[index - 1] = kinds[index - 1] or "caption"
            kinds[index] = kinds[index] or "caption"


def _mark_neighbours(lines: list[Line], kinds: list[str | None]) -> None:
    """Mark the short lines in and after a run of forms and menus at either end of the text."""
    telling = {"form", "menu", "share", "legal"}
    total = len(lines)
    marked = [index for index, kind in enumerate(kinds) if kind in telling]
    tail = [index for index in marked if index >= total // 2]
    if len(tail) >= _TAIL_RUN:
        _spread(range(tail[0], total), lines, kinds)
    head = [index for index in marked if index < total // 2]
    if len(head) >= _TAIL_RUN:
        _spread(range(head[-1] + 1), lines, kinds)


def _spread(indices: range, lines: list[Line], kinds: list[str | None]) -> None:
    """Give short unmarked lines the kind of the run they stand in; stop where the story goes on."""
    if any(
        not lines[index].is_short and kinds[index] is None and len(lines[index].text) > 200
        for index in indices
    ):
        return
    for index in indices:
        if kinds[index] is None and lines[index].is_short:
            kinds[index] = "form"
