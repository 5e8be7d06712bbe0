"""Cut a sentence that is too long for the model where it hurts least, and lose nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

Span = tuple[int, int]

# From the best place to cut to the worst: after a semicolon or colon, at a dash, after a comma, at a space.
_CUTS = (
    re.compile(r"""(?:[;:!?…]|[.!?…][»”"')])(?P<gap>\s+)"""),
    re.compile(r"(?P<gap>\s+)(?=[–—(-])|(?<=[)–—])(?P<gap2>\s+)"),
    re.compile(r",(?P<gap>\s+)"),
    re.compile(r"(?P<gap>\s+)"),
)


def split_clauses(
    text: str, fits: Callable[[int, int], bool], keep: Sequence[Span] = (), within: Span | None = None
) -> list[Span]:
    """Cut a text into as few parts as fit, at the best marks there are.

    Args:
        text: one sentence.
        fits: tells whether `text[start:end]` is short enough.
        keep: spans that no cut may fall into, such as figures; in order, apart from each other.
        within: the stretch of the text to cut; None for all of it.

    Returns:
        Offset spans in order; together they hold every character that is not white space. A part
        that has no space to cut at is returned as it is.
    """
    return _split(text, within or (0, len(text)), fits, keep, 0)


def clause_spans(text: str, keep: Sequence[Span] = ()) -> list[Span]:
    """Cut a text at every clause mark (not at plain spaces).

    >>> clause_spans("Het bod is hoog, zei hij; de raad twijfelt.")
    [(0, 16), (17, 25), (26, 43)]
    """
    cuts: list[Span] = []
    for cut in sorted(cut for pattern in _CUTS[:3] for cut in _cuts(pattern, text, (0, len(text)), keep)):
        if not cuts or cut[0] >= cuts[-1][1]:  # two marks may meet at one gap
            cuts.append(cut)
    return _parts(text, (0, len(text)), cuts)


def _split(
    text: str, span: Span, fits: Callable[[int, int], bool], keep: Sequence[Span], level: int
) -> list[Span]:
    if fits(*span) or level >= len(_CUTS):
        return [span] if text[span[0] : span[1]].strip() else []
    cuts = _cuts(_CUTS[level], text, span, keep)
    if not cuts:
        return _split(text, span, fits, keep, level + 1)
    done: list[Span] = []
    for part in _pack(_parts(text, span, cuts), fits):
        done += [part] if fits(*part) else _split(text, part, fits, keep, level + 1)
    return done


def _cuts(pattern: re.Pattern[str], text: str, span: Span, keep: Sequence[Span]) -> list[Span]:
    """Find the gaps (start and end of the white space) at which a span may be cut."""
    starts = [start for start, _ in keep]
    found = []
    for match in pattern.finditer(text, *span):
        start, end = match.span(match.lastgroup or 0)
        nearest = bisect_left(starts, end) - 1  # the last kept span that begins before the gap ends
        inside = nearest >= 0 and keep[nearest][1] > start
        if span[0] < start and end < span[1] and not inside:
            found.append((start, end))
    return found


def _parts(text: str, span: Span, cuts: Sequence[Span]) -> list[Span]:
    edges = [span[0], *(edge for cut in cuts for edge in cut), span[1]]
    parts = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        if piece.strip():
            parts.append((left, left + len(piece.strip())))
    return parts


def _pack(parts: Sequence[Span], fits: Callable[[int, int], bool]) -> list[Span]:
    """Join neighbours again as long as they fit together."""
    packed: list[Span] = []
    for part in parts:
        if packed and fits(packed[-1][0], part[1]):
            packed[-1] = (packed[-1][0], part[1])
        else:
            packed.append(part)
    return packed
