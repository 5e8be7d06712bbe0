"""Accuracy and speed of language identification: ours beside the two detectors it is made of.

    python benchmarks/langid.py CASES.jsonl [CASES.jsonl ...]

Each line of a case file holds `input` (a text) and `lang` (its BCP 47 language).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from dealfacts.langid import LanguageDetector

OURS = ("en", "nl", "es")


def main() -> None:
    """Print a table for each case file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--min-chars", type=int, default=0, help="leave shorter texts out")
    arguments = parser.parse_args()
    detector = LanguageDetector()

    def best(opinion: Callable[[str], dict[str, float]]) -> Callable[[str], str]:
        return lambda text: max(found, key=lambda lang: found[lang]) if (found := opinion(text)) else "und"

    systems: dict[str, Callable[[str], str]] = {
        "dealfacts": lambda text: detector.detect(text).lang,
        "langdetect": best(detector.first_opinion),
        "py3langid": best(detector.second_opinion),
    }
    for path in arguments.cases:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        rows = [row for row in rows if len(row["input"]) >= arguments.min_chars]
        print(f"{path.name}: {len(rows)} texts")
        for name, identify in systems.items():
            report(name, identify, rows)


def report(name: str, identify: Callable[[str], str], rows: list[dict[str, str]]) -> None:
    """Print accuracy by language, false claims of our languages, and texts a second."""
    started = time.perf_counter()
    answers = [identify(row["input"]) for row in rows]
    seconds = time.perf_counter() - started
    total = Counter(row["lang"] for row in rows)
    right = Counter(row["lang"] for row, answer in zip(rows, answers, strict=True) if answer == row["lang"])
    foreign = [answer for row, answer in zip(rows, answers, strict=True) if row["lang"] not in OURS]
    false = sum(answer in OURS for answer in foreign)
    by_language = "  ".join(f"{lang} {100 * right[lang] / total[lang]:.1f}" for lang in sorted(total))
    print(f"  {name:10} {by_language}")
    print(f"  {'':10} other languages called en, nl or es: {false} of {len(foreign)}")
    print(f"  {'':10} {len(rows) / seconds:.0f} texts a second")


if __name__ == "__main__":
    main()
