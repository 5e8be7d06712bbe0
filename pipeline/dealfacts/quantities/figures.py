"""Read a figure from tokens: digits, number words, fractions, scales and vague amounts.

The composition of number words is the usual one of a stack: a scale multiplies what stands on the
stack below it ("dos mil ciento cuarenta y siete millones"), and a smaller number joins a larger one
that has room for it ("ciento" + "seis", but not "tres" + "siete"). It needs no rules per language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction

from dealfacts.quantities.lexer import Token
from dealfacts.quantities.lexicon import Entry, Lexicon
from dealfacts.quantities.numerals import read_digits, separators

HYPHENS = frozenset("-‐‑")
ONE = Decimal(1)
MILLION = Decimal(1_000_000)
MAX_WORDS = 64
"""A figure of more words than this is no figure."""

_EXACT = Context(prec=60)
YEAR = re.compile(r"(?:19|20)\d\d$")
_ROUNDED = Context(prec=15)


@dataclass(slots=True)
class Figure:
    """A number as it stands in the text: tokens `first` to `last` (exclusive) and what they say."""

    first: int
    last: int
    low: Decimal
    high: Decimal | None = None
    """Set for vague figures only: "tens of millions" is 10 to 99 million."""
    scale: Decimal = ONE
    """The scale named last ("12 miljoen": a million), which a coordinated figure may share."""
    digits: str = ""
    """The digits it begins with, as written."""
    shy_scale: bool = False
    """The scale is a letter that is often something else: it needs a currency or a counted noun."""
    shy: bool = False
    """A lone word that is more often an article than a number."""
    partial: bool = False
    """A fraction without a scale ("half"): a number only before a unit or currency."""
    loose: bool = False
    """A word inside it makes it approximate: "40-odd million"."""
    mild: bool = False
    """A vague word without a scale ("several")."""

    @property
    def plain(self) -> bool:
        """Whether the figure is one row of digits, without group mark, decimals or scale."""
        return self.digits.isdigit() and self.scale == ONE and self.last == self.first + 1

    @property
    def like_a_year(self) -> bool:
        """Whether the figure could be a year of our time: "1998", "2026"."""
        return self.plain and YEAR.match(self.digits) is not None


class _Sum:
    """The stack of a number that is being read word by word."""

    def __init__(self, parts: list[Decimal] | None = None) -> None:
        self.parts = parts or []
        self.scale = ONE
        self.fresh = bool(parts)
        """The only part is a row of digits, which any scale may multiply."""

    def copy(self) -> _Sum:
        twin = _Sum(list(self.parts))
        twin.scale, twin.fresh = self.scale, self.fresh
        return twin

    @property
    def total(self) -> Decimal:
        return sum(self.parts, Decimal(0))

    def add(self, number: Decimal, *, inverted: bool = False) -> bool:
        """Put a number after what is there, if there is room for it."""
        if not self.parts:
            self.parts.append(number)
            return True
        last = self.parts[-1]
        if inverted and ONE <= last < 10 and 20 <= number < 100 and number % 10 == 0:
            self.parts[-1] = last + number
            return True
        room = ONE.scaleb(len(str(int(number))))
        if last == 10 or last <= number or last % room:
            return False
        self.parts.append(number)
        self.fresh = False
        return True

    def times(self, scale: Decimal, kind: str) -> bool:
        """Multiply what stands below a scale by it."""
        below = Decimal(0)
        while self.parts and (self.fresh or kind == "group" or self.parts[-1] < scale):
            below += self.parts.pop()
        if not below:
            if self.parts and (kind not in ("word", "both") or self.parts[-1] % (scale * 10)):
                return False
            below = ONE
        product = _EXACT.multiply(below, scale)
        if self.parts and self.parts[-1] % ONE.scaleb(product.adjusted() + 1):
            return False
        self.parts.append(product)
        self.scale = scale
        self.fresh = False
        return True


class FigureReader:
    """Reads the figures of one text."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon, decimal: str, *, certain: bool) -> None:
        """Take the tokens of a text.

        Args:
            tokens: all tokens of the text.
            lexicon: the tables of its language.
            decimal: the decimal mark of the text.
            certain: the text itself or its region shows that mark, rather than the language alone.
        """
        self.tokens = tokens
        self.lexicon = lexicon
        self.decimal = decimal
        self.certain = certain

    def read(self, first: int) -> Figure | None:
        """Read the figure that begins at a token, or None when none does."""
        token = self.tokens[first]
        if token.kind == "digits":
            return self._digits(first)
        if token.parts:
            return self._words(first, _Sum(), "")
        entry = token.entry
        if entry is None:
            return None
        if entry.vague or entry.scale_kind in ("plural", "both"):
            return self._vague(first, entry)
        if entry.number is not None or entry.scale_kind in ("word", "group") or entry.fraction is not None:
            return self._words(first, _Sum(), "")
        if "article" in entry.roles and self._scale_or_fraction(first + 1):
            return self._words(first, _Sum(), "")
        return None

    def entry(self, at: int) -> Entry | None:
        """Return the entry of a token that is near the one before it, or None."""
        if at < len(self.tokens) and self.tokens[at].near:
            return self.tokens[at].entry
        return None

    def after_hyphen(self, at: int) -> int:
        """Return the index of the token after a hyphen that joins two words, or `at` itself."""
        tokens = self.tokens
        if at + 1 < len(tokens) and tokens[at].text in HYPHENS and tokens[at].glued and tokens[at + 1].glued:
            return at + 1
        return at

    def _scale_or_fraction(self, at: int) -> bool:
        entry = self.entry(at)
        return entry is not None and (
            entry.scale_kind in ("word", "group", "both") or entry.fraction is not None
        )

    def _digits(self, first: int) -> Figure | None:
        token = self.tokens[first]
        value = read_digits(token.text, self.decimal, grouped=self._reads_as_grouped(first))
        if value is None:
            return None
        last = first + 1
        fraction, after = self._fraction_in_digits(first, value)
        if fraction is not None:
            value, last = fraction, after
        figure = self._words(last, _Sum([value]), token.text, first)
        if figure is None:
            return Figure(first, last, value, digits=token.text)
        return figure

    def _reads_as_grouped(self, at: int) -> bool:
        """Whether an open figure ("1,850") is a whole number although the habit says decimals.

        Without evidence from the text, three digits before a scale of millions are thousands of
        millions in Spanish and Dutch, and three zeros are thousands anywhere.
        """
        figure, proven = separators(self.tokens[at].text)
        if proven is not None or figure.isdigit():
            return False
        entry = self.entry(at + 1)
        scale = None if entry is None or entry.scale_kind == "shy" else entry.scale or entry.scaled
        if figure.endswith("000") and (scale is not None or not self.certain):
            return True
        if self.certain or self.decimal == ".":
            return False
        if scale == MILLION:
            return True
        # A bare count with a counted noun is whole; prices and shares may have three decimals.
        return figure.endswith("00") and entry is None and at + 1 < len(self.tokens)

    def _fraction_in_digits(self, first: int, value: Decimal) -> tuple[Decimal | None, int]:
        """Read "1/2", "2 1/4" and "2½"."""
        tokens, at = self.tokens, first + 1
        if (entry := self.entry(at)) and entry.fraction is not None and len(tokens[at].text) == 1:
            return _ROUNDED.add(value, _decimal(entry.fraction)), at + 1
        if part := self._slashed(first):
            return _decimal(part), first + 3
        if at < len(tokens) and tokens[at].kind == "digits" and tokens[at].near and not tokens[at].glued:
            part = self._slashed(at)
            if part and part < 1 and tokens[first].text.isdigit():
                return value + _decimal(part), at + 3
        return None, at

    def _slashed(self, at: int) -> Fraction | None:
        tokens = self.tokens
        if at + 2 >= len(tokens) or tokens[at + 1].text != "/":
            return None
        above, below = tokens[at].text, tokens[at + 2].text
        if not (tokens[at + 1].glued and tokens[at + 2].glued and above.isdigit() and below.isdigit()):
            return None
        if len(above) > 3 or len(below) > 4 or int(below) < 2:
            return None
        if at + 3 < len(tokens) and tokens[at + 3].glued and tokens[at + 3].text in "/-":
            return None
        return Fraction(int(above), int(below))

    def _words(self, at: int, number: _Sum, digits: str, first: int | None = None) -> Figure | None:
        """Read number words, scales and fractions from `at` on top of what is known already."""
        start = at if first is None else first
        limit = min(len(self.tokens), at + MAX_WORDS)
        shy = shy_scale = partial = loose = False
        used = at
        if first is None:
            entry = self.tokens[at].entry
            if entry is not None and "article" in entry.roles and self._scale_or_fraction(at + 1):
                at += 1
                if self.entry(at) is not None and self._is_fraction(at) and not self._fraction_scales(at):
                    partial = True
        while at < limit:
            token = self.tokens[at]
            if at > start and not token.near:
                break
            if number.parts and (after := self.after_hyphen(at)) != at and self._is_numeral(after):
                at, token = after, self.tokens[after]
            elif number.parts and self._is_loose(at):
                loose, at = True, at + 1
                token = self.tokens[at]
            step, state = self._step(at, number, start)
            if not step:
                break
            entry = token.entry
            shy_scale = entry is not None and entry.scale_kind == "shy" and state == "scale"
            shy = state == "number" and entry is not None and entry.shy and used == start and first is None
            partial = state == "fraction"
            at = used = step
        if used == start or not number.parts:
            return None
        value = number.total
        return Figure(
            start,
            used,
            value,
            scale=number.scale,
            digits=digits,
            shy_scale=shy_scale,
            shy=shy,
            partial=partial,
            loose=loose,
        )

    def _is_loose(self, at: int) -> bool:
        """Whether a word that makes a figure approximate stands before its scale: "40-odd million"."""
        entry, following = self.tokens[at].entry, self.entry(at + 1)
        loose = entry is not None and entry.after == "about" and entry.number is None
        return loose and following is not None and following.scale_kind in ("word", "both", "sure")

    def _is_numeral(self, at: int) -> bool:
        token = self.tokens[at]
        entry = token.entry
        return bool(token.parts) or (
            entry is not None
            and (entry.number is not None or entry.fraction is not None or entry.scale is not None)
            and entry.scale_kind != "shy"
        )

    def _is_fraction(self, at: int) -> bool:
        entry = self.entry(at)
        return entry is not None and entry.fraction is not None

    def _step(self, at: int, number: _Sum, start: int) -> tuple[int, str]:
        """Take one word into the number; return the index after it (0 if it does not belong) and its kind."""
        token = self.tokens[at]
        if token.kind == "digits":
            return self._more_digits(at, number), "number"
        if token.parts:
            return self._compound(at, number), "number"
        entry = token.entry
        if entry is None:
            return 0, ""
        if entry.fraction is not None:
            return self._fraction(at, entry.fraction, number)
        if entry.number is not None and not (entry.scale_kind and number.parts):
            # "$11 billion one of ...", "540 miljoen een jaar eerder": another matter begins.
            ended = number.scale >= MILLION and number.parts[-1] >= number.scale
            if ended and (entry.shy or self.tokens[start].kind == "digits"):
                return 0, ""
            return (at + 1 if number.add(entry.number) else 0), "number"
        if entry.scale is not None and self._scale_fits(at, entry, number):
            return (at + 1 if number.times(entry.scale, entry.scale_kind) else 0), "scale"
        if "joiner" in entry.roles and number.parts:
            return self._joined(at, token, number)
        if "point" in entry.roles and number.parts:
            return self._decimals(at, number), "number"
        return 0, ""

    def _scale_fits(self, at: int, entry: Entry, number: _Sum) -> bool:
        if entry.scale_kind == "shy":
            token = self.tokens[at]
            return bool(number.parts) and (token.glued or token.near) and number.scale < MILLION
        if entry.scale_kind == "sure":
            return bool(number.parts)
        if entry.scale_kind == "plural":
            return bool(number.parts)
        return True

    def _more_digits(self, at: int, number: _Sum) -> int:
        """Read on in "4 thousand 3 hundred": digits with a lower scale of their own."""
        entry = self.entry(at + 1)
        value = read_digits(self.tokens[at].text, self.decimal)
        rest = value is not None and 100 <= value < 1000 and value % 1 == 0
        if rest and number.scale == 1000 and (entry is None or entry.scale is None):
            return at + 1 if number.add(value or ONE) else 0  # "2 mil 500 pesos"
        if entry is None or value is None or number.scale == ONE or entry.scale is None:
            return 0
        if value >= 1000 or entry.scale_kind not in ("word", "both"):
            return 0
        if number.scale == 1000 and entry.scale >= MILLION and number.add(value):
            return at + 1  # "9 mil 300 millones"
        if entry.scale >= number.scale:
            return 0
        part = _EXACT.multiply(value, entry.scale)
        if number.parts[-1] % ONE.scaleb(part.adjusted() + 1):
            return 0
        number.parts.append(part)
        number.scale = entry.scale
        return at + 2

    def _compound(self, at: int, number: _Sum) -> int:
        """Take in a number written as one word."""
        trial = number.copy()
        joined = False
        for part in self.tokens[at].parts:
            if "joiner" in part.roles:
                joined = True
                continue
            if part.fraction is not None:
                trial.parts[-1:] = [trial.parts[-1] + _decimal(part.fraction)] if trial.parts else []
            elif part.scale is not None:
                if not trial.times(part.scale, part.scale_kind):
                    return 0
            elif joined and self._half_ahead(at, part):
                continue
            elif not trial.add(part.number or Decimal(0), inverted=joined and self.lexicon.inverted):
                return 0
            joined = False
        number.parts, number.scale, number.fresh = trial.parts, trial.scale, False
        return at + 1

    def _half_ahead(self, at: int, part: Entry) -> bool:
        """Whether "een" is the article of a closing half: "drieëneenhalf"."""
        return part.number == 1 and self.tokens[at].parts[-1].fraction is not None

    def _fraction_scales(self, at: int) -> int:
        """Return the index of the scale that a fraction multiplies ("half a million"), or 0."""
        at += 1
        entry = self.entry(at)
        if entry is not None and "of" in entry.roles:
            at += 1
            entry = self.entry(at)
        if entry is not None and "article" in entry.roles:
            at += 1
            entry = self.entry(at)
        if entry is not None and entry.scale_kind in ("word", "group", "both"):
            return at
        return 0

    def _fraction(self, at: int, fraction: Fraction, number: _Sum) -> tuple[int, str]:
        """Take in a fraction: "half a billion", "two thirds of a million"."""
        if number.parts:
            if (
                len(number.parts) > 1
                or number.scale != ONE
                or number.parts[-1] >= 100
                or fraction == Fraction(1, 2)
            ):
                return 0, ""
            value = _decimal(Fraction(number.parts[-1]) * fraction)
        else:
            entry = self.tokens[at].entry
            if entry is not None and entry.shy and not self._follows_article(at):
                return 0, ""  # "the third time" is no third
            value = _decimal(fraction)
        number.parts[-1:] = [value]
        number.fresh = True
        scale_at = self._fraction_scales(at)
        if not scale_at:
            return at + 1, "fraction"
        entry = self.tokens[scale_at].entry
        if entry is not None and entry.scale is not None:
            number.times(entry.scale, entry.scale_kind)
        return scale_at + 1, "scale"

    def _follows_article(self, at: int) -> bool:
        before = self.tokens[at - 1].entry if at else None
        return before is not None and "article" in before.roles

    def _joined(self, at: int, token: Token, number: _Sum) -> tuple[int, str]:
        """Take in "and" with what follows, where it joins the parts of one number."""
        entry = self.entry(at + 1)
        if entry is None and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "digits":
            rest = read_digits(self.tokens[at + 1].text, self.decimal)
            fits = number.scale == 100 and rest is not None and rest < 100 and number.add(rest)
            return (at + 2 if fits else 0), "number"
        if entry is None and not (at + 1 < len(self.tokens) and self.tokens[at + 1].parts):
            return 0, ""
        if entry is not None:
            half = at + 2 if "article" in entry.roles and self._is_fraction(at + 2) else at + 1
            if self._is_fraction(half) and (after := self._and_a_half(half, number)):
                return after, "number"
        rule = self.lexicon.joiners.get(token.text.lower(), "hundred")
        last = number.parts[-1]
        if rule == "tens":
            fits = (
                not number.fresh
                and last in (20, 30, 40, 50, 60, 70, 80, 90)
                and entry is not None
                and (entry.number or 10) < 10
            )
            if not fits or entry is None or entry.number is None or not number.add(entry.number):
                return 0, ""
            return at + 2, "number"
        if last < 100 or last % 100 or number.fresh:
            return 0, ""
        trial = number.copy()
        step, _ = self._step(at + 1, trial, at + 1)
        if not step or trial.scale != number.scale or self._scales(step, number, trial):
            return 0, ""
        number.parts, number.fresh = trial.parts, False
        return step, "number"

    def _scales(self, at: int, before: _Sum, after: _Sum) -> bool:
        """Whether a scale follows that would multiply only what "and" added: two numbers, not one."""
        entry = self.entry(at)
        if entry is None or entry.scale_kind not in ("word", "group", "both") or entry.scale is None:
            return False
        return entry.scale <= before.parts[-1] and not after.copy().times(entry.scale, entry.scale_kind)

    def _and_a_half(self, at: int, number: _Sum) -> int:
        """Take in "(two million) and a half" or "(two) and a half (million)"; 0 if it is something else."""
        entry = self.entry(at)
        following = self.entry(at + 1)
        if entry is None or entry.fraction is None:
            return 0
        if following is not None and "of" in following.roles and not self.lexicon.scale_needs_of:
            return 0  # "3 million and a quarter of ..."
        if len(number.parts) > 1 and number.scale == ONE:
            return 0
        smaller = following.scale if following is not None and following.scale_kind == "word" else None
        if smaller is not None and smaller < number.scale:  # "one billion and a quarter million"
            number.parts.append(_EXACT.multiply(_decimal(entry.fraction), smaller))
            return at + 2
        number.parts.append(_EXACT.multiply(_decimal(entry.fraction), number.scale))
        if number.scale == ONE:
            number.parts[:] = [number.total]
            number.fresh = True
        return at + 1

    def _decimals(self, at: int, number: _Sum) -> int:
        """Take in "(two) point five": digits said one by one, or as one number."""
        said, at = "", at + 1
        while at < len(self.tokens) and self.tokens[at].near and len(said) < 12:
            token, entry = self.tokens[at], self.tokens[at].entry
            if token.kind == "digits" and token.text.isdigit() and not said and len(token.text) < 9:
                said = token.text
            elif entry is not None and entry.number is not None and not (said and entry.number >= 10):
                said += str(int(entry.number))
            else:
                break
            at += 1
        if not said or number.scale >= MILLION:
            return 0
        number.parts[:] = [number.total + Decimal("0." + said)]
        number.fresh = True
        return at

    def _vague(self, first: int, entry: Entry) -> Figure | None:
        """Read "tens of billions", "varios millones", "miljarden"."""
        if entry.vague:
            low, high = (Decimal(bound) for bound in entry.vague)
        elif entry.scale is not None:
            low, high = entry.scale, entry.scale * 9
        else:
            return None
        at, scale = first + 1, ONE if entry.vague or entry.scale is None else entry.scale
        while True:
            following = self.entry(at)
            after = at
            if following is not None and "of" in following.roles:
                after += 1
                following = self.entry(after)
            if following is None or following.scale is None or following.scale_kind in ("shy", "group"):
                break
            scale = following.scale
            low, high, at = low * scale, high * scale, after + 1
        named = scale != ONE or entry.scale is not None
        return Figure(first, at, low, high, scale=scale, mild=not named)


def scaled(figure: Figure, scale: Decimal) -> Figure:
    """Return a figure multiplied by a scale that stands elsewhere in the text."""
    high = None if figure.high is None else _EXACT.multiply(figure.high, scale)
    return replace(figure, low=_EXACT.multiply(figure.low, scale), high=high, scale=scale)


def _decimal(fraction: Fraction) -> Decimal:
    """Return a fraction as a decimal number, to fifteen figures where it does not end."""
    return _ROUNDED.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
