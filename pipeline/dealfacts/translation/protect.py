"""Find what a translation must keep exactly, and say how English writes it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache

import babel
from babel.numbers import get_currency_name

from dealfacts.lang import lang_data
from dealfacts.quantities import find_quantities, format_value
from dealfacts.records import Cardinal, Money, Percent, Quantity, Timex
from dealfacts.timex import TimexSpan, find_timexes, format_timex
from dealfacts.translation.masking import Item, Masked, token_pattern

Span = tuple[int, int]
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?: ?(?:u|uur|h|hs|horas))?(?![\w:])")
_CLOCK_OR_WORD = re.compile(rf"(?<![\d.:,]){_CLOCK.pattern}|[^\W\d_]+")
_PART_OF_YEAR = re.compile(r"-[QH]\d")
_DAY = re.compile(r"[A-Z][a-z]+ \d{1,2}(?:, \d{4})?")
_DIGITS = re.compile(r"\d+(?:[.,:/–-]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d+")
_ORDINAL = re.compile(r"(\d+)\.?([^\W\d_]{1,3})")
_DOTTED = frozenset({".º", ".ª"})
MAX_CODE = 20
"""Letters looked at on either side of digits for a code such as `A320neo`."""
_DURATION = re.compile(r"PT?(\d+)[A-Z]")
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

    Where two claim the same letters the longer one wins, then dates before figures before names. Names of
    several words that English spells differently (`Tweede Kamer`) are found without being given.

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
        *(part for span in dates for part in _date_parts(span, base, published)),
        *(
            _with_opening(text, span.start, span.end, figure_in_english(span.text, span.value, base), base)
            for span in figures
        ),
        *((start, end, 2, name_in_english(text[start:end], base)) for start, end in names),
        *(
            (*match.span(), 2, name_in_english(match[0], base))
            for match in _institutions(base).finditer(text)
        ),
    ]
    found: list[Item] = []
    taken = bytearray(len(text))
    for start, end, rank, english in sorted(
        candidates, key=lambda c: (names_yield and c[2] == 2, c[0] - c[1], c[2], c[0])
    ):
        if english and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Item(start, end, "e" if rank == 2 else "n", " ".join(english.split())))
    return sorted([*found, *_codes(text, base, taken)], key=lambda item: item.start)


def _with_opening(
    text: str, start: int, end: int, english: str | None, language: str
) -> tuple[int, int, int, str | None]:
    """Take the word that makes a figure a rough one to it behind a bracket: `(cerca de 27 millones)`.

    Models know such words in a sentence, but seldom with a bracket stuck to them.
    """
    words = lang_data(language, "translation.toml")["bracket_words"]
    before = text[max(0, start - MAX_CODE) : start]
    for word, form in words.items():
        if english and before.endswith(f"({word} "):
            return start - len(word) - 1, end, 1, f"{form} {english}"
    return start, end, 1, english


def _date_parts(
    span: TimexSpan, language: str, published: datetime.date | None
) -> Iterator[tuple[int, int, int, str | None]]:
    """Write a date in English, or, where it has no plain form as a whole, the parts of it that have one.

    `dinsdag 3 mei om 18:20 uur` gives its day of the week, its day and its time; `noche del martes` Tuesday.
    """
    english = date_in_english(span.text, span.value, language)
    if english is not None:
        yield span.start, span.end, 0, english
        return
    if (counted := _counted_units(span, language)) is not None:
        yield counted
        return
    weekdays = lang_data(language, "cldr_dates.json")["weekdays"]
    last = 0
    for match in [*_CLOCK_OR_WORD.finditer(span.text), None]:
        if match is not None and match[1] is None and match[0].lower() not in weekdays:
            continue
        gap = span.text[last : match.start() if match else None]
        for part in find_timexes(gap, language, published) if len(gap) < len(span.text) else ():
            start = span.start + last + part.start
            yield start, start + len(part.text), 0, date_in_english(part.text, part.value, language)
        if match is not None:
            start, last = span.start + match.start(), match.end()
            yield start, start + len(match[0]), 0, date_in_english(match[0], span.value, language)


def _counted_units(span: TimexSpan, language: str) -> tuple[int, int, int, str] | None:
    """Find the count and its unit at the end of a duration in words: `siete años` of `en siete años`."""
    duration = _DURATION.fullmatch(span.value.timex)
    words = span.text.split()
    if duration is None or len(words) < 2 or span.value.type != "DURATION" or span.value.mod is not None:
        return None
    counts = [q.value.value for q in find_quantities(words[-2], language) if isinstance(q.value, Cardinal)]
    if counts != [duration[1]]:
        return None  # `medio año` is six months, but does not say six
    start = span.end - len(span.text) + span.text.rindex(words[-2], 0, span.text.rindex(words[-1]))
    number = _small_number(duration[1]) or duration[1]
    try:
        unit = format_timex(span.value, "en").split()[-1]
    except ValueError:  # a duration that has no plain form
        return None
    return start, span.end, 0, f"{number} {unit}"


def _codes(text: str, language: str, taken: bytearray) -> Iterator[Item]:
    """Find the digits that nothing has claimed: codes, versions, scores (`A320neo`, `2-1`), and ordinals."""
    suffixes = lang_data(language, "translation.toml")["ordinal_suffixes"]
    reach = 0
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        low, high = max(reach, start - MAX_CODE), min(len(text), end + MAX_CODE)
        while start > low and (text[start - 1].isalnum() or _is_inner_hyphen(text, start - 1)):
            start -= 1
        if text[end : end + 2] in _DOTTED:
            end += 1
        while end < high and text[end].isalnum():
            end += 1
        if any(taken[start:end]):
            start, end = match.span()
        if any(taken[start:end]) or start < reach:
            continue
        reach = end
        code = text[start:end]
        if _GROUPED.fullmatch(code):
            code = _number(code, language)
        ordinal = _ORDINAL.fullmatch(code)
        if ordinal and ordinal[2].lower() in suffixes:
            code = _ordinal(int(ordinal[1]))
        yield Item(start, end, "e" if any(map(str.isalpha, code)) and not ordinal else "n", code)


def _number(digits: str, language: str) -> str:
    """Write a number with groups or decimals in English; as it stands when it cannot be read."""
    for span in find_quantities(f"{digits} euro", language):
        if isinstance(span.value, Money) and span.value.amount is not None:
            return format_value(Cardinal(value=span.value.amount), "en")
    return digits


def _is_inner_hyphen(text: str, at: int) -> bool:
    return text[at] == "-" and at > 0 and text[at - 1].isalnum()


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


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
    if isinstance(bare, Cardinal) and not has_digits:
        if bare.value is None:
            return _vague_count(bare.min, bare.max)
        return _small_number(bare.value) or format_value(bare, "en")
    return format_value(bare, "en")


def _sum_in_english(surface: str, value: Money, language: str, *, has_digits: bool) -> str | None:
    if value.amount is None and not has_digits and (vague := _vague_sum(value)):
        return vague
    if value.currency is not None:
        return format_value(value, "en")
    # Pesos of which country is not known, but that they are pesos is.
    noun = lang_data(language, "translation.toml")["currency_nouns"].get(surface.rsplit(None, 1)[-1].lower())
    written = format_value(value, "en") if has_digits else None
    return f"{written} {noun}" if written and noun else written


def _vague_sum(value: Money) -> str | None:
    """Write "tens of billions of dollars" for the range that such words are read as."""
    count = _vague_count(value.min, value.max)
    if value.currency is None or count is None or Decimal(value.min or 0) < 1000:
        return None
    return f"{count} of {get_currency_name(value.currency, count=2, locale='en')}"


def _vague_count(low: str | None, high: str | None) -> str | None:
    """Write "tens of thousands" for a range that such words are read as; any other is left to the model."""
    least = Decimal(low or 0)
    zeros = least.adjusted()
    if high is None or not least or least != Decimal(10) ** zeros or not 2 <= zeros < 15:
        return None
    if Decimal(high) / least not in {Decimal(9), Decimal("9.9"), Decimal("9.99")}:
        return None
    amount = ("", "tens of ", "hundreds of ")[zeros % 3] if zeros > 2 else ""
    scale = ("thousands", "millions", "billions", "trillions")[zeros // 3 - 1] if zeros > 2 else "hundreds"
    return amount + scale


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
        return _weekday(lower, language)
    if clock := _CLOCK.fullmatch(surface):
        return f"{int(clock[1])}:{clock[2]}"
    words = re.findall(r"[^\W\d_]+", lower)
    months = [word for word in words if word in calendar["months"]]
    if not months and not _PART_OF_YEAR.search(value.timex) and not any(map(str.isdigit, surface)):
        return None
    named_days = [word for word in words if word in calendar["weekdays"]]
    if "W" in value.timex and not any(map(str.isdigit, surface)):
        return None  # "la segunda semana de septiembre" is no week with a number
    plain = {*months, *named_days, *data["articles"], *data["date_words"]}
    # "maart vorig jaar" gives its year in words: then the year is written.
    silent = value.mod is not None or all(word in plain for word in words)
    for timex in (_without_year(surface, value.timex) if silent else value.timex, value.timex):
        try:
            written = format_timex(value.model_copy(update={"timex": timex}), "en")
        except ValueError:  # a value that has no plain form
            continue
        if surface[0].isdigit():
            written = written.removeprefix("from ")
        if len(named_days) == 1 and _DAY.fullmatch(written):
            return f"{_weekday(named_days[0], language)}, {written}"
        takes_article = words[:1] and words[0] in data["articles"] and written[:1].islower()
        return f"the {written}" if takes_article and not written.startswith(_BARE_STARTS) else written
    return None


def _weekday(name: str, language: str) -> str:
    number = lang_data(language, "cldr_dates.json")["weekdays"].index(name)
    english: str = lang_data("en", "cldr_dates.json")["weekdays"][number]
    return english


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
    if plain.isupper() and (english := _exonyms(language).get(plain.title())):
        return english.upper()  # the place of a dateline
    return _exonyms(language).get(plain, plain)


@cache
def _exonyms(language: str) -> dict[str, str]:
    theirs = babel.Locale.parse(language).territories
    ours = babel.Locale.parse("en").territories
    countries = {name: ours[code] for code, name in theirs.items() if len(code) == 2 and code in ours}
    own: dict[str, str] = lang_data(language, "translation.toml")["exonyms"]
    return {**countries, **own}


@cache
def _institutions(language: str) -> re.Pattern[str]:
    """Match the names of several words that English spells differently, the longest where they overlap."""
    names = sorted((name for name in _exonyms(language) if " " in name), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


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
