"""Put figures, currencies and units together: sums, percentages, quantities, ranges, coordination.

One pass from left to right, with a bounded look around each figure; nothing is revisited, so the
time is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from dealfacts.quantities.figures import HYPHENS, MILLION, ONE, Figure, FigureReader, scaled
from dealfacts.quantities.lexer import Token
from dealfacts.quantities.lexicon import Entry, Lexicon

DASHES = frozenset("-‐‑–—−")
MINUS = frozenset("-−–")
SHARE_LIMIT = 1000
"""A figure from here on is not short for one with a scale ("5 to 7 million", not "5,000 to 7 million")."""
CHANGE_WINDOW = 10
"""How many tokens before "from A to B" a verb of change is looked for."""

# What ends like a scale beside a figure, but is none we know: then there is no value at all.
_LIKE_A_SCALE = re.compile(
    r"(?:\w*[bmtzq]\w{0,6}(?:illi?[oa]ns?|iljoen|iljard|ill[oó]n(?:es)?|illiarden?)|[bm]n|m[lr]d|ml[nj]|mrds?|mio)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(slots=True)
class Item:
    """A quantity found in the text: tokens `first` to `last` (exclusive) and what they come to."""

    first: int
    last: int
    label: str
    low: Decimal
    high: Decimal | None = None
    figure: Figure | None = None
    currency: str | None = None
    """An ISO 4217 code or a family still to be decided."""
    shy: bool = False
    """Rests on a word that is often something else: kept only with support from the text."""
    unit: str = ""
    weight: str = ""
    """The unit of weight that the name of a currency also is (pound)."""
    prefixed: bool = False
    ranged: bool = False
    vague: bool = False
    counted: str | None = None
    inferred: bool = False

    def span(self, tokens: list[Token]) -> tuple[int, int]:
        """Return the character offsets."""
        return tokens[self.first].start, tokens[self.last - 1].end


class Reader:
    """Reads the quantities of one text."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon, decimal: str, *, certain: bool) -> None:
        """Take the tokens of a text and its decimal mark; see `FigureReader`."""
        self.tokens = tokens
        self.lexicon = lexicon
        self.figures = FigureReader(tokens, lexicon, decimal, certain=certain)
        self.items: list[Item] = []

    def read(self) -> list[Item]:
        """Return the quantities of the text, in order, without overlaps."""
        at, count = 0, len(self.tokens)
        while at < count:
            token = self.tokens[at]
            if token.kind == "digits":
                if after := self._code(at):
                    at = after
                    continue
            elif not (token.parts or (token.entry is not None and token.entry.starts)):
                at += 1
                continue
            item = self.amount(at)
            if item is None:
                at += 1
                continue
            at = self._extend(item)
        return self.items

    # What is no quantity: codes, dates, names

    def _code(self, at: int) -> int:
        """Return the index after a row that only looks like a figure (a date, a model, a number to ring); else 0."""
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
        item = self.amount(at)
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
            item = self.amount(at)
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
        if _YEAR.match(one) and len(two) in (2, 4):
            return True
        item = self.amount(at + 2)
        return item is None or (
            item.label == "CARDINAL" and not self._counts(item.last) and item.low < MILLION
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

    # One amount

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
        if entry is None or "figure" not in entry.roles or not 2 <= figure.low <= 15 or figure.low % 1:
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
        """Whether it is the bare scale of an adjective: "a billion-euro deal" tells no sum."""
        entry = self.tokens[figure.first].entry
        if figure.last != figure.first + 1 or entry is None or entry.number is not None:
            return False
        return entry.scale_kind == "word" and self.figures.after_hyphen(figure.last) != figure.last

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
        if entry.shy and figure.plain and len(figure.digits) < 4:
            return None
        item = Item(
            at, figure.last, "MONEY", figure.low, figure.high, figure, currency=entry.currency, prefixed=True
        )
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
        """Take in a currency that is named twice: "$249 USD", "$5 billion dollars", "$300 millones de pesos"."""
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
        if token.kind != "word" or figure.scale != ONE or token.entry is not None:
            return False
        return bool(_LIKE_A_SCALE.match(token.text))

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
        if at >= len(self.tokens) or not self.tokens[at].near or item.prefixed and not joined:
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
        if entry is None or not (entry.percent or entry.currency or entry.unit):
            after = self.figures.after_hyphen(at)
            if after == at and entry is not None and "of" in entry.roles:
                long = (
                    figure.scale != ONE
                    or figure.high is not None
                    or figure.partial
                    or figure.low >= MILLION
                    or figure.low < 1
                )
                after = at + 1 if long else at
            if after != at:
                following = self.figures.entry(after)
                if following is not None and (following.percent or following.currency or following.unit):
                    if not (following.currency and self._opens_next(after)):
                        at, entry = after, following
        item = None
        if entry is not None:
            item = self._measured(figure, at, entry)
        if item is not None:
            return item
        if figure.partial or figure.mild or figure.shy:
            return None
        if self._unread(Item(figure.first, figure.last, "CARDINAL", figure.low), figure):
            return None
        return Item(
            figure.first,
            figure.last,
            "CARDINAL",
            figure.low,
            figure.high,
            figure,
            vague=figure.high is not None,
        )

    def _past_full_stop(self, figure: Figure) -> int:
        """Return the index after a figure and the full stop of its abbreviated scale ("4,6 mln. euro")."""
        at, tokens = figure.last, self.tokens
        scale = tokens[at - 1].entry
        if at + 1 < len(tokens) and tokens[at].text == "." and tokens[at].glued and scale is not None:
            following = tokens[at + 1].entry
            if scale.scale_kind == "sure" and following is not None and following.currency:
                return at + 1
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
        if letter.glued and (letter.text == "k" or self._counts(figure.last)):
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

    def _counts(self, at: int) -> bool:
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
        item = Item(figure.first, at + 1, "", figure.low, figure.high, figure, vague=figure.high is not None)
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
        if figure is None:
            return None
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
        if figure.scale == ONE and following is not None and following.scale_kind in ("word", "both", "sure"):
            if following.scale is not None and following.scale >= SHARE_LIMIT:
                return replace(item, last=at + 2, low=item.low * following.scale, shy=False)
        if token.glued or at == figure.last:
            following_token = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
            if following_token is not None and following_token.glued and following_token.kind != "sign":
                return None
        return self._with_subunit(item)

    # Ranges and coordination

    def _extend(self, item: Item) -> int:
        """Join an amount with those it is coordinated with, put it on the list, return where to go on."""
        while (link := self._link(item.last)) is not None:
            kind, at = link
            token = self.tokens[at]
            if token.kind == "digits" and self._code(at):
                break
            if token.kind != "digits" and not (token.parts or (token.entry and token.entry.starts)):
                break
            other = self.amount(at)
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
        if item.label == "CARDINAL" and item.figure is not None and (item.figure.shy or item.figure.partial):
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
        at += 1
        for _ in range(2):
            entry = tokens[at].entry if at < count else None
            if entry is None or entry.starts or not tokens[at].near:
                break
            if "filler" not in entry.roles and entry.before is None:
                break
            at += 1
        return (kind, at) if at < count and tokens[at].near else None

    def _join(self, one: Item, two: Item, kind: str) -> list[Item] | None:
        """Join two amounts: one item for a range, two when only scale or currency is shared, None if unrelated."""
        if one.high is not None or two.high is not None or one.figure is None or two.figure is None:
            return None
        shared = self._share(one, two, kind)
        if shared is None:
            return None
        one, two = shared
        ordered = one.low < two.low
        between = self._preceded(one.first, "between")
        if kind == "change_to" or (kind == "to" and self._changes(one.first)):
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
        """Give each of two coordinated amounts what only the other states, or None if they do not go together."""
        a, b = one.figure, two.figure
        if a is None or b is None:
            return None
        if one.label == two.label == "CARDINAL":
            if a.scale == ONE and b.scale >= SHARE_LIMIT and a.low < SHARE_LIMIT:
                return self._scale_up(one, b.scale), two
            return (one, two) if not self._is_year(a) or not self._is_year(b) else None
        if one.label == "CARDINAL":
            if self._is_year(a) or self._dated(one.first):
                return None
            factor = two.low / b.low if b.low and two.label == "MONEY" and b.scale == ONE else ONE
            mate = replace(
                one, label=two.label, currency=two.currency, unit=two.unit, low=one.low * factor, shy=two.shy
            )
            if a.scale == ONE and b.scale >= SHARE_LIMIT:
                if a.low >= SHARE_LIMIT and not a.low * b.scale < two.low:
                    return None
                mate = self._scale_up(mate, b.scale)
                if mate.low > two.low and a.low > 20 * b.low / b.scale:
                    return None
            return mate, two
        if two.label == "CARDINAL":
            if kind == "and" and b.scale < SHARE_LIMIT:
                return None
            if not one.prefixed or self._counts(two.last) or self._timed(two.last) or self._is_year(b):
                return None
            two = replace(two, label=one.label, currency=one.currency)
            if a.scale == ONE and b.scale >= SHARE_LIMIT and a.low < SHARE_LIMIT:
                return self._scale_up(one, b.scale), two
            return one, two
        if one.label != two.label or one.unit != two.unit or one.currency != two.currency:
            return None
        if a.scale == ONE and b.scale >= SHARE_LIMIT and a.low < SHARE_LIMIT and a.low * b.scale < two.low:
            return self._scale_up(one, b.scale), two
        return one, two

    def _scale_up(self, item: Item, scale: Decimal) -> Item:
        if item.figure is None:
            return item
        figure = scaled(item.figure, scale)
        return replace(item, low=figure.low, figure=figure)

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

    def _is_year(self, figure: Figure) -> bool:
        return figure.plain and bool(_YEAR.match(figure.digits))

    def _dated(self, at: int) -> bool:
        """Whether a month stands right before: then the figure is a day."""
        entry = self.tokens[at - 1].entry if at else None
        return entry is not None and "months" in entry.roles

    def _timed(self, at: int) -> bool:
        entry = self.figures.entry(at)
        return entry is not None and bool(entry.roles & {"time", "months"})


def hyphenated(token: Token) -> bool:
    """Whether a token is a hyphen that touches the word before it."""
    return token.glued and token.text in HYPHENS
