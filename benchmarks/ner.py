"""Score the name finder by language and label, with and without what the whole article adds, and time it.

    python -m benchmarks.ner DATA [--model shipped]

DATA holds the `test-*.jsonl` files that `scripts.build_ner_data` writes (a text a line with spans). Corpora
without products and with one label for all places are scored on ORG, PERSON and LOC.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.ner.scoring import format_scores, score_spans

from dealfacts.entities import NameFinder

Spans = Sequence[tuple[int, int, str]]


def main() -> None:
    """Print the scores of each test set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="shipped")
    parser.add_argument("--confusion", action="store_true", help="also show what was taken for what")
    parser.add_argument("--misses", type=int, default=0, help="also show the commonest misses")
    parser.add_argument("--only", default="", help="only test sets whose name holds this")
    options = parser.parse_args()
    finder = NameFinder(options.model)
    words, seconds = 0, 0.0
    for path in sorted(options.data.glob("test-*.jsonl")):
        if options.only not in path.stem:
            continue
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        begin = time.perf_counter()
        found = finder.find([row["text"] for row in rows], [row["language"] for row in rows])
        seconds += time.perf_counter() - begin
        words += sum(len(row["text"].split()) for row in rows)
        guesses = [[(span.start, span.end, str(span.label)) for span in spans] for spans in found]
        gold = [[(start, end, label) for start, end, label in row["spans"]] for row in rows]
        coarse = "articles" not in path.stem and "real" not in path.stem
        scores = score_spans(zip(gold, guesses, strict=True), coarse)
        print(f"{path.stem.removeprefix('test-'):12} {format_scores(scores)}")
        if options.confusion:
            print_confusion(gold, guesses)
        if options.misses:
            print_misses(rows, gold, guesses, options.misses)
    print(f"{words / seconds:.0f} words a second", file=sys.stderr)


def print_confusion(gold: Sequence[Spans], guesses: Sequence[Spans]) -> None:
    """Print how often each label was taken for each other; `none` is no name, `edge` a wrong boundary."""
    table: Counter[tuple[str, str]] = Counter()
    for wanted, got in zip(gold, guesses, strict=True):
        right = {(start, end): label for start, end, label in wanted}
        seen = {(start, end): label for start, end, label in got}
        for (start, end), label in right.items():
            table[label, seen.get((start, end)) or _overlap(start, end, seen)] += 1
        for (start, end), label in seen.items():
            if (start, end) not in right and _overlap(start, end, right) == "none":
                table["none", label] += 1
    for (expected, guess), count in sorted(table.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"    {expected:8} as {guess:8} {count}")


def _overlap(start: int, end: int, others: dict[tuple[int, int], str]) -> str:
    return "edge" if any(start < other[1] and other[0] < end for other in others) else "none"


def print_misses(
    rows: Sequence[dict[str, Any]], gold: Sequence[Spans], guesses: Sequence[Spans], count: int
) -> None:
    """Print the commonest names that were missed or made up."""
    missed: Counter[str] = Counter()
    made_up: Counter[str] = Counter()
    for row, wanted, got in zip(rows, gold, guesses, strict=True):
        missed.update(f"{row['text'][s:e]}/{label}" for s, e, label in set(wanted) - set(got))
        made_up.update(f"{row['text'][s:e]}/{label}" for s, e, label in set(got) - set(wanted))
    print("    missed:", ", ".join(f"{name} {n}" for name, n in missed.most_common(count)))
    print("    made up:", ", ".join(f"{name} {n}" for name, n in made_up.most_common(count)))


if __name__ == "__main__":
    main()
