#!/usr/bin/env python3
"""Build the gold files from articles labelled by surface form.

Labellers write what they see ("$40bn" in sentence 1 is 40000000000 USD); this script finds the
offsets. It reads two kinds of labels, both described in corpus/gold/GUIDELINES.md:

* `parallel*.json`: labels of the trilingual articles in corpus/parallel, by sentence number;
* `*.toml`: labelling sheets, each article with its text, in one language, labels quoted from the text.

An article belongs to the test part when the SHA-1 of its story's id, read as a number, is divisible by
twelve, so that a story is never split. (It was three and then six while there were fewer articles; what is
left of the test part was in it from the start.)

    scripts/build_gold.py
"""

from __future__ import annotations

import argparse
import calendar
import datetime
import functools
import hashlib
import itertools
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import orjson

from dealfacts.evaluate.gold import GoldArticle, check_gold
from dealfacts.quantities import find_quantities
from dealfacts.records import NAME_LABELS, Money, Role
from dealfacts.timex import find_timexes

CORPUS = Path(__file__).parent.parent / "corpus"
Json = dict[str, Any]
Span = tuple[int, int]

LANGUAGES = ("en", "nl", "es")
TEST_SHARE = 12
"""One story in so many is for measuring only."""
EXHAUSTIVE = ["ORG", "PERSON", "GPE", "LOC", "PRODUCT", "MONEY", "DATE"]
DATE_ROLES = ("announced", "completed", "expected_close", "start", "deployment")
ROUNDING = Decimal("1.01")
"""One language may round a sum (3.85 billion) that another gives in full (3,851 million)."""
DATED = re.compile(r"(\d{4})(?:-(\d\d|H\d|S[PU]|FA|WI))?(?:-(\d\d))?(?:T\w+)?")
"""A TIMEX3 value with a year, perhaps a month, half or season, a day and a time of day."""
SIZES = (("month", r"\d"), ("half", "H"), ("season", r"\w"), ("year", ""))
"""How long a time is, by how its part of a year begins: only times of one size can be compared."""


def main() -> int:
    """Build the gold files; the exit code is 1 when a label is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--labels", type=Path, default=CORPUS / "gold" / "sources")
    parser.add_argument("--parallel", type=Path, default=CORPUS / "parallel")
    parser.add_argument("--out", type=Path, default=CORPUS / "gold")
    options = parser.parse_args()
    problems: list[str] = []
    parts: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for source in read_sources(options.labels, options.parallel):
        try:
            articles = list(convert(source))
        except (KeyError, IndexError, ValueError) as error:
            problems.append(f"{source['id']}: {type(error).__name__}: {error}")
            continue
        if "sentences" in source:
            problems += [f"{source['id']}: {problem}" for problem in check_wordings(source)]
        for article in articles:
            problems += [f"{article['id']}: {problem}" for problem in check_article(article)]
            parts[part_of(article), article["lang"]].append(article)
    for (name, language), articles in sorted(parts.items()):
        path = options.out / name / f"{language}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(orjson.dumps(a) + b"\n" for a in sorted(articles, key=lambda a: a["id"])))
        deals = sum(len(article["gold"]["deals"]) for article in articles)
        print(f"{path}: {len(articles)} articles, {deals} deals", file=sys.stderr)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def read_sources(labels: Path, parallel: Path) -> Iterator[Json]:
    """Read labelled articles: those of the parallel corpus with their labels, then those of the sheets."""
    rows = (orjson.loads(line) for file in sorted(parallel.glob("*.jsonl")) for line in file.open("rb"))
    articles = {row["id"]: row for row in rows}
    for file in sorted(labels.glob("parallel*.json")):
        for labelled in orjson.loads(file.read_bytes()):
            yield {**articles[labelled["id"]], **labelled}
    for file in sorted(labels.glob("*.toml")):
        sheet = tomllib.loads(file.read_text(encoding="utf-8"))
        yield from ({**sheet["all"], **article} for article in sheet["article"])


def check_article(article: Json) -> list[str]:
    """Say what is wrong with a built article."""
    return [*article.pop("problems", []), *check_gold(GoldArticle.model_validate(article))]


def check_wordings(source: Json) -> Iterator[str]:
    """Say which rows of a source article hold a date for a sum, a sum for a date, or two that differ.

    >>> row = {"sent": 2, "label": "MONEY", "en": "€5 million", "nl": "dinsdag", "es": "5 millones"}
    >>> source = {"published": "2026-03-03", "protected": [row], "money": [], "timex": []}
    >>> list(check_wordings(source))
    ["the MONEY 'dinsdag' of sentence 2 is a date"]
    """
    published = datetime.date.fromisoformat(source["published"])
    rows = [(row["label"], row) for row in source.get("protected", [])]
    rows += [("MONEY", row) for row in source["money"]] + [("DATE", row) for row in source["timex"]]
    keyed = {(label, row["sent"], *(row.get(language) for language in LANGUAGES)) for label, row in rows}
    for label, sentence, *surfaces in sorted(keyed, key=str):
        said = [item for item in zip(surfaces, LANGUAGES, strict=True) if item[0]]
        sums = [read_sums(*item) for item in said]
        if label == "MONEY":
            strange = [not money and bool(read_dates(*item)) for item, money in zip(said, sums, strict=True)]
            differ = sums_differ(sums)
        else:
            strange = [bool(money) for money in sums]
            differ = dates_differ([read_dates(*item, published) for item in said])
        other = "date" if label == "MONEY" else "sum"
        for surface, _ in itertools.compress(said, strange):
            yield f"the {label} {surface!r} of sentence {sentence} is a {other}"
        if differ:
            wordings = ", ".join(repr(surface) for surface, _ in said)
            yield f"the {label} {wordings} of sentence {sentence} differ"


@functools.cache
def read_sums(surface: str, language: str) -> tuple[Money, ...]:
    """Return the sums of money that a wording holds."""
    found = find_quantities(surface, language)
    return tuple(span.value for span in found if isinstance(span.value, Money))


@functools.cache
def read_dates(surface: str, language: str, published: datetime.date | None = None) -> tuple[str, ...]:
    """Return the TIMEX3 values of the dates and durations that a wording holds."""
    return tuple(span.value.timex for span in find_timexes(surface, language, published))


def sums_differ(sums: list[tuple[Money, ...]]) -> bool:
    """Whether wordings that each hold one whole sum differ by more than their rounding."""
    amounts = [Decimal(one[0].amount) for one in sums if len(one) == 1 and one[0].amount]
    return bool(amounts) and max(amounts) > min(amounts) * ROUNDING


def dates_differ(dates: list[tuple[str, ...]]) -> bool:
    """Whether wordings name different years, months, halves, seasons or days.

    Only the sentence tells the year of `eind juni` and the week of `Friday`, so these may differ; so may
    quarters, as only the sentence tells whether `the last quarter` is the fourth.
    """
    parts: dict[str, set[str]] = defaultdict(set)
    days = set()
    for one in dates:
        if len(one) == 1 and (match := DATED.fullmatch(one[0])):
            year, part, day = match.groups()
            if day:
                days.add(datetime.date.fromisoformat(f"{year}-{part}-{day}"))
            else:
                parts[next(size for size, form in SIZES if re.match(form, part or ""))].add(part or year)
    alike = len({day.weekday() for day in days}) < 2 or len({(day.month, day.day) for day in days}) < 2
    return not alike or any(len(values) > 1 for values in parts.values())


def part_of(article: Json) -> str:
    """Return `test` or `dev`; all articles and languages of a story fall in the same part."""
    story = article["story"] or article["id"]
    number = int(hashlib.sha1(story.encode(), usedforsecurity=False).hexdigest(), 16)
    return "test" if number % TEST_SHARE == 0 else "dev"


def convert(source: Json) -> Iterator[Json]:
    """Turn a source article into gold articles: three for a trilingual one, else one."""
    if "sentences" in source:
        for language in LANGUAGES:
            yield Trilingual(source, language).article()
    else:
        yield Sheet(source).article()


class Trilingual:
    """One language of a trilingual article."""

    def __init__(self, source: Json, language: str):
        self.source, self.language = source, language
        self.text, self.sentences = join_sentences(source["sentences"], language)
        self.problems: list[str] = []

    def article(self) -> Json:
        """Return the gold article."""
        source = self.source
        first, *_ = source["sentences"]
        headline = first[self.language] if not re.search(r"[.!?…]$", first["en"]) else None
        deals = [self._deal(deal) for deal in source["deals"]]
        return gold_article(
            id=f"{source['id']}-{self.language}",
            lang=self.language,
            published=source["published"],
            title=headline,
            text=self.text,
            story=source["story"],
            style=source["style"],
            set="parallel",
            found=list(self._spans()),
            deals=deals,
            problems=self.problems,
        )

    def _spans(self) -> Iterator[tuple[Span, str, Json]]:
        for label, rows in (("MONEY", self.source["money"]), ("DATE", self.source["timex"])):
            for row in rows:
                if not row.get(self.language):
                    continue  # said in so many words only in another language
                start, end = self.sentences[row["sent"]]
                value = money_value(row) if label == "MONEY" else date_value(row["value"])
                spans = list(occurrences(self.text, row[self.language], start, end))
                if not spans:
                    self.problems.append(f"{label} {row[self.language]!r} is not in sentence {row['sent']}")
                yield from ((span, label, value) for span in spans)
        for entity in self.source["entities"]:
            yield from name_spans(self.text, entity["label"], entity[self.language])

    def _deal(self, deal: Json) -> Json:
        evidence = deal["evidence"] if isinstance(deal["evidence"], list) else [deal["evidence"]]
        roles = {role: [party[self.language] for party in parties] for role, parties in deal["roles"].items()}
        return gold_deal(deal, roles, [self.sentences[number] for number in evidence])


class Sheet:
    """An article of a labelling sheet: one language, every label quoted from the text."""

    def __init__(self, source: Json):
        self.source, self.text = source, source["text"].strip() + "\n"
        self.problems: list[str] = []

    def article(self) -> Json:
        """Return the gold article."""
        source = self.source
        deals = [self._deal(deal) for deal in source.get("deal", [])]
        return gold_article(
            id=source["id"],
            lang=source["lang"],
            published=str(source["published"]) if "published" in source else None,
            title=source.get("title"),
            text=self.text,
            story=source.get("story"),
            style=source.get("style"),
            set=source.get("set"),
            found=list(self._spans()),
            deals=deals,
            problems=self.problems,
        )

    def _spans(self) -> Iterator[tuple[Span, str, Json]]:
        for label, key in (("MONEY", "money"), ("DATE", "dates")):
            for surface, value, *quote in self.source.get(key, []):
                # A third part narrows a surface that means different things in different places.
                start, end = self._quote(quote[0]) if quote else (0, len(self.text))
                parsed = money_value(read_money(value)) if label == "MONEY" else date_value(value)
                yield from ((span, label, parsed) for span in self._find(label, surface, start, end))
        for label in NAME_LABELS:
            for names in self.source.get(label, []):
                for name in names:
                    self._find(label, name, 0, len(self.text))
                yield from name_spans(self.text, label, names)

    def _find(self, label: str, surface: str, start: int, end: int) -> list[Span]:
        spans = list(occurrences(self.text, surface, start, end))
        if not spans:
            self.problems.append(f"{label} {surface!r} is not in the text")
        return spans

    def _quote(self, quote: str) -> Span:
        start = self.text.find(quote)
        if start < 0 or self.text.find(quote, start + 1) >= 0:
            self.problems.append(f"the quote {quote!r} must stand in the text exactly once")
        start = max(start, 0)
        return start, start + len(quote)

    def _deal(self, deal: Json) -> Json:
        roles = {role: [self._names(name) for name in deal[role]] for role in get_args(Role) if role in deal}
        sums: Json = {field: read_money(deal[field]) for field in ("amount", "valuation") if field in deal}
        dates = {role: deal[role] for role in DATE_ROLES if role in deal}
        known = {"type", "status", "stake", "capacity", "core", "evidence", *roles, *sums, *dates}
        if unknown := deal.keys() - known:
            self.problems.append(f"a deal has the unknown key {', '.join(sorted(unknown))}")
        evidence = [self._quote(quote) for quote in deal["evidence"]]
        return gold_deal({**deal, **sums, "dates": dates}, roles, evidence)

    def _names(self, name: str) -> list[str]:
        """Return all names of the party that has this one, the one given first."""
        for label in NAME_LABELS:
            for names in self.source.get(label, []):
                if name in names:
                    return [name, *(other for other in names if other != name)]
        return [name]


def read_money(short: str) -> Json:
    """Read a sum as sheets write it: `[modifier] amount currency`, or `low..high currency` for a range.

    >>> read_money("up_to 5000000 EUR")["modifier"]
    'up_to'
    """
    *modifier, number, currency = short.split()
    low, dots, high = number.partition("..")
    money: Json = {
        "value": None if dots else number,
        "currency": None if currency == "?" else currency,
        "modifier": modifier[0] if modifier else "exact",
    }
    return money | ({"min": low} | ({"max": high} if high else {}) if dots else {})


def join_sentences(sentences: list[Json], language: str) -> tuple[str, list[Span]]:
    """Join sentences with a space, or a blank line before a new paragraph; return text and offsets."""
    text, spans = "", []
    for number, sentence in enumerate(sentences):
        if number:
            text += "\n\n" if sentence.get("para") else " "
        spans.append((len(text), len(text) + len(sentence[language])))
        text += sentence[language]
    return text, spans


def occurrences(text: str, surface: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Find a surface between two offsets, at word boundaries only."""
    stop = len(text) if end is None else end
    at = text.find(surface, start, stop)
    while at >= 0:
        last = at + len(surface)
        begun = at > 0 and surface[0].isalnum() and _is_of_word(text[at - 1])
        goes_on = last < stop and surface[-1].isalnum() and _is_of_word(text[last])
        if begun or goes_on:
            at = text.find(surface, at + 1, stop)
        else:
            yield at, last
            at = text.find(surface, last, stop)


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def name_spans(text: str, label: str, names: list[str]) -> Iterator[tuple[Span, str, Json]]:
    """Find every occurrence of a name's variants; the fullest variant is the name they stand for."""
    value = {"name": max(names, key=len, default="")}
    for name in names:
        for span in occurrences(text, name):
            yield span, label, value


def longest_first(found: list[tuple[Span, str, Json]]) -> list[Json]:
    """Keep the longest of overlapping spans (figures and dates before names of the same length)."""
    order = {"MONEY": 0, "DATE": 1}
    kept: list[tuple[Span, str, Json]] = []
    for item in sorted(found, key=lambda f: (f[0][0] - f[0][1], order.get(f[1], 2), f[0])):
        (start, end), *_ = item
        if all(end <= other[0] or other[1] <= start for other, *_ in kept):
            kept.append(item)
    return [
        {"span": span, "label": label, "value": value}
        for span, label, value in sorted(kept, key=lambda k: k[0])
    ]


def gold_article(*, text: str, found: list[tuple[Span, str, Json]], deals: list[Json], **head: Any) -> Json:
    """Put an article together, keys in the contract's order."""
    problems = head.pop("problems", [])
    mentions = [
        {
            "start": item["span"][0],
            "end": item["span"][1],
            "text": text[slice(*item["span"])],
            "label": item["label"],
            "value": item["value"],
        }
        for item in longest_first(found)
    ]
    head["text"] = text
    order = ("id", "lang", "published", "title", "text", "set", "story", "style")
    article = {key: head[key] for key in order}
    return {
        **article,
        "gold": {"labels": EXHAUSTIVE, "mentions": mentions, "deals": deals},
        "problems": problems,
    }


def gold_deal(deal: Json, roles: Json, evidence: list[Span]) -> Json:
    """Put a deal together; date roles that the contract does not have are left out."""
    return {
        "type": deal["type"],
        "status": deal["status"],
        "roles": roles,
        "amount": deal.get("amount"),
        "valuation": deal.get("valuation"),
        "stake": deal.get("stake"),
        "capacity": deal.get("capacity"),
        "dates": {role: timex for role, timex in deal.get("dates", {}).items() if role in DATE_ROLES},
        "core": deal.get("core", True),
        "evidence": evidence,
    }


def money_value(row: Json) -> Json:
    """Write a labelled sum in the shape of the contract's MONEY value.

    Raises:
        ValueError: when a number of it is none, such as a range in one piece.
    """
    value = {
        "amount": row.get("value"),
        "currency": row["currency"],
        "modifier": row.get("modifier") or "exact",
    }
    value |= {bound: row[bound] for bound in ("min", "max") if row.get(bound)}
    Money.model_validate(value)
    return value


def date_value(timex: str) -> Json:
    """Write a TIMEX3 value in the shape of the contract's DATE value, with the days it covers."""
    if timex.startswith("P"):
        return {"type": "DURATION", "timex": timex}
    start, end = day_interval(timex)
    return {"type": "DATE", "timex": timex, "start": start and str(start), "end": end and str(end)}


SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def day_interval(timex: str) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first day of a TIMEX3 date and the day after its last; nothing without a year."""
    year_text, _, rest = timex.partition("-")
    if not year_text.isdigit() or len(year_text) != 4:
        return None, None
    year = int(year_text)
    if match := re.fullmatch(r"W(\d\d)", rest):
        monday = datetime.date.fromisocalendar(year, int(match[1]), 1)
        return monday, monday + datetime.timedelta(7)
    if match := re.fullmatch(r"(\d\d)-(\d\d)", rest):
        day = datetime.date(year, int(match[1]), int(match[2]))
        return day, day + datetime.timedelta(1)
    first, months = 1, 12
    if rest[:1] == "Q":
        first, months = int(rest[1]) * 3 - 2, 3
    elif rest[:1] == "H":
        first, months = int(rest[1]) * 6 - 5, 6
    elif rest in SEASONS:
        first, months = SEASONS[rest], 3
    elif rest:
        first, months = int(rest), 1
    last = first + months - 1
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    last_day = calendar.monthrange(last_year, last_month)[1]
    return datetime.date(year, first, 1), datetime.date(last_year, last_month, last_day) + datetime.timedelta(
        1
    )


if __name__ == "__main__":
    sys.exit(main())
