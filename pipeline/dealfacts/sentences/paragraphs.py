"""Where paragraphs begin and end, and which line breaks are only the wrapping of a fixed-width file."""

from __future__ import annotations

import itertools
import re

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

MIN_WRAP_WIDTH = 40
MAX_WRAP_WIDTH = 120
MIN_PAGE_BREAKS = 4
WIDTH_SLACK = 4
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
    blocks = _blocks(text)
    page_wrapped = _is_wrapped_page(text, blocks)
    paragraphs: list[Span] = []
    for block in blocks:
        wrapped = page_wrapped or _is_wrapped_block(text, block)
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
    """Group the non-blank lines (stripped) between blank lines; a line set in further begins a new group."""
    blocks: list[list[Span]] = []
    last_end, last_indent = -1, 0
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            last_end = -1
            continue
        indent = len(line) - len(line.lstrip())
        start = match.start() + indent
        adjacent = last_end >= 0 and len(_BREAK.findall(text, last_end, match.start())) == 1
        if adjacent and indent <= last_indent:
            blocks[-1].append((start, start + len(stripped)))
        else:
            blocks.append([(start, start + len(stripped))])
        last_end, last_indent = match.end(), indent
    return blocks


def _is_wrapped_block(text: str, block: list[Span]) -> bool:
    """Tell whether each of three lines or more was broken only because the next word would not fit."""
    width = max(end - start for start, end in block)
    if len(block) < 3 or not MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH:
        return False
    return all(_is_full(text, line, after, width) for line, after in itertools.pairwise(block))


def _is_wrapped_page(text: str, blocks: list[list[Span]]) -> bool:
    """Tell whether nearly all line breaks of a text come from a fixed width, give or take a few."""
    breaks = [pair for block in blocks for pair in itertools.pairwise(block)]
    if len(breaks) < MIN_PAGE_BREAKS:
        return False
    lengths = sorted(end - start for (start, end), _ in breaks)
    width = lengths[len(lengths) * 9 // 10]
    if not MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH:
        return False
    full = sum(_is_full(text, line, after, width - WIDTH_SLACK) for line, after in breaks)
    return full >= 0.9 * len(breaks)


def _is_full(text: str, line: Span, after: Span, width: int) -> bool:
    first_word = text[after[0] : min(after[1], after[0] + width)].split(None, 1)[0]
    return line[1] - line[0] + 1 + len(first_word) > width


def _continues(text: str, previous: Span, line: Span) -> bool:
    """Tell whether a line goes on with the sentence of the line before, though the block is not wrapped."""
    start, end = previous
    if end - start < MIN_CONTINUED_LINE or not text[line[0]].islower():
        return False
    # A brand such as iPhone begins a sentence of its own.
    if text[line[0] + 1 : line[0] + 2].isupper():
        return False
    return text[end - 1].isalnum() or text[end - 1] == ","
