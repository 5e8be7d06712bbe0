"""Meanings of places in the calendar: dates, months, quarters, feasts, decades, fiscal years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from dealfacts.timex.calendar import (
    DAY,
    SEASON_NAMES,
    Period,
    add_months,
    easter,
    nth_weekday,
    period_at,
    shifted,
    year_period,
)
from dealfacts.timex.meaning.recurrence import nearest, recurring
from dealfacts.timex.reading import Context, Expression, Reading, unknown, whole


@dataclass(frozen=True, slots=True)
class Calendar:
    """A place in the calendar, in full or in part: `3 March 2025`, `November`, `Monday`, `Q3`.

    `shift` is -1 for `last`, 0 for `this`, 1 for `next`, 2 for the one of next week; `base` is the
    period it lies in (`March last year`, `the 3rd of next month`).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    week: int | None = None
    quarter: int | None = None
    half: int | None = None
    season: str | None = None
    shift: int | None = None
    base: Expression | None = None

    @property
    def grain(self) -> str:
        """The unit it names."""
        if self.day or self.weekday:
            return "D"
        for name, grain in (("week", "W"), ("month", "M"), ("quarter", "Q"), ("half", "H"), ("season", "S")):
            if getattr(self, name):
                return grain
        return "Y"

    def in_year(self, year: int) -> Period:
        """Return the period in a given year.

        Raises:
            ValueError: when the year has no such day.
        """
        if self.day:
            return period_at("D", dt.date(year, self.month or 1, self.day))
        if self.month:
            return period_at("M", dt.date(year, self.month, 1))
        if self.week:
            return period_at("W", dt.date.fromisocalendar(year, self.week, 1))
        if self.quarter:
            return period_at("Q", dt.date(year, self.quarter * 3 - 2, 1))
        if self.half:
            return period_at("H", dt.date(year, self.half * 6 - 5, 1))
        if self.season:
            return period_at("S", dt.date(year, SEASON_NAMES.index(self.season) * 3 + 1, 1))
        return year_period(year)

    def read(self, context: Context) -> Reading | None:
        """Read it in its context."""
        try:
            period = self._period(context)
        except (ValueError, OverflowError):
            return None
        return self.undated() if period is None else whole(period)

    def _period(self, context: Context) -> Period | None:
        if self.base is not None:
            return self._in_base(context)
        if self.year is not None:
            return self.in_year(self.year)
        if context.anchor is None:
            return None
        if self.shift is not None:
            return self._shifted(context)
        kind = "weekday" if self.weekday and not self.day else ""
        return nearest(self._candidates(context.anchor), context, kind)

    def _candidates(self, anchor: dt.date) -> list[Period]:
        """Return the times it comes round near the anchor, in order."""
        if self.day and self.month is None:
            return self._days_of_months(anchor)
        if self.day or not self.weekday:
            leap = self.month == 2 and self.day == 29
            yearly = recurring(self.in_year, anchor, 8 if leap else 3 if self.weekday else 1)
            # The weekday tells the year: `Monday, January 26`.
            fitting = [p for p in yearly if self.weekday in (None, p.start.isoweekday())]
            return fitting or yearly
        monday = anchor - anchor.weekday() * DAY
        return [period_at("D", monday + (7 * n + self.weekday - 1) * DAY) for n in (-1, 0, 1)]

    def _days_of_months(self, anchor: dt.date) -> list[Period]:
        """Return the days for `the 15th`, or `Monday the 15th`, in the months near the anchor."""
        months = (add_months(anchor.replace(day=1), n) for n in range(-12, 13))
        days = [found for first in months if (found := self._day_of(first))]
        return [day for day in days if self.weekday in (None, day.start.isoweekday())]

    def _day_of(self, first: dt.date) -> Period | None:
        try:
            return period_at("D", first.replace(day=self.day or 1))
        except ValueError:
            return None

    def _shifted(self, context: Context) -> Period | None:
        anchor = context.anchor
        assert anchor is not None
        candidates = self._candidates(anchor)
        shift = self.shift or 0
        if shift < 0:
            before = [period for period in candidates if period.end <= anchor]
            return before[shift] if len(before) >= -shift else None
        if shift == 0:
            if self.weekday and not self.day:  # this Monday: of this week, unless the tense says otherwise
                return nearest(candidates, context, "weekday")
            return next((p for p in candidates if p.start.year == anchor.year), None)
        if self.weekday and shift == 2:
            return candidates[2]
        return next((period for period in candidates if period.start > anchor), None)

    def _in_base(self, context: Context) -> Period | None:
        assert self.base is not None
        reading = self.base.read(context)
        if reading is None:
            raise ValueError("the base is no time")
        period = reading.period
        if period is None:
            return None
        if self.day and not self.month:
            return period_at("D", period.start.replace(day=self.day))
        if self.weekday and not self.day:
            return next(
                (
                    period_at("D", day)
                    for day in (period.start + n * DAY for n in range(7))
                    if day.isoweekday() == self.weekday
                ),
                None,
            )
        return self.in_year(period.start.year)

    def undated(self) -> Reading:
        """Read it without its year: `XXXX-11`, `XXXX-WXX-1`."""
        if self.weekday and not self.day:
            return Reading("DATE", f"XXXX-WXX-{self.weekday}")
        month = "XX" if self.month is None else f"{self.month:02d}"
        if self.day:
            timex = f"XXXX-{month}-{self.day:02d}"
            return Reading("DATE", timex, timex)
        rest = {
            "M": month,
            "W": f"W{self.week:02d}" if self.week else "",
            "Q": f"Q{self.quarter}",
            "H": f"H{self.half}",
            "S": self.season or "",
        }.get(self.grain)
        timex = f"XXXX-{rest}" if rest else "XXXX"
        return Reading("DATE", timex, timex if self.grain == "M" else None)


@dataclass(frozen=True, slots=True)
class Weekend:
    """The weekend that is near: `at the weekend`."""

    grain: str = field(default="WE", init=False)

    def read(self, context: Context) -> Reading:
        """Read it as the last or the next one, as the tense says."""
        anchor = context.anchor
        if anchor is None:
            return unknown("WE")
        this = period_at("WE", anchor)
        chosen = nearest([shifted(this, n) for n in (-1, 0, 1)], context, "weekday")
        return unknown("WE") if chosen is None else whole(chosen)


@dataclass(frozen=True, slots=True)
class Ancient:
    """A year before Christ."""

    year: int
    grain: str = field(default="Y", init=False)

    def read(self, context: Context) -> Reading:  # noqa: ARG002
        """Read it; Python's calendar does not reach there, so there is no interval."""
        return Reading("DATE", f"BC{self.year:04d}", f"-{self.year - 1:04d}")


@dataclass(frozen=True, slots=True)
class Era:
    """A decade or century: `the 1990s`, `los años noventa`, `the 21st century`."""

    first_year: int
    grain: str
    two_digits: bool = False
    """The text names only the decade (`the nineties`): the last one that has begun is meant."""

    def read(self, context: Context) -> Reading:
        """Read it; a decade without its century counts back from the reference, or from 2000."""
        year = self.first_year
        if self.two_digits:
            now = context.anchor.year if context.anchor else 2000
            year += now // 100 * 100
            if year > now:
                year -= 100
        if self.grain == "C":
            year = max(year, 1)
            return whole(Period("C", dt.date(year, 1, 1), dt.date(year // 100 * 100 + 100, 1, 1)))
        return whole(period_at("E", dt.date(year, 1, 1)))


@dataclass(frozen=True, slots=True)
class Fiscal:
    """A fiscal year, quarter or half: named, but its days only the company knows."""

    year: int | None = None
    quarter: int | None = None
    half: int | None = None
    shift: int | None = None
    grain: str = field(default="FY", init=False)

    def read(self, context: Context) -> Reading:
        """Read it; the year may be told relative to the publication date."""
        year = self.year
        if year is None and self.shift is not None and context.anchor is not None:
            year = context.anchor.year + self.shift
        part = f"-Q{self.quarter}" if self.quarter else f"-H{self.half}" if self.half else ""
        return Reading("DATE", f"FY{'XXXX' if year is None else f'{year:04d}'}{part}", fiscal=True)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A feast: a rule for its day, in a year that may be left open.

    The rule is `12-25`, `easter-2` (days from Easter Sunday), `11-4-4` (month, the nth, weekday:
    the fourth Thursday of November) or `11-4-4+1` for the day after it.
    """

    rule: str
    year: int | None = None
    shift: int | None = None
    base: Expression | None = None
    grain: str = field(default="D", init=False)

    def in_year(self, year: int) -> Period:
        """Return the day of the feast in a year."""
        if self.rule.startswith("easter"):
            return period_at("D", easter(year) + int(self.rule[6:] or 0) * DAY)
        rule, _plus, days = self.rule.partition("+")
        numbers = [int(part) for part in rule.replace("last", "-1").split(".")]
        if len(numbers) == 3:
            return period_at(
                "D", nth_weekday(year, numbers[0], numbers[2], numbers[1]) + int(days or 0) * DAY
            )
        return period_at("D", dt.date(year, *numbers))

    def read(self, context: Context) -> Reading | None:
        """Read it; without a year it comes round like any yearly date."""
        year = self.year
        try:
            if self.base is not None:
                reading = self.base.read(context)
                if reading is None:
                    return None
                year = reading.period.start.year if reading.period else None
            if year is not None:
                return whole(self.in_year(year))
        except (ValueError, OverflowError):
            return None
        anchor = context.anchor
        if anchor is None:
            fixed = "XXXX-" + self.rule.replace(".", "-")
            return Reading("DATE", fixed if self.rule.count(".") == 1 else "XXXX-XX-XX")
        candidates = recurring(self.in_year, anchor, 2)
        if self.shift == 0:
            found = next(p for p in candidates if p.start.year == anchor.year)
        elif self.shift:
            past = [p for p in candidates if p.end <= anchor]
            found = past[-1] if self.shift < 0 else next(p for p in candidates if p.start > anchor)
        else:
            chosen = nearest(candidates, context)
            if chosen is None:
                return None
            found = chosen
        return whole(found)
