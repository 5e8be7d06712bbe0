"""Properties that hold for any value and any text."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.records import Timex
from dealfacts.timex import find_timexes, format_timex

LANGUAGES = ("en", "nl", "es")
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2098, 12, 31))
YEARS = st.integers(1900, 2098)

VALUES = st.one_of(
    DAYS.map(lambda day: Timex(type="DATE", timex=day.isoformat())),
    DAYS.map(lambda day: Timex(type="DATE", timex=f"{day:%Y-%m}")),
    YEARS.map(lambda year: Timex(type="DATE", timex=f"{year}")),
    st.tuples(YEARS, st.integers(1, 4)).map(lambda q: Timex(type="DATE", timex=f"{q[0]}-Q{q[1]}")),
    st.tuples(YEARS, st.integers(1, 2)).map(lambda h: Timex(type="DATE", timex=f"{h[0]}-H{h[1]}")),
    st.tuples(YEARS, st.integers(1, 52)).map(lambda w: Timex(type="DATE", timex=f"{w[0]}-W{w[1]:02d}")),
    st.tuples(YEARS, st.sampled_from(["SP", "SU", "FA", "WI"])).map(
        lambda s: Timex(type="DATE", timex=f"{s[0]}-{s[1]}")
    ),
    st.integers(192, 199).map(lambda decade: Timex(type="DATE", timex=f"{decade}")),
    st.tuples(YEARS, st.sampled_from(["START", "MID", "END"])).map(
        lambda y: Timex(type="DATE", timex=f"{y[0]}", mod=y[1])
    ),
    st.tuples(DAYS, st.sampled_from(["START", "MID", "END"])).map(
        lambda m: Timex(type="DATE", timex=f"{m[0]:%Y-%m}", mod=m[1])
    ),
    st.integers(1999, 2059).map(lambda year: Timex(type="DATE", timex=f"FY{year}", fiscal=True)),
    st.tuples(st.integers(2, 99), st.sampled_from(["Y", "M", "W", "D"])).map(
        lambda d: Timex(type="DURATION", timex=f"P{d[0]}{d[1]}")
    ),
)


@given(VALUES, st.sampled_from(LANGUAGES))
@settings(max_examples=400, deadline=None)
def test_what_is_written_reads_back(value: Timex, language: str) -> None:
    written = format_timex(value, language)
    spans = find_timexes(f"X: {written}.", language, dt.date(2026, 2, 3))
    assert [(s.value.timex, s.value.mod) for s in spans] == [(value.timex, value.mod)], written


@given(DAYS.map(lambda day: f"XXXX-{day:%m-%d}"), st.sampled_from(LANGUAGES))
@settings(max_examples=50, deadline=None)
def test_open_dates_read_back_without_a_reference(timex: str, language: str) -> None:
    written = format_timex(Timex(type="DATE", timex=timex), language)
    assert [s.value.timex for s in find_timexes(written, language, None)] == [timex]


WORDS = st.sampled_from(
    [
        "the",
        "of",
        "last",
        "next",
        "in",
        "on",
        "from",
        "to",
        "between",
        "and",
        "first",
        "second",
        "half",
        "year",
        "week",
        "month",
        "Monday",
        "March",
        "May",
        "2025",
        "12",
        "3",
        "early",
        "end",
        "ago",
        "14:30",
        "12/5",
        "-",
        ",",
        ".",
        "\n",
        "de",
        "el",
        "la",
        "del",
        "al",
        "hace",
        "mes",
        "año",
        "próximo",
        "pasado",
        "enero",
        "martes",
        "y",
        "a",
        "entre",
        "finales",
        "begin",
        "eind",
        "vorig",
        "volgend",
        "jaar",
        "maand",
        "maandag",
        "van",
        "tot",
        "half",
        "over",
        "geleden",
        "'82",
        "Q3",
        "1990s",
        "3rd",
        "€",
        "%",
        "Christmas",
    ]
)


@given(st.lists(WORDS, max_size=25).map(" ".join), st.sampled_from(LANGUAGES), st.none() | DAYS)
@settings(max_examples=400, deadline=None)
def test_spans_slice_true_and_days_run_forward(text: str, language: str, reference: dt.date | None) -> None:
    last = 0
    for span in find_timexes(text, language, reference):
        assert text[span.start : span.end] == span.text
        assert span.text.strip() == span.text != ""
        assert span.start >= last
        last = span.end
        value = span.value
        assert (value.start is None) == (value.end is None)
        assert value.start is None or value.end is None or value.start < value.end
        if reference is None and value.timex.startswith("XXXX"):
            assert value.start is None


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str, language: str) -> None:
    for span in find_timexes(text, language, dt.date(2026, 2, 3)):
        assert text[span.start : span.end] == span.text


@pytest.mark.parametrize("timex", ["PAST_REF", "XXXX-XX-XX", "2025-13", "P", "2025-02-03T10:30", "soon"])
def test_values_without_a_form_are_refused(timex: str) -> None:
    with pytest.raises(ValueError, match=r"no plain form|no month"):
        format_timex(Timex(type="DATE", timex=timex), "en")
