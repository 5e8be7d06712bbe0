"""Which of the times that a recurring date comes round is meant: `November`, `Monday`, `the 15th`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from dealfacts.timex.calendar import Period
from dealfacts.timex.reading import Context

# How the tense of the sentence and the nearness of each candidate are weighed, and what tips the scale:
# a sum above zero means the future. Fitted on labelled articles. Days of the week speak of the past
# unless the tense is clear.
_WEIGHTS = {
    "": (1.0, 1.4, 0.0),
    "D": (0.9, 1.4, 0.0),
    "weekday": (1.0, 0.6, -0.45),
    "holiday": (1.0, 1.4, 0.0),
}


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
    if abs(context.direction) >= 1 and grain not in ("D", "weekday"):  # "will open in May", told in July
        return following if context.direction > 0 else last
    since, until = max((anchor - last.end).days + 1, 0), (following.start - anchor).days
    nearness = (since - until) / (since + until)
    tense, near, bias = _WEIGHTS.get(grain, _WEIGHTS[""])
    return following if context.direction * tense + nearness * near + bias > 0 else last


def _story_distance(period: Period, told: Period) -> float:
    days = (period.start - told.start).days
    if period.end > told.start >= period.start:
        return 0
    return float(days) if days >= 0 else -days * 1.5


def recurring(make: Callable[[int], Period], anchor: dt.date, reach: int = 1) -> list[Period]:
    """Return the period in the years around a day, leaving out years that do not have it."""
    found = []
    for year in range(anchor.year - reach, anchor.year + reach + 1):
        try:
            found.append(make(year))
        except (ValueError, OverflowError):  # 29 February, or beyond the calendar
            continue
    return found
