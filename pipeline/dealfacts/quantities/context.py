"""What a whole document tells about its figures: the decimal mark, the country, which dollar or peso."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dealfacts.quantities.lexer import Token
from dealfacts.quantities.lexicon import Family, Lexicon
from dealfacts.quantities.numerals import CLOCK, grouping_decimal, proven_decimal

MILLION = Decimal(1_000_000)
_SAXON_GENITIVE = re.compile(r"['’]s$")


@dataclass(frozen=True)
class DocumentContext:
    """What is known of a document before its sentences are read one by one.

    Make it with `dealfacts.quantities.document_context`; all fields have a meaning when empty.
    """

    language: str
    """BCP 47, with the region where it is known (`es-MX`)."""
    country: str | None = None
    """Where it was published (ISO 3166), which decides what `$` and `peso` are."""
    decimal: str | None = None
    """The decimal mark its unambiguous figures show, `.` or `,`."""
    mentions: Mapping[str, int] = field(default_factory=dict)
    """How often each currency is named beyond doubt (ISO 4217), and each family (`peso`) in name only."""
    places: Mapping[str, int] = field(default_factory=dict)
    """How often each country, its people or its cities are named (ISO 3166)."""


def primary_language(language: str) -> str:
    """Return the language of a BCP 47 tag: `es` for `es-MX`."""
    return language.replace("_", "-").split("-")[0].lower()


def region(language: str) -> str | None:
    """Return the region of a BCP 47 tag: `MX` for `es-MX`, `419` for `es-419`, None for `es`."""
    for part in language.replace("_", "-").split("-")[1:]:
        if (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit()):
            return part.upper()
    return None


def publisher_country(publisher: str | None, tender: Mapping[str, str]) -> str | None:
    """Tell the country of a publisher from its web address: `expansion.mx` is Mexican."""
    if not publisher or "." not in publisher:
        return None
    host = publisher.split("//")[-1].split("/")[0]
    ending = host.rsplit(".", 1)[-1].upper()
    ending = {"UK": "GB"}.get(ending, ending)
    return ending if ending in tender and ending not in {"IO", "CO", "AI", "TV", "ME"} else None


def decimal_of(language: str, lexicon: Lexicon, own: str | None) -> tuple[str, bool]:
    """Return the decimal mark to read by, and whether it rests on more than the language's habit."""
    if own is not None:
        return own, True
    tag = language.replace("_", "-")
    if region(tag) and (mark := lexicon.decimals.get(tag)):
        return mark, True
    return lexicon.decimals.get(lexicon.language, "."), False


def own_decimal(tokens: Sequence[Token], lexicon: Lexicon) -> str | None:
    """Return the decimal mark that the figures of a text prove, or None when they prove none.

    Figures beside a currency, a percent sign or a scale weigh most; what may be a time or a date
    ("15.22") proves nothing. Where thousands of millions are the habit, "2.900 millones" proves its
    mark to be a group mark.
    """
    points = commas = witnesses = 0
    usual = lexicon.decimals.get(lexicon.language, ".")
    for at, token in enumerate(tokens):
        if token.kind != "digits" or len(token.text) < 3 or token.text.isdigit():
            continue
        after = tokens[at + 1].entry if at + 1 < len(tokens) else None
        before = tokens[at - 1].entry if at else None
        measured = after is not None and bool(after.percent or after.currency or after.unit or after.scale)
        measured = measured or (before is not None and before.leading)
        mark = proven_decimal(token.text)
        if mark is None and usual == "," and after is not None and MILLION in (after.scale, after.scaled):
            mark = grouping_decimal(token.text)
        weight = 3 if measured else 0 if CLOCK.match(token.text) else 1
        points += weight * (mark == ".")
        commas += weight * (mark == ",")
        witnesses += mark is not None and mark != usual and weight > 0
    if points == commas:
        return None
    own = "." if points > commas else ","
    # One figure may be quoted from abroad; it takes two to overturn the habit of the language.
    return own if own == usual or witnesses > 1 else None


def count_places(text: str, tokens: Iterable[Token], lexicon: Lexicon) -> dict[str, int]:
    """Count how often each country is named, by name, by its people or by a city."""
    found: Counter[str] = Counter()
    places = lexicon.places
    for token in tokens:
        if token.kind == "word" and (country := places.get(_SAXON_GENITIVE.sub("", token.text.lower()))):
            found[country] += 1
    lowered = text.lower()
    for name, country in lexicon.long_places:
        if name in lowered:
            found[country] += lowered.count(name)
    return dict(found)


def decide(key: str, context: DocumentContext, lexicon: Lexicon) -> str | None:
    """Decide which currency a name or sign stands for in a document.

    Args:
        key: an ISO 4217 code, which stands for itself, or the name of a family.
        context: what the document tells.
        lexicon: the tables of its language.

    Returns:
        The ISO 4217 code, or None where the document leaves it open.
    """
    family = lexicon.families.get(key)
    if family is None:
        return key
    home = context.country or region(context.language)
    local = lexicon.tender.get(home) if home else None
    if family.peso_sign and lexicon.peso_sign and (peso := _peso_by_sign(context, lexicon, local)):
        return peso
    if local in family.codes:
        return local
    if not family.firm:
        named = [code for code in family.codes if context.mentions.get(code)]
        if named:
            return max(named, key=lambda code: (context.mentions[code], -family.codes.index(code)))
    if family.by_place and (code := _by_place(family, context, lexicon)):
        return code
    return family.default


def _peso_by_sign(context: DocumentContext, lexicon: Lexicon, local: str | None) -> str | None:
    """Return the peso that `$` stands for in a Spanish text that writes of pesos, or of a land of pesos."""
    pesos = lexicon.families["peso"]
    if local in pesos.codes:
        return local
    named = context.mentions.get("peso", 0) + sum(context.mentions.get(code, 0) for code in pesos.codes)
    if named:
        return decide("peso", context, lexicon)
    code = _by_place(pesos, context, lexicon)
    if context.mentions.get("USD"):
        return code  # the text names American dollars beside its plain sign
    at_home = max((n for land, n in context.places.items() if lexicon.tender.get(land) == code), default=0)
    abroad = max((n for land, n in context.places.items() if lexicon.tender.get(land) != code), default=0)
    return code if at_home > abroad else None


def _by_place(family: Family, context: DocumentContext, lexicon: Lexicon) -> str | None:
    """Return the currency of the family's country that the document names most, if one leads."""
    counts: Counter[str] = Counter()
    for country, count in context.places.items():
        if (code := lexicon.tender.get(country)) in family.codes:
            counts[code] += count
    leaders = counts.most_common(2)
    if not leaders or (len(leaders) == 2 and leaders[0][1] == leaders[1][1]):
        return None
    return leaders[0][0]
