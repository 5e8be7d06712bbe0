"""Find what a translation must keep exactly, and say how English writes it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import babel

from dealfacts.lang import lang_data
from dealfacts.quantities import find_quantities, format_value
from dealfacts.records import Cardinal, Timex
from dealfacts.timex import find_timexes, format_timex
from dealfacts.translation.masking import Item, Masked, token_pattern

Span = tuple[int, int]


def find_items(
    text: str, language: str, published: datetime.date | None = None, names: Iterable[Span] = ()
) -> list[Item]:
    """Find the figures, dates and names of a text with their English form, in order and apart.

    Where two claim the same letters the longer one wins, and dates win over figures over names.

    Args:
        text: a whole article rather than a sentence: years and currencies carry over.
        language: the language of the text.
        published: the day of publication, for dates that depend on it.
        names: spans of names of organisations and people.
    """
    base = language.split("-", maxsplit=1)[0]
    dates = find_timexes(text, language, published)
    figures = find_quantities(text, language)
    candidates = [
        *((span.start, span.end, 0, date_in_english(span.text, span.value, base)) for span in dates),
        *((span.start, span.end, 1, figure_in_english(span.text, span.value)) for span in figures),
        *((start, end, 2, name_in_english(text[start:end], base)) for start, end in names),
    ]
    found: list[Item] = []
    taken = bytearray(len(text))
    for start, end, rank, english in sorted(candidates, key=lambda c: (c[0] - c[1], c[2], c[0])):
        if english and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Item(start, end, "e" if rank == 2 else "n", " ".join(english.split())))
    return sorted(found, key=lambda item: item.start)


def figure_in_english(surface: str, value: Any) -> str:
    """Write a sum, percentage, quantity or count in English, with the value it has.

    Small counts written as a word stay a word: `drie` becomes `three`.
    """
    if isinstance(value, Cardinal) and not any(letter.isdigit() for letter in surface):
        words: list[str] = lang_data("en", "translation.toml")["small_numbers"]
        if value.value is not None and value.value.isdigit() and int(value.value) < len(words):
            return words[int(value.value)]
    # "hasta" in front of the figure is not part of it: the model translates that.
    bare = value.model_copy(update={"modifier": "exact"})
    written: str = format_value(bare, "en")
    return written


def date_in_english(surface: str, value: Timex, language: str) -> str | None:
    """Write a date in English as precisely as the source does, or return None to leave it to the model.

    The value may know more than the words say, since it is resolved against the day of publication:
    `op 3 mei` stays `3 May` without the year. Expressions in words alone (`vorige week`) are left to
    the model, but for the days of the week.
    """
    lower = surface.lower()
    weekdays = lang_data(language, "cldr_dates.json")["weekdays"]
    if lower in weekdays:
        english: str = lang_data("en", "cldr_dates.json")["weekdays"][weekdays.index(lower)]
        return english
    has_month = any(month in lower for month in lang_data(language, "cldr_dates.json")["months"])
    if not has_month and not any(letter.isdigit() for letter in surface):
        return None
    written = format_timex(_as_written(surface, value), "en")
    article = surface.split(" ", 1)[0].lower() in lang_data(language, "translation.toml")["articles"]
    return (
        f"the {written}" if article and written[:1].islower() and not written.startswith("the ") else written
    )


def _as_written(surface: str, value: Timex) -> Timex:
    """Take the year out of a value when the words do not give it."""
    year = value.timex[:4]
    if value.type != "DATE" or not year.isdigit() or year in surface or f"{year[2:]}" in _numbers(surface):
        return value
    return value.model_copy(update={"timex": f"XXXX{value.timex[4:]}"})


def _numbers(surface: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in surface).split()


def name_in_english(surface: str, language: str) -> str:
    """Return the English name of a country or institution that has one; any other name as it is written."""
    plain = " ".join(surface.split())
    return _exonyms(language).get(plain, plain)


@cache
def _exonyms(language: str) -> dict[str, str]:
    theirs = babel.Locale.parse(language).territories
    ours = babel.Locale.parse("en").territories
    countries = {name: ours[code] for code, name in theirs.items() if len(code) == 2 and code in ours}
    own: dict[str, str] = lang_data(language, "translation.toml")["exonyms"]
    return {**countries, **own}


def settle(masked: Masked, output: str) -> str:
    """Write figures that came out right but in other words in the form that `masked` looks for.

    `100 billion dollars` says the same as `$100 billion`: the value decides.
    """
    lost = {token for token, count in masked.excess(output).items() if count < 0}
    if not lost:
        return output
    for start, end, english in reversed(_english_figures(output)):
        if english in lost and not token_pattern(english).search(output[start:end]):
            output = output[:start] + english + output[end:]
    return output


@lru_cache(maxsize=256)
def _english_figures(text: str) -> Sequence[tuple[int, int, str]]:
    spans = [(s.start, s.end, figure_in_english(s.text, s.value)) for s in find_quantities(text, "en")]
    dates = [
        (s.start, s.end, date_in_english(s.text, s.value, "en") or "") for s in find_timexes(text, "en", None)
    ]
    apart = [d for d in dates if not any(d[0] < end and start < d[1] for start, end, _ in spans)]
    return sorted([*spans, *apart])
