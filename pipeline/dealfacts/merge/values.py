"""Sums, shares, quantities and dates as intervals that can be compared."""

from __future__ import annotations

import datetime
import math
from typing import Any, NamedTuple

from dealfacts.merge.names import lexicon

Plain = dict[str, Any]

_ABOUT = 0.12
"""`about` and unmarked round figures stretch this far either way."""


_LARGEST = 1e100


class Sum(NamedTuple):
    """A figure with its bounds.

    `unit` is a currency, `%` or a pint unit; `digits` the significant digits the figure is written with.
    """

    number: float | None
    low: float
    high: float
    unit: str | None
    modifier: str
    digits: int
    raw: Plain


class Interval(NamedTuple):
    """A time expression as day ordinals, end exclusive; `month` is set where only the month is known."""

    start: int | None
    end: int | None
    month: int | None
    raw: Plain


def _significant_digits(number: str) -> int:
    digits = number.lstrip("-").replace(".", "").strip("0")
    return max(1, len(digits))


def _float(number: str) -> float:
    """Read a number; what no float can hold becomes the largest we count with."""
    return max(-_LARGEST, min(_LARGEST, float(number)))


def _read(number: str | None, low: str | None, high: str | None, unit: str | None, raw: Plain) -> Sum:
    modifier = raw.get("modifier") or "exact"
    if number is None:
        bottom = _float(low) if low is not None else 0.0
        top = _float(high) if high is not None else (bottom * 10 or _LARGEST)
        return Sum(None, bottom, top, unit, modifier, 0, raw)
    value = _float(number)
    digits = _significant_digits(number)
    # A figure stands for all that round to it: half a unit of its last digit either way.
    spread = min(0.05 * abs(value), 0.5 * 10.0 ** (_magnitude(value) - digits + 1))
    bounds = {
        "exact": (value - spread, value + spread),
        "about": (value * (1 - _ABOUT), value * (1 + _ABOUT)),
        "up_to": (0.0, value + spread),
        "less_than": (0.0, value),
        "at_least": (value - spread, value * 3),
        "more_than": (value, value * 3),
    }
    low_bound, high_bound = bounds[modifier]
    return Sum(value, low_bound, high_bound, unit, modifier, digits, raw)


def read_sum(raw: Plain) -> Sum:
    """Read a Money record."""
    return _read(raw.get("amount"), raw.get("min"), raw.get("max"), raw.get("currency"), raw)


def read_percent(raw: Plain) -> Sum:
    """Read a Percent record."""
    return _read(raw.get("percent"), raw.get("min"), raw.get("max"), "%", raw)


def read_quantity(raw: Plain) -> Sum:
    """Read a Quantity record."""
    return _read(raw.get("value"), raw.get("min"), raw.get("max"), raw.get("unit"), raw)


def read_interval(raw: Plain) -> Interval:
    """Read a Timex record; durations and sets have no days."""
    start, end = _ordinal(raw.get("start")), _ordinal(raw.get("end"))
    if start is None or end is None:
        start, end = _days_of(raw.get("timex", ""))
    month = None
    timex = raw.get("timex", "")
    if timex.startswith("XXXX-") and timex[5:7].isdigit():
        month = int(timex[5:7])
    return Interval(start, end, month, raw)


def _ordinal(day: str | None) -> int | None:
    try:
        return datetime.date.fromisoformat(day).toordinal() if day else None
    except ValueError:
        return None


_PARTS = {"Q1": (1, 3), "Q2": (4, 3), "Q3": (7, 3), "Q4": (10, 3), "H1": (1, 6), "H2": (7, 6)}


def _days_of(timex: str) -> tuple[int | None, int | None]:
    """Read the days off a TIMEX3 value that came without its interval."""
    try:
        if len(timex) == 10:
            day = datetime.date.fromisoformat(timex).toordinal()
            return day, day + 1
        year = int(timex[:4])
        first, months = (1, 12) if len(timex) == 4 else _PARTS.get(timex[5:]) or (int(timex[5:]), 1)
        end = year * 12 + first - 1 + months
        return (
            datetime.date(year, first, 1).toordinal(),
            datetime.date(end // 12, end % 12 + 1, 1).toordinal(),
        )
    except ValueError:
        return None, None


def same_number(a: Sum, b: Sum) -> bool:
    """Tell whether two figures name the same number, whatever their modifiers."""
    return a.number is not None and b.number is not None and a.number == b.number


def compare_sums(a: Sum, b: Sum) -> str:
    """Tell how two figures stand to each other.

    Returns:
        `same`, `rounded` (one is the other written shorter), `within` (one's modifier or range allows
        the other), `converted` (different currencies, about the same worth), `near` (less than a third
        apart) or `differs`.
    """
    if a.unit != b.unit and a.unit is not None and b.unit is not None:
        return _compare_converted(a, b)
    if a.number is not None and b.number is not None:
        if a.number == b.number:
            return "same"
        apart = abs(a.number - b.number) / max(abs(a.number), abs(b.number), 1e-9)
        if _rounds_to(a, b) or _rounds_to(b, a):
            return "rounded"
        if a.low <= b.high and b.low <= a.high:
            return "rounded" if apart <= _ABOUT else "within"
        return "near" if apart <= 1 / 3 else "differs"
    return "within" if a.low <= b.high and b.low <= a.high else "differs"


def _rounds_to(fine: Sum, coarse: Sum) -> bool:
    """Tell whether `coarse` is `fine` written with fewer digits (4.62 -> 4.6), or cut to them."""
    if fine.digits <= coarse.digits or not fine.number or not coarse.number:
        return False
    apart = abs(fine.number - coarse.number)
    unit = 10.0 ** (_magnitude(coarse.number) - coarse.digits + 1)
    return apart <= unit * (0.5 if coarse.digits == 1 else 1.0) and apart <= _ABOUT * abs(fine.number)


def _magnitude(number: float) -> int:
    return math.floor(math.log10(abs(number))) if number else 0


def _compare_converted(a: Sum, b: Sum) -> str:
    rates = lexicon().dollars
    rate_a, rate_b = rates.get(a.unit or ""), rates.get(b.unit or "")
    if rate_a is None or rate_b is None or a.number is None or b.number is None:
        return "differs"
    ratio = (a.number * rate_a) / max(b.number * rate_b, 1e-9)
    return "converted" if 0.78 <= ratio <= 1.28 else "differs"


def compare_intervals(a: Interval, b: Interval) -> tuple[str, int]:
    """Tell how two dates stand to each other: (`day`, `overlap`, `apart` or `unknown`, days between)."""
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return _compare_months(a, b)
    if a.start < b.end and b.start < a.end:
        exact = a.end - a.start == 1 and b.end - b.start == 1
        return ("day" if exact else "overlap"), 0
    return "apart", max(b.start - a.end, a.start - b.end) + 1


def _compare_months(a: Interval, b: Interval) -> tuple[str, int]:
    """Compare where a year is unknown: months are on a circle."""
    month_a, month_b = _month_of(a), _month_of(b)
    if month_a is None or month_b is None:
        return "unknown", 0
    distance = abs(month_a - month_b)
    distance = min(distance, 12 - distance)
    return ("overlap", 0) if distance == 0 else ("apart", distance * 30)


def _month_of(interval: Interval) -> int | None:
    if interval.month is not None:
        return interval.month
    if interval.start is None or interval.end is None or interval.end - interval.start > 31:
        return None
    return datetime.date.fromordinal(interval.start).month
