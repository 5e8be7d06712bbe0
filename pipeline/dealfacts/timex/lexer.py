"""From text to tokens with classes: words by the language's tables, numbers by their shape."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dealfacts.timex.grammar import Codes, Node, Values
from dealfacts.timex.meaning import Calendar, Moment, Range

# Possessive quantifiers: no token is ever tried twice, whatever the text.
_TOKEN = re.compile(
    r"[^\W\d_]++(?![\d_])"
    r"|\d++(?:[.,:/\-–]\d++)*+(?:[^\W\d_]++(?:\d++(?:[:.]\d++)*+)?+)?+"
    r"|\w++(?:[-'’]\d++)?+"
    r"|['’][^\W\d_]++"
    r"|\n"
    r"|[^\w\s]"
)
_PIECE = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[^\w\s]|_+")
_TWO_FORMS = re.compile(r"(\d+[./:][\d./:]*\d)[-–](\d+[./:][\d./:]*\d)()")
_FORM_AND_LETTERS = re.compile(r"(\d+[.:]\d+|\d+)([^\W\d_]+)")
_PIECE_OF = {
    _TWO_FORMS: re.compile(r"[\d./:]+|[-–]"),
    _FORM_AND_LETTERS: re.compile(r"[\d.:]+|[^\W\d_]+"),
}
_MAX_CHUNK = 32  # no date in figures is longer; a longer run of digits is not looked into

_YMD = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:T(\d{2}):?(\d{2})[\d:.]*)?")
_DMY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/-](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{2})")
_YEARS = re.compile(r"(\d{4})[-–/](\d{4}|\d{2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_DAYS = re.compile(r"(\d{1,2})[-–](\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})")
_NUMBER = re.compile(r"\d+")
_DECIMAL = re.compile(r"(\d{1,4})([.,])(\d{1,2})")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")

FIRST_YEAR, LAST_YEAR = 1000, 2199
CALENDAR_CLASSES = frozenset({"month", "mon", "weekday", "wd", "wmonth", "wmon", "wweekday", "wwd"})
_PIVOT = 60
"""Two figures are a year of this century up to here: `60` is 2060, `61` is 1961."""


_FIGURE_CLASSES = (
    *(
        {name}
        for name in ("n", "date", "mexp", "texp", "range", "clock", "days", "slash", "nn", "decade", "ord")
    ),
    {"n", "nn"},
    {"n", "nnc"},
    {"ord", "dth"},
    {"days", "slash"},
)
"""The sets of classes that figures can have, besides those of whole numbers."""


class Entry(NamedTuple):
    """What a word can be: the code of its set of classes, and the value for each class."""

    code: str
    values: Values


def century_of(two_digits: int) -> int:
    """Return the year that two figures stand for."""
    return two_digits + (2000 if two_digits <= _PIVOT else 1900)


class Lexer:
    """Cuts text into nodes.

    Args:
        words: the classes and values of every known word, by its casefolded form.
        codes: gives sets of classes their characters.
        settings: the language's `date_order` (`MDY` or `DMY`), `ordinal_suffixes`, `decade_suffixes`,
            `capital_only` (words that are no dates without a capital) and `weak_capital` (classes that a
            capital weakens: Spanish months are names then).
        compact: patterns of figures and letters, such as `Q3` or `3T25`, with their class.
    """

    def __init__(
        self,
        words: Mapping[str, dict[str, Any]],
        codes: Codes,
        settings: Mapping[str, Any],
        compact: list[tuple[re.Pattern[str], str]],
    ) -> None:
        self._codes = codes
        self._compact = compact
        self._day_first = settings["date_order"] == "DMY"
        self._ordinal = re.compile(rf"(\d{{1,3}})(?:{'|'.join(settings['ordinal_suffixes'])})")
        self._decade = re.compile(rf"(\d{{3}}0|\d0)(?:{'|'.join(settings['decade_suffixes']) or '(?!)'})")
        self._other = Entry(codes.code(("other",)), {})
        self._name = Entry(codes.code(("other", "name")), {})
        self._break = Entry(codes.code(("break",)), {})
        self._entries: dict[str, Entry] = {}
        for word, values in words.items():
            self._add_word(word, values, settings)
        self._entries["\n"] = self._break
        self._register_numbers()

    def _add_word(self, word: str, values: dict[str, Any], settings: Mapping[str, Any]) -> None:
        quoted = {**values, f"'{word}'": word}
        entry = Entry(self._codes.code(quoted), quoted)
        self._entries[word] = self._entries[word.upper()] = entry
        if word in settings.get("capital_only", ()):
            common = {name: value for name, value in quoted.items() if name not in CALENDAR_CLASSES}
            self._entries[word] = Entry(self._codes.code(common), common)
        weak_capital = settings["weak_capital"]
        weakened = {f"w{name}" if name in weak_capital else name: value for name, value in quoted.items()}
        self._entries[word.capitalize()] = Entry(self._codes.code(weakened), weakened)

    def _register_numbers(self) -> None:
        """Meet every set of number classes once, so that the rules can be compiled."""
        for text in ("1", "01", "13", "25", "32", "61", "00", "100", "1999", "1776", "0001", "999", "12345"):
            self._codes.code(self._integer(text) or ())
        for classes in _FIGURE_CLASSES:
            self._codes.code(classes)
        for _, name in self._compact:
            self._codes.code((name,))

    def nodes(self, text: str) -> list[Node]:
        """Cut a text into nodes, in order."""
        entries, other = self._entries, self._other
        nodes = [Node(0, 0, self._break.code, {})]
        append = nodes.append
        for found in _TOKEN.finditer(text):
            token = found.group()
            entry = entries.get(token)
            if entry is None:
                if (not token.isalpha() and len(token) > 1) or token.isdigit():
                    nodes += self._figures(token, found.start())
                    continue
                entry = entries.get(token.casefold(), self._name) if token[0].isupper() else other
            elif entry is self._break and _joins_lines(text, found.start()):
                continue
            append(Node(found.start(), found.end(), entry.code, entry.values))
        append(Node(len(text), len(text), self._break.code, {}))
        return nodes

    def _figures(self, token: str, start: int) -> Iterator[Node]:
        if len(token) > _MAX_CHUNK:
            yield Node(start, start + len(token), self._other.code, {})
            return
        values = self._shape(token)
        if values is not None:
            yield Node(start, start + len(token), self._codes.code(values), values)
            return
        for found in self._pieces(token):
            piece = found.group()
            if piece[0].isdigit():
                values = self._shape(piece) or {}
                code = self._codes.code(values) if values else self._other.code
            else:
                code, values = self._entries.get(piece, self._entries.get(piece.casefold(), self._other))  # type: ignore[assignment]
            yield Node(start + found.start(), start + found.end(), code, values or {})

    def _pieces(self, token: str) -> Iterator[re.Match[str]]:
        """Cut figures of no known form: at a dash between two forms, before letters, or at every change."""
        for pattern in (_TWO_FORMS, _FORM_AND_LETTERS):
            if (found := pattern.fullmatch(token)) and all(self._shape(form) for form in found.groups()[:-1]):
                return _PIECE_OF[pattern].finditer(token)
        return _PIECE.finditer(token)

    def _shape(self, token: str) -> dict[str, Any] | None:
        if _NUMBER.fullmatch(token):
            return self._integer(token)
        for pattern, name in self._compact:
            if found := pattern.fullmatch(token):
                return {name: _compact_value(found.groupdict())}
        if found := self._ordinal.fullmatch(token):
            number = int(found[1])
            return {"ord": number, "dth": number} if 1 <= number <= 31 else {"ord": number}
        if found := self._decade.fullmatch(token):
            return {"decade": int(found[1])}
        return self._date_shape(token) or self._pair_shape(token) or self._decimal_shape(token)

    def _integer(self, token: str) -> dict[str, Any] | None:
        if len(token) > 6:
            return None
        number = int(token)
        values: dict[str, Any] = {"n": number}
        if len(token) <= 2:
            if 1 <= number <= 31:
                values["dd"] = number
            if number <= 24:
                values["hh"] = number
            if len(token) == 2:
                values["yy"] = century_of(number)
                if number < 60:
                    values["mi"] = number
        elif len(token) == 4 and FIRST_YEAR <= number <= LAST_YEAR:
            values["yyyy"] = number
            if 1900 <= number < 2100:
                values["cy"] = number
        return values

    def _date_shape(self, token: str) -> dict[str, Any] | None:
        """Read a date in figures: `2025-03-14`, `14/3/2025`, `3/2025`, `2025-03`."""
        if found := _YMD.fullmatch(token):
            day = _calendar(int(found[1]), int(found[3]), int(found[4]))
            if day and found[5]:
                return {"texp": Moment(day, int(found[5]), int(found[6]))}
            return {"date": day} if day else None
        if found := _DMY.fullmatch(token):
            year = int(found[4]) if len(found[4]) == 4 else century_of(int(found[4]))
            first, second = int(found[1]), int(found[3])
            orders = (
                ((first, second), (second, first)) if self._day_first else ((second, first), (first, second))
            )
            for day_of, month_of in orders:
                if date := _calendar(year, month_of, day_of):
                    return {"date": date}
            return None
        if found := _MONTH_YEAR.fullmatch(token):
            return (
                {"mexp": Calendar(year=int(found[2]), month=int(found[1]))}
                if 1 <= int(found[1]) <= 12
                else None
            )
        return None

    def _pair_shape(self, token: str) -> dict[str, Any] | None:
        """Read two figures: years, a clock time, days of a month."""
        if found := _YEARS.fullmatch(token):
            return self._years(found)
        if found := _CLOCK.fullmatch(token):
            hour, minute = int(found[1]), int(found[2])
            return {"clock": (hour, minute)} if hour <= 24 and minute < 60 else None
        values: dict[str, Any] = {}
        if found := _DAYS.fullmatch(token):
            first, last = int(found[1]), int(found[2])
            if 1 <= first < last <= 31:
                values["days"] = (first, last)
        if found := _DAY_MONTH.fullmatch(token):
            day, month = (int(found[1]), int(found[2])) if self._day_first else (int(found[2]), int(found[1]))
            if not (1 <= month <= 12) and 1 <= day <= 12:
                day, month = month, day
            if "/" in token and _calendar(2024, month, day):
                values["slash"] = (day, month)
        return values or None

    def _years(self, found: re.Match[str]) -> dict[str, Any] | None:
        first, second = int(found[1]), int(found[2])
        if not FIRST_YEAR <= first <= LAST_YEAR:
            return None
        if len(found[2]) == 2:
            if second != (first + 1) % 100:
                if 1 <= second <= 12 and _YEAR_MONTH.fullmatch(found[0]):
                    return {"mexp": Calendar(year=first, month=second)}
                if second <= first % 100:
                    return None
            second += first // 100 * 100 + (100 if second < first % 100 else 0)
        if not first < second <= LAST_YEAR:
            return None
        return {"range": Range(Calendar(year=first), Calendar(year=second))}

    def _decimal_shape(self, token: str) -> dict[str, Any] | None:
        """Read a number with a decimal sign, which may be a clock time too, or with thousands separators."""
        if found := _DECIMAL.fullmatch(token):
            values: dict[str, Any] = {"n": float(token.replace(",", "."))}
            if len(found[3]) == 2 and int(found[1]) <= 24 and int(found[3]) < 60:
                values["nn" if found[2] == "." else "nnc"] = (int(found[1]), int(found[3]))
            return values
        if _THOUSANDS.fullmatch(token):
            return {"n": int(re.sub(r"\D", "", token))}
        return None


def _calendar(year: int, month: int, day: int) -> Calendar | None:
    try:
        dt.date(year, month, day)
    except ValueError:
        return None
    return Calendar(year=year, month=month, day=day)


def _compact_value(groups: Mapping[str, str | None]) -> dict[str, int]:
    """Turn the named figures of a compact form into numbers; two figures of a year get their century."""
    return {
        name: century_of(int(text)) if name == "year" and len(text) == 2 else int(text)
        for name, text in groups.items()
        if text
    }


def _joins_lines(text: str, place: int) -> bool:
    """Say whether a line break stands inside a running sentence, as in hard-wrapped text."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return before.isalnum() and (after.islower() or after.isdigit())
