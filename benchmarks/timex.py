"""Score time expressions on public test sets, ours beside its peers, with sentences a second.

    python benchmarks/timex.py BENCH_FOLDER [--articles FOLDER] [--peers NAMES] [--misses N]

BENCH_FOLDER holds JSONL sets of rows `{input, lang, reference, expected: [{start, end, timex, interval}]}`.
A prediction counts when its span overlaps the expected one and the values agree: the same TIMEX3
value, or the same interval of days; one prediction for one expected expression. Figures are precision,
recall and F1 in percent, exact span in brackets, and `eq`, F1 when other ways to write one TIMEX3 value
count too: `P24M` for `P2Y`, `P6M` for `P2Q`, `T18:00Z` for `T18:00`, `201X` for `201`, and a finer value
for a part of a period (`2011-06-XX` for `mid-2011`). Sets without spans (Dutch MEANTIME) are scored by
value alone. Sets that take a range for one expression are read with `join_ranges`. A peer that is not
installed is left out with a line that says so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from dealfacts.timex import find_timexes
from dealfacts.timex.calendar import period_at, timex_of

SETS = (
    ("meantime_en", None),
    ("meantime_es", None),
    ("meantime_nl_projected", None),
    ("wikiwars_en", None),
    ("business_probe", None),
    ("recognizers_datetime", "en"),
    ("recognizers_datetime", "es"),
    ("recognizers_datetime", "nl"),
    ("duckling_time", "en"),
    ("duckling_time", "es"),
    ("duckling_time", "nl"),
    ("duckling_duration", None),
    ("dateparser_dates", None),
    ("dateparser_search", None),
)
RANGES_ARE_ONE = ("recognizers_datetime", "duckling_time")
"""Sets whose ranges are one expression."""

TIME_TYPES = {"DATE", "TIME", "DURATION", "SET"}

Found = tuple[int, int, str, "tuple[str | None, str | None] | None"]
"""Start, end, TIMEX3 value, interval of days."""

Finder = Callable[[str, str, "dt.date | None"], list[Found]]


@dataclass
class Score:
    """Counts of one finder on one set."""

    expected: int = 0
    found: int = 0
    right: int = 0
    exact: int = 0
    equal: int = 0
    seconds: float = 0.0
    sentences: int = 0
    misses: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return F1 (exact), precision and recall as text."""
        p, r = self.right / max(self.found, 1), self.right / max(self.expected, 1)
        f1 = 200 * self.right / max(self.found + self.expected, 1)
        exact = 200 * self.exact / max(self.found + self.expected, 1)
        equal = 200 * (self.right + self.equal) / max(self.found + self.expected, 1)
        of_set = f"P {100 * p:5.1f}  R {100 * r:5.1f}  n {self.expected:4d}"
        return f"{f1:5.1f} ({exact:4.1f})  eq {equal:5.1f}  {of_set}"


def ours(text: str, language: str, reference: dt.date | None, *, join_ranges: bool = False) -> list[Found]:
    """Find with dealfacts."""
    return [
        (s.start, s.end, s.value.timex, (s.value.start, s.value.end))
        for s in find_timexes(text, language, reference, join_ranges=join_ranges)
    ]


def dateparser_search() -> Finder:
    """Load dateparser's `search_dates`."""
    from dateparser.search import search_dates

    def find(text: str, language: str, reference: dt.date | None) -> list[Found]:
        base = dt.datetime.combine(reference or dt.date(2026, 1, 1), dt.time())
        found = search_dates(text, languages=[language[:2]], settings={"RELATIVE_BASE": base}) or []
        out: list[Found] = []
        at = 0
        for piece, day in found:
            at = max(text.find(piece, at), 0)
            date = day.date()
            out.append(
                (at, at + len(piece), date.isoformat(), (date.isoformat(), str(date + dt.timedelta(days=1))))
            )
            at += len(piece)
        return out

    return find


def duckling() -> Finder:
    """Load the Duckling wheel (`pyduckling-native`)."""
    import duckling as wheel

    zones = wheel.load_time_zones("/usr/share/zoneinfo")
    dimensions = wheel.parse_dimensions(["time", "duration"])

    def find(text: str, language: str, reference: dt.date | None) -> list[Found]:
        day = dt.datetime.combine(reference or dt.date(2026, 1, 1), dt.time(), tzinfo=dt.UTC)
        now = wheel.parse_ref_time(zones, "UTC", int(day.timestamp()))
        locale = wheel.default_locale_lang(wheel.parse_lang(language[:2].upper()))
        items = wheel.parse(text, wheel.Context(now, locale), dimensions, False)
        return [(item["start"], item["end"], *duckling_value(item)) for item in items]

    return find


def duckling_value(item: dict[str, Any]) -> tuple[str, tuple[str | None, str | None] | None]:
    """Turn one of Duckling's values into a TIMEX3 value and an interval of days."""
    value = item["value"]
    if item["dim"] == "duration":
        unit = value["unit"]
        time_mark = "T" if unit in ("hour", "minute", "second") else ""
        return f"P{time_mark}{value['value']}{unit[0].upper()}", None
    if value["type"] == "interval":
        ends = [value.get(side, {}).get("value") for side in ("from", "to")]
        days = (ends[0][:10] if ends[0] else None, ends[1][:10] if ends[1] else None)
        return f"{days[0]}/{days[1]}", days
    start = dt.date.fromisoformat(value["value"][:10])
    grain = {"year": "Y", "quarter": "Q", "month": "M", "week": "W"}.get(value["grain"], "D")
    period = period_at(grain, start)
    timex = timex_of(period)
    if value["grain"] in ("hour", "minute"):
        timex += "T" + value["value"][11 : 13 if value["grain"] == "hour" else 16]
    return timex, (period.start.isoformat(), period.end.isoformat())


def recognizers() -> Finder:
    """Load Microsoft's recognizers-text (it needs `emoji` below 2)."""
    from recognizers_date_time import recognize_datetime

    cultures = {"en": "en-us", "es": "es-es", "nl": "nl-nl"}

    def find(text: str, language: str, reference: dt.date | None) -> list[Found]:
        now = dt.datetime.combine(reference or dt.date(2026, 1, 1), dt.time())
        found = recognize_datetime(text, cultures[language[:2]], reference=now)
        return [(item.start, item.end + 1, *recognizers_value(item)) for item in found]

    return find


def recognizers_value(item: Any) -> tuple[str, tuple[str | None, str | None] | None]:
    """Take the last candidate that lies in the past, as a reader of news would, or else the first."""
    values = (item.resolution or {}).get("values", [{}])
    value = values[0] if values else {}
    start, end = value.get("start"), value.get("end")
    if day := value.get("value"):
        try:
            start = day[:10]
            end = (dt.date.fromisoformat(start) + dt.timedelta(days=1)).isoformat()
        except ValueError:
            return str(value.get("timex", "")), None
        return day.replace(" ", "T")[:16] if " " in day else start, (start, end)
    interval = (start[:10] if start else None, end[:10] if end else None) if start or end else None
    return str(value.get("timex", "")), interval


PEERS: dict[str, Callable[[], Finder]] = {
    "dateparser": dateparser_search,
    "duckling": duckling,
    "recognizers": recognizers,
}


def rows_of(path: Path, language: str | None) -> list[dict[str, Any]]:
    """Read the rows of a set, of one language if given."""
    rows = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    rows = [row for row in rows if row["task"] not in ("currency", "number", "percent")]
    return [row for row in rows if language is None or row["lang"].startswith(language)]


def whole_documents(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join the sentences that are of one document, as a reader has them; other rows stay."""
    joined: dict[Any, dict[str, Any]] = {}
    for number, row in enumerate(rows):
        if "doc" not in row or "expected_values" in row:
            joined[f"row {number}"] = row
            continue
        whole = joined.setdefault(row["doc"], {**row, "input": "", "expected": []})
        shift = len(whole["input"])
        whole["expected"] += [
            {**item, "start": item["start"] + shift, "end": item["end"] + shift} for item in row["expected"]
        ]
        whole["input"] += row["input"] + "\n"
    return list(joined.values())


def reference_of(row: dict[str, Any]) -> dt.date | None:
    """Return the publication date of a row."""
    text = row.get("dct") or row.get("reference")
    if not text:
        return None
    if text[2] == "-":  # one set has a few dates day first
        return dt.datetime.strptime(text, "%d-%m-%Y").date()  # noqa: DTZ007 - a day has no zone
    return dt.date.fromisoformat(text[:10])


def agrees(found: Found, expected: dict[str, Any]) -> bool:
    """Say whether a prediction has the value of a gold expression."""
    timex, interval = found[2], found[3]
    gold = expected.get("timex")
    golds = {canonical(value) for value in (gold if isinstance(gold, list) else [gold]) if value}
    if canonical(timex) in golds:
        return True
    if "T" in timex and timex.partition("T")[2] in {value[1:] for value in golds if value[0] == "T"}:
        return True  # some sets leave out the day that a bare time is on
    intervals = expected.get("interval_any") or ([expected["interval"]] if expected.get("interval") else [])
    return interval is not None and any(interval) and [*interval] in intervals


_LENGTHS = {
    "E": ("months", 120),
    "Y": ("months", 12),
    "Q": ("months", 3),
    "M": ("months", 1),
    "W": ("days", 7),
    "D": ("days", 1),
    "TH": ("days", 1 / 24),
    "TM": ("days", 1 / 1440),
    "TS": ("days", 1 / 86400),
}


def equals(found: Found, expected: dict[str, Any]) -> bool:
    """Say whether a prediction has the value of a gold expression written in another way."""
    gold = expected.get("timex")
    for value in [gold] if isinstance(gold, str) else gold or []:
        if plain(value) == plain(found[2]):
            return True
        if (days := days_of(value)) and is_part_of_period(found) and one_holds_other(found[3], days):
            return True
    return False


def plain(timex: str) -> str:
    """Write a TIMEX3 value by its content: lengths in months or days, times without their zone."""
    value = canonical(timex)
    if re.fullmatch(r"P(?:[\d.]+[YQMWDE])*(?:T(?:[\d.]+[HMS])+)?", value) and value != "P":
        return length_of(value)
    if re.fullmatch(r"\d{2,3}X{1,2}", value):
        return value.rstrip("X")
    return re.sub(r"(T\d{2}:\d{2})(:00)?Z?$", r"\1", value)


def length_of(value: str) -> str:
    """Add up a length of time: its months, and its days."""
    sums = {"months": 0.0, "days": 0.0}
    for mark, part in (("", value.partition("T")[0]), ("T", value.partition("T")[2])):
        for number, unit in re.findall(r"([\d.]+)([A-Z])", part):
            name, size = _LENGTHS[mark + unit]
            sums[name] += float(number) * size
    return f"P{sums['months']:g}M{sums['days']:.6g}D"


def is_part_of_period(found: Found) -> bool:
    """Say whether a prediction narrows the days of its value, as `mid-2011` does."""
    whole = days_of(found[2])
    return bool(whole and found[3] and found[3][0]) and found[3] != whole


def days_of(timex: str) -> tuple[str, str] | None:
    """Return the days of a year, quarter or month."""
    place = re.fullmatch(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})))?", canonical(timex))
    if place is None:
        return None
    grain = "Q" if place[2] else "M" if place[3] else "Y"
    month = int(place[2]) * 3 - 2 if place[2] else int(place[3] or 1)
    if not 1 <= month <= 12 or place[1] == "0000":
        return None
    period = period_at(grain, dt.date(int(place[1]), month, 1))
    return period.start.isoformat(), period.end.isoformat()


def one_holds_other(found: tuple[str | None, str | None] | None, gold: tuple[str, str]) -> bool:
    """Say whether one stretch of days lies within the other."""
    if not found or not found[0] or not found[1]:
        return False
    return (found[0] <= gold[0] and gold[1] <= found[1]) or (gold[0] <= found[0] and found[1] <= gold[1])


def best_of(hits: list[Found], expected: dict[str, Any]) -> Found | None:
    """Choose the prediction that is right, one with the very TIMEX3 value first."""
    right = [f for f in hits if agrees(f, expected)]
    right.sort(key=lambda f: f[2] != expected.get("timex"))
    return right[0] if right else None


def canonical(timex: str) -> str:
    """Write variants of one TIMEX3 value one way."""
    return (
        timex.upper().replace("-XX-XX", "").removesuffix("-XX")
        if not timex.startswith("XXXX")
        else timex.upper()
    )


def score_row(row: dict[str, Any], found: list[Found], score: Score) -> None:
    """Add one row to the counts."""
    if "expected_values" in row:
        score_values(row, found, score)
        return
    gold = [item for item in row["expected"] if not str(item.get("type")).startswith("VALUE:")]
    blank = [
        item for item in gold if not (item.get("timex") or item.get("interval") or item.get("interval_any"))
    ]
    gold = [item for item in gold if item not in blank]  # some sets have expressions without a value
    found = [f for f in found if not any(f[0] < item["end"] and item["start"] < f[1] for item in blank)]
    score.expected += len(gold)
    score.found += len(found)
    free = list(found)
    for item in gold:
        hits = [f for f in free if f[0] < item["end"] and item["start"] < f[1]]
        right = best_of(hits, item)
        if right is None:
            score.equal += count_equal(hits, item, free)
            seen = "; ".join(f"{row['input'][f[0] : f[1]]}={f[2]} {f[3]}" for f in hits)
            wanted = item.get("timex") or item.get("interval_any") or item.get("interval")
            score.misses.append(
                f"MISS {item['text']!r} {wanted} {item.get('interval') or ''} <> {seen} | {clip(row)}"
            )
            continue
        free.remove(right)
        score.right += 1
        score.exact += (right[0], right[1]) == (item["start"], item["end"])
    for f in free:
        if not any(f[0] < item["end"] and item["start"] < f[1] for item in gold):
            score.misses.append(f"EXTRA {row['input'][f[0] : f[1]]!r} {f[2]} | {clip(row)}")


def count_equal(hits: list[Found], item: dict[str, Any], free: list[Found]) -> int:
    """Count, and use up, a prediction that is right but written in another way."""
    equal = next((f for f in hits if equals(f, item)), None)
    if equal is not None:
        free.remove(equal)
    return int(equal is not None)


def clip(row: dict[str, Any]) -> str:
    """Shorten a row for showing."""
    return f"{row['lang']} {str(row.get('dct') or row.get('reference'))[:10]} {row['input'][:150]!r}"


def score_values(row: dict[str, Any], found: list[Found], score: Score) -> None:
    """Score a row that has values but no spans."""
    gold = [item for item in row["expected_values"] if item["type"] in TIME_TYPES]
    score.expected += len(gold)
    score.found += len(found)
    free = list(found)
    for item in gold:
        right = best_of(free, item)
        if right is None:
            score.equal += count_equal(free, item, free)
            score.misses.append(f"MISS {item['en_text']!r} {item['timex']} | {clip(row)}")
            continue
        free.remove(right)
        score.right += 1
        score.exact += 1
    score.misses += [f"EXTRA {row['input'][f[0] : f[1]]!r} {f[2]} {f[3]} | {clip(row)}" for f in free]


def run_set(rows: Iterable[dict[str, Any]], finder: Finder) -> Score:
    """Score a finder on the rows of a set."""
    score = Score()
    for language in ("en", "es", "nl"):  # load what is loaded at first use
        finder("2025", language, None)
    for row in rows:
        began = time.process_time()
        try:
            found = finder(row["input"], row["lang"], reference_of(row))
        except Exception as error:  # a peer's crash is its miss
            score.misses.append(f"CRASH {type(error).__name__}: {error} | {clip(row)}")
            found = []
        score.seconds += time.process_time() - began
        score.sentences += max(row["input"].count(". ") + row["input"].count(".\n"), 1)
        score_row(row, found, score)
    return score


def article_texts(article: dict[str, Any], language: str) -> tuple[str, list[tuple[int, int]]]:
    """Join the sentences of a labelled article; return the text and each sentence's span."""
    text, places = "", []
    for sentence in article["sentences"]:
        if text:
            text += "\n\n" if sentence.get("para") else " "
        places.append((len(text), len(text) + len(sentence[language])))
        text += sentence[language]
    return text, places


def article_value_agrees(found: Found, gold: str, mods: dict[str, tuple[str, str]]) -> bool:
    """Compare with a label of the articles: a TIMEX3 value, or the quarter that begin and end stand for."""
    timex, interval = found[2], found[3] or (None, None)
    return timex.split("T")[0] == gold or mods.get(gold) == interval


def quarter_days(gold: str) -> dict[str, tuple[str, str]]:
    """Return the days of a quarter label."""
    year, _, quarter = gold.partition("-Q")
    if not quarter:
        return {}
    first = int(quarter) * 3 - 2
    end = f"{year}-{first + 3:02d}-01" if first < 10 else f"{int(year) + 1}-01-01"
    return {gold: (f"{year}-{first:02d}-01", end)}


def run_articles(folder: Path, language: str) -> Score:
    """Score recall and value on the labelled articles; precision over expressions that have days."""
    score = Score()
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            score_article(orjson.loads(line), language, score)
    return score


def score_article(article: dict[str, Any], language: str, score: Score) -> None:
    """Add one labelled article to the counts."""
    text, places = article_texts(article, language)
    began = time.process_time()
    found = ours(text, language, dt.date.fromisoformat(article["published"]))
    score.seconds += time.process_time() - began
    score.sentences += len(places)
    free = [f for f in found if f[3] and f[3][0] and not f[2].startswith("P")]
    score.found += len(free)
    for label in article.get("timex", []):
        start, end = places[label["sent"]]
        place = re.compile(rf"\b{re.escape(label[language])}\b").search(text, start, end)
        at = place.start() if place else text.find(label[language], start, end)
        score.expected += 1
        hits = [f for f in free if f[0] < at + len(label[language]) and at < f[1]]
        free = [f for f in free if f not in hits]
        days = quarter_days(label["value"])
        right = next((f for f in hits if article_value_agrees(f, label["value"], days)), None)
        if right is None:
            seen = "; ".join(f"{text[f[0] : f[1]]}={f[2]}" for f in hits)
            where = f"{article['id']} {article['published']} {text[start:end]!r}"
            score.misses.append(f"MISS {label[language]!r} {label['value']} <> {seen} | {where}")
            continue
        score.right += 1
        score.exact += (right[0], right[1]) == (at, at + len(label[language]))
    for f in free:
        where = f"{article['published']} {text[max(0, f[0] - 90) : f[1] + 50]!r}"
        score.misses.append(f"EXTRA {text[f[0] : f[1]]!r} {f[2]} | {where}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("bench", type=Path, help="folder of JSONL sets")
    parser.add_argument("--articles", type=Path, help="folder of labelled articles in three languages")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers to run beside ours, or nothing")
    parser.add_argument("--misses", type=int, default=0, help="show so many misses of ours per set")
    parser.add_argument("--only", default="", help="only sets whose name holds this")
    parser.add_argument(
        "--whole", action="store_true", help="read the sentences of one document as one text, where known"
    )
    options = parser.parse_args()
    finders = {"dealfacts": ours} | installed(options.peers.split(","))
    print("F1 of overlapping span and value (exact span and value), percent")
    for name, language in SETS:
        path = options.bench / f"{name}.jsonl"
        if options.only in f"{name} {language}" and path.is_file():
            rows = rows_of(path, language)
            if options.whole:
                rows = whole_documents(rows)
            for who, finder in finders.items():
                if who == "dealfacts" and name in RANGES_ARE_ONE:
                    finder = partial(ours, join_ranges=True)  # noqa: PLW2901
                show(f"{name:22s} {language or '':3s}", who, run_set(rows, finder), options.misses)
    if options.articles and options.only in "articles":
        for language in ("en", "nl", "es"):
            score = run_articles(options.articles, language)
            show(f"{'labelled articles':22s} {language:3s}", "dealfacts", score, options.misses)
    return 0


def installed(names: Iterable[str]) -> dict[str, Finder]:
    """Load the peers that are there; say which are not."""
    finders: dict[str, Finder] = {}
    for name in filter(None, names):
        try:
            finders[name] = PEERS[name]()
        except ImportError as error:
            print(f"{name}: not installed here ({error}), left out")
    return finders


def show(title: str, who: str, score: Score, misses: int) -> None:
    """Print one line of the table, and misses of ours."""
    speed = f"{score.sentences / max(score.seconds, 1e-9):7.0f} sentences/s"
    print(f"{title} {who:12s} {score.line()}  {speed}")
    if who == "dealfacts":
        for miss in score.misses[:misses]:
            print("    ", miss)


if __name__ == "__main__":
    sys.exit(main())
