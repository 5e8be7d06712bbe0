"""Put amounts together: ranges, coordination, scales and currencies stated once for several figures.

One pass from left to right, with a bounded look around each figure; nothing is revisited, so the
time is linear in the length of the text.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dealfacts.quantities.amounts import AmountReader
from dealfacts.quantities.codes import CodeFinder
from dealfacts.quantities.figures import ONE, Figure, scaled
from dealfacts.quantities.items import DASHES, SHARE_LIMIT, Item
from dealfacts.quantities.lexer import Token
from dealfacts.quantities.lexicon import Lexicon

LONG_FIGURE = 100_000
"""A figure from here on is written out in full."""
CHANGE_WINDOW = 10
"""How many tokens before "from A to B" a verb of change is looked for."""


class Reader:
    """Reads the quantities of one text."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon, decimal: str, *, certain: bool) -> None:
        """Take the tokens of a text and its decimal mark; see `FigureReader`."""
        self.tokens = tokens
        self.amounts = AmountReader(tokens, lexicon, decimal, certain=certain)
        self.codes = CodeFinder(self.amounts)
        self.items: list[Item] = []

    def read(self) -> list[Item]:
        """Return the quantities of the text, in order, without overlaps."""
        at, count = 0, len(self.tokens)
        while at < count:
            if not self.amounts.starts(at):
                at += 1
            elif self.tokens[at].kind == "digits" and (after := self.codes.skip(at)):
                at = after
            elif (item := self.amounts.amount(at)) is not None:
                at = self._extend(item)
            else:
                at += 1
        return self.items

    def _extend(self, item: Item) -> int:
        """Join an amount with those it is coordinated with, put it on the list, return where to go on."""
        while (link := self._link(item.last)) is not None:
            kind, at = link
            if not self.amounts.starts(at) or (self.tokens[at].kind == "digits" and self.codes.skip(at)):
                break
            other = self.amounts.amount(at)
            if other is None:
                break
            joined = self._join(item, other, kind)
            if joined is None:
                break
            if len(joined) == 1:
                item = joined[0]
                break
            self._keep(joined[0])
            item = joined[1]
        self._keep(item)
        return item.last

    def _keep(self, item: Item) -> None:
        figure = item.figure
        if item.label == "CARDINAL" and figure is not None:
            # "One" is mostly a pronoun; other doubtful words ("acht") are numbers where they count something.
            doubtful = figure.shy and (item.low == ONE or not self.amounts.counts(item.last))
            if doubtful or figure.partial:
                return
        self.items.append(item)

    def _link(self, at: int) -> tuple[str, int] | None:
        """Return what joins an amount to the next one, and where that begins."""
        tokens, count = self.tokens, len(self.tokens)
        if at + 1 >= count or not tokens[at].near:
            return None
        token = tokens[at]
        if token.text in DASHES:
            glued = token.glued and tokens[at + 1].glued
            spaced = not token.glued and not tokens[at + 1].glued and tokens[at + 1].near
            if glued or (spaced and tokens[at + 1].kind == "digits" and tokens[at - 1].kind != "word"):
                return "dash", at + 1
            return None
        if token.entry is None:
            return None
        roles = token.entry.roles
        for kind in ("change_to", "to", "or", "and"):
            if kind in roles:
                break
        else:
            return None
        at = self._over_fillers(at + 1)
        return (kind, at) if at < count and tokens[at].near else None

    def _over_fillers(self, at: int) -> int:
        """Return the index after up to two words such as "about" or "the" that may stand before a figure."""
        for _ in range(2):
            entry = self.amounts.figures.entry(at)
            if entry is None or not ("filler" in entry.roles or entry.before is not None):
                break
            digits_follow = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "digits"
            if entry.starts and not ("article" in entry.roles and digits_follow):
                break
            at += 1
        return at

    def _join(self, one: Item, two: Item, kind: str) -> list[Item] | None:
        """Join two amounts: one item for a range, two if they only share a scale or currency, else None."""
        if one.high is not None or two.high is not None or one.figure is None or two.figure is None:
            return None
        shared = self._share(one, two, kind)
        if shared is None:
            return None
        # "Rose 5 to 6 percent" is a range, "rose from 5 to 6 percent" and "fell $5 to $20" are not.
        moves = one.label != "CARDINAL" or self._preceded(one.first, "from")
        one, two = shared
        ordered = one.low < two.low
        between = self._preceded(one.first, "between")
        if kind == "change_to" or (kind == "to" and moves and self._changes(one.first)):
            return [one, two]
        if kind == "and" and not between:
            return [one, two]
        if not ordered:
            return [one, two] if kind != "dash" else None
        if one.label == "CARDINAL" and kind == "dash":
            spaced = not self.tokens[one.last].glued
            if one.figure is None or two.figure is None or (spaced and one.figure.plain):
                return None
            if bool(one.figure.digits) != bool(two.figure.digits):
                return None
        return [
            replace(
                one,
                last=two.last,
                high=two.low,
                ranged=True,
                figure=two.figure,
                shy=one.shy and two.shy,
                prefixed=one.prefixed,
            )
        ]

    def _share(self, one: Item, two: Item, kind: str) -> tuple[Item, Item] | None:
        """Give each of two coordinated amounts what only the other states; None if they are unrelated."""
        a, b = one.figure, two.figure
        if a is None or b is None:
            return None
        lacks_scale = a.scale == ONE and b.scale >= SHARE_LIMIT and a.low < SHARE_LIMIT
        if one.label == two.label == "CARDINAL":
            if lacks_scale:
                return self._scale_up(one, b.scale), two
            return None if a.like_a_year and b.like_a_year else (one, two)
        if one.label == "CARDINAL":
            return self._share_backwards(one, two, a, b)
        if two.label == "CARDINAL":
            if not one.prefixed or self._stands_alone(two, b) or (kind == "and" and b.scale < SHARE_LIMIT):
                return None
            two = replace(two, label=one.label, currency=one.currency)
            return (self._scale_up(one, b.scale) if lacks_scale else one), two
        if one.label != two.label or one.unit != two.unit or one.currency != two.currency:
            return None
        if lacks_scale and a.low * b.scale < two.low:
            return self._scale_up(one, b.scale), two
        return one, two

    def _share_backwards(self, one: Item, two: Item, a: Figure, b: Figure) -> tuple[Item, Item] | None:
        """Give a bare figure what the amount after it states: "3 and 5 billion euros", "10 to 15 percent"."""
        if a.like_a_year or self._dated(one.first):
            return None
        # A subunit is worth less than its figure says, "mdd" more: "5 to 7 cents", "3 a 5 mil mdd".
        worth = two.low / b.low if b.low and two.label == "MONEY" else ONE
        mate = replace(
            one, label=two.label, currency=two.currency, unit=two.unit, low=one.low * worth, shy=two.shy
        )
        if a.scale == ONE and b.scale >= SHARE_LIMIT:
            if a.low >= SHARE_LIMIT and a.low * b.scale >= two.low:
                # "999,000 to 1.1 million dollars" is clear, "3,500 to 2,000 million" is not.
                return (mate, two) if LONG_FIGURE <= a.low < two.low else None
            mate = self._scale_up(mate, b.scale)
            if mate.low > two.low and a.low > 20 * b.low / b.scale:
                return None
        return mate, two

    def _stands_alone(self, item: Item, figure: Figure) -> bool:
        """Whether a bare figure counts or dates something of its own."""
        return self.amounts.counts(item.last) or self._timed(item.last) or figure.like_a_year

    def _scale_up(self, item: Item, scale: Decimal) -> Item:
        if item.figure is None:
            return item
        return replace(item, low=item.low * scale, figure=scaled(item.figure, scale))

    # What stands around

    def _preceded(self, at: int, role: str) -> bool:
        """Whether a word with a role stands before a token, articles and modifiers aside."""
        for back in range(at - 1, max(-1, at - 4), -1):
            entry = self.tokens[back].entry
            if entry is None:
                return False
            if role in entry.roles:
                return True
            if "filler" not in entry.roles and entry.before is None:
                return False
        return False

    def _changes(self, at: int) -> bool:
        """Whether a verb of change stands shortly before: "rose from 5 to 7"."""
        for back in range(at - 1, max(-1, at - CHANGE_WINDOW), -1):
            token = self.tokens[back]
            if token.text in ".,;:":
                return False
            if token.entry is not None and "change" in token.entry.roles:
                return True
        return False

    def _dated(self, at: int) -> bool:
        """Whether a month stands right before: then the figure is a day."""
        entry = self.tokens[at - 1].entry if at else None
        return entry is not None and "months" in entry.roles

    def _timed(self, at: int) -> bool:
        entry = self.amounts.figures.entry(at)
        return entry is not None and bool(entry.roles & {"time", "months"})
