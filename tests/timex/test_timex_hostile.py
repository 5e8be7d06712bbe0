"""Hostile text: time stays linear in its length, and nothing overflows."""

import datetime as dt

import pytest
from timing import cpu_seconds

from dealfacts.timex import find_timexes

REFERENCE = dt.date(2026, 2, 3)
UNITS = {
    "digits": "1234567890",
    "years": "2025 ",
    "dashes": "2025-",
    "de": "de ",
    "nested ranges": "from 2025 to ",
    "nested parts": "the end of the second half of ",
    "ago": "two years ago ",
    "days": "Monday ",
    "quotes": "'",
    "one long word": "a",
    "letters and digits": "x1",
    "breaks": "\n",
}


def seconds(text: str, language: str) -> float:
    return cpu_seconds(lambda: find_timexes(text, language, REFERENCE))


@pytest.mark.parametrize("language", ["en", "nl", "es"])
@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_time_is_linear(unit: str, language: str) -> None:
    seconds("2025", language)  # load the language
    short, long = (unit * (size // len(unit)) for size in (3_000, 24_000))
    # Eight times the text may take some more than eight times as long, never sixty-four.
    assert seconds(long, language) < 24 * max(seconds(short, language), 0.02)


def test_a_megabyte_of_digits_is_nothing() -> None:
    assert find_timexes("7" * 1_000_000, "en", REFERENCE) == []
    assert seconds("7" * 1_000_000, "en") < 2
