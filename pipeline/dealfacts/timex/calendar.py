"""Calendar arithmetic: the periods that time expressions name, as half-open intervals of days.

A grain is a unit of the calendar, coded as in ISO 8601 and TIMEX3: `D` day, `W` ISO week, `WE`
weekend, `M` month, `Q` quarter, `S` season, `H` half-year, `Y` year, `E` decade, `C` century.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

DAY = dt.timedelta(days=1)
MONTHS_PER = {"M": 1, "Q": 3, "S": 3, "H": 6, "Y": 12, "E": 120, "C": 1200}
"""How many months the grains that are made of whole months have."""

SIZE_D = {"D": 1, "WE": 2, "W": 7, "M": 30, "Q": 91, "S": 91, "H": 182, "Y": 365, "E": 3652, "C": 36524}
"""About how many days a grain has, to compare grains."""

SEASON_NAMES = ("WI", "SP", "SU", "FA")
_EDTF_SEASONS = {"SP": "21", "SU": "22", "FA": "23", "WI": "24"}
_EDTF_QUARTER, _EDTF_HALF = 32, 39  # EDTF level 2: 33-36 are quarters, 40-41 are half-years


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole days `[start, end)`, and the unit of the calendar that it is one of."""

    grain: str
    start: dt.date
    end: dt.date

    def holds(self, day: dt.date) -> bool:
        """Say whether a day lies in the period."""
        return self.start <= day < self.end


def add_months(day: dt.date, months: int) -> dt.date:
    """Move a day by months, to the last day of the month where the month is too short."""
    index = day.year * 12 + day.month - 1 + months
    first = dt.date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, days_in_month(first.year, first.month)))


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.date(year, month, 1)).days


def period_at(grain: str, day: dt.date) -> Period:
    """Return the period of a grain that a day lies in; a weekend belongs to the week it ends.

    Raises:
        ValueError, OverflowError: when the period leaves the years 1 to 9999.
    """
    if grain == "D":
        return Period("D", day, day + DAY)
    if grain in ("W", "WE"):
        monday = day - day.weekday() * DAY
        return Period(grain, monday + (5 if grain == "WE" else 0) * DAY, monday + 7 * DAY)
    months = MONTHS_PER[grain]
    index = (day.year * 12 + day.month - 1) // months * months
    start = dt.date(max(index // 12, 1), index % 12 + 1, 1)
    return Period(grain, start, add_months(start, months - (12 if index < 12 else 0)))


def shifted(period: Period, count: int) -> Period:
    """Return the period `count` steps later (earlier when negative)."""
    if period.grain in ("D", "W", "WE"):
        return period_at(
            period.grain, period.start + count * SIZE_D["D" if period.grain == "D" else "W"] * DAY
        )
    return period_at(period.grain, add_months(period.start, count * MONTHS_PER[period.grain]))


def year_period(year: int) -> Period:
    """Return a calendar year."""
    return Period("Y", dt.date(year, 1, 1), dt.date(year + 1, 1, 1))


def timex_of(period: Period) -> str:
    """Write a period as a TIMEX3 value, such as `2025-09-22`, `2026-Q3`, `2026-W07` or `199`."""
    start = period.start
    year = f"{start.year:04d}"
    match period.grain:
        case "D":
            return start.isoformat()
        case "W" | "WE":
            iso = start.isocalendar()
            return f"{iso.year:04d}-W{iso.week:02d}{'-WE' if period.grain == 'WE' else ''}"
        case "M":
            return f"{year}-{start.month:02d}"
        case "Q":
            return f"{year}-Q{(start.month + 2) // 3}"
        case "S":
            return f"{year}-{SEASON_NAMES[start.month // 3]}"
        case "H":
            return f"{year}-H{1 if start.month < 7 else 2}"
        case "E":
            return year[:3]
        case "C":
            return year[:2]
        case _:
            return year


def edtf_of(period: Period) -> str:
    """Write a period in EDTF (Library of Congress, 2019), level 2 where level 1 has no form."""
    start = period.start
    year = f"{start.year:04d}"
    match period.grain:
        case "Q":
            return f"{year}-{_EDTF_QUARTER + (start.month + 2) // 3}"
        case "H":
            return f"{year}-{_EDTF_HALF + (1 if start.month < 7 else 2)}"
        case "S":
            return f"{year}-{_EDTF_SEASONS[SEASON_NAMES[start.month // 3]]}"
        case "E":
            return f"{year[:3]}X"
        case "C":
            return f"{year[:2]}XX"
        case "W" | "WE":
            return f"{start.isoformat()}/{(period.end - DAY).isoformat()}"
        case _:
            return timex_of(period)


def easter(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> dt.date:
    """Return the nth weekday (1 Monday) of a month; -1 is the last."""
    if n > 0:
        first = dt.date(year, month, 1)
        return first + ((weekday - first.isoweekday()) % 7 + 7 * (n - 1)) * DAY
    last = dt.date(year, month, days_in_month(year, month))
    return last - ((last.isoweekday() - weekday) % 7 + 7 * (-n - 1)) * DAY


def part_of(period: Period, mod: str) -> Period:
    """Return the days that START, MID or END of a period stand for.

    Begin and end of a year are its first and last quarter, as the gold data has it; of a month
    days 1-10, 10-20 and 21 to the end; of a week Monday to Wednesday, Wednesday and Thursday, and from
    Friday; of other periods the first, middle and last third.
    """
    start, end = period.start, period.end
    if period.grain == "M":
        bounds = {"START": (1, 11), "MID": (10, 21), "END": (21, None)}[mod]
        return Period("P", start.replace(day=bounds[0]), start.replace(day=bounds[1]) if bounds[1] else end)
    months = MONTHS_PER.get(period.grain)
    if period.grain == "W":
        first, last = {"START": (0, 3), "MID": (2, 4), "END": (4, 7)}[mod]
        return Period("P", start + first * DAY, start + last * DAY)
    if months is None or months < 3:
        third = max((end - start).days // 3, 1)
        cuts = (start + third * DAY, end - third * DAY)
    elif period.grain == "Y":
        cuts = (add_months(start, 3), add_months(start, 9))
    else:
        cuts = (add_months(start, months // 3), add_months(start, months - months // 3))
    if mod == "START":
        return Period("P", start, cuts[0])
    return Period("P", *cuts) if mod == "MID" else Period("P", cuts[1], end)
