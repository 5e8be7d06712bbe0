"""Find what a translation must keep exactly, and say how English writes it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache

import babel
from babel.numbers import get_currency_name

from dealfacts.lang import lang_data
from dealfacts.quantities import find_quantities, format_value
from dealfacts.records import Cardinal, Money, Percent, Quantity, Timex
from dealfacts.timex import find_timexes, format_timex
from dealfacts.translation.masking import Item, Masked, token_pattern

Span = tuple[int, int]
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?: ?(?:u|uur|h|hs|horas))?")
_PART_OF_YEAR = re.compile(r"-[QH]\d")
_BARE_STARTS = ("the ", "week ", "from ", "mid-", "early ", "late ")
Figure = Money | Percent | Quantity | Cardinal


def find_items(
    text: str,
    language: str,
    published: datetime.date | None = None,
    names: Iterable[Span] = (),
    *,
    names_yield: bool = False,
) -> list[Item]:
    """Find the figures, dates and names of a text with their English form, in order and apart.

    Where two claim the same letters the longer one wins, then dates before figures before names.

    Args:
        text: a whole article rather than a sentence: years and currencies carry over.
        language: the language of the text.
        published: the day of publication, for dates that depend on it.
        names: spans of names of organisations and people.
        names_yield: whether names are guesses, which any figure or date wins over.
    """
    base = language.split("-", maxsplit=1)[0]
    dates = find_timexes(text, language, published)
    figures = find_quantities(text, language)
    candidates = [
        *((span.start, span.end, 0, date_in_english(span.text, span.value, base)) for span in dates),
        *((span.start, span.end, 1, figure_in_english(span.text, span.value, base)) for span in figures),
        *((start, end, 2, name_in_english(text[start:end], base)) for start, end in names),
    ]
    found: list[Item] = []
    taken = bytearray(len(text))
    for start, end, rank, english in sorted(
        candidates, key=lambda c: (names_yield and c[2] == 2, c[0] - c[1], c[2], c[0])
    ):
        if english and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Item(start, end, "e" if rank == 2 else "n", " ".join(english.split())))
    return sorted(found, key=lambda item: item.start)


def figure_in_english(surface: str, value: Figure, language: str) -> str | None:
    """Write a sum, percentage, quantity or count in English with the value it has, or return None.

    What stands around the figure is not part of it (`hasta`, `per aandeel`): the model translates that.
    Small counts written as a word stay a word: `drie` becomes `three`. None leaves it to the model.
    """
    has_digits = any(letter.isdigit() for letter in surface)
    bare = value.model_copy(update={"modifier": "exact"})
    if isinstance(bare, Money):
        return _sum_in_english(
            surface, bare.model_copy(update={"per": None}), language, has_digits=has_digits
        )
    if isinstance(bare, Quantity) and bare.unit == "dimensionless":
        return _times_in_english(surface, bare, language)
    word = _small_number(bare.value) if isinstance(bare, Cardinal) and not has_digits else None
    return word or format_value(bare, "en")


def _sum_in_english(surface: str, value: Money, language: str, *, has_digits: bool) -> str | None:
    if value.amount is None and not has_digits and (vague := _vague_sum(value)):
        return vague
    if value.currency is not None:
        return format_value(value, "en")
    # Pesos of which country is not known, but that they are pesos is.
    noun = lang_data(language, "translation.toml")["currency_nouns"].get(surface.rsplit(None, 1)[-1].lower())
    return f"{format_value(value, 'en')} {noun}" if noun and has_digits else None


def _vague_sum(value: Money) -> str | None:
    """Write "tens of billions of dollars" for the range that such words are read as."""
    least = Decimal(value.min or 0)
    zeros = least.adjusted()
    if value.currency is None or value.max is None or least != Decimal(10) ** zeros or not 3 <= zeros < 15:
        return None
    if Decimal(value.max) / least not in {Decimal(9), Decimal("9.9"), Decimal("9.99")}:
        return None
    amount = ("", "tens of ", "hundreds of ")[zeros % 3]
    scale = ("thousands", "millions", "billions", "trillions")[zeros // 3 - 1]
    return f"{amount}{scale} of {get_currency_name(value.currency, count=2, locale='en')}"


def _times_in_english(surface: str, value: Quantity, language: str) -> str | None:
    """Write `twee keer` as `twice`; a noun such as `el doble` is left to the model."""
    if (
        surface.split(" ", 1)[0].lower() in lang_data(language, "translation.toml")["articles"]
        or not value.value
    ):
        return None
    word = None if any(letter.isdigit() for letter in surface) else _small_number(value.value)
    special = {"one": "once", "two": "twice"}
    return (
        special.get(word, f"{word} times")
        if word
        else f"{format_value(Cardinal(value=value.value), 'en')} times"
    )


def _small_number(value: str | None) -> str | None:
    words: list[str] = lang_data("en", "translation.toml")["small_numbers"]
    return words[int(value)] if value is not None and value.isdigit() and int(value) < len(words) else None


def date_in_english(surface: str, value: Timex, language: str) -> str | None:
    """Write a date in English as precisely as the source does, or return None to leave it to the model.

    The value may know more than the words say, since it is resolved against the day of publication:
    `op 3 mei` stays `May 3` without the year. Expressions in words alone (`vorige week`) are left to
    the model, but for days of the week, months, and quarters and halves.
    """
    lower = surface.lower()
    data = lang_data(language, "translation.toml")
    calendar = lang_data(language, "cldr_dates.json")
    if lower in calendar["weekdays"]:
        english: str = lang_data("en", "cldr_dates.json")["weekdays"][calendar["weekdays"].index(lower)]
        return english
    if clock := _CLOCK.fullmatch(surface):
        return f"{int(clock[1])}:{clock[2]}"
    words = re.findall(r"[^\W\d_]+", lower)
    months = [word for word in words if word in calendar["months"]]
    if not months and not _PART_OF_YEAR.search(value.timex) and not any(map(str.isdigit, surface)):
        return None
    plain = {*months, *data["articles"], *data["date_words"]}
    # "maart vorig jaar" gives its year in words: then the year is written.
    silent = value.mod is not None or all(word in plain for word in words)
    for timex in (_without_year(surface, value.timex) if silent else value.timex, value.timex):
        try:
            written = format_timex(value.model_copy(update={"timex": timex}), "en")
        except ValueError:  # a value that has no plain form
            continue
        if surface[0].isdigit():
            written = written.removeprefix("from ")
        takes_article = words[:1] and words[0] in data["articles"] and written[:1].islower()
        return f"the {written}" if takes_article and not written.startswith(_BARE_STARTS) else written
    return None


def _without_year(surface: str, timex: str) -> str:
    """Take the year out of a value when the words do not give it, in full or with two digits."""
    digits = re.findall(r"\d+", surface)
    years = re.findall(r"(?<!\d)(\d{4})(?=-)", timex)
    if any(year in digits or year[2:] in digits for year in years) and "/" not in timex:
        return timex
    return timex if any(year in digits for year in years) else re.sub(r"(?<!\d)\d{4}(?=-)", "XXXX", timex)


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
    figures = find_quantities(text, "en")
    spans = [(s.start, s.end, figure_in_english(s.text, s.value, "en") or "") for s in figures]
    dates = [
        (s.start, s.end, date_in_english(s.text, s.value, "en") or "") for s in find_timexes(text, "en", None)
    ]
    apart = [d for d in dates if not any(d[0] < end and start < d[1] for start, end, _ in spans)]
    return sorted([*spans, *apart])
