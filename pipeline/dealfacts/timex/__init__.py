"""Dates, times, durations and sets in text: spans with TIMEX3 values, EDTF forms and day intervals.

    >>> import datetime as dt
    >>> span = find_timexes("It will list by the end of 2030.", "en", dt.date(2026, 2, 3))[0]
    >>> span.text, span.value.timex, span.value.mod, span.value.start, span.value.end
    ('the end of 2030', '2030', 'END', '2030-10-01', '2031-01-01')

How it works: a lexer gives each token its classes from the language's tables, a cascade of rules
(`grammar`, written in `lang/*/timex.toml`) turns them into meanings (`meaning`), and each meaning is
read against the publication date, the tense of its sentence (`tense`) and what was told before.
dateparser reads full dates of other languages (`foreign`), the one thing our own rules cannot.

What the values mean:

- Values follow TIMEX3 (ISO-TimeML), with ISO 8601 weeks. Days are half-open intervals. An expression
  whose days nobody can know has none: `XXXX-11` without a publication date, fiscal periods (`FY2026-Q3`,
  flagged), sets, bare durations, `PAST_REF`, `PRESENT_REF` and `FUTURE_REF`.
- `START`, `MID` and `END` keep the value of the whole and narrow its days: of a year its first quarter,
  the second and third, and the last; of a month the days 1-10, 10-20 and from 21. So the quarter of
  `eind 2030` can be read off its days.
- Seasons are those of the northern hemisphere and cover the quarter they mostly fill: spring the second.
- What is so many months or years ago has the grain of a month or year; days and weeks give a day.
- Two lengths that share a unit are two (`60 to 90 days`: `60` is P60D), times of a clock range share their
  day, and the end of a stretch comes after its start (`from Monday to Friday`).
- Ranges are two dates, as in TimeML, unless `join_ranges` is asked for; `12-15 March` is always one.
- `next Friday` is the first to come, in Dutch `volgende vrijdag` that of next week.
- Spans have no preposition; a noun phrase keeps its article (`the second half of 2026`).
"""

from dealfacts.timex.spans import TimexSpan, find_timexes
from dealfacts.timex.writing import format_timex

__all__ = ["TimexSpan", "find_timexes", "format_timex"]
