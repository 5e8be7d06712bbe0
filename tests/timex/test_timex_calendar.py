"""Calendar arithmetic."""

import datetime as dt

import pytest

from dealfacts.timex.calendar import (
    add_months,
    easter,
    edtf_of,
    nth_weekday,
    part_of,
    period_at,
    shifted,
    timex_of,
)

DAY = dt.date(2026, 2, 3)


@pytest.mark.parametrize(
    ("grain", "timex", "edtf"),
    [
        ("D", "2026-02-03", "2026-02-03"),
        ("W", "2026-W06", "2026-02-02/2026-02-08"),
        ("WE", "2026-W06-WE", "2026-02-07/2026-02-08"),
        ("M", "2026-02", "2026-02"),
        ("Q", "2026-Q1", "2026-33"),
        ("H", "2026-H1", "2026-40"),
        ("S", "2026-WI", "2026-24"),
        ("Y", "2026", "2026"),
        ("E", "202", "202X"),
        ("C", "20", "20XX"),
    ],
)
def test_values_of_each_grain(grain: str, timex: str, edtf: str) -> None:
    period = period_at(grain, DAY)
    assert (timex_of(period), edtf_of(period)) == (timex, edtf)
    assert period.holds(DAY) or grain == "WE"
    assert shifted(period, 1).start >= period.end
    assert shifted(shifted(period, 3), -3) == period


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1961, "1961-04-02"),
        (2000, "2000-04-23"),
        (2024, "2024-03-31"),
        (2025, "2025-04-20"),
        (2038, "2038-04-25"),
    ],
)
def test_easter(year: int, day: str) -> None:
    assert easter(year) == dt.date.fromisoformat(day)


def test_months_are_added_to_the_last_day_of_a_short_month() -> None:
    assert add_months(dt.date(2025, 1, 31), 1) == dt.date(2025, 2, 28)
    assert add_months(dt.date(2024, 3, 31), -1) == dt.date(2024, 2, 29)


def test_nth_weekday_counts_from_either_end() -> None:
    assert nth_weekday(2025, 11, 4, 4) == dt.date(2025, 11, 27)
    assert nth_weekday(2025, 5, 1, -1) == dt.date(2025, 5, 26)


@pytest.mark.parametrize(
    ("grain", "mod", "start", "end"),
    [
        ("Y", "START", "2026-01-01", "2026-04-01"),
        ("Y", "END", "2026-10-01", "2027-01-01"),
        ("M", "START", "2026-02-01", "2026-02-11"),
        ("M", "MID", "2026-02-10", "2026-02-21"),
        ("M", "END", "2026-02-21", "2026-03-01"),
        ("W", "START", "2026-02-02", "2026-02-05"),
        ("W", "END", "2026-02-06", "2026-02-09"),
        ("Q", "END", "2026-03-01", "2026-04-01"),
    ],
)
def test_parts_of_periods(grain: str, mod: str, start: str, end: str) -> None:
    part = part_of(period_at(grain, DAY), mod)
    assert (part.start.isoformat(), part.end.isoformat()) == (start, end)
