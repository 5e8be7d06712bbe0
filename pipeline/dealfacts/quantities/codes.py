"""Tell figures from what only looks like them: dates, times, scores, models, numbers to ring."""

from __future__ import annotations

from dealfacts.quantities.amounts import AmountReader
from dealfacts.quantities.figures import MILLION, YEAR
from dealfacts.quantities.items import DASHES
from dealfacts.quantities.lexer import Token


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
        """Return the index after a code that begins with a figure, or 0."""
        tokens = self.tokens
        if after_row := self._row_of_figures(at):
            return after_row
        if at + 1 >= len(tokens) or not tokens[at + 1].glued:
            return 0
        after = tokens[at + 1]
        if after.text == "(":
            return self._glued_run(at)  # "401(k)", "section 7(2)"
        if after.kind == "word":
            return 0 if self._measures(after) else at + 2
        if at + 2 >= len(tokens) or not tokens[at + 2].glued:
            return 0
        if after.text == ".":
            return at + 3 if self._makes_ordinal(tokens[at + 2]) else 0
        return self._glued_run(at) if tokens[at + 2].kind == "digits" and self._pairs(at, after.text) else 0

    def _pairs(self, at: int, mark: str) -> bool:
        """Whether a mark makes a code of the figures around it: a time, a date, a score."""
        tokens, count = self.tokens, len(self.tokens)
        if mark == "/":
            item = self.amounts.amount(at)
            return item is None or item.label == "CARDINAL"
        if mark in DASHES:
            more = at + 3 < count and tokens[at + 3].glued and tokens[at + 3].text in "-–/"
            more = more and at + 4 < count and tokens[at + 4].kind == "digits" and tokens[at + 4].glued
            return more or self._bare_pair(at)
        return mark == ":"

    def _measures(self, token: Token) -> bool:
        """Whether letters that touch a figure are known: "20bn", "5GW", "340p"."""
        entry = token.entry
        return entry is not None and (entry.measures or entry.scale is not None or entry.fraction is not None)

    def _makes_ordinal(self, token: Token) -> bool:
        """Whether the ending after a full stop makes an ordinal: "20.º"."""
        return token.entry is not None and "ordinals" in token.entry.roles

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
