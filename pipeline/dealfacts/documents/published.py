"""When a document was published: found where the text, the page or the address says so, never guessed."""

from __future__ import annotations

import datetime
from functools import cache

import regex
from babel import Locale

from dealfacts.lang import lang_data, languages

_HEAD_LINES = 12
_DATELINE_CHARS = 80
"""A longer line is a sentence of the story; a date in it is a date of the story."""
_FIRST_UNIX_S = 631_152_000
_END_UNIX_S = 4_102_444_800
"""The first second of 1990 and of 2100 in UTC; a time between them is longer than `YYYYMMDD`."""


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in languages():
        forms = Locale(language).months["format"]
        for width in ("wide", "abbreviated"):
            for number, name in forms[width].items():
                names[name.casefold().rstrip(".")] = number
        names.update(lang_data(language, "documents.toml").get("months", {}))
    return names


@cache
def _date_pattern() -> regex.Pattern[str]:
    month = "|".join(sorted(map(regex.escape, _months()), key=lambda name: (-len(name), name)))
    return regex.compile(
        rf"""(?<![\d/.-])(?:
            (?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)
          | (?P<d>\d\d?)(?:st|nd|rd|th|º|\.)?[\s-](?:de[ ]|of[ ])?(?P<w>{month})
            \.?,?[\s-](?:de[ ]|del[ ])?(?P<y>(?:19|20)\d\d)
          | (?P<w>{month})\.?[ ](?P<d>\d\d?)(?:st|nd|rd|th)?,?[ ](?P<y>(?:19|20)\d\d)
          | (?P<a>\d\d?)(?P<s>[-/.])(?P<b>\d\d?)(?P=s)(?P<y>(?:19|20)\d\d)
        )(?![\d/])""",
        regex.VERBOSE | regex.IGNORECASE,
    )


@cache
def _phrases(key: str) -> regex.Pattern[str]:
    words = {word for language in languages() for word in lang_data(language, "documents.toml")[key]}
    return regex.compile(
        "|".join(sorted(map(regex.escape, words), key=lambda word: (-len(word), word))), regex.I
    )


def parse_date(text: str) -> str | None:
    """Read the first full date in a short text as an ISO date, or None.

    `02/03/2026` is two different days in two countries and is not read; `14/03/2026` is.

    >>> parse_date("Tue, 3 Feb 2026 10:00 GMT")
    '2026-02-03'
    """
    found = _find_date(text)
    return found[0] if found else None


def parse_given_date(given: object) -> str | None:
    """Read the date that a field of a record gives: as text, a number `YYYYMMDD` or a Unix time.

    Of Unix times, seconds and milliseconds from 1990 up to 2100 are believed, and read as a day in UTC;
    a number in neither form, such as a bare year, is no day and is not read.

    >>> parse_given_date(20240131), parse_given_date(1706659200), parse_given_date(2024)
    ('2024-01-31', '2024-01-31', None)
    """
    if isinstance(given, bool):
        return None
    number = regex.fullmatch(r"(\d{8,13})(?:\.\d+)?", str(given).strip())
    if not number:
        return parse_date(str(given))
    if day := regex.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", number[1]):
        return parse_date("-".join(day.groups()))
    seconds = int(number[1]) if len(number[1]) < 12 else int(number[1]) // 1000
    if not _FIRST_UNIX_S <= seconds < _END_UNIX_S:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()


def _find_date(text: str) -> tuple[str, int, int] | None:
    for match in _date_pattern().finditer(text, timeout=5):
        year, month, day = match["y"], match["m"], match["d"]
        if match["w"]:
            month = _months()[match["w"].casefold().rstrip(".")]
        elif match["a"]:
            first, second = int(match["a"]), int(match["b"])
            if first <= 12 and second <= 12 and first != second:
                continue
            day, month = (first, second) if second <= 12 else (second, first)
        try:
            return datetime.date(int(year), int(month), int(day)).isoformat(), match.start(), match.end()
        except ValueError:
            continue
    return None


_PLACE = r"\p{Lu}[\p{L}.'’-]*(?:\s\p{Lu}[\p{L}.'’-]*)*"
_BEFORE_DATE = regex.compile(rf"(?:{_PLACE}(?:[,;/]\s?{_PLACE})*[,;:]?\s)?\(?")
_AFTER_DATE = regex.compile(
    r"(?:\)|\s?\([^)\n]{2,40}\))?(?:\.?\s?[–—-]\s?|(?<=\))\s|\.\s(?=\p{Lu}))",
)
"""With what stands before it, a dateline: `LEEDS, 24 July 2025 (Northern Wire) - `, `(18/08/2025) `."""


def date_in_head(text: str) -> tuple[str, int, int] | None:
    """Find the publication date in the first lines of a plain text.

    Returns:
        The ISO date and the offsets of the dateline that holds it, or None. Only a line that is
        hardly more than a date counts, one that opens with a word such as `date` or `Published:`, or
        the dateline that a story opens with.
    """
    offset = 0
    for line in text.split("\n")[:_HEAD_LINES]:
        if found := _date_in_line(line):
            return found[0], offset, offset + found[1]
        offset += len(line) + 1
    return None


def _date_in_line(line: str) -> tuple[str, int] | None:
    """Return the date a line of the head states, and how much of the line is dateline."""
    label = regex.match(rf"\s*(?:{_phrases('date_labels').pattern})\s*[:|]?\s*", line, regex.I)
    if label and (found := _find_date(line[label.end() : label.end() + 40])) and found[1] <= 15:
        return found[0], label.end() + found[2]
    short = len(line) <= _DATELINE_CHARS and not line.rstrip().endswith((".", "!", "?"))
    if short and (found := _find_date(line)):
        return found[0], len(line)
    if found := _find_date(line[:_DATELINE_CHARS]):
        after = _AFTER_DATE.match(line, found[2], timeout=5)
        if after and _BEFORE_DATE.fullmatch(line, 0, found[1], timeout=5):
            return found[0], after.end()
    return None


def date_in_stamp(text: str) -> str | None:
    """Find the day in the name of a screenshot left as a caption: the story is no older than that."""
    match = regex.search(
        rf"(?:{_phrases('screenshot').pattern})[ _-]?((?:19|20)\d\d)[ _-](\d\d)[ _-](\d\d)\b", text, regex.I
    )
    return parse_date("-".join(match.groups())) if match else None


def date_in_url(url: str) -> str | None:
    """Find the date in an address such as `https://example.org/2026/02/03/story`."""
    match = regex.search(r"(?<!\d)((?:19|20)\d\d)([-/]?)(\d\d)\2(\d\d)(?!\d)", url)
    return parse_date(f"{match[1]}-{match[3]}-{match[4]}") if match else None
