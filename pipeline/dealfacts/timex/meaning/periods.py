"""Meanings that depend on now, on what was told before, or on a larger period."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dealfacts.timex.calendar import DAY, SIZE_D, Period, add_months, part_of, period_at, shifted
from dealfacts.timex.meaning.dates import Calendar, Fiscal
from dealfacts.timex.reading import Context, Expression, Reading, unknown, whole


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
        if context.narrative and context.previous is not None and (self.n or self.unit != "D"):
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
        if told is None or (context.previous is None and not self._reaches_now(context)):
            return unknown(self.unit)
        try:
            return whole(shifted(period_at(self.unit, told.start), self.n))
        except (ValueError, OverflowError):
            return None

    def _reaches_now(self, context: Context) -> bool:
        """Say whether the publication date may stand for what was told, when nothing was.

        It may for `the year before` and `the same day`; `that year` must have been told.
        """
        return self.n < 0 or self.unit == "D" or (self.n > 0 and context.direction > 0)


@dataclass(frozen=True, slots=True)
class SameOf:
    """The like of what was told last, in another year: `the same quarter of last year`.

    Without a `unit` (`the same period`) it is as long as what was told last.
    """

    of: Expression
    unit: str = ""

    @property
    def grain(self) -> str:
        """The unit it names."""
        return self.unit

    def read(self, context: Context) -> Reading | None:
        """Move what was told last to the year that is named."""
        year = self.of.read(context)
        if year is None or year.period is None or year.period.grain != "Y":
            return year
        told = context.told(self.unit or "H")
        grain = self.unit or (told.grain if told else "")
        if told is None or grain not in ("M", "Q", "H"):
            return year if not self.unit else unknown(self.unit)
        return whole(
            period_at(grain, add_months(told.start, 12 * (year.period.start.year - told.start.year)))
        )


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
        return replace(of, quarter=n) if self.unit == "Q" else replace(of, half=n)

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
