"""Article text cut into plain and marked pieces, so that a template can show it without trusting it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and the class to mark it with; None for plain text."""

    text: str
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text and the class to mark it with."""

    start: int
    end: int
    mark: str


def cut(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """Cut `text[start:end]` at the marks inside it.

    Marks that overlap an earlier one are left out, so that the pieces always add up to the text.

    >>> [piece.text for piece in cut("Acme buys Zeta", 0, 14, [Mark(0, 4, "ORG")])]
    ['Acme', ' buys Zeta']
    """
    pieces: list[Piece] = []
    at = start
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if mark.start < at or mark.end > end:
            continue
        if mark.start > at:
            pieces.append(Piece(text[at : mark.start]))
        pieces.append(Piece(text[mark.start : mark.end], mark.mark))
        at = mark.end
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces
