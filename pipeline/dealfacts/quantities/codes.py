"""Tell figures from what only looks like them: dates, times, scores, models, numbers to ring."""

from __future__ import annotations

import re

from dealfacts.quantities.amounts import AmountReader
from dealfacts.quantities.figures import MILLION
from dealfacts.quantities.items import DASHES

YEAR = re.compile(r"(?:19|20)\d\d$")


class CodeFinder:
    """Finds the codes of one text."""

    def __init__(self, amounts: AmountReader) -> None:
        """Take the reader of the amounts of the same text."""
        self.amounts = amounts
        self.tokens = amounts.tokens

    def skip(self, at: int) -> int:
        """Return the index after what only looks like a figure (a date, a model, a phone number), else 0."""
        tokens = self.tokens
        token = tokens[at]
        if token.glued and at:
            before = tokens[at - 1]
            if before.kind == "word" and not (before.entry is not None and before.entry.leading):
                return self._glued_run(at)
            if before.text in "/:#@_&" and before.text:
                return self._glued_run(at)
            if before.text in DASHES and at > 1 and before.glued and self._names_a_model(at):
                return self._glued_run(at)
            if before.text == "." and at > 1 and before.glued and tokens[at - 2].kind == "word":
                return self._glued_run(at)
        return self._code_ahead(at)

    def _names_a_model(self, at: int) -> bool:
        """Whether a hyphen ties the figure to a name before it: "GPT-4", "F-35", "mid-2025"."""
        before = self.tokens[at - 2]
        if before.kind != "word" or (before.entry is not None and before.entry.starts):
            return False
        item = self.amounts.amount(at)
        return item is None or item.label == "CARDINAL"

    def _code_ahead(self, at: int) -> int:
        tokens, count = self.tokens, len(self.tokens)
        if after_row := self._row_of_figures(at):
            return after_row
        if at + 1 >= count or not tokens[at + 1].glued:
            return 0
        after = tokens[at + 1]
        if after.text == "(":
            return self._glued_run(at)  # "401(k)", "section 7(2)"
        if after.kind == "word":
            entry = after.entry
            known = entry is not None and (
                entry.scale is not None
                or entry.currency
                or entry.unit
                or entry.percent
                or entry.fraction is not None
            )
            return 0 if known else at + 2
        if at + 2 >= count or not tokens[at + 2].glued or tokens[at + 2].kind != "digits":
            return 0
        if after.text == ":":
            return self._glued_run(at)
        if after.text == "/":
            item = self.amounts.amount(at)
            return 0 if item is not None and item.label != "CARDINAL" else self._glued_run(at)
        if after.text in DASHES:
            more = at + 3 < count and tokens[at + 3].glued and tokens[at + 3].text in "-–/"
            more = more and at + 4 < count and tokens[at + 4].kind == "digits" and tokens[at + 4].glued
            if more or self._bare_pair(at):
                return self._glued_run(at)
        return 0

    def _bare_pair(self, at: int) -> bool:
        """Whether two bare figures with a dash measure and count nothing: a score, a season, a code."""
        one, two = self.tokens[at].text, self.tokens[at + 2].text
        if not (one.isdigit() and two.isdigit()):
            return False
        if at and (before := self.tokens[at - 1].entry) is not None and before.leading:
            return False
        if YEAR.match(one) and len(two) in (2, 4):
            return True
        item = self.amounts.amount(at + 2)
        return item is None or (
            item.label == "CARDINAL" and not self.amounts.counts(item.last) and item.low < MILLION
        )

    def _row_of_figures(self, at: int) -> int:
        """Return the index after three or more figures in a row (a number to ring), or 0."""
        tokens, end = self.tokens, at
        while end < len(tokens) and tokens[end].kind == "digits" and (tokens[end].near or end == at):
            end += 1
        dialled = at > 0 and tokens[at - 1].text == "+" and tokens[at].glued
        return end if end - at >= (2 if dialled else 3) else 0

    def _glued_run(self, at: int) -> int:
        tokens = self.tokens
        at += 1
        while at < len(tokens) and tokens[at].glued and tokens[at].text not in ',;()[]"”»…':
            at += 1
        return at
