"""Where paragraphs begin and end, and which line breaks are only the wrapping of a fixed-width file."""

from __future__ import annotations

import itertools
import re

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BLANK = re.compile(r"(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])")

MIN_WRAP_WIDTH = 40
MAX_WRAP_WIDTH = 120
MIN_CONTINUED_LINE = 30
"""A shorter line that ends without a stop is taken for a heading, even before a lower-case line."""


def split_paragraphs(text: str) -> list[Span]:
    r"""Find the stretches of text that no sentence crosses: lines, joined where a file was hard-wrapped.

    Args:
        text: any text, with any kind of line break.

    Returns:
        Offset spans without surrounding white space, in order; blank lines are in none of them.

    >>> split_paragraphs("Apple koopt Cerebra\n\nDe overname kost 2 mld. euro.")
    [(0, 19), (21, 50)]
    """
    paragraphs: list[Span] = []
    for block in _blocks(text):
        wrapped = _is_hard_wrapped(text, block)
        current = block[0]
        for previous, line in itertools.pairwise(block):
            if wrapped or _continues(text, previous, line):
                current = (current[0], line[1])
            else:
                paragraphs.append(current)
                current = line
        paragraphs.append(current)
    return paragraphs


def _blocks(text: str) -> list[list[Span]]:
    """Group the non-blank lines (stripped) that follow each other without a blank line between them."""
    blocks: list[list[Span]] = []
    last_end = -1
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            last_end = -1
            continue
        start = match.start() + len(line) - len(line.lstrip())
        gap = text[last_end : match.start()] if last_end >= 0 else ""
        if last_end >= 0 and len(_BLANK.findall(gap)) == 1:
            blocks[-1].append((start, start + len(stripped)))
        else:
            blocks.append([(start, start + len(stripped))])
        last_end = match.end()
    return blocks


def _is_hard_wrapped(text: str, block: list[Span]) -> bool:
    """Tell whether every line of a block was broken only because the next word would not fit."""
    if len(block) < 3:
        return False
    width = max(end - start for start, end in block)
    if not MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH:
        return False
    for (start, end), (next_start, next_end) in itertools.pairwise(block):
        first_word = text[next_start : min(next_end, next_start + width)].split(None, 1)[0]
        if end - start + 1 + len(first_word) <= width:
            return False
    return True


def _continues(text: str, previous: Span, line: Span) -> bool:
    """Tell whether a line goes on with the sentence of the line before, though the block is not wrapped."""
    start, end = previous
    if end - start < MIN_CONTINUED_LINE or not text[line[0]].islower():
        return False
    # A brand such as iPhone begins a sentence of its own.
    if text[line[0] + 1 : line[0] + 2].isupper():
        return False
    return text[end - 1].isalnum() or text[end - 1] == ","
