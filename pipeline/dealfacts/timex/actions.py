"""What grammar rules can do: each action makes an expression from the values of a rule's slots.

An action returns None to refuse a match, when what was read cannot be (32 March, 25 o'clock).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dealfacts.timex.calendar import SEASON_NAMES, days_in_month
from dealfacts.timex.meaning import (
    Amount,
    Ancient,
    Calendar,
    Duration,
    Era,
    Fiscal,
    Holiday,
    Modified,
    Moment,
    Offset,
    Part,
    Range,
    Relative,
    Repeated,
    Same,
    SameOf,
    Stretch,
    Vague,
    Weekend,
    Within,
)
from dealfacts.timex.reading import Expression


def keep(x: Any) -> Any:
    """Hand on a value under another class."""
    return x


def calendar(
    year: int | Expression | None = None,
    day: int | None = None,
    month: int | None = None,
    base: Expression | None = None,
    **fields: Any,
) -> Calendar | None:
    """Make a place in the calendar; `year` may be an expression of the grammar, which becomes the base."""
    if isinstance(year, Calendar):
        if year.year is None or year.grain != "Y":
            base, year = year, None
        else:
            year = year.year
    elif year is not None and not isinstance(year, int):
        base, year = year, None
    if day is not None and not 1 <= day <= (days_in_month(year or 2024, month) if month else 31):
        return None
    return Calendar(year=year, day=day, month=month, base=base, **fields)


def in_base(date: Expression, base: Expression) -> Calendar | None:
    """Put a day without a year into the year that stands behind it (`20 december vorig jaar`)."""
    if not isinstance(date, Calendar) or date.year or date.base or not date.month or base.grain != "Y":
        return None
    return replace(date, base=base, shift=None)


def past_date(date: Expression, shift: int = -1) -> Calendar | None:
    """Say of a day without a year that it is the last one, or the next (`25 de abril pasado`)."""
    if not isinstance(date, Calendar) or date.year or date.base or date.shift is not None or not date.month:
        return None
    return replace(date, shift=shift)


def figures(
    figures: Mapping[str, int], year: int | Expression | None = None, fiscal: int = 0
) -> Expression | None:
    """Make a quarter or half from its figures (`Q3`, `3T25`), fiscal when the text says so."""
    fields: dict[str, Any] = dict(figures)
    if fields.pop("fiscal", 0):
        fiscal = 1
    if isinstance(year, int):
        fields["year"] = year
        year = None
    if isinstance(year, Fiscal):
        return replace(year, **fields)
    if fiscal:
        return Fiscal(**fields)
    return calendar(**fields, base=year) if year is not None else calendar(**fields)


def fiscal(year: int | Expression | None = None, **fields: Any) -> Fiscal | None:
    """Make a fiscal period; its year may be relative (`this fiscal year`)."""
    if isinstance(year, Relative):
        return Fiscal(shift=year.n, **fields)
    if isinstance(year, Calendar):
        year = year.year
    return Fiscal(year=year, **fields) if year is None or isinstance(year, int) else None


def ancient(year: int | float) -> Ancient:
    """Make a year before Christ."""
    return Ancient(int(year))


def relative(unit: str, n: int) -> Relative | None:
    """Make a period counted from the one that holds the reference."""
    if unit in "hms" or (unit == "D" and n):  # "their last day" is no yesterday
        return None
    return Relative("W" if unit == "F" else unit, n)


def deictic(n: int) -> Relative:
    """Make a day counted from now (`tomorrow`)."""
    return Relative("D", n)


def same(unit: str, n: int = 0) -> Same | None:
    """Make a pointer to the period told last."""
    return None if unit in "hms" else Same("W" if unit == "F" else unit, n)


def same_of(of: Expression, unit: str = "") -> SameOf:
    """Make the like of what was told last in another year (`the same quarter of last year`)."""
    return SameOf(of, unit)


def decade(year: int, short: int = 0) -> Era | None:
    """Make a decade from its first year; `short` says that the text leaves out the century."""
    if short:
        year %= 100
    if year % 10:
        return None
    return Era(year, "E", two_digits=bool(short) or year < 100)


def century(n: int) -> Era | None:
    """Make the nth century."""
    return Era((n - 1) * 100, "C") if 1 <= n <= 30 else None


def part(n: int, unit: str, of: Expression | None = None) -> Part | None:
    """Make the nth unit of a period."""
    if of is None and unit not in "QH":
        return None
    return Part(n, unit, of)


def modified(mod: str, of: Expression) -> Modified:
    """Make the beginning, middle, end or vicinity of a period."""
    return Modified(mod, of)


def duration(
    n: float | None = None,
    unit: str = "",
    plus: float | None = None,
    mod: str | None = None,
) -> Duration | None:
    """Make a length of time; `plus` is a fraction added, `n` below zero an unknown number."""
    number = None if n is None or n < 0 else n + (plus or 0)
    amounts: tuple[Amount, ...] = ((number, unit),)
    if number is not None and number > 10_000:
        return None
    return Duration(amounts, mod)


_ORDER = "CEYHQMFWDhms"


def both(first: Duration, second: Duration) -> Duration | None:
    """Join two lengths, the larger unit first (`one year and three months`)."""
    units = [unit for _, unit in (*first.amounts, *second.amounts)]
    places = [_ORDER.find(unit) for unit in units]
    falling = all(larger < smaller for larger, smaller in itertools.pairwise(places))
    return Duration(first.amounts + second.amounts, first.mod) if falling and len(units) <= 6 else None


def lasting(mod: str, of: Duration) -> Duration:
    """Say of a length of time that it is a bound or about right."""
    return Duration(of.amounts, mod)


def offset(
    duration: Duration,
    sign: int,
    base: Expression | str | None = None,
    mod: str | None = None,
    bound: str | None = None,
) -> Offset:
    """Make a time so much before or after another; `bound` says that it is more or less than that."""
    if bound:
        duration = Duration(duration.amounts, bound)
    moved = mod or {"MORE_THAN": "BEFORE" if sign < 0 else "AFTER", "APPROX": "APPROX"}.get(
        duration.mod or ""
    )
    if duration.mod == "LESS_THAN":
        moved = "AFTER" if sign < 0 else "BEFORE"
    return Offset(duration, sign, base, moved)  # type: ignore[arg-type]


def stretch(duration: Duration, sign: int, of: Expression | None = None) -> Stretch:
    """Make a length of time next to now or at one side of a period."""
    return Stretch(duration, sign, of)


def nth_weekday(n: int, weekday: int, month: int, year: int | None = None) -> Holiday | None:
    """Make the nth weekday of a month (`the third Thursday of May`)."""
    return Holiday(f"{month}.{n}.{weekday}", year) if n <= 5 else None


def stretch_n(n: float, unit: str, sign: int, of: Expression) -> Stretch:
    """Make a number of units at one side of a period (`los dos primeros meses de 2024`)."""
    return Stretch(Duration(((n, unit),)), sign, of)


def weekend() -> Weekend:
    """Make a weekend near now."""
    return Weekend()


def age(x: float) -> float | None:
    """Recognise the age of a grown person, to leave it out."""
    return x if 16 <= x <= 110 else None


def within(duration: Duration, bound: str | None = None) -> Within:
    """Make a length of time that may count from now (`in two years`)."""
    return Within(Duration(duration.amounts, bound) if bound else duration)


def stretch_unit(unit: str, sign: int) -> Stretch:
    """Make one unit of time next to now (`the past decade`)."""
    return Stretch(Duration(((1, unit),)), sign)


def joined(amount: tuple[float, str]) -> Duration:
    """Make a length of time from its one word (`vierdaagse`)."""
    return Duration((amount,))


def span(first: Expression, last: Expression) -> Range | None:
    """Make a range; refuse one that runs backwards."""
    years = [end.year for end in (first, last) if isinstance(end, Calendar) and end.year]
    return None if len(years) == 2 and years[0] > years[1] else Range(first, last)


def days(days: tuple[int, int], month: int, year: int | None = None) -> Range:
    """Make a range of days of one month (`12-15 March`)."""
    return Range(Calendar(month=month, day=days[0], year=year), Calendar(month=month, day=days[1], year=year))


def durations(days: tuple[int, int], unit: str) -> Range:
    """Make the two lengths of time of one figure (`12-18 months`)."""
    return Range(Duration(((days[0], unit),)), Duration(((days[1], unit),)))


def day_span(first: int, last: int, month: int, year: int | None = None) -> Range | None:
    """Make a range of days of one month from its two days."""
    return days((first, last), month, year) if first < last else None


def slash(slash: tuple[int, int], year: int | None = None, weekday: int | None = None) -> Calendar:
    """Make a day from its figures (`14/3`)."""
    return Calendar(day=slash[0], month=slash[1], year=year, weekday=weekday)


def winter_years(season: str, years: Range) -> Calendar | None:
    """Make the season over the turn of a year (`winter 2025/26`): it lies mostly in the second."""
    last = years.last
    if not isinstance(last, Calendar) or season not in SEASON_NAMES:
        return None
    return Calendar(season=season, year=last.year)


def repeated(of: Expression, every: int = 1) -> Repeated:
    """Make a set of times."""
    return Repeated(of, every)


def repeated_unit(unit: str, n: int = 1) -> Repeated:
    """Make a set that recurs every so many units (`annually`, `every two years`)."""
    return Repeated(Duration(((n, unit),)))


def holiday(rule: str, year: int | Expression | None = None, shift: int | None = None) -> Holiday:
    """Make a feast day."""
    if isinstance(year, Calendar) and year.grain == "Y":
        year = year.year
    if year is None or isinstance(year, int):
        return Holiday(rule, year, shift)
    return Holiday(rule, base=year)


def moment(  # noqa: PLR0913, PLR0917 - as many as there are ways to say a time
    day: Expression | None = None,
    clock: tuple[int, int] | None = None,
    hour: int | None = None,
    minute: int | None = None,
    part: str | None = None,
    zone: str | None = None,
    back: int = 0,
    n: int | None = None,
) -> Moment | None:
    """Make a time of day; `n` counts days from now, `back` minutes before the hour (`kwart voor drie`)."""
    if n is not None:
        day = Relative("D", n)
    if clock is not None:
        hour, minute = clock
    if hour is not None and not 0 <= hour <= 24:
        return None
    if back and hour is not None:
        hour, minute = (hour - 1) % 24, 60 - back
    if part in ("AM", "PM") and (hour is None or hour > 12):
        if hour is None or part == "AM":
            return None
        part = None
    if isinstance(day, Moment):
        if hour is None:
            return None
        return Moment(day.day, hour, minute, part or day.part, zone or day.zone)
    return Moment(day, hour, minute, part, zone)


def clock_figures(figures: Mapping[str, int], part: str | None = None) -> Moment | None:
    """Make a time of day from its figures (`17u10`)."""
    return moment(hour=figures["hour"], minute=figures.get("minute"), part=part)


def stretch_now(n: float, unit: str, sign: int) -> Stretch:
    """Make a number of units next to now (`tres próximos meses`)."""
    return Stretch(Duration(((n, unit),)), sign)


def moment_at(time: Expression, day: Expression) -> Moment | None:
    """Put a time of day on a day, or on a part of one (`maandagavond om 20.15 uur`)."""
    if not isinstance(time, Moment) or time.day is not None:
        return None
    if isinstance(day, Moment):
        if day.hour is not None or time.hour is None:
            return None
        return replace(time, day=day.day, part=time.part or day.part)
    return replace(time, day=day)


def moment_on(place: tuple[int, str], shift: int | None = None) -> Moment:
    """Make a part of a day of the week (`maandagavond`)."""
    return Moment(Calendar(weekday=place[0], shift=shift), part=place[1])


def vague(ref: str, unless_past: int = 0) -> Vague:
    """Make a mere past, present or future; `unless_past` says that it is none in a tale (`it soon fell`)."""
    return Vague(ref, bool(unless_past))


def total(n: float, plus: float) -> float:
    """Add the parts of a number word (`twenty five`)."""
    return n + plus


def product(n: float, times: float) -> float:
    """Multiply the parts of a number word (`two hundred`)."""
    return n * times


ACTIONS: dict[str, Any] = {
    action.__name__: action
    for action in (
        keep,
        calendar,
        figures,
        in_base,
        past_date,
        fiscal,
        ancient,
        relative,
        deictic,
        same_of,
        same,
        decade,
        century,
        part,
        modified,
        duration,
        lasting,
        both,
        offset,
        stretch,
        stretch_unit,
        stretch_n,
        nth_weekday,
        weekend,
        age,
        within,
        joined,
        span,
        days,
        day_span,
        durations,
        slash,
        winter_years,
        repeated,
        repeated_unit,
        holiday,
        moment,
        moment_at,
        clock_figures,
        stretch_now,
        moment_on,
        vague,
        total,
        product,
    )
}
"""Every action by the name that rules use."""
