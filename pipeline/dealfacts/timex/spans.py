"""Find the time expressions of a text and read each in its context."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dealfacts.records import Timex
from dealfacts.timex.calendar import Period
from dealfacts.timex.foreign import foreign_date
from dealfacts.timex.language import TimexLanguage, timex_language
from dealfacts.timex.meaning import Calendar, Duration, Modified, Moment, Part, Range, Relative
from dealfacts.timex.reading import Context, Expression, Reading

_DASH = re.compile(r"[-–/]")
_STORY_YEARS = 3
"""A text tells history when it names at least so many years that lie so many years back."""


@dataclass(frozen=True, slots=True)
class TimexSpan:
    """A time expression: `text` is `source[start:end]`, `value` what it stands for."""

    start: int
    end: int
    text: str
    value: Timex


def find_timexes(
    text: str, language: str, reference: dt.date | None, *, join_ranges: bool = False
) -> list[TimexSpan]:
    """Find dates, times, durations and sets in a text, in order, without overlaps.

    Spans leave out prepositions (`Friday`, not `on Friday`) and keep the article of a noun phrase
    (`the second half of 2026`).

    Args:
        text: any text: a sentence or a whole article. Give the whole article where you can: `a year
            earlier` and `that day` point back to what was said before.
        language: a language with data, such as `nl` or `es-MX`.
        reference: the day of publication. Without it, what depends on it stays open: `XXXX-11`, no days.
        join_ranges: give `from 2026 to 2029` as one span with the value `2026/2029`. By default its two
            ends are two dates, as in TimeML; what is no date alone (`12-15 March`) is joined always.

    Raises:
        ConfigError: when there is no data for the language.

    >>> [(s.text, s.value.timex) for s in find_timexes("It closed in May 2025.", "en", None)]
    [('May 2025', '2025-05')]
    """
    tools = timex_language(language)
    found = list(_found(text, tools, join_ranges=join_ranges))
    found = _with_shared_days(text, _with_shared_years(text, found, tools), tools)
    return list(_read_all(text, found, tools, reference))


@dataclass(frozen=True, slots=True)
class _Found:
    """A time expression before it is read."""

    start: int
    end: int
    expression: Expression
    told_at: tuple[int, int] | None = None
    """Where its day is told, when that is at another expression."""


def _found(text: str, tools: TimexLanguage, *, join_ranges: bool) -> Iterator[_Found]:
    """Run the grammar; complete dates of other languages, and take ranges apart if asked."""
    last_end = 0
    for node in tools.nodes(text, join_ranges=join_ranges):
        name = tools.emitted.get(node.code)
        if name is None:
            continue
        found = _Found(node.start, node.end, node.values[name])
        if name == "yexp" and (foreign := foreign_date(text, node.start, node.end, tools.foreign)):
            start, date = foreign
            if start >= last_end:
                found = _Found(start, node.end, date)
        last_end = found.end
        if join_ranges and not _is_two_lengths(found.expression):
            yield found
        else:
            yield from _ends(text, found)


def _ends(text: str, found: _Found) -> Iterator[_Found]:
    """Take a range of years, or of lengths of time, apart at its dash."""
    expression = found.expression
    dash = _DASH.search(text, found.start, found.end) if isinstance(expression, Range) else None
    if (
        not isinstance(expression, Range)
        or dash is None
        or not (_is_two_lengths(expression) or _is_two_years(expression))
        or (_is_two_years(expression) and found.end - dash.end() < 4)  # 2025/26 is one year or season
    ):
        yield found
        return
    yield _Found(found.start, dash.start(), expression.first)
    yield _Found(dash.end(), found.end, expression.last)


def _is_two_years(found: Range) -> bool:
    return found.first.grain == found.last.grain == "Y"


def _is_two_lengths(found: Expression) -> bool:
    return isinstance(found, Range) and isinstance(found.first, Duration)


def _read_all(
    text: str, found: list[_Found], tools: TimexLanguage, reference: dt.date | None
) -> Iterator[TimexSpan]:
    """Read the expressions in order, each in the light of those before it."""
    narrative = _tells_history([item.expression for item in found], reference)
    told: Period | None = None
    told_day: Period | None = None
    before: _Found | None = None
    for item in found:
        expression = item.expression
        direction = 0.0
        if _needs_tense(expression):
            reported = expression.grain in ("Q", "H")
            start, end = item.told_at or (item.start, item.end)
            direction = tools.tense.direction(text, start, end, reported=reported)
        context = Context(reference, direction, told, told_day, narrative)
        reading = expression.read(context)
        if reading is not None and before is not None and _gap(text, before, item) in tools.until:
            reading = _after_its_start(expression, reading, context)
        before = item
        if reading is None:
            continue
        if reading.kind in ("DATE", "TIME") and reading.period is not None:
            told = reading.period
            if told.grain == "D":
                told_day = told
        start = _with_article(text, item.start, expression, tools)
        yield TimexSpan(start, item.end, text[start : item.end], reading.value())


def _after_its_start(expression: Expression, reading: Reading, context: Context) -> Reading | None:
    """Read the end of a stretch of time that came out before its start as the next one after it."""
    start = context.previous
    if start is None or reading.period is None or reading.period.start >= start.start:
        return reading
    if (
        not isinstance(expression, Calendar)
        or expression.year
        or expression.base
        or expression.shift is not None
    ):
        return reading
    return expression.read(replace(context, reference=start.start, direction=1.0, narrative=False))


def _needs_tense(expression: Expression) -> bool:
    """Say whether a reading depends on the tense of the sentence."""
    while True:
        if isinstance(expression, Range):
            return _needs_tense(expression.first) or _needs_tense(expression.last)
        inner = (
            getattr(expression, "of", None)
            or getattr(expression, "base", None)
            or getattr(expression, "day", None)
        )
        if inner is None or isinstance(inner, (int, str)):
            break
        expression = inner
    return getattr(expression, "year", None) is None and not isinstance(expression, Relative)


def _tells_history(expressions: list[Expression], reference: dt.date | None) -> bool:
    """Say whether a text is a story of long ago, whose dates follow one another rather than the reference."""
    if reference is None:
        return False
    years = [
        expression.year
        for expression in expressions
        if isinstance(expression, Calendar) and expression.year is not None
    ]
    old = sum(year <= reference.year - _STORY_YEARS for year in years)
    now = len(years) - old + sum(_points_to_now(expression) for expression in expressions)
    return old >= _STORY_YEARS and now * 6 <= old


def _points_to_now(expression: Expression) -> bool:
    """Say whether an expression counts from the day of publication: `last year`, `Monday`."""
    return isinstance(expression, Relative) or (
        isinstance(expression, Calendar) and expression.weekday is not None and expression.day is None
    )


def _with_shared_years(text: str, found: list[_Found], tools: TimexLanguage) -> list[_Found]:
    """Give a date without a year that of the date it is joined to (`in March and June 2026`)."""
    shared = list(found)
    for i in range(len(shared) - 2, -1, -1):
        if (year := _year_across(text, shared[i], shared[i + 1], tools)) is not None:
            shared[i] = _in_year(shared[i], year)
    for i in range(len(shared) - 1):
        if (year := _year_across(text, shared[i + 1], shared[i], tools)) is not None:
            shared[i + 1] = _in_year(shared[i + 1], year)
    return shared


def _with_shared_days(text: str, found: list[_Found], tools: TimexLanguage) -> list[_Found]:
    """Give a time of day the day of the time it is joined to (`from 10:00 to 12:00 on Friday`)."""
    shared = list(found)
    for i in range(len(shared) - 1):
        first, last = shared[i].expression, shared[i + 1].expression
        if not (isinstance(first, Moment) and isinstance(last, Moment)) or None in (first.hour, last.hour):
            continue
        if _gap(text, shared[i], shared[i + 1]) not in tools.joiners | tools.until:
            continue
        if first.day is None and last.day is not None:
            shared[i] = _on_day_of(shared[i + 1], shared[i], first, last)
        elif last.day is None and first.day is not None:
            shared[i + 1] = _on_day_of(shared[i], shared[i + 1], last, first)
    return shared


def _on_day_of(dated: _Found, item: _Found, time: Moment, told: Moment) -> _Found:
    place = dated.told_at or (dated.start, dated.end)
    return replace(item, expression=replace(time, day=told.day), told_at=place)


def _gap(text: str, first: _Found, last: _Found) -> str:
    """Return the words between two expressions, as the tables of joining words have them."""
    return text[first.end : last.start][:20].strip(" ").casefold()


def _in_year(item: _Found, year: int) -> _Found:
    assert isinstance(item.expression, Calendar)
    return replace(item, expression=replace(item.expression, year=year))


def _year_across(text: str, here: _Found, there: _Found, tools: TimexLanguage) -> int | None:
    """Return the year that a date without one shares with a date of the same kind beside it."""
    date, other = here.expression, there.expression
    if not (isinstance(date, Calendar) and isinstance(other, Calendar)):
        return None
    if date.year is not None or other.year is None or date.grain != other.grain or not _open(date):
        return None
    first, last = sorted((here, there), key=lambda item: item.start)
    gap = text[first.end : last.start]
    if len(gap) > 12 or gap.strip(" ").casefold() not in tools.joiners:
        return None
    forward = (other.month or 0, other.day or 0) <= (date.month or 0, date.day or 0)
    return other.year if here is first or forward else None


def _open(date: Calendar) -> bool:
    return date.base is None and date.shift is None and (date.weekday is None or date.day is not None)


def _with_article(text: str, start: int, expression: Expression, tools: TimexLanguage) -> int:
    """Take in the article of a noun phrase: `the second quarter`, `el año pasado`."""
    if expression.grain == "D":
        return start
    if not isinstance(expression, (Part, Modified, Relative)) and expression.grain not in (
        "Q",
        "H",
        "S",
        "E",
        "C",
    ):
        return start
    before = text[max(0, start - 5) : start]
    if not before.endswith(" "):
        return start
    word = before[:-1].rpartition(" ")[2]
    whole_word = (
        len(word) < len(before) - 1 or start - len(word) - 1 <= 0 or not text[start - len(word) - 2].isalnum()
    )
    return start - len(word) - 1 if whole_word and word.casefold() in tools.articles else start
