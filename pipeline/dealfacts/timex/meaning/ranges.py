"""Meanings of ranges: from one time to another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dealfacts.timex.calendar import DAY, SEASON_NAMES
from dealfacts.timex.meaning.dates import Calendar
from dealfacts.timex.meaning.periods import Modified
from dealfacts.timex.reading import Context, Expression, Reading


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
