"""The business set: labelled by hand from the contract, a third of it never tuned on.

Both parts have a floor. A change may not lower one silently.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from dealfacts.timex import TimexSpan, find_timexes

FOLDER = Path(__file__).parents[1] / "data" / "timex"
FLOORS = {
    ("en", "dev"): 97.0,
    ("nl", "dev"): 97.0,
    ("es", "dev"): 97.0,
    ("en", "test"): 92.0,
    ("nl", "test"): 92.0,
    ("es", "test"): 92.0,
}


def rows(language: str) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in (FOLDER / f"business_{language}.jsonl").read_text("utf-8").splitlines()
    ]


def is_right(span: TimexSpan, label: dict[str, Any]) -> bool:
    value = span.value
    same_days = label["type"] in ("DURATION", "SET") or (value.start, value.end) == (
        label["start"],
        label["end"],
    )
    return (value.type, value.timex, value.mod) == (label["type"], label["timex"], label["mod"]) and same_days


def counts(row: dict[str, Any], language: str) -> tuple[int, int, int]:
    """Count expressions that are right, found and labelled in a row."""
    reference = dt.date.fromisoformat(row["reference"]) if row["reference"] else None
    spans = find_timexes(row["text"], language, reference)
    free, right = list(spans), 0
    for label in row["expect"]:
        start, end = label["at"]
        hit = next((s for s in free if s.start < end and start < s.end and is_right(s, label)), None)
        if hit is not None:
            free.remove(hit)
            right += 1
    return right, len(spans), len(row["expect"])


@pytest.mark.parametrize(("language", "split"), FLOORS)
def test_business_f1_is_above_its_floor(language: str, split: str) -> None:
    totals = [counts(row, language) for row in rows(language) if row["split"] == split]
    right, found, labelled = (sum(column) for column in zip(*totals, strict=True))
    assert 200 * right / (found + labelled) >= FLOORS[language, split]


@pytest.mark.parametrize("language", ["en", "nl", "es"])
def test_business_labels_slice_true(language: str) -> None:
    for row in rows(language):
        for label in row["expect"]:
            start, end = label["at"]
            assert row["text"][start:end] == label["text"]
            assert label["start"] is None or label["start"] < label["end"]


def test_business_set_is_large_enough() -> None:
    assert all(len(rows(language)) >= 400 for language in ("en", "nl", "es"))
