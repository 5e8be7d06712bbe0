#!/usr/bin/env python3
"""Pin the floors that guard accuracy: measure a run on the gold and write what it reached.

Run it only after looking at the figures: `git diff` of the floors file shows what an update costs.

    dealfacts run corpus/gold/test work/gold && scripts/pin_floors.py corpus/gold/test work/gold
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dealfacts.evaluate import evaluate
from dealfacts.evaluate.floors import check_floors, floors_text

FLOORS = Path(__file__).parent.parent / "corpus" / "gold" / "floors.toml"


def main() -> int:
    """Write the floors file; say what had fallen below the old one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--margin", type=float, default=0.01)
    parser.add_argument("--floors", type=Path, default=FLOORS)
    options = parser.parse_args()
    evaluation = evaluate(options.gold, options.out, resamples=1)
    for finding in check_floors(evaluation, options.floors) if options.floors.exists() else []:
        print(f"before: {finding}", file=sys.stderr)
    options.floors.write_text(floors_text(evaluation, options.margin), encoding="utf-8")
    print(f"wrote {options.floors}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
