"""Write time values in a language's own form."""

from __future__ import annotations

import re
from typing import Any

from dealfacts.records import Timex
from dealfacts.timex.language import timex_language

_FORMS = (
    ("D", re.compile(r"(?P<year>\d{4}|XXXX)-(?P<month>\d{2})-(?P<day>\d{2})")),
    ("M", re.compile(r"(?P<year>\d{4}|XXXX)-(?P<month>\d{2})")),
    ("FQ", re.compile(r"FY(?P<year>\d{4})-Q(?P<n>[1-4])")),
    ("FH", re.compile(r"FY(?P<year>\d{4})-H(?P<n>[12])")),
    ("FY", re.compile(r"FY(?P<year>\d{4})")),
    ("Q", re.compile(r"(?P<year>\d{4}|XXXX)-Q(?P<n>[1-4])")),
    ("H", re.compile(r"(?P<year>\d{4}|XXXX)-H(?P<n>[12])")),
    ("W", re.compile(r"(?P<year>\d{4})-W(?P<week>\d{2})")),
    ("S", re.compile(r"(?P<year>\d{4})-(?P<season>SP|SU|FA|WI)")),
    ("weekday", re.compile(r"XXXX-WXX-(?P<weekday>[1-7])")),
    ("E", re.compile(r"(?P<decade>\d{3})")),
    ("Y", re.compile(r"(?P<year>\d{4})")),
)
"""The TIMEX3 values that can be written, by the name of their pattern in the data."""

_DURATION = re.compile(r"P((?:\d+(?:\.\d+)?[YQMWD])*)(?:T((?:\d+(?:\.\d+)?[HM])+))?")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)([A-Z])")


def format_timex(value: Timex, language: str) -> str:
    """Write a time value as the language does.

    Args:
        value: a DATE or DURATION such as `find_timexes` gives.
        language: a language with data, such as `nl`.

    Raises:
        ValueError: when the value has no plain form (sets, times of day, `PAST_REF`).

    >>> format_timex(Timex(type="DATE", timex="2025-09-22"), "es")
    '22 de septiembre de 2025'
    """
    tools = timex_language(language)
    write: dict[str, Any] = tools.data["write"]
    if "/" in value.timex:
        first, _, last = value.timex.partition("/")
        return str(write["range"]).format(
            a=_plain(first, write, tools.cldr), b=_plain(last, write, tools.cldr)
        )
    text = (
        _duration(value.timex, write) if value.type == "DURATION" else _plain(value.timex, write, tools.cldr)
    )
    mod = value.mod
    if mod in ("START", "MID", "END") and value.type == "DATE":
        compound = "Q" in value.timex or "H" in value.timex or "W" in value.timex
        return str(write[f"{mod}_of" if compound else mod]).format(x=text)
    if mod == "APPROX" and re.fullmatch(r"\d{4}(-\d{2})?", value.timex):
        return str(write[mod]).format(x=text)
    return text


def _plain(timex: str, write: dict[str, Any], cldr: dict[str, Any]) -> str:
    """Write a place in the calendar."""
    for form, pattern in _FORMS:
        if found := pattern.fullmatch(timex):
            fields = _fields(found.groupdict(), write, cldr)
            opened = f"{form}_open" if fields.get("year") == "XXXX" else form
            return str(write[opened]).format(**fields)
    raise ValueError(f"no plain form for the time value {timex!r}")


def _fields(parts: dict[str, str], write: dict[str, Any], cldr: dict[str, Any]) -> dict[str, Any]:
    """Turn the parts of a value into the words of a language."""
    fields: dict[str, Any] = {
        name: text if name == "year" else text.lstrip("0") for name, text in parts.items()
    }
    if "month" in parts:
        if not 1 <= int(parts["month"]) <= 12:
            raise ValueError(f"there is no month {parts['month']}")
        fields["month"] = cldr["months"][int(parts["month"]) - 1]
    if "weekday" in parts:
        fields["weekday"] = cldr["weekdays"][int(parts["weekday"]) - 1]
    if "n" in parts:
        fields["ordinal"] = write["ordinals"][int(parts["n"]) - 1]
    if "season" in parts:
        fields["season"] = write["seasons"][parts["season"]]
    if "decade" in parts:
        fields |= {"decade": f"{parts['decade']}0", "decade2": f"{parts['decade'][2]}0"}
    return fields


def _duration(timex: str, write: dict[str, Any]) -> str:
    """Write a length of time."""
    found = _DURATION.fullmatch(timex)
    if found is None or timex in ("P", "PT"):
        raise ValueError(f"no plain form for the duration {timex!r}")
    parts = []
    for prefix, group in (("", found[1]), ("T", found[2] or "")):
        for number, unit in _AMOUNT.findall(group):
            singular, plural = write["units"][prefix + unit]
            parts.append(f"{number} {singular if number == '1' else plural}")
    return f" {write['and']} ".join(parts)
