"""Score and time quantity finders on peers' test suites, on MEANTIME and on our own articles.

    python benchmarks/quantities.py BENCH [--articles FOLDER] [--misses N] [--only NAME]

BENCH holds the sets as JSONL (`recognizers_currency.jsonl` and so on); sets that are missing are
left out. Peers are measured when they can be imported, and named when they cannot.

A prediction is right when span, value and currency agree (`exact`), or when the spans merely
overlap (`overlap`). Two conventions of the sets are accepted as equal to ours: modifiers and range
words inside the span ("at least $1.42"), and subunits as units of their own (50 cents for 0.5).
Mentions of a currency without any figure are not asked for.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "nl", "es")
FAMILIES = {
    "dollar": {"USD", "CAD", "AUD", "NZD", "HKD", "SGD", None},
    "dólar": {"USD", "CAD", "AUD", "NZD", "HKD", "SGD", None},
    "pound": {"GBP", None},
    "libra": {"GBP", None},
    "unnamed": {"USD", None},
}
SUBUNITS = ("cent", "centavo", "penique", "penny", "pence", "penni", "stuiver", "kwartje", "satoshi")
SUBUNIT_WORTH = {"kwartje": Decimal("0.25"), "stuiver": Decimal("0.05")}


@dataclass(frozen=True)
class Found:
    """What a system found or a set expects, in one form for all."""

    start: int
    end: int
    kind: str
    low: Decimal | None
    high: Decimal | None
    currencies: frozenset[str | None] | None
    """The codes that are right (expected) or the one given (found); None when not compared."""


Finder = Callable[[str, str], list[Found]]


def number(text: object) -> Decimal | None:
    """Read a gold value."""
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None


# The systems


def ours() -> Finder:
    """Our own finder."""
    from dealfacts.quantities import find_quantities

    def find(text: str, language: str) -> list[Found]:
        found = []
        for span in find_quantities(text, language):
            value = span.value.model_dump()
            exact = value.get("amount") or value.get("percent") or value.get("value")
            low = number(exact) if exact is not None else number(value["min"])
            high = None if exact is not None else number(value["max"])
            currencies = frozenset({value.get("currency")}) if span.label == "MONEY" else None
            found.append(Found(span.start, span.end, span.label, low, high, currencies))
        return found

    return find


def quantulum() -> Finder:
    """The parser quantulum3, English only."""
    from quantulum3 import parser

    from dealfacts.quantities.compile import lexicon

    names: dict[str, str | None] = {}
    for first, head in lexicon("en").phrases.items():
        if head.single is not None and head.single.currency:
            names[first] = head.single.currency
        for second, phrases in head.longer.items():
            names |= {
                " ".join((first, second, *rest)): entry.currency for rest, entry in phrases if entry.currency
            }
    families = {name: family.default for name, family in lexicon("en").families.items()}

    def find(text: str, language: str) -> list[Found]:
        if language != "en":
            return []
        found = []
        for quantity in parser.parse(text):
            money = quantity.unit.entity.name == "currency"
            code = names.get(quantity.unit.name.lower())
            code = families.get(code or "", code)
            start, end = quantity.span
            found.append(
                Found(
                    start,
                    end,
                    "MONEY" if money else "PERCENT" if quantity.unit.name == "percentage" else "QUANTITY",
                    number(quantity.value),
                    None,
                    frozenset({code}) if money else None,
                )
            )
        return found

    return find


def price_parser() -> Finder:
    """The library price-parser: one price for the whole text, without a span."""
    from price_parser import Price

    codes = {"$": "USD", "€": "EUR", "£": "GBP"}

    def find(text: str, language: str) -> list[Found]:
        price = Price.fromstring(text, decimal_separator="." if language == "en" else ",")
        if price.amount is None:
            return []
        at = text.find(price.amount_text or "")
        code = codes.get(price.currency or "", price.currency)
        return [Found(at, at + len(price.amount_text or ""), "MONEY", price.amount, None, frozenset({code}))]

    return find


def recognizers() -> Finder:
    """Microsoft's Recognizers-Text (its pre-release for today's Python)."""
    from recognizers_number_with_unit import NumberWithUnitRecognizer

    cultures = {"en": "en-us", "nl": "nl-nl", "es": "es-es"}
    models = {
        code: NumberWithUnitRecognizer(culture).get_currency_model() for code, culture in cultures.items()
    }

    def find(text: str, language: str) -> list[Found]:
        found = []
        for result in models[language].parse(text):
            resolution = result.resolution or {}
            code = resolution.get("isoCurrency")
            unit = (resolution.get("unit") or "").lower()
            currencies = {code} if code else set(FAMILIES.get(unit, {None}))
            value = number(resolution.get("value"))
            if value is not None and any(word in unit for word in SUBUNITS):
                value /= 100
            if value is not None:
                found.append(Found(result.start, result.end + 1, "MONEY", value, None, frozenset(currencies)))
        return found

    return find


DUCKLING_WORKER = """
import json, sys, time
import duckling
zones = duckling.load_time_zones(sys.argv[1])
moment = duckling.parse_ref_time(zones, sys.argv[2], 1700000000)
dims = duckling.parse_dimensions(["amount-of-money"])
contexts = {
    code: duckling.Context(moment, duckling.default_locale_lang(duckling.parse_lang(code.upper())))
    for code in ("en", "nl", "es")
}
print("ready", flush=True)
for line in sys.stdin:
    text, language = json.loads(line)
    results = duckling.parse(text, contexts[language], dims, False)
    print(json.dumps([results, time.process_time()]), flush=True)
"""


class DucklingWorker:
    """Duckling through its wheel, which needs an older Python: it runs in a process of its own."""

    def __init__(self, python: Path, zones: Path) -> None:
        """Start the process; `zones` is a folder of time zone files that Duckling can read."""
        zone = next(str(path.relative_to(zones)) for path in sorted(zones.rglob("*")) if path.is_file())
        self.process = subprocess.Popen(  # noqa: S603 - the interpreter the user names
            [str(python), "-c", DUCKLING_WORKER, str(zones), zone],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds = 0.0
        if self.process.stdout is None or self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("the Duckling process did not start")

    def clock(self) -> float:
        """Return the processor time the process has used."""
        return self.seconds

    def __call__(self, text: str, language: str) -> list[Found]:
        """Find sums; of overlapping answers the longest counts."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the Duckling process is gone")
        self.process.stdin.write(json.dumps([text, language]) + "\n")
        self.process.stdin.flush()
        results, self.seconds = json.loads(self.process.stdout.readline())
        found: list[Found] = []
        for result in sorted(results, key=lambda one: (one["start"] - one["end"], one["start"])):
            value = result["value"]
            ends = [value[end] for end in ("from", "to") if value.get(end)]
            first = ends[0] if ends else value
            code = {"$": "USD", "£": "GBP", "cent": None, "Pound": "GBP"}.get(first["unit"], first["unit"])
            low = number(first["value"])
            if first["unit"] == "cent" and low is not None:
                low /= 100
            high = number(ends[1]["value"]) if len(ends) == 2 else None
            one = Found(result["start"], result["end"], "MONEY", low, high, frozenset({code}))
            if not any(overlaps(one, other) for other in found):
                found.append(one)
        return found


SYSTEMS: dict[str, Callable[[], Finder]] = {
    "dealfacts": ours,
    "quantulum3": quantulum,
    "price-parser": price_parser,
    "recognizers": recognizers,
}


# The sets


@dataclass
class Case:
    """One input with what is to be found in it."""

    language: str
    text: str
    expected: list[Found]
    spans: bool = True
    exhaustive: bool = True


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Read a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def money(item: dict[str, Any]) -> Found | None:
    """Turn an expected sum into the common form; None for a currency without a figure."""
    low, high = number(item.get("value")), None
    if item.get("from") or item.get("to"):
        ends = [number(item[end]) for end in ("from", "to") if item.get(end)]
        low, high = ends[0], ends[1] if len(ends) == 2 else None
    if low is None:
        return None
    unit = str(item.get("unit") or "").lower()
    sub = next((word for word in SUBUNITS if word in unit), None)
    if sub:
        low *= SUBUNIT_WORTH.get(sub, Decimal("0.01"))
    codes: frozenset[str | None] | None = frozenset({item["iso"]}) if item.get("iso") else None
    if codes is None and (family := FAMILIES.get(unit)):
        codes = frozenset(family)
    return Found(item.get("start", 0), item.get("end", 0), "MONEY", low, high, codes)


def currency_cases(path: Path) -> Iterator[Case]:
    """Read a set of sums of money."""
    for row in read(path):
        if row.get("task") == "currency" and row["lang"] in LANGUAGES:
            wanted = [found for item in row["expected"] if (found := money(item))]
            yield Case(row["lang"], row["input"], wanted)


def meantime_cases(path: Path) -> Iterator[Case]:
    """Read the sums of MEANTIME; the Dutch ones have values but no spans."""
    for row in read(path):
        items = [*row.get("expected", ()), *row.get("expected_values", ())]
        wanted = [found for item in items if item["type"] == "VALUE:MONEY" and (found := money(item))]
        # Sums without a value in the gold can be neither missed nor invented.
        vague = any(item["type"] == "VALUE:MONEY" and not item.get("value") for item in items)
        if wanted or not vague:
            yield Case(row["lang"], row["input"], wanted, spans=row.get("spans", True), exhaustive=not vague)


def plain_cases(path: Path, kind: str) -> Iterator[Case]:
    """Read a set of numbers, percentages or dimensions: span and value only."""
    for row in read(path):
        if row["lang"] not in LANGUAGES or (
            not row["expected"] and row.get("set") in ("number_parser", "text2num")
        ):
            continue
        wanted = []
        for item in row["expected"]:
            value = number(item.get("value"))
            if value is not None and not value.is_nan():
                wanted.append(Found(item["start"], item["end"], kind, value, None, None))
        yield Case(row["lang"], row["input"], wanted)


def article_cases(folder: Path) -> Iterator[Case]:
    """Read our trilingual articles: every sum of money, whole articles at a time."""
    for path in sorted(folder.glob("*.jsonl")):
        for row in read(path):
            for language in LANGUAGES:
                text, starts = "", []
                for sentence in row["sentences"]:
                    text += ("\n\n" if sentence.get("para") else " ") if text else ""
                    starts.append(len(text))
                    text += sentence[language]
                wanted, taken = [], set()
                for item in row.get("money", ()):
                    at = text.find(item[language], starts[item["sent"]])
                    while at in taken:
                        at = text.find(item[language], at + 1)
                    taken.add(at)
                    value, low, high = number(item["value"]), number(item.get("min")), number(item.get("max"))
                    codes = frozenset({item["currency"]})
                    wanted.append(
                        Found(
                            at,
                            at + len(item[language]),
                            "MONEY",
                            value or low,
                            None if value else high,
                            codes,
                        )
                    )
                yield Case(language, text, wanted)


MONEY_SETS: dict[str, Callable[[Path], Iterable[Case]]] = {
    "business_probe": currency_cases,
    "recognizers_currency": currency_cases,
    "duckling_currency": currency_cases,
    "meantime_en_values": meantime_cases,
    "meantime_nl_projected": meantime_cases,
}
PLAIN_SETS = {
    "recognizers_percent": "PERCENT",
    "recognizers_dimension": "QUANTITY",
    "quantulum3_quantity": "QUANTITY",
    "recognizers_number": "CARDINAL",
    "number_parser": "CARDINAL",
    "text2num": "CARDINAL",
}


# The scores


def same_value(one: Found, two: Found) -> bool:
    """Compare values to nine figures, and currencies where both are known."""
    if one.currencies is not None and two.currencies is not None and not one.currencies & two.currencies:
        return False
    return close(one.low, two.low) and close(one.high, two.high)


def close(one: Decimal | None, two: Decimal | None) -> bool:
    """Compare two numbers to nine figures."""
    if one is None or two is None:
        return one is two
    return one == two or abs(one - two) <= abs(two) * Decimal("1e-9")


def same_span(text: str, found: Found, wanted: Found) -> bool:
    """Compare spans, modifier and range words at the edges aside."""
    if (found.start, found.end) == (wanted.start, wanted.end):
        return True
    edges = text[min(found.start, wanted.start) : max(found.start, wanted.start)]
    edges += text[min(found.end, wanted.end) : max(found.end, wanted.end)]
    return (
        overlaps(found, wanted)
        and len(edges) < 24
        and not any(char.isdigit() for char in edges)
        and (set(edges.lower().split()) <= EDGE_WORDS)
    )


EDGE_WORDS = {
    *("a", "an", "about", "exactly", "over", "above", "at", "least", "no", "less", "than", "more", "from"),
    *(
        "between",
        "some",
        "of",
        "the",
        "up",
        "to",
        "under",
        "below",
        "only",
        "(",
        "entre",
        "menos",
        "de",
        "más",
    ),
    *("mas", "vanaf", "tussen", "minder", "dan", "meer", "minstens", "un", "el", "los"),
}


def overlaps(found: Found, wanted: Found) -> bool:
    """Whether two spans share a character."""
    return found.start < wanted.end and wanted.start < found.end


@dataclass
class Score:
    """Counts of one set and language."""

    wanted: int = 0
    exact: int = 0
    overlap: int = 0
    extra: int = 0
    found: int = 0

    def line(self) -> str:
        """Write the counts as percentages."""
        recall = 100 * self.exact / self.wanted if self.wanted else 100.0
        loose = 100 * self.overlap / self.wanted if self.wanted else 100.0
        precision = 100 * (self.found - self.extra) / self.found if self.found else 100.0
        return f"{recall:5.1f} / {loose:5.1f}  precision {precision:5.1f}  n={self.wanted}"


def score(cases: Iterable[Case], find: Finder, kinds: set[str], misses: list[str]) -> dict[str, Score]:
    """Score a finder on the cases of one set."""
    scores: dict[str, Score] = {}
    for case in cases:
        result = scores.setdefault(case.language, Score())
        found = [item for item in find(case.text, case.language) if item.kind in kinds]
        result.wanted += len(case.expected)
        left = list(found)
        right = 0
        for wanted in case.expected:
            same = [item for item in left if same_value(item, wanted)]
            near = [item for item in same if not case.spans or overlaps(item, wanted)]
            exact = [item for item in near if not case.spans or same_span(case.text, item, wanted)]
            if exact or near:
                left.remove((exact or near)[0])
                right += 1
            result.overlap += bool(near)
            result.exact += bool(exact)
            if not exact:
                misses.append(_miss(case, wanted, found))
        if case.exhaustive:
            result.found += len(found)
            result.extra += len(found) - right
            misses.extend(
                f"EXTRA {case.language} {case.text[item.start : item.end]!r} in {_near(case, item)!r}"
                for item in left
            )
    return scores


def _near(case: Case, item: Found) -> str:
    return case.text[max(0, item.start - 60) : item.end + 40]


def _miss(case: Case, wanted: Found, found: list[Found]) -> str:
    near = [
        (case.text[item.start : item.end], str(item.low), str(item.high), *map(str, item.currencies or ()))
        for item in found
        if not case.spans or overlaps(item, wanted)
    ]
    gold = case.text[wanted.start : wanted.end]
    codes = "/".join(map(str, wanted.currencies or ()))
    value = f"{wanted.low} {wanted.high or ''} {codes}"
    return f"MISS {case.language} {gold!r} {value} got {near} in {_near(case, wanted)!r}"


def speed(find: Finder, sentences: list[tuple[str, str]], seconds: float = 3.0) -> float:
    """Return sentences per second of processor time: the median of three rounds."""
    clock = getattr(find, "clock", time.process_time)
    rates = []
    for _ in range(3):
        done, start = 0, clock()
        while clock() - start < seconds / 3 or done < min(200, len(sentences)):
            text, language = sentences[done % len(sentences)]
            find(text, language)
            done += 1
        rates.append(done / (clock() - start))
    return statistics.median(rates)


def main() -> None:
    """Print the scores and speeds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bench", type=Path, help="folder with the sets as JSONL")
    parser.add_argument("--articles", type=Path, help="folder with our trilingual articles")
    parser.add_argument("--misses", type=int, default=0, help="print so many misses of ours per set")
    parser.add_argument("--only", help="a set whose name contains this")
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="which systems to measure")
    parser.add_argument(
        "--duckling",
        nargs=2,
        type=Path,
        metavar=("PYTHON", "ZONES"),
        help="an interpreter that has the wheel pyduckling-native, and a folder with time zone files for it",
    )
    options = parser.parse_args()
    if options.duckling:
        SYSTEMS["duckling"] = lambda: DucklingWorker(*options.duckling)
        options.systems += ",duckling"
    else:
        print("duckling: not measured (give --duckling to measure it)")

    sentences = [
        (row["input"], row["lang"])
        for name in ("meantime_en_values", "meantime_nl_projected", "meantime_es")
        if (options.bench / f"{name}.jsonl").is_file()
        for row in read(options.bench / f"{name}.jsonl")
    ]
    for name in options.systems.split(","):
        try:
            find = SYSTEMS[name]()
        except Exception as error:  # a peer may fail at import in many ways
            print(f"{name}: not measured ({type(error).__name__}: {error})")
            continue
        print(f"== {name}")
        for line in report(options, find, own=name == "dealfacts"):
            print(line)
        if sentences and not options.only:
            mine = [pair for pair in sentences if name != "quantulum3" or pair[1] == "en"]
            print(f"   speed: {speed(find, mine):,.0f} sentences a second")
        sys.stdout.flush()


def report(options: argparse.Namespace, find: Finder, *, own: bool) -> Iterator[str]:
    """Score one system on every set, line by line."""
    sets: list[tuple[str, Iterable[Case], set[str]]] = [
        (name, reader(options.bench / f"{name}.jsonl"), {"MONEY"})
        for name, reader in MONEY_SETS.items()
        if (options.bench / f"{name}.jsonl").is_file()
    ]
    if options.articles:
        sets.append(("articles", article_cases(options.articles), {"MONEY"}))
    if own:
        sets += [
            (
                name,
                plain_cases(options.bench / f"{name}.jsonl", kind),
                {kind, "MONEY"} if kind == "QUANTITY" else {kind},
            )
            for name, kind in PLAIN_SETS.items()
            if (options.bench / f"{name}.jsonl").is_file()
        ]
    for name, cases, kinds in sets:
        if options.only and options.only not in name:
            continue
        misses: list[str] = []
        for language, result in sorted(score(cases, find, kinds, misses).items()):
            yield f"   {name:22} {language}  {result.line()}"
        yield from (f"      {miss}" for miss in misses[: options.misses if own else 0])


if __name__ == "__main__":
    main()
