"""Full dates written in another language than the text, resolved by dateparser.

A Dutch story quotes a filing of `March 3, 2025`, a Spanish one a letter of `3. März 2025`. The
grammar finds the year and leaves the rest, because it knows only its own language. Where the words
before a year look like a day and a month, dateparser is asked, with the languages to expect and
strict parsing, so that it can neither guess nor fill in. It is called for nothing else: on the
common path our own rules are right and some twenty times faster.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dealfacts.timex.meaning import Calendar

_BEFORE_YEAR = re.compile(
    r"(?:\b\d{1,2}(?:st|nd|rd|th|er|[.ºª°])?[ -](?:de |of )?[^\W\d_]{3,12}\.?"
    r"|\b[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?)(?:,? |-| de | del )\Z"
)
_REACH_CHARS = 32


def foreign_date(text: str, start: int, end: int, languages: tuple[str, ...]) -> tuple[int, Calendar] | None:
    """Read the date that a year ends, if it is one of another language.

    Args:
        text: the text.
        start: where the year begins.
        end: where it ends.
        languages: the languages the date may be in.

    Returns:
        Where the date begins and what it is, or None when it is no date.
    """
    found = _BEFORE_YEAR.search(text, max(0, start - _REACH_CHARS), start)
    if found is None:
        return None
    date = _parsed(text[found.start() : end], languages)
    return None if date is None else (found.start(), date)


@lru_cache(maxsize=4096)
def _parsed(phrase: str, languages: tuple[str, ...]) -> Calendar | None:
    import dateparser  # noqa: PLC0415 - slow to import, and seldom needed

    day = dateparser.parse(phrase, languages=list(languages), settings={"STRICT_PARSING": True})
    return None if day is None else Calendar(year=day.year, month=day.month, day=day.day)
