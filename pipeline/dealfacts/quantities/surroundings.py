"""Look around an amount: how it is qualified, and what a price is counted by."""

from __future__ import annotations

from dealfacts.quantities.grammar import CHANGE_WINDOW
from dealfacts.quantities.items import Item
from dealfacts.quantities.lexer import Token
from dealfacts.quantities.lexicon import Entry, Lexicon
from dealfacts.records import Modifier

_WEAK: frozenset[Modifier] = frozenset({"about"})


class Surroundings:
    """Looks around the items of one text."""

    def __init__(self, text: str, tokens: list[Token], lexicon: Lexicon) -> None:
        """Take a text and its tokens."""
        self.text = text
        self.tokens = tokens
        self.lexicon = lexicon

    def entry(self, at: int) -> Entry | None:
        """Return the entry of a token near the one before it, or None."""
        if 0 <= at < len(self.tokens) and self.tokens[at].near:
            return self.tokens[at].entry
        return None

    def entry_before(self, at: int) -> Entry | None:
        """Return the entry of the token before a token, or None at a break."""
        return self.tokens[at - 1].entry if at > 0 and self.tokens[at].near else None

    # Modifiers

    def modifier(self, item: Item) -> Modifier:
        """Return how an amount is qualified: "up to a total of $5 billion" is `up_to`."""
        after = self.after(item)
        if after is not None and after not in _WEAK:
            return after
        before = self.before(item)
        if before is not None:
            return before
        if after is not None:
            return after
        return "about" if item.vague else "exact"

    def after(self, item: Item) -> Modifier | None:
        """Return the modifier after an amount: "$5 billion or more"."""
        entry = self.entry(item.last)
        return entry.after if entry is not None else None

    def before(self, item: Item) -> Modifier | None:
        """Return the modifier before an amount, over words such as "a total of"."""
        found: Modifier | None = None
        fillers = 0
        summed = False
        at = item.first - 1
        while at >= 0 and fillers <= self.lexicon.max_fillers:
            token = self.tokens[at]
            if at + 1 < len(self.tokens) and not self.tokens[at + 1].near:
                break
            entry = token.entry
            if entry is None:
                if token.text in "(“”„\"'«‘" and at == item.first - 1:
                    at -= 1
                    continue
                break
            if entry.before is not None and not (fillers and not summed and "adjacent" in entry.roles):
                directed = "direction" in entry.roles and not summed and self._changes(at)
                if not directed and (found is None or found in _WEAK):
                    found = entry.before
                if found not in _WEAK:
                    break
            elif found is not None or not entry.roles & {"filler", "between"}:
                break
            else:
                fillers += 1
                summed = summed or "total" in entry.roles
            at -= 1
        return found

    def _changes(self, at: int) -> bool:
        """Whether "up to" only says where something went: "rose 8%, to ...", "zakte tot ..."."""
        if at and self.tokens[at - 1].text == ",":
            return True
        share = self.tokens[at - 1].entry if at else None
        if share is not None and share.percent:
            return True
        for back in range(at - 1, max(-1, at - CHANGE_WINDOW), -1):
            token = self.tokens[back]
            if token.text in ".;:":
                return False
            if token.entry is not None and "change" in token.entry.roles:
                return True
        return False

    # Prices

    def per(self, item: Item) -> str | None:
        """Return what a sum is counted by: "$70 a share"."""
        entry = self.entry(item.last)
        if entry is None or entry.per is None:
            return None
        following = self.entry(item.last + 1)
        # "a year ago" and "a year earlier" tell when, not how often.
        return None if following is not None and "past" in following.roles else entry.per
