"""The meanings of time expressions: what the grammar makes, and how each is read in its context."""

from dealfacts.timex.meaning.dates import Ancient, Calendar, Era, Fiscal, Holiday, Weekend
from dealfacts.timex.meaning.durations import Amount, Duration, Offset, Repeated, Stretch, Within
from dealfacts.timex.meaning.moments import Moment, Vague
from dealfacts.timex.meaning.periods import Modified, Part, Relative, Same, SameOf
from dealfacts.timex.meaning.ranges import Range

__all__ = [
    "Amount",
    "Ancient",
    "Calendar",
    "Duration",
    "Era",
    "Fiscal",
    "Holiday",
    "Modified",
    "Moment",
    "Offset",
    "Part",
    "Range",
    "Relative",
    "Repeated",
    "Same",
    "SameOf",
    "Stretch",
    "Vague",
    "Weekend",
    "Within",
]
