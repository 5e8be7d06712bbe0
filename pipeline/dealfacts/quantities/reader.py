"""Find the quantities of a text: from tokens to spans with values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from dealfacts.quantities.cardinals import CardinalJudge
from dealfacts.quantities.compile import lexicon
from dealfacts.quantities.context import (
    DocumentContext,
    count_places,
    decide,
    decimal_of,
    own_decimal,
    primary_language,
    publisher_country,
)
from dealfacts.quantities.ellipsis import SumJudge
from dealfacts.quantities.grammar import Reader
from dealfacts.quantities.items import Item
from dealfacts.quantities.lexer import Token, tokenize
from dealfacts.quantities.lexicon import Lexicon
from dealfacts.quantities.surroundings import Surroundings
from dealfacts.records import Cardinal, Label, Money, Percent, Quantity, canonical_decimal

Value = Money | Percent | Quantity | Cardinal
SUPPORTED_SUM = Decimal(1000)
"""From here on a sum needs no support even when the name of its currency is an everyday word."""


@dataclass(frozen=True)
class QuantitySpan:
    """A quantity in a text: `text` is the slice from `start` to `end`, `value` what it comes to."""

    start: int
    end: int
    text: str
    label: Label
    value: Value


def document_context(
    text: str, language: str, country: str | None = None, publisher: str | None = None
) -> DocumentContext:
    """Gather what a document tells about its figures, for reading its parts one by one.

    Args:
        text: the whole document.
        language: BCP 47; a region (`es-MX`) sets the number habit and the local currency.
        country: ISO 3166 code of the place of publication, where known.
        publisher: a web address, from which the country is taken if not given.

    Returns:
        The context to give to `find_quantities` with any part of the document.

    >>> document_context("Cuesta 41.20 pesos y subió un 3.5%.", "es").decimal
    '.'
    """
    tables = lexicon(primary_language(language))
    home = country or publisher_country(publisher, tables.tender)
    return _context_of(text, tokenize(text, tables), tables, DocumentContext(language=language, country=home))


def _context_of(text: str, tokens: list[Token], tables: Lexicon, outset: DocumentContext) -> DocumentContext:
    """Add what a document itself tells to what is known of it at the outset."""
    bare = replace(outset, decimal=own_decimal(tokens, tables))
    items = _read(text, tokens, tables, bare)
    return _with_mentions(replace(bare, places=count_places(text, tokens, tables)), items, tables)


def find_in_document(text: str, language: str, publisher: str | None = None) -> list[QuantitySpan]:
    """Find the quantities of a whole document, each read in the light of all of it.

    The same as `find_quantities` with the `document_context` of the text, in less time.

    >>> [span.value.currency for span in find_in_document("Pagó 20 pesos y luego $30.", "es", "expansion.mx")]
    ['MXN', 'MXN']
    """
    tables = lexicon(primary_language(language))
    tokens = tokenize(text, tables)
    outset = DocumentContext(language=language, country=publisher_country(publisher, tables.tender))
    context = _context_of(text, tokens, tables, outset)
    return _spans(text, tokens, tables, context, _read(text, tokens, tables, context))


def find_quantities(text: str, language: str, context: DocumentContext | None = None) -> list[QuantitySpan]:
    """Find money, percentages, quantities and numbers in a text.

    Args:
        text: any text: a sentence or a whole article.
        language: BCP 47, such as `nl` or `es-MX`.
        context: what the document tells, when `text` is only a part of it; without it the text
            itself is the document.

    Returns:
        The spans in order, without overlaps; offsets are those of Python strings. Figures that
        cannot be read with certainty (an unknown scale, a version, a model name) are left out.

    Raises:
        ConfigError: when there is no data for the language.

    >>> find_quantities("It bought 40% for €2.5bn.", "en")[1].value.amount
    '2500000000'
    """
    tables = lexicon(primary_language(language))
    tokens = tokenize(text, tables)
    known = context or DocumentContext(language=language, decimal=own_decimal(tokens, tables))
    items = _read(text, tokens, tables, known)
    if not items:
        return []
    if context is None:
        if any(item.currency in tables.families for item in items):
            known = replace(known, places=count_places(text, tokens, tables))
        known = _with_mentions(known, items, tables)
    return _spans(text, tokens, tables, known, items)


def _spans(
    text: str, tokens: list[Token], tables: Lexicon, known: DocumentContext, items: list[Item]
) -> list[QuantitySpan]:
    """Give the items that have support their labels, values and places in the text."""
    around = Surroundings(text, tokens, tables)
    spans = []
    for item in items:
        if not _supported(item, known, tables):
            continue
        value, label = _value(item, around, known, tables)
        start, end = item.span(tokens)
        spans.append(QuantitySpan(start, end, text[start:end], label, value))
    return spans


def _read(text: str, tokens: list[Token], tables: Lexicon, context: DocumentContext) -> list[Item]:
    """Return the items of a text with bare figures judged and missing currencies filled in."""
    decimal, certain = decimal_of(context.language, tables, context.decimal)
    items = Reader(tokens, tables, decimal, certain=certain).read()
    if not items:
        return items
    around = Surroundings(text, tokens, tables)
    numbers, sums = CardinalJudge(around), SumJudge(around)
    settled = []
    for item in items:
        _sign(item, tokens)
        judged: Item | None = item
        if item.label == "CARDINAL":
            judged = numbers.settle(item)
        elif item.label == "MONEY" and sums.denied(item):
            judged = None
        elif item.label == "QUANTITY":
            judged = sums.slang(item) if numbers.measures(item) else None
        if judged is not None:
            settled.append(judged)
    return sums.fill_in(settled, context.mentions)


def _sign(item: Item, tokens: list[Token]) -> None:
    """Take in a minus sign that touches the amount and follows a space or a bracket."""
    at = item.first - 1
    if at < 0 or tokens[at].text not in "-−" or not tokens[item.first].glued or item.high is not None:
        return
    if at == 0 or not tokens[at].glued or tokens[at - 1].text in "([":
        item.first, item.low = at, -item.low


def _with_mentions(context: DocumentContext, items: list[Item], tables: Lexicon) -> DocumentContext:
    """Add to a context which currencies the items of the text name."""
    mentions: Counter[str] = Counter()
    for item in items:
        if item.label == "MONEY" and item.currency and not item.inferred and not item.shy:
            mentions[item.currency] += 1
    known = replace(context, mentions=dict(mentions))
    for key, count in list(mentions.items()):
        family = tables.families.get(key)
        if family and not family.by_mention and (code := decide(key, known, tables)):
            mentions[code] += count
    return replace(known, mentions=dict(mentions))


def _supported(item: Item, context: DocumentContext, tables: Lexicon) -> bool:
    """Whether a sum that rests on an everyday word ("3 won", "two pounds") has support in the text."""
    if not item.shy or item.label != "MONEY" or item.currency is None:
        return True
    if item.low >= SUPPORTED_SUM or (item.figure is not None and "." in str(item.low)):
        return True
    family = tables.families.get(item.currency)
    codes = family.codes if family else (item.currency,)
    if context.mentions.get(item.currency) or any(context.mentions.get(code) for code in codes):
        return True
    return bool(item.weight) or item.low >= 10


def _value(
    item: Item, around: Surroundings, context: DocumentContext, tables: Lexicon
) -> tuple[Value, Label]:
    """Turn an item into its label and value as records hold them."""
    modifier = around.modifier(item)
    exact = None if item.high is not None else canonical_decimal(item.low)
    low = high = None
    if item.high is not None:
        low, high = canonical_decimal(item.low), canonical_decimal(item.high)
    if item.label == "MONEY":
        currency = decide(item.currency, context, tables) if item.currency else None
        money = Money(
            amount=exact,
            currency=currency,
            modifier=modifier,
            min=low,
            max=high,
            currency_inferred=item.inferred,
            per=around.per(item),
        )
        return money, "MONEY"
    if item.label == "PERCENT":
        if item.unit == "basis":
            exact, low, high = (
                None if number is None else canonical_decimal(Decimal(number) / 100)
                for number in (exact, low, high)
            )
        unit = "percent" if item.unit == "percent" else "point"
        return Percent(percent=exact, modifier=modifier, min=low, max=high, unit=unit), "PERCENT"
    if item.label == "QUANTITY":
        return Quantity(value=exact, unit=item.unit, modifier=modifier, min=low, max=high), "QUANTITY"
    return Cardinal(value=exact, modifier=modifier, min=low, max=high, counted=item.counted), "CARDINAL"
