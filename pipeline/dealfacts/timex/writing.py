"""Write time values in a language's own form."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from dealfacts.records import Timex
from dealfacts.timex.language import timex_language

_DAY = re.compile(r"(\d{4}|XXXX)-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4}|XXXX)-(\d{2})")
_PART = re.compile(r"(?P<fiscal>FY)?(?P<year>\d{4}|XXXX)-(?P<unit>[QH])(?P<n>\d)")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_WEEKDAY = re.compile(r"XXXX-WXX-(\d)")
_SEASON = re.compile(r"(\d{4})-(SP|SU|FA|WI)")
_FISCAL = re.compile(r"FY(\d{4})")
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
    if re.fullmatch(r"\d{4}", timex):
        return timex
    fields: dict[str, Any] = {}
    form = ""
    if found := _DAY.fullmatch(timex):
        dt.date(2024, int(found[2]), int(found[3]))
        form, fields = (
            "D",
            {"year": found[1], "month": cldr["months"][int(found[2]) - 1], "day": int(found[3])},
        )
    elif found := _MONTH.fullmatch(timex):
        form, fields = "M", {"year": found[1], "month": cldr["months"][int(found[2]) - 1]}
    elif found := _PART.fullmatch(timex):
        n = int(found["n"])
        form = f"F{found['unit']}" if found["fiscal"] else found["unit"]
        fields = {"year": found["year"], "n": n, "ordinal": write["ordinals"][n - 1]}
    elif found := _WEEK.fullmatch(timex):
        form, fields = "W", {"year": found[1], "week": int(found[2])}
    elif found := _SEASON.fullmatch(timex):
        form, fields = "S", {"year": found[1], "season": write["seasons"][found[2]]}
    elif found := _WEEKDAY.fullmatch(timex):
        form, fields = "weekday", {"weekday": cldr["weekdays"][int(found[1]) - 1]}
    elif found := _FISCAL.fullmatch(timex):
        form, fields = "FY", {"year": found[1]}
    elif re.fullmatch(r"\d{3}", timex):
        form, fields = "E", {"decade": f"{timex}0", "decade2": f"{timex[2]}0"}
    if not form:
        raise ValueError(f"no plain form for the time value {timex!r}")
    if fields.get("year") == "XXXX":
        form += "_open"
    return str(write[form]).format(**fields)


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
