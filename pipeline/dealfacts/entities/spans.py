"""The span of a name, and small questions about spans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dealfacts.records import Label


@dataclass(frozen=True, order=True)
class NameSpan:
    """A name in a text: `text == article_text[start:end]`."""

    start: int
    end: int
    text: str
    label: Label


def without_overlaps(spans: Iterable[NameSpan]) -> list[NameSpan]:
    """Keep the longest of overlapping spans (the first of equals), in text order."""
    kept: list[NameSpan] = []
    covered: set[int] = set()
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start, span.label)):
        positions = range(span.start, span.end)
        if covered.isdisjoint(positions):
            covered.update(positions)
            kept.append(span)
    return sorted(kept)
