"""Settle doubtful sums: large figures without a currency, coins that stand for nothing, slang."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from dealfacts.quantities.figures import MILLION, ONE
from dealfacts.quantities.items import Item
from dealfacts.quantities.surroundings import Surroundings

SMALLEST_SUM = Decimal(1000)
NEGATION_REACH = 8
CUE_REACH = 7
COUNT_REACH = 14
SLANG_REACH = 80
ANTECEDENT_REACH = 400
"""How many characters back an amount without a currency may find one."""

_NEW_SENTENCE = re.compile(r"[.!?]\s")


class SumJudge:
    """Settles the doubtful sums of one text."""

    def __init__(self, around: Surroundings) -> None:
        """Take the surroundings of the same text."""
        self.around = around
        self.text = around.text
        self.tokens = around.tokens
        self.lexicon = around.lexicon

    def denied(self, item: Item) -> bool:
        """Whether one coin only stands for nothing: "sin un peso", "niemand heeft een cent betaald"."""
        if item.figure is None or not item.figure.shy or item.low > 1:
            return False
        for back in range(item.first - 1, max(-1, item.first - NEGATION_REACH), -1):
            token = self.tokens[back]
            if token.text in ".;:":
                return False
            if token.entry is not None and "negation" in token.entry.roles:
                return True
        return False

    def slang(self, item: Item) -> Item:
        """Read "drie ton" as three hundred thousand euros where the talk is of money, not of weight."""
        entry = self.tokens[item.last - 1].entry
        if entry is None or entry.slang is None or item.high is not None or item.low > self.lexicon.slang_max:
            return item
        following = self.tokens[item.last].text.lower() if item.last < len(self.tokens) else "."
        word = self.around.entry(item.last)
        if following.isalpha() and not (word is not None and word.roles & {"function", "of"}):
            return item
        start, end = item.span(self.tokens)
        around = self.text[max(0, start - SLANG_REACH) : end + SLANG_REACH].lower()
        if not any(cue in self.lexicon.slang_cues for cue in re.findall(r"[^\W\d_]+|€", around)):
            return item
        worth, currency = entry.slang
        return replace(item, label="MONEY", low=item.low * worth, currency=currency, unit="", inferred=True)

    def fill_in(self, items: list[Item], mentions: Mapping[str, int]) -> list[Item]:
        """Give large figures without a currency that of a sum nearby, or else the document's own.

        A bare "50 million" is money when nothing says what it counts and the last large figure
        before it was money; a nearer counted figure ("40 million users") makes it a number.

        Args:
            items: the items of a text, in order.
            mentions: how often the document names each currency.
        """
        main = self._main_currency(items, mentions)
        filled: list[Item] = []
        for index, item in enumerate(items):
            filled.append(item)
            cued = self._cued(item)
            if not cued and not self._elliptic(item):
                continue
            source = self._antecedent(filled, item) or self._following(items, index)
            if source is not None and (cued or self._alike(source, item)):
                filled[-1] = replace(
                    item, label="MONEY", currency=source.currency, inferred=True, counted=None
                )
            elif cued or (main is not None and self._large(item) and not self._counts_before(item)):
                filled[-1] = replace(
                    item, label="MONEY", currency=main, inferred=main is not None, counted=None
                )
        return filled

    def _main_currency(self, items: list[Item], mentions: Mapping[str, int]) -> str | None:
        """Return the currency that large sums are in here, or else the one the document names most."""
        sums = [item for item in items if item.label == "MONEY" and item.currency and not item.shy]
        large = [item for item in sums if item.low >= MILLION]
        counts = Counter(item.currency or "" for item in large or sums)
        named = counts or Counter(
            {key: count for key, count in mentions.items() if key not in self.lexicon.families}
        )
        return min(named, key=lambda key: (-named[key], key)) if named else None

    def _large(self, item: Item) -> bool:
        return item.figure is not None and item.figure.scale >= MILLION

    def _counts_before(self, item: Item) -> bool:
        """Whether the sentence has named before what is counted: "users rose from 40 to 50 million"."""
        for back in range(item.first - 1, max(-1, item.first - COUNT_REACH), -1):
            token = self.tokens[back]
            if token.text in ".!?;" or not self.tokens[back + 1].near:
                return False
            if token.entry is not None and "count" in token.entry.roles:
                return True
        return False

    def _elliptic(self, item: Item) -> bool:
        figure = item.figure
        if item.label != "CARDINAL" or item.counted or figure is None or self._counts_names(item):
            return False
        if figure.high is not None and figure.last == figure.first + 1:
            return False  # "those billions" are nobody's sum
        return self._large(item) or self._grouped(item)

    def _grouped(self, item: Item) -> bool:
        """Whether a figure is written with a group mark, like a sum: "25.000 dollar en 50.000 zonder"."""
        figure = item.figure
        return figure is not None and not figure.plain and figure.scale == ONE and item.low >= SMALLEST_SUM

    def _alike(self, source: Item, item: Item) -> bool:
        """Whether an amount may be meant in the currency of another: of like size if it has no scale."""
        first, last = sorted((source, item), key=lambda one: one.first)
        gap = self.text[self.tokens[first.last - 1].end : self.tokens[last.first].start]
        if item.figure is not None and item.figure.scale >= MILLION:
            return True
        return not _NEW_SENTENCE.search(gap) and source.low / 20 <= item.low <= source.low * 20

    def _counts_names(self, item: Item) -> bool:
        """Whether "of" and a noun follow although the noun is not known as countable."""
        entry = self.around.entry(item.last)
        if entry is None or "of" not in entry.roles or not self.lexicon.scale_needs_of:
            return False
        if item.last + 1 >= len(self.tokens) or self.tokens[item.last + 1].kind != "word":
            return False
        noun = self.tokens[item.last + 1].entry
        return noun is None or not noun.roles & {"money_noun", "function", "time"}

    def _cued(self, item: Item) -> bool:
        """Whether the words before a large figure speak of money: "invests 100 billion"."""
        figure = item.figure
        if item.label != "CARDINAL" or figure is None or figure.scale < MILLION or self._counts_names(item):
            return False
        if item.counted is not None and (figure.high is None or not self.lexicon.verb_endings):
            return False
        before = range(item.first - 1, max(-1, item.first - CUE_REACH), -1)
        after = range(item.last, min(len(self.tokens), item.last + CUE_REACH // 2))
        return self._cue_among(before) or self._cue_among(after)

    def _cue_among(self, places: range) -> bool:
        """Whether a word that speaks of money stands at one of some places, before a figure or a stop."""
        for at in places:
            token = self.tokens[at]
            if token.text in ".,;:" or token.kind == "digits":
                return False
            if token.entry is not None and "money_cue" in token.entry.roles:
                return True
        return False

    def _antecedent(self, before: list[Item], item: Item) -> Item | None:
        """Return the sum shortly before an item, whose currency it may share."""
        start = self.tokens[item.first].start
        small: Item | None = None
        for at in range(len(before) - 2, -1, -1):
            other = before[at]
            end = self.tokens[other.last - 1].end
            if start - end > ANTECEDENT_REACH or "\n\n" in self.text[end:start]:
                break
            if other.label == "MONEY":
                if other.low >= SMALLEST_SUM:
                    return other
                small = small or other
            elif self._large(other):
                break
        return small

    def _following(self, items: list[Item], index: int) -> Item | None:
        """Return the first large sum after an item, in its sentence."""
        end = self.tokens[items[index].last - 1].end
        for at in range(index + 1, len(items)):
            other = items[at]
            start = self.tokens[other.first].start
            if start - end > ANTECEDENT_REACH or _NEW_SENTENCE.search(self.text, end, start):
                return None
            if other.label == "MONEY" and other.figure is not None and other.figure.scale >= MILLION:
                return other
        return None
