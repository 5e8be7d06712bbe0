"""Replace figures and names that both sides of a sentence pair share by placeholder tokens.

The translate stage protects figures, dates and names through decoding: it puts `<n0>`..`<n9>` for
figures and dates and `<e0>`..`<e9>` for names, numbered in source order, and writes the English form back
afterwards. The model therefore has to be trained on sentences in that form. Here the protected items are
found by comparing the two sides: an item counts only when the same value (figures, dates) or the same
spelling (names) stands equally often in both.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FIGURES = tuple(f"<n{index}>" for index in range(10))
NAMES = tuple(f"<e{index}>" for index in range(10))
PLACEHOLDERS = FIGURES + NAMES

_NUMBER = r"\d+(?:[.,]\d+)*"
_NAME_WORD = r"[^\W\d_a-zà-ÿ][\w&'’-]*[\w&]"
_NAME = re.compile(rf"(?<!\w){_NAME_WORD}(?:(?: (?:de|del|la|van|der|den|of|&))* {_NAME_WORD})*")


@dataclass(frozen=True)
class Item:
    """A stretch of text that can be protected; items with the same `key` say the same on both sides."""

    start: int
    end: int
    kind: str
    key: tuple[Any, ...]


@cache
def _figures() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "figures.toml").read_text("utf-8"))


@cache
def _patterns(lang: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = _figures()

    def either(words: Sequence[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

    months, weekdays = either(data["months"][lang]), either(data["weekdays"][lang])
    date = re.compile(
        rf"(?<![\w<])(?:(?P<d>\d{{1,2}})(?: de)? (?P<m>{months})(?:(?: de|,)? (?P<y>\d{{4}}))?"
        rf"|(?P<m2>{months}) (?P<d2>\d{{1,2}})(?!\d)(?:,? (?P<y2>\d{{4}}))?"
        rf"|(?P<m3>{months})(?: de)? (?P<y3>\d{{4}})|(?P<w>{weekdays}))(?!\w)",
    )
    figure = re.compile(
        rf"(?<![\w<.,])(?P<sign>(?:US)?[$€£] ?)?(?P<n>{_NUMBER})"
        rf"(?: (?P<scale>{either(list(data['scales'][lang]))})(?!\w))?"
        rf"(?: ?(?P<unit>{either(list(data['units'][lang]))})(?!\w))?(?!\w)",
    )
    return date, figure


def find_figures(text: str, lang: str) -> list[Item]:
    """Find the dates and figures of a sentence, in order; dates win over the numbers in them.

    >>> [(item.key, item.start) for item in find_figures("op 3 mei 2,5 miljoen euro", "nl")]
    [(('date', '3', 4, None), 3), (('figure', Decimal('2500000'), '€'), 9)]
    """
    date, figure = _patterns(lang)
    items = [
        Item(match.start(), match.end(), "n", key)
        for match in date.finditer(text)
        if (key := _date(match, lang))
    ]
    taken = [(item.start, item.end) for item in items]
    items += [
        _figure(match, lang)
        for match in figure.finditer(text)
        if all(match.end() <= start or match.start() >= end for start, end in taken)
    ]
    return sorted(items, key=lambda item: item.start)


def _date(match: re.Match[str], lang: str) -> tuple[Any, ...]:
    data = _figures()
    if match["w"]:
        return ("weekday", data["weekdays"][lang].index(match["w"]))
    month = match["m"] or match["m2"] or match["m3"]
    day, year = match["d"] or match["d2"], match["y"] or match["y2"] or match["y3"]
    return ("date", day.lstrip("0") if day else None, data["months"][lang].index(month), year)


def _figure(match: re.Match[str], lang: str) -> Item:
    data = _figures()
    style = data["number"][lang]
    digits = match["n"]
    groups = digits.split(style["group"])
    if len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and style["point"] not in digits:
        digits = "".join(groups)
    elif style["point"] in digits:
        digits = digits.replace(style["group"], "").replace(style["point"], ".", 1)
    scale = data["scales"][lang].get(match["scale"] or "", 1)
    plain = re.fullmatch(r"\d+(\.\d+)?", digits)
    value = (Decimal(digits) * Decimal(int(scale))).normalize() if plain else match["n"]
    unit = (match["sign"] or "").replace("US", "").strip() or data["units"][lang].get(match["unit"] or "")
    value = Decimal(format(value, "f")) if isinstance(value, Decimal) else value
    return Item(match.start(), match.end(), "n", ("figure", value, unit))


def find_names(text: str, is_common: Callable[[str], bool]) -> list[Item]:
    """Find runs of capitalised words; `is_common` says which words are capitalised only by position."""
    items = []
    for match in _NAME.finditer(text):
        start = match.start()
        words = match[0].split(" ")
        while words and is_common(words[0]):  # "Volgens Philips" at the start of a sentence
            start += len(words.pop(0)) + 1
        if words and len(words[0]) > 1:
            items.append(Item(start, match.end(), "e", ("name", text[start : match.end()])))
    return items


def shared_items(source: Sequence[Item], target: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Pair the items that stand equally often on both sides, in source order.

    Repeated items are paired in the order in which they stand.
    """
    counts = Counter(item.key for item in target)
    own = Counter(item.key for item in source)
    queues: dict[tuple[Any, ...], list[Item]] = {}
    for item in target:
        queues.setdefault(item.key, []).append(item)
    return [(item, queues[item.key].pop(0)) for item in source if own[item.key] == counts[item.key]]


def mask(source: str, target: str, pairs: Sequence[tuple[Item, Item]]) -> tuple[str, str]:
    """Put placeholders for the paired items; items past the tenth of a kind stay as they are.

    >>> mask("Philips koopt 2", "Philips buys 2", [
    ...     (Item(0, 7, "e", ()), Item(0, 7, "e", ())), (Item(14, 15, "n", ()), Item(13, 14, "n", ()))])
    ('<e0> koopt <n0>', '<e0> buys <n0>')
    """
    tokens: dict[str, list[str]] = {"n": list(FIGURES), "e": list(NAMES)}
    chosen: list[tuple[Item, Item, str]] = []
    for left, right in sorted(pairs, key=lambda pair: pair[0].start):
        if tokens[left.kind]:
            chosen.append((left, right, tokens[left.kind].pop(0)))
    return (
        _replace(source, [(left.start, left.end, token) for left, _, token in chosen]),
        _replace(target, [(right.start, right.end, token) for _, right, token in chosen]),
    )


def _replace(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    for start, end, token in sorted(spans, reverse=True):
        text = text[:start] + token + text[end:]
    return text
