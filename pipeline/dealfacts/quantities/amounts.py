"""Read one amount: a figure with its currency, percent sign or unit, before or after it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from dealfacts.quantities.figures import HYPHENS, MILLION, ONE, Figure, FigureReader
from dealfacts.quantities.items import DASHES, MINUS, SHARE_LIMIT, Item
from dealfacts.quantities.lexer import Token
from dealfacts.quantities.lexicon import Entry, Lexicon

# What ends like a scale beside a figure, but is none we know: then there is no value at all.
_LIKE_A_SCALE = re.compile(
    r"(?:\w*[bmtzq]\w{0,6}(?:illi?[oa]ns?|iljoen|iljard|ill[oó]n(?:es)?)"
    r"|(?:mil|bil|tri)[lj]?i?(?:on|oen|ard|hõ|hã)\w*|[bm]n|m[lr]d|ml[nj]|mrds?|mio)$",
    re.IGNORECASE,
)

_FIGURES = range(4, 16)
"""How many figures a sum has: "double-digit" and "three figures" are said of percentages and counts."""


class AmountReader:
    """Reads single amounts of one text."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon, decimal: str, *, certain: bool) -> None:
        """Take the tokens of a text and its decimal mark; see `FigureReader`."""
        self.tokens = tokens
        self.lexicon = lexicon
        self.figures = FigureReader(tokens, lexicon, decimal, certain=certain)

    def starts(self, at: int) -> bool:
        """Whether an amount can begin at a token."""
        token = self.tokens[at]
        if token.kind == "digits" or token.parts:
            return True
        return token.entry is not None and token.entry.starts

    def amount(self, at: int) -> Item | None:
        """Read the amount that begins at a token: a figure with what belongs to it."""
        entry = self.tokens[at].entry
        if entry is not None:
            if entry.currency and entry.leading and (item := self._after_symbol(at, entry)):
                return item
            if "sum" in entry.roles:
                return self._sum_of_figures(at)
            if entry.coin:
                return self._coin(at, entry.coin)
            if entry.multiple is not None:
                return self._multiple(at, entry)
            if "negative" in entry.roles:
                return self._negative(at)
        figure = self.figures.read(at)
        if figure is None or self._only_a_scale(figure):
            return None
        return self._figures_sum(figure) or self._before_unit(figure)

    def _figures_sum(self, figure: Figure) -> Item | None:
        """Read "an eight-figure sum": money between two powers of ten."""
        at = self.figures.after_hyphen(figure.last)
        entry = self.figures.entry(at)
        if entry is None or "figure" not in entry.roles or figure.low not in _FIGURES:
            return None
        low = ONE.scaleb(int(figure.low) - 1)
        head = self.figures.entry(at + 1)
        last = at + 2 if head is not None and "sum" in head.roles else at + 1
        return Item(figure.first, last, "MONEY", low, low * 10 - 1, vague=True)

    def _sum_of_figures(self, at: int) -> Item | None:
        """Read "una suma de ocho cifras", where the noun stands first."""
        entry = self.figures.entry(at + 1)
        if entry is None or "of" not in entry.roles:
            return None
        figure = self.figures.read(at + 2) if at + 2 < len(self.tokens) else None
        item = self._figures_sum(figure) if figure is not None else None
        return replace(item, first=at) if item is not None else None

    def _only_a_scale(self, figure: Figure) -> bool:
        """Whether it is a scale without its figure: "a billion-euro deal", or after a figure left unread."""
        entry = self.tokens[figure.first].entry
        if figure.first and not figure.digits and self.tokens[figure.first - 1].kind == "digits":
            return entry is not None and entry.number is None
        if figure.last != figure.first + 1 or entry is None or entry.number is not None:
            return False
        before = self.tokens[figure.first - 1].entry if figure.first else None
        told = before is not None and "tells_scale" in before.roles
        adjective = self.figures.after_hyphen(figure.last) != figure.last
        large = entry.scale is not None and entry.scale >= MILLION
        return entry.scale_kind == "word" and large and (adjective or not told)

    def _negative(self, at: int) -> Item | None:
        following = at + 1
        if following >= len(self.tokens) or not self.tokens[following].near:
            return None
        item = self.amount(following) if self.tokens[following].kind == "digits" else None
        if item is None and (figure := self.figures.read(following)):
            item = self._before_unit(figure)
        if item is None or item.high is not None:
            return None
        return replace(item, first=at, low=-item.low)

    def _coin(self, at: int, coin: tuple[Decimal, str]) -> Item | None:
        before = self.tokens[at - 1].entry if at else None
        if before is None or "article" not in before.roles:
            return None
        return Item(at, at + 1, "MONEY", coin[0], currency=coin[1])

    def _multiple(self, at: int, entry: Entry) -> Item | None:
        needs = self.lexicon.multiple_needs
        following = self.tokens[at + 1].text.lower() if at + 1 < len(self.tokens) else ""
        if entry.multiple is None or (entry.shy and following not in needs):
            return None
        return Item(at, at + 1, "QUANTITY", entry.multiple, unit="dimensionless")

    def _after_symbol(self, at: int, entry: Entry) -> Item | None:
        """Read a sum whose currency stands first: "$20bn", "EUR 5 million", "R$ 3 mil"."""
        tokens, count = self.tokens, len(self.tokens)
        first = at + 1
        if first < count and tokens[first].text == "." and tokens[first].glued:
            first += 1
        negative = first + 1 < count and tokens[first].text in MINUS and tokens[first + 1].glued
        first += negative
        if first >= count or not tokens[first].near:
            return None
        if tokens[first].kind != "digits" and not self._scale_word(first):
            return None
        figure = self.figures.read(first)
        if figure is None or figure.partial or figure.mild:
            return None
        if entry.shy and ((figure.plain and len(figure.digits) < 4) or figure.like_a_year):
            return None
        item = Item(
            at, figure.last, "MONEY", figure.low, figure.high, figure, currency=entry.currency, prefixed=True
        )
        item.vague = figure.high is not None or figure.loose
        item = self._second_currency(item)
        if self._unread(item, figure) or self._has_own_currency(item):
            return None
        if negative:
            item.low = -item.low
        return self._with_subunit(item)

    def _opens_next(self, at: int) -> bool:
        """Whether the symbol at a token belongs to the figure after it: "$1.2bn-$1.5bn"."""
        token, following = self.tokens[at], self.tokens[at + 1 : at + 2]
        if not following or following[0].kind != "digits" or not following[0].glued:
            return False
        before = self.tokens[at - 1]
        return not token.glued or before.text in DASHES or before.text == "/"

    def _has_own_currency(self, item: Item) -> bool:
        """Whether the figure has another currency behind it: then "AMD" in "AMD 600 dollars" is a name."""
        entry = self.figures.entry(item.last)
        leads = self.tokens[item.last + 1 : item.last + 2]
        if entry is None or not entry.currency or (leads and leads[0].glued and leads[0].kind == "digits"):
            return False
        return self.tokens[item.first].text.isalpha() and not entry.shy and entry.subunit is None

    def _scale_word(self, at: int) -> bool:
        """Whether a number in words stands after a symbol ("US$ mil millones")."""
        figure = self.figures.read(at)
        return figure is not None and figure.scale >= SHARE_LIMIT

    def _second_currency(self, item: Item) -> Item:
        """Take in a currency named twice: "$249 USD", "$5 billion dollars", "$300 millones de pesos"."""
        at = self.figures.after_hyphen(item.last)
        entry = self.figures.entry(at)
        if entry is not None and "of" in entry.roles:
            at += 1
            entry = self.figures.entry(at)
        if entry is None or not entry.currency or entry.subunit is not None or entry.shy:
            return item
        if entry.scaled is not None or self._opens_next(at):
            return item
        families = self.lexicon.families
        own, other = (
            set(families[key].codes) if key in families else {key}
            for key in (item.currency or "", entry.currency)
        )
        if not own & other:
            return item
        currency = entry.currency if len(other) < len(own) else item.currency
        return replace(item, last=at + 1, currency=currency)

    def _unread(self, item: Item, figure: Figure) -> bool:
        """Whether a token beside the figure looks like a scale that could not be read."""
        at = item.last
        if at >= len(self.tokens) or not self.tokens[at].near:
            return False
        token = self.tokens[at]
        if token.glued and token.kind == "word":
            return True
        if figure.scale == ONE and self._scale_behind(self.figures.after_hyphen(at)):
            return True
        if figure.scale == ONE and token.entry is None and token.key.startswith(self.lexicon.scale_stems):
            return True  # "het 10 miljardplan"
        if token.kind != "word" or figure.scale != ONE or token.entry is not None:
            return False
        return bool(_LIKE_A_SCALE.match(token.text))

    def _scale_behind(self, at: int) -> bool:
        """Whether a scale stands behind one word that cannot be read: "$40 fat million"."""
        if at >= len(self.tokens) or self.tokens[at].kind != "word" or self.tokens[at].entry is not None:
            return False
        entry = self.figures.entry(at + 1)
        return entry is not None and entry.scale_kind in ("word", "both", "sure")

    def _with_subunit(self, item: Item) -> Item:
        """Take in the cents of "13 dollars and 45 cents", "3 euros con 99 céntimos", "15 dollars and 50"."""
        if item.figure is None or item.figure.scale != ONE or item.high is not None or item.low < 0:
            return item
        at = item.last
        entry = self.figures.entry(at)
        joined = entry is not None and bool(entry.roles & {"and", "with"})
        if joined:
            at += 1
            entry = self.figures.entry(at)
        if at >= len(self.tokens) or not self.tokens[at].near or (item.prefixed and not joined):
            return item
        if self.tokens[at].kind != "digits" and (entry is None or entry.number is None):
            return item
        cents = self.figures.read(at)
        if cents is None or not 0 < cents.low < 100 or cents.low % 1:
            return item
        following = self.figures.entry(cents.last)
        if following is not None and following.subunit == Decimal("0.01"):
            return replace(item, last=cents.last + 1, low=item.low + cents.low / 100)
        ends = cents.last >= len(self.tokens) or self.tokens[cents.last].text in ".!?;"
        if ends and cents.low >= 10 and not item.prefixed and item.low == int(item.low):
            return replace(item, last=cents.last, low=item.low + cents.low / 100)
        return item

    def _before_unit(self, figure: Figure) -> Item | None:
        """Read what stands after a figure: a percent sign, a currency, a unit, or nothing."""
        if figure.shy_scale:
            return self._before_shy_scale(figure)
        at = self._past_full_stop(figure)
        entry = self.figures.entry(at)
        if entry is None or not entry.measures:
            at = self._over_a_link(figure, at)
            entry = self.figures.entry(at)
        if entry is not None and (item := self._measured(figure, at, entry)) is not None:
            return item
        if figure.partial or figure.mild or figure.shy:
            return None
        if self._unread(Item(figure.first, figure.last, "CARDINAL", figure.low), figure):
            return None
        if self._unknown_money(figure.last):
            return None
        return Item(
            figure.first,
            figure.last,
            "CARDINAL",
            figure.low,
            figure.high,
            figure,
            vague=figure.high is not None or figure.loose,
        )

    def _unknown_money(self, at: int) -> bool:
        """Whether a currency follows whose adjective is unknown: "5 million Ruritanian crowns"."""
        if at >= len(self.tokens) or not self.tokens[at].near:
            return False
        token, entry = self.tokens[at], self.figures.entry(at + 1)
        unknown = token.kind == "word" and token.entry is None and token.text[:1].isupper()
        return unknown and entry is not None and bool(entry.currency) and not entry.leading

    def _over_a_link(self, figure: Figure, at: int) -> int:
        """Return the index of what measures a figure behind a hyphen or "of"; `at` itself if nothing does."""
        entry = self.figures.entry(at)
        after = self.figures.after_hyphen(at)
        if after == at and entry is not None and "of" in entry.roles:
            named = figure.scale != ONE or figure.high is not None or figure.partial
            after += named or figure.low >= MILLION or figure.low < 1
        following = self.figures.entry(after)
        if after == at or following is None or not following.measures:
            return at
        return at if following.currency and self._opens_next(after) else after

    def _past_full_stop(self, figure: Figure) -> int:
        """Return the index after a figure and the full stop of its abbreviated scale ("4,6 mln. euro")."""
        at, tokens = figure.last, self.tokens
        scale = tokens[at - 1].entry
        if at + 1 < len(tokens) and tokens[at].text == "." and tokens[at].glued and scale is not None:
            following = tokens[at + 1].entry
            if scale.scale_kind == "sure" and following is not None and tokens[at + 1].near:
                return at + 1 if following.currency or "of" in following.roles else at
        return at

    def _before_shy_scale(self, figure: Figure) -> Item | None:
        """Read "1.2m euros", "3.200 M€", "5k": a letter counts as a scale only with support."""
        at = figure.last
        entry = self.figures.entry(at)
        if entry is not None and "of" in entry.roles:
            at += 1
            entry = self.figures.entry(at)
        if entry is not None and entry.currency and entry.scaled is None:
            return self._measured(figure, at, entry)
        letter = self.tokens[figure.last - 1]
        if letter.glued and (letter.text == "k" or self.counts(figure.last)):
            unit = letter.entry.unit if letter.entry else None
            if letter.text == "k" or unit is None or (unit == "meter" and not self.lexicon.bare_meter):
                return Item(figure.first, figure.last, "CARDINAL", figure.low, figure.high, figure)
        if letter.entry is not None and letter.entry.unit and figure.last == figure.first + 2:
            if letter.glued and letter.entry.unit == "meter" and not self.lexicon.bare_meter:
                return None
            number = figure.low / figure.scale
            plain = replace(figure, last=figure.last - 1, low=number, scale=ONE, shy_scale=False)
            return Item(figure.first, figure.last, "QUANTITY", number, figure=plain, unit=letter.entry.unit)
        return None

    def counts(self, at: int) -> bool:
        """Whether a noun follows that a figure could count."""
        if at >= len(self.tokens) or not self.tokens[at].near:
            return False
        token = self.tokens[at]
        entry = token.entry
        if entry is not None and entry.roles & {"count", "adjective"}:
            return True
        return (
            token.kind == "word"
            and token.text.islower()
            and entry is None
            and token.text.endswith(self.lexicon.plural_endings)
        )

    def _measured(self, figure: Figure, at: int, entry: Entry) -> Item | None:
        """Make the item of a figure and the token that says what it measures."""
        item = Item(figure.first, at + 1, "", figure.low, figure.high, figure)
        item.vague = figure.high is not None or figure.loose
        token = self.tokens[at]
        if entry.percent:
            item.label, item.unit = "PERCENT", entry.percent
            return item
        if entry.glued and not token.glued:
            return None
        if entry.currency:
            return self._sum(item, at, entry)
        if entry.unit:
            if (
                at + 1 < len(self.tokens)
                and self.tokens[at + 1].glued
                and self.tokens[at + 1].kind == "digits"
            ):
                return None
            first = self.tokens[figure.first].entry
            if figure.shy and first is not None and "article" in first.roles:
                return None  # "een vat", "un kilo": an article
            if figure.mild and entry.unit == "dimensionless":
                return None
            item.label, item.unit = "QUANTITY", entry.unit
            return item
        return None

    def _sum(self, item: Item, at: int, entry: Entry) -> Item | None:
        figure, token = item.figure, self.tokens[at]
        # Names: "Real Madrid", "een Euro 2000-wedstrijd".
        shouted = figure is not None and token.text.isupper() and self.tokens[figure.first].text.isupper()
        named = token.text[:1].isupper() and not shouted and not entry.leading
        if figure is None or (named and (entry.shy or figure.shy)):
            return None
        if entry.shy and entry.leading and figure.like_a_year:
            return None  # "in 2016 GIP bought": a year, then a company named like a code
        if entry.unit and at > figure.last and self.tokens[at - 1].text in HYPHENS and figure.scale == ONE:
            item.label, item.unit = "QUANTITY", entry.unit  # a 20-pound bag
            return item
        item.label, item.currency = "MONEY", entry.currency
        item.weight = entry.unit or ""
        item.shy = entry.shy and figure.scale < SHARE_LIMIT
        if entry.subunit is not None:
            if entry.glued and figure.digits in self.lexicon.not_glued:
                return None
            item.low *= entry.subunit
            item.high = None if item.high is None else item.high * entry.subunit
            return item
        if entry.scaled is not None:
            return replace(item, low=item.low * entry.scaled)
        # "75 USD million"
        following = self.figures.entry(at + 1)
        scale = following.scale if following is not None else None
        named = following is not None and following.scale_kind in ("word", "both", "sure")
        if figure.scale == ONE and named and scale is not None and scale >= SHARE_LIMIT:
            return replace(item, last=at + 2, low=item.low * scale, shy=False)
        if token.glued or at == figure.last:
            following_token = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
            if following_token is not None and following_token.glued and following_token.kind != "sign":
                return None
        return self._with_subunit(item)
