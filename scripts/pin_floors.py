#!/usr/bin/env python3
"""Pin the floors that guard accuracy: measure a run on the gold and write what it reached.

Two files: the floors of all labelled articles, and those of a part of them, each story in one language,
that the tests run on every change. Run it only after looking at the figures: `git diff` of the floors
shows what an update costs.

    dealfacts run corpus/gold/test work/gold && scripts/pin_floors.py corpus/gold/test work/gold
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from dealfacts.evaluate import evaluate
from dealfacts.evaluate.floors import check_floors, floors_text

FLOORS = Path(__file__).parent.parent / "corpus" / "gold" / "floors.toml"
SAMPLE_FLOORS = FLOORS.with_name("floors-sample.toml")


def main() -> int:
    """Write the floors files; say what had fallen below the old ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--margin", type=float, default=0.01)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for gold, floors in (
            (options.gold, FLOORS),
            (write_sample(options.gold, Path(folder)), SAMPLE_FLOORS),
        ):
            evaluation = evaluate(gold, options.out, resamples=1)
            for finding in check_floors(evaluation, floors) if floors.exists() else []:
                print(f"before: {floors.name}: {finding}", file=sys.stderr)
            floors.write_text(floors_text(evaluation, options.margin), encoding="utf-8")
            print(f"wrote {floors}", file=sys.stderr)
    return 0


def write_sample(gold: Path, out: Path) -> Path:
    """Write every story of a folder of labelled articles in one of its languages, each language in turn.

    Returns:
        The file that was written.
    """
    stories: dict[str, list[str]] = defaultdict(list)
    for line in _lines_of(sorted(gold.glob("*.jsonl"))):
        article = json.loads(line)
        stories[article.get("story") or article["id"]].append(line)
    sample = out / "sample.jsonl"
    kept = [told[number % len(told)] for number, (_, told) in enumerate(sorted(stories.items()))]
    sample.write_text("".join(kept), encoding="utf-8")
    return sample


def _lines_of(paths: Iterable[Path]) -> Iterable[str]:
    for path in paths:
        yield from path.read_text(encoding="utf-8").splitlines(keepends=True)


if __name__ == "__main__":
    sys.exit(main())
