"""The meanings of time expressions: what the grammar makes, and how each is read in its context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from dealfacts.timex.calendar import (
    DAY,
    MONTHS_PER,
    SEASON_NAMES,
    SIZE_D,
    Period,
    add_months,
    easter,
    nth_weekday,
    part_of,
    period_at,
    shifted,
    timex_of,
    year_period,
)
from dealfacts.timex.reading import Context, Expression, Kind, Reading, unknown, whole

# How the tense of the sentence and the nearness of each candidate are weighed, and what tips the scale:
# a sum above zero means the future. Fitted on labelled articles. Days of the week speak of the past
# unless the tense is clear.
_WEIGHTS = {"": (1.0, 1.4, 0.0), "D": (1.0, 1.2, 0.0), "weekday": (1.0, 0.6, -0.45)}


def nearest(candidates: list[Period], context: Context, kind: str = "") -> Period | None:
    """Choose which of the times that a recurring date comes round is meant.

    The tense of the sentence and the nearness of the last and the next of them are weighed; in a
    story it is the one that follows what was told last.
    """
    anchor = context.anchor
    if anchor is None or not candidates:
        return None
    if context.narrative and context.previous is not None:
        return min(candidates, key=lambda p: _story_distance(p, context.previous))  # type: ignore[arg-type]
    grain = kind or candidates[0].grain
    begun = [period for period in candidates if period.start <= anchor]
    coming = [period for period in candidates if period.start > anchor]
    if not begun or not coming:
        return begun[-1] if begun else coming[0]
    last, following = begun[-1], coming[0]
    if last.end > anchor and last.grain != "D":
        return last
    since, until = max((anchor - last.end).days + 1, 0), (following.start - anchor).days
    nearness = (since - until) / (since + until)
    tense, near, bias = _WEIGHTS.get(grain, _WEIGHTS[""])
    return following if context.direction * tense + nearness * near + bias > 0 else last


def _story_distance(period: Period, told: Period) -> float:
    days = (period.start - told.start).days
    if period.end > told.start >= period.start:
        return 0
    return float(days) if days >= 0 else -days * 1.5


def _recurring(make: Callable[[int], Period], anchor: dt.date, reach: int = 1) -> list[Period]:
    found = []
    for year in range(anchor.year - reach, anchor.year + reach + 1):
        try:
            found.append(make(year))
        except (ValueError, OverflowError):  # 29 February, or beyond the calendar
            continue
    return found


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
        return self._undated() if period is None else whole(period)

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
        if self.month is None and self.day:  # "the 15th"
            months = (add_months(anchor.replace(day=1), n) for n in range(-12, 13))
            return [
                found
                for first in months
                if (found := self._day_of(first)) and self.weekday in (None, found.start.isoweekday())
            ]
        if self.day or not self.weekday:
            leap = self.month == 2 and self.day == 29
            found = _recurring(self.in_year, anchor, 8 if leap else 3 if self.weekday else 1)
            if self.weekday:
                found = [p for p in found if p.start.isoweekday() == self.weekday] or found
            return found
        monday = anchor - anchor.weekday() * DAY
        return [period_at("D", monday + (7 * n + self.weekday - 1) * DAY) for n in (-1, 0, 1)]

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

    def _undated(self) -> Reading:
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

    grain: str = "WE"

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
    grain: str = "Y"

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
            if year > now + (10 if context.direction > 0 else 0):
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
    grain: str = "FY"

    def read(self, context: Context) -> Reading:
        """Read it; the year may be told relative to the publication date."""
        year = self.year
        if year is None and self.shift is not None and context.anchor is not None:
            year = context.anchor.year + self.shift
        part = f"-Q{self.quarter}" if self.quarter else f"-H{self.half}" if self.half else ""
        return Reading("DATE", f"FY{'XXXX' if year is None else f'{year:04d}'}{part}", fiscal=True)


@dataclass(frozen=True, slots=True)
class Relative:
    """A period counted from the one that holds the reference: `last year`, `this week`, `tomorrow`."""

    unit: str
    n: int

    @property
    def grain(self) -> str:
        """The unit it names."""
        return self.unit

    def read(self, context: Context) -> Reading | None:
        """Read it; unknown without a reference."""
        anchor = context.reference
        if context.narrative and context.previous is not None and self.n != 0:
            anchor = context.previous.start
        if anchor is None:
            return unknown(self.unit)
        try:
            return whole(shifted(period_at(self.unit, anchor), self.n))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Same:
    """A pointer back to what was told last: `that year`, `the same day`, `the following week`."""

    unit: str
    n: int = 0

    @property
    def grain(self) -> str:
        """The unit it names."""
        return self.unit

    def read(self, context: Context) -> Reading | None:
        """Read it against the period mentioned last, or the reference."""
        told = context.told(self.unit)
        if told is None:
            return unknown(self.unit)
        try:
            return whole(shifted(period_at(self.unit, told.start), self.n))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Modified:
    """The beginning, middle or end of a period, or a part before or after now (`later this year`)."""

    mod: str
    of: Expression

    @property
    def grain(self) -> str:
        """The unit it modifies."""
        return self.of.grain

    def read(self, context: Context) -> Reading | None:
        """Read the period, then narrow it."""
        reading = self.of.read(context)
        if reading is None:
            return None
        period = reading.period
        if period is None or reading.kind != "DATE":
            return reading.having(mod=self.mod)
        if self.mod in ("BEFORE", "AFTER"):
            return self._side(reading, period, context)
        if self.mod == "APPROX":
            return reading.having(mod=self.mod, edtf=f"{reading.edtf}~" if reading.edtf else None)
        if period.grain == "D":
            return reading.having(mod=self.mod)
        if reading.mod in ("START", "MID", "END"):  # the end of early 2026: no finer than early 2026
            return reading
        part = part_of(period, self.mod)
        return reading.having(mod=self.mod, start=part.start, end=part.end)

    def _side(self, reading: Reading, period: Period, context: Context) -> Reading:
        now = context.reference
        if now is None or not period.holds(now) or period.grain == "D":
            return reading.having(mod=self.mod)
        if self.mod == "BEFORE":
            return reading.having(mod=self.mod, end=now + DAY)
        return reading.having(mod=self.mod, start=now)


@dataclass(frozen=True, slots=True)
class Part:
    """The nth unit of a period, -1 the last: `the third quarter of next year`, `first week of May`."""

    n: int
    unit: str
    of: Expression | None = None

    @property
    def grain(self) -> str:
        """The unit it names."""
        return self.unit

    def read(self, context: Context) -> Reading | None:
        """Find the whole in its context, then the part."""
        if isinstance(self.of, Fiscal):
            return self._fiscal(self.of).read(context)
        if self.of is None:
            return self._bare(context)
        reading = self.of.read(context)
        if reading is None:
            return None
        if reading.period is None:
            return unknown(self.unit)
        return self._within(reading.period)

    def _fiscal(self, of: Fiscal) -> Fiscal:
        n = self.n if self.n > 0 else 4 if self.unit == "Q" else 2
        return replace(of, **{"quarter" if self.unit == "Q" else "half": n})

    def _bare(self, context: Context) -> Reading | None:
        n = self.n if self.n > 0 else {"Q": 4, "H": 2}.get(self.unit, -1)
        if self.unit == "Q" and n <= 4:
            return Calendar(quarter=n).read(context)
        if self.unit == "H" and n <= 2:
            return Calendar(half=n).read(context)
        return None

    def _within(self, period: Period) -> Reading | None:
        if self.unit == "H" and period.grain != "Y":
            return self._half_of(period)
        if self.unit not in SIZE_D or SIZE_D[self.unit] >= (period.end - period.start).days:
            return None
        pieces = []
        day = period.start
        while day < period.end:
            piece = period_at(self.unit, day)
            # A week belongs to the month that has its Thursday (ISO 8601).
            if self.unit != "W" or period.holds(piece.start + 3 * DAY):
                pieces.append(piece)
            day = piece.end
        at = self.n - 1 if self.n > 0 else self.n
        return whole(pieces[at]) if -len(pieces) <= at < len(pieces) else None

    def _half_of(self, period: Period) -> Reading | None:
        if self.n not in (1, 2, -1):
            return None
        days = (period.end - period.start).days
        middle = period.start + 15 * DAY if period.grain == "M" else period.start + days // 2 * DAY
        whole_reading = whole(period)
        if self.n == 1:
            return whole_reading.having(mod="START", end=middle)
        return whole_reading.having(mod="END", start=middle)


Amount = tuple[float | None, str]
"""How many of a unit; None for an unknown number (`several months`)."""

_DURATION_ORDER = "YQMWDhms"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: `three months`, `two and a half years`, `several days`."""

    amounts: tuple[Amount, ...]
    mod: str | None = None
    grain: str = ""

    @property
    def timex(self) -> str:
        """The TIMEX3 value, such as `P2Y6M` or `PT12H`."""
        day_part, time_part = "", ""
        for number, unit in self.amounts:
            scale, letter = _HALVED.get(unit, (1, unit)) if number == 0.5 else _WRITTEN_UNITS.get(unit, (1, unit))
            text = "X" if number is None else _number(number * scale)
            if letter in "hms" and len(letter) == 1:
                time_part += f"{text}{letter.upper()}"
            else:
                day_part += f"{text}{letter}"
        return f"P{day_part}" + (f"T{time_part}" if time_part else "")

    def read(self, context: Context) -> Reading:  # noqa: ARG002
        """Read it; a duration alone has no place in the calendar."""
        exact = all(number is not None and unit != "WE" for number, unit in self.amounts)
        return Reading(
            "DURATION", self.timex, self.timex if exact and "Q" not in self.timex else None, mod=self.mod
        )

    @property
    def smallest(self) -> str:
        """The smallest unit it counts in."""
        return self.amounts[-1][1]

    def move(self, day: dt.date, sign: int) -> dt.date | None:
        """Move a day by this length; None when a number is not known.

        Raises:
            ValueError, OverflowError: when the day leaves the calendar.
        """
        months, days = 0.0, 0.0
        for number, unit in self.amounts:
            if number is None or number > 10_000:
                return None
            if unit in MONTHS_PER:
                months += number * MONTHS_PER[unit]
            else:
                days += number * {"D": 1, "WE": 7, "W": 7, "F": 14, "h": 1 / 24, "m": 1 / 1440}.get(unit, 0)
        days += (months - int(months)) * 30
        return add_months(day, sign * int(months)) + sign * int(days + 0.001) * DAY


_WRITTEN_UNITS: dict[str, tuple[int, str]] = {
    "E": (10, "Y"),
    "C": (100, "Y"),
    "F": (2, "W"),
    "H": (6, "M"),
    "m": (1, "m"),
}
"""Units that TIMEX3 writes in terms of others."""

_HALVED: dict[str, tuple[int, str]] = {"Y": (12, "M"), "E": (10, "Y"), "h": (60, "m"), "H": (6, "M"), "C": (100, "Y")}
"""Units whose half is written as a whole number of a smaller one."""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.4f}".rstrip("0")


@dataclass(frozen=True, slots=True)
class Offset:
    """A time so much before or after another: `four months ago`, `two days later`, `a year after Brexit day`.

    `base` None counts from the reference, the word `told` from the date mentioned last.
    """

    duration: Duration
    sign: int
    base: Expression | Literal["told"] | None = None
    mod: str | None = None

    @property
    def grain(self) -> str:
        """The unit counted in."""
        return self.duration.smallest

    def read(self, context: Context) -> Reading | None:
        """Count from the base, keeping the precision of the unit counted in."""
        told, known = self._told(context)
        if not known:
            return None
        grain = self._result_grain(told)
        if told is None:
            return unknown(grain, self.mod)
        try:
            day = self.duration.move(told.start, self.sign)
            if day is None:
                reading = self._vague(context)
            else:
                reading = whole(period_at(grain, day))
        except (ValueError, OverflowError):
            return None
        return reading.having(mod=self.mod) if self.mod else reading

    def _told(self, context: Context) -> tuple[Period | None, bool]:
        """Return the period counted from, and whether the base is a time at all."""
        if self.base == "told":
            return context.told(self.duration.smallest), True
        if self.base is None:
            now = context.reference
            if context.narrative and context.previous is not None:
                return context.previous, True
            return (None if now is None else period_at("D", now)), True
        reading = self.base.read(context)
        if reading is None:
            return None, False
        return reading.period, True

    def _result_grain(self, told: Period | None) -> str:
        unit = self.duration.smallest
        if unit not in MONTHS_PER:
            return "D"
        if self.base is None or told is None or told.grain not in SIZE_D:
            return {"H": "M", "S": "M", "E": "Y", "C": "Y"}.get(unit, unit)
        if self.base == "told" and told.grain in ("D", "W", "WE"):
            return {"E": "Y", "C": "Y"}.get(unit, unit)
        return told.grain if SIZE_D[told.grain] <= SIZE_D[unit] else {"H": "M"}.get(unit, unit)

    def _vague(self, context: Context) -> Reading:
        if self.base is None and context.reference is not None:
            return Reading("DATE", "PAST_REF" if self.sign < 0 else "FUTURE_REF")
        return unknown(self._result_grain(None))


@dataclass(frozen=True, slots=True)
class Within:
    """`in two years`: a time to come where the sentence looks ahead, otherwise only a length of time."""

    duration: Duration
    grain: str = ""

    def read(self, context: Context) -> Reading | None:
        """Read it by the tense of the sentence."""
        unit = self.duration.smallest
        ahead = context.direction > 0 or (context.direction == 0 and unit in ("D", "W"))
        if ahead and unit not in ("h", "m", "s"):
            return Offset(self.duration, 1).read(context)
        return self.duration.read(context)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A length of time next to now, or at one side of a period: `the next four years`, `past week`."""

    duration: Duration
    sign: int
    of: Expression | None = None

    @property
    def grain(self) -> str:
        """A stretch is no unit of the calendar."""
        return ""

    def read(self, context: Context) -> Reading | None:
        """Read the length, with the days it covers where they are known."""
        reading = self.duration.read(context)
        try:
            if self.of is not None:
                return self._at_side(reading, context)
            now = context.reference
            if now is None or context.narrative:
                return reading
            other = self.duration.move(now, self.sign)
        except (ValueError, OverflowError):
            return reading
        if other is None or other == now:
            return reading
        return reading.having(start=min(now, other), end=max(now, other))

    def _at_side(self, reading: Reading, context: Context) -> Reading | None:
        assert self.of is not None
        whole_reading = self.of.read(context)
        if whole_reading is None:
            return None
        period = whole_reading.period
        if period is None:
            return reading
        if self.sign > 0:
            end = self.duration.move(period.start, 1)
            return reading.having(start=period.start, end=end) if end and end <= period.end else reading
        start = self.duration.move(period.end, -1)
        return reading.having(start=start, end=period.end) if start and start >= period.start else reading


@dataclass(frozen=True, slots=True)
class Range:
    """From one time to another, the last day included: `from 2026 to 2029`, `12-15 March`."""

    first: Expression
    last: Expression

    @property
    def grain(self) -> str:
        """A range is no unit of the calendar."""
        return ""

    def read(self, context: Context) -> Reading | None:
        """Read both ends, each filling in what the other leaves out."""
        first, last = _filled(self.first, self.last)
        start = first.read(context)
        if start is None:
            return None
        if start.period is not None and _is_undated(last):
            context = replace(context, reference=start.period.start, direction=1, narrative=False)
            if isinstance(last, Calendar) and last.grain == "D" and start.period.grain != "D":
                context = replace(context, reference=start.period.start - DAY)
        end = last.read(context)
        if end is None or (start.period and end.period and end.period.end <= start.period.start):
            return None
        return Reading(
            "DATE",
            f"{start.timex}/{end.timex}",
            f"{start.edtf}/{end.edtf}"
            if start.edtf and end.edtf and "/" not in start.edtf + end.edtf
            else None,
            start.start,
            end.end,
            period=end.period if start.start is None else None,
            fiscal=start.fiscal or end.fiscal,
        )


def _is_undated(expression: Expression) -> bool:
    return (
        isinstance(expression, Calendar)
        and expression.year is None
        and expression.base is None
        and expression.shift is None
    )


def _filled(first: Expression, last: Expression) -> tuple[Expression, Expression]:
    """Give each end of a range the month or year that only the other names."""
    inner_first = first.of if isinstance(first, Modified) else first
    inner_last = last.of if isinstance(last, Modified) else last
    if not (isinstance(inner_first, Calendar) and isinstance(inner_last, Calendar)):
        return first, last
    a, b = inner_first, inner_last
    if a.day and not a.month and b.month:
        a = replace(a, month=b.month)
    if b.day and not b.month and a.month:
        b = replace(b, month=a.month)
    if a.grain != b.grain:
        pass  # from January until 31 December 2027: the end says nothing about the year of the start
    elif _is_undated(a) and (b.year or b.base) and a.weekday is None:
        a = replace(a, year=b.year, base=b.base)
        if b.year and _order(a) > _order(b):
            a = replace(a, year=b.year - 1)
    elif _is_undated(b) and a.year and b.weekday is None:
        b = replace(b, year=a.year + (_order(b) < _order(a)))
    return (
        replace(first, of=a) if isinstance(first, Modified) else a,
        replace(last, of=b) if isinstance(last, Modified) else b,
    )


def _order(part: Calendar) -> tuple[int, int]:
    """Where in a year a part of the calendar begins."""
    if part.season:
        return SEASON_NAMES.index(part.season) * 3 + 1, 0
    month = part.month or (part.quarter or 0) * 3 or (part.half or 0) * 6
    return month, part.day or 0


@dataclass(frozen=True, slots=True)
class Repeated:
    """A set of times: `every Monday`, `annually`, `per quarter`."""

    of: Expression
    every: int = 1
    grain: str = ""

    def read(self, context: Context) -> Reading:
        """Read it; a set has no one place in the calendar."""
        if isinstance(self.of, Calendar):
            return Reading("SET", self.of._undated().timex)
        if isinstance(self.of, Duration):
            amounts = tuple(((n or 1) * self.every, unit) for n, unit in self.of.amounts)
            return Reading("SET", Duration(amounts).timex)
        reading = self.of.read(replace(context, reference=None, previous=None))
        return Reading("SET", reading.timex if reading else "XXXX")


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
    grain: str = "D"

    def in_year(self, year: int) -> Period:
        """Return the day of the feast in a year."""
        if self.rule.startswith("easter"):
            return period_at("D", easter(year) + int(self.rule[6:] or 0) * DAY)
        rule, plus, days = self.rule.partition("+")
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
        candidates = _recurring(self.in_year, anchor, 2)
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


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day, on a day that may be left open: `10:30`, `Friday morning`, `tonight`."""

    day: Expression | None = None
    hour: int | None = None
    minute: int | None = None
    part: str | None = None
    zone: str | None = None
    grain: str = "D"

    def read(self, context: Context) -> Reading | None:
        """Read it; without a day it is on the day mentioned last, or the reference."""
        if self.day is None:
            anchor = context.reference
            reading = unknown("D") if anchor is None else whole(period_at("D", anchor))
        else:
            given = self.day.read(context)
            if (
                given is None
                or given.kind != "DATE"
                or (given.period and given.period.grain not in ("D", "WE"))
            ):
                return None
            reading = given
        return reading.having(kind="TIME", timex=f"{reading.timex}T{self._clock()}", edtf=reading.edtf)

    def _clock(self) -> str:
        if self.hour is None:
            return self.part or ""
        hour = self.hour
        if self.part in ("AF", "EV", "PM") and hour < 12:
            hour += 12
        if self.part == "NI" and 5 <= hour < 12:
            hour += 12
        if self.part in ("AM", "MO") and hour == 12:
            hour = 0
        clock = f"{hour:02d}" if self.minute is None else f"{hour:02d}:{self.minute:02d}"
        return clock + (self.zone or "")


@dataclass(frozen=True, slots=True)
class Vague:
    """Now, the past or the future, no more: `currently`, `recently`, `soon`."""

    ref: str
    grain: str = ""

    def read(self, context: Context) -> Reading:  # noqa: ARG002
        """Read it as TIMEX3 does, without days."""
        return Reading("DATE", self.ref)


__all__ = [
    "Ancient",
    "Calendar",
    "Duration",
    "Era",
    "Fiscal",
    "Holiday",
    "Kind",
    "Modified",
    "Moment",
    "Offset",
    "Part",
    "Range",
    "Relative",
    "Repeated",
    "Same",
    "Stretch",
    "Vague",
    "Weekend",
    "Within",
    "timex_of",
]
