"""Meanings of lengths of time, and of times counted by them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Literal

from dealfacts.timex.calendar import DAY, MONTHS_PER, SIZE_D, Period, add_months, period_at
from dealfacts.timex.meaning.dates import Calendar
from dealfacts.timex.reading import Context, Expression, Reading, unknown, whole

Amount = tuple[float | None, str]
"""How many of a unit; None for an unknown number (`several months`)."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: `three months`, `two and a half years`, `several days`."""

    amounts: tuple[Amount, ...]
    mod: str | None = None
    grain: str = field(default="", init=False)

    @property
    def timex(self) -> str:
        """The TIMEX3 value, such as `P2Y6M` or `PT12H`."""
        day_part, time_part = "", ""
        for number, unit in self.amounts:
            scale, letter = (
                _HALVED.get(unit, (1, unit)) if number == 0.5 else _WRITTEN_UNITS.get(unit, (1, unit))
            )
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

_HALVED: dict[str, tuple[int, str]] = {
    "Y": (12, "M"),
    "E": (10, "Y"),
    "h": (60, "m"),
    "H": (6, "M"),
    "C": (100, "Y"),
}
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
            reading = self._vague(context) if day is None else whole(period_at(grain, day))
        except (ValueError, OverflowError):
            return None
        return reading.having(mod=self.mod) if self.mod else reading

    def _told(self, context: Context) -> tuple[Period | None, bool]:
        """Return the period counted from, and whether the base is a time at all."""
        if self.base == "told":
            if self.sign > 0 and context.previous is None and context.direction <= 0:
                return None, True  # "a year later": than what, the text does not say
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
    grain: str = field(default="", init=False)

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
        if self.sign < 0:
            return reading.having(start=other, end=now)
        return reading.having(start=now + DAY, end=other + DAY)  # the next days begin with tomorrow

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
class Repeated:
    """A set of times: `every Monday`, `annually`, `per quarter`."""

    of: Expression
    every: int = 1
    grain: str = field(default="", init=False)

    def read(self, context: Context) -> Reading:
        """Read it; a set has no one place in the calendar."""
        if isinstance(self.of, Calendar):
            return Reading("SET", self.of.undated().timex)
        if isinstance(self.of, Duration):
            amounts = tuple(((n or 1) * self.every, unit) for n, unit in self.of.amounts)
            return Reading("SET", Duration(amounts).timex)
        reading = self.of.read(replace(context, reference=None, previous=None))
        return Reading("SET", reading.timex if reading else "XXXX")
