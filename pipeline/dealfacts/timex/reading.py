"""What a time expression can be read against, and what reading it gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from dealfacts.records import Timex
from dealfacts.timex.calendar import DAY, SIZE_D, Period, edtf_of, timex_of

Kind = Literal["DATE", "TIME", "DURATION", "SET"]

UNKNOWN = {
    "D": "XXXX-XX-XX",
    "W": "XXXX-WXX",
    "WE": "XXXX-WXX-WE",
    "M": "XXXX-XX",
    "Q": "XXXX-QX",
    "S": "XXXX-XX",
    "H": "XXXX-HX",
    "Y": "XXXX",
    "E": "XXX",
    "C": "XX",
}
"""The TIMEX3 value of a period of which only the grain is known."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is read against.

    Args:
        reference: the publication date, or None.
        direction: below zero where the sentence speaks of the past, above of the future, at most 1.
        previous: the period mentioned last, to which `a year earlier` points.
        previous_day: the day mentioned last, to which `the same day` points.
        narrative: the text tells history: dates without a year follow `previous`, not the reference.
    """

    reference: dt.date | None
    direction: float = 0.0
    previous: Period | None = None
    previous_day: Period | None = None
    narrative: bool = False

    @property
    def anchor(self) -> dt.date | None:
        """The day that undated expressions are near to."""
        if self.narrative and self.previous is not None:
            return self.previous.start
        return self.reference

    def told(self, unit: str) -> Period | None:
        """Return the period that `that year` or `two days later` points to: as fine as the unit needs."""
        for period in (self.previous, self.previous_day):
            if period is not None and SIZE_D.get(period.grain, 1) <= SIZE_D.get(unit, 1):
                return period
        return None if self.reference is None else Period("D", self.reference, self.reference + DAY)


@dataclass(frozen=True, slots=True)
class Reading:
    """A resolved expression: its TIMEX3 value, and the days it covers where they are known."""

    kind: Kind
    timex: str
    edtf: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    mod: str | None = None
    fiscal: bool = False
    period: Period | None = None
    """The calendar period, for expressions that point back to this one."""

    def value(self) -> Timex:
        """Return the reading as a record."""
        return Timex(
            type=self.kind,
            timex=self.timex,
            edtf=self.edtf,
            start=self.start.isoformat() if self.start else None,
            end=self.end.isoformat() if self.end else None,
            mod=self.mod,
            fiscal=self.fiscal,
        )

    def having(self, **changes: object) -> Reading:
        """Return the reading with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


class Expression(Protocol):
    """The meaning of a time expression before it is known when the text was written."""

    @property
    def grain(self) -> str:
        """The unit of the calendar it names, or an empty string."""
        ...

    def read(self, context: Context) -> Reading | None:
        """Read the expression; None when it cannot be a time after all."""
        ...


def whole(period: Period) -> Reading:
    """Read a whole calendar period."""
    return Reading("DATE", timex_of(period), edtf_of(period), period.start, period.end, period=period)


def unknown(grain: str, mod: str | None = None) -> Reading:
    """Read a period of which only the grain is known."""
    return Reading("DATE", UNKNOWN.get(grain, "XXXX-XX-XX"), mod=mod)
