"""Meanings of times of day, and of a mere now, past or future."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealfacts.timex.calendar import period_at
from dealfacts.timex.reading import Context, Expression, Reading, unknown, whole


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day, on a day that may be left open: `10:30`, `Friday morning`, `tonight`."""

    day: Expression | None = None
    hour: int | None = None
    minute: int | None = None
    part: str | None = None
    zone: str | None = None
    grain: str = field(default="D", init=False)

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
    unless_past: bool = False
    grain: str = field(default="", init=False)

    def read(self, context: Context) -> Reading | None:
        """Read it as TIMEX3 does, without days."""
        if self.unless_past and context.direction < 0:
            return None
        return Reading("DATE", self.ref)
