"""Compare the names, figures and dates found in an article with those labelled in it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from dealfacts.evaluate.agreement import plain_date
from dealfacts.evaluate.gold import GoldArticle
from dealfacts.evaluate.measures import Counts
from dealfacts.lang import lang_data, languages
from dealfacts.records import (
    Article,
    Cardinal,
    Label,
    Money,
    Name,
    Percent,
    Quantity,
    Timex,
    Value,
)

VALUED: tuple[Label, ...] = ("MONEY", "PERCENT", "QUANTITY", "CARDINAL", "DATE", "DURATION")
FIRST_WORD = re.compile(r"(\S+)\s+(?=\S)")
_MODELS: dict[Label, type[Value]] = {
    "MONEY": Money,
    "PERCENT": Percent,
    "QUANTITY": Quantity,
    "CARDINAL": Cardinal,
    "DATE": Timex,
    "DURATION": Timex,
}


@dataclass(frozen=True)
class Span:
    """A mention reduced to what is compared: where it stands, its label and what it is worth."""

    start: int
    end: int
    label: Label
    value: str | None
    text: str
    modifier: str | None = None


def gold_spans(article: GoldArticle) -> list[Span]:
    """Return the labelled mentions of an article."""
    text = article.text or ""
    return [
        _span(
            text,
            mention.start,
            mention.end,
            mention.label,
            _MODELS[mention.label].model_validate(mention.value) if mention.label in _MODELS else None,
        )
        for mention in article.gold.mentions
    ]


def found_spans(article: Article, labels: Iterable[Label]) -> list[Span]:
    """Return the mentions found in an article under some labels.

    Left out are what is not labelled: nominals and pronouns, and times outside the calendar ("now").
    """
    wanted = set(labels)
    return [
        _span(article.text, mention.start, mention.end, mention.label, mention.value)
        for mention in article.mentions or []
        if mention.label in wanted and not _unlabelled(mention.value)
    ]


def _unlabelled(value: Value | None) -> bool:
    match value:
        case Name(kind=kind):
            return kind != "name"
        case Timex(timex=timex):
            return timex.endswith("_REF")
    return False


def _span(text: str, start: int, end: int, label: Label, value: Value | None) -> Span:
    # An article in front ("the second quarter") or an abbreviation's full stop ("17 feb.") is within some
    # labels and outside others: neither counts.
    first = FIRST_WORD.match(text, start, end)
    if first and first[1].casefold() in _articles():
        start = first.end()
    if text.endswith(".", start, end):
        end -= 1
    modifier = value.modifier if isinstance(value, Money) and value.amount is not None else None
    return Span(start, end, label, value_key(value), text[start:end], modifier)


@cache
def _articles() -> frozenset[str]:
    return frozenset(
        word for language in languages() for word in lang_data(language, "scoring.toml")["articles"]
    )


def value_key(value: Value | None) -> str | None:
    """Write a value so that two are equal when they mean the same; modifiers are left to their own measure.

    >>> value_key(Money(amount="5", currency="EUR", modifier="about"))
    '5 EUR'
    """
    match value:
        case Money(amount=amount, currency=currency):
            return f"{amount or _range(value.min, value.max)} {currency}"
        case Percent(percent=percent):
            return f"{percent or _range(value.min, value.max)} {value.unit}"
        case Quantity(value=number, unit=unit):
            return f"{number or _range(value.min, value.max)} {unit}"
        case Cardinal(value=number):
            return f"{number or _range(value.min, value.max)}"
        case Timex(timex=timex, mod=mod):
            return plain_date(timex, mod)
    return None


def _range(low: str | None, high: str | None) -> str:
    # Where a vague sum ends ("tens of millions") is a matter of taste: only its lower end counts.
    if low and high and Decimal(high) > 5 * Decimal(low):
        high = None
    return f"{low}..{high}"


def count_mentions(counts: Counts, gold: Sequence[Span], found: Sequence[Span]) -> None:
    """Add an article's mentions to the counts, by label.

    Counted are `exact` (span and label), `overlap` (label and any overlap, one to one), and for
    figures and dates also `exact_value`, `overlap_value` and `value` (where it stands set aside).
    """
    for label in sorted({span.label for span in (*gold, *found)}):
        labelled = [span for span in gold if span.label == label]
        claimed = [span for span in found if span.label == label]
        spots = {(span.start, span.end) for span in claimed}
        exact = sum((span.start, span.end) in spots for span in labelled)
        pairs = overlapping(labelled, claimed)
        hits = {"exact": exact, "overlap": len(pairs)}
        right = [(one, other) for one, other in pairs if one.value == other.value]
        if label in VALUED:
            bag = Counter(span.value for span in labelled) & Counter(span.value for span in claimed)
            hits["exact_value"] = sum(
                one.start == other.start and one.end == other.end for one, other in right
            )
            hits["overlap_value"] = len(right)
            hits["value"] = bag.total()
        for name, hit in hits.items():
            counts.add_labelled("mentions", name, label, (hit, len(claimed) - hit, len(labelled) - hit))
        for one, other in right:
            if one.modifier is not None:
                counts.judge("mentions", "modifier", one.modifier == other.modifier)


def overlapping(gold: Sequence[Span], found: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Pair spans that overlap, one to one, equal spans first and then those that share most."""
    candidates = sorted(
        (
            (-(min(one.end, other.end) - max(one.start, other.start)), one.start != other.start, i, j)
            for i, one in enumerate(gold)
            for j, other in enumerate(found)
            if one.start < other.end and other.start < one.end
        ),
    )
    used: dict[str, set[int]] = defaultdict(set)
    pairs = []
    for _, _, i, j in candidates:
        if i not in used["gold"] and j not in used["found"]:
            used["gold"].add(i)
            used["found"].add(j)
            pairs.append((gold[i], found[j]))
    return pairs
