"""Dates, times, durations and sets in text: spans with TIMEX3 values, EDTF forms and day intervals."""

from dealfacts.timex.spans import TimexSpan, find_timexes
from dealfacts.timex.writing import format_timex

__all__ = ["TimexSpan", "find_timexes", "format_timex"]
