"""Cases that pin what a time expression means: each row must hold."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from dealfacts.timex import TimexSpan, find_timexes

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "timex" / "cases.jsonl").read_text("utf-8").splitlines()
]


def shown(span: TimexSpan, wanted: str) -> str:
    """Write a span as a row does, with as much of its value as the row asks for."""
    value = span.value
    text = f"{span.text}={value.timex}"
    if wanted.count(",") >= 1 and ".." in wanted:
        text += f",{value.mod or ''},{value.start}..{value.end}"
    return text


@pytest.mark.parametrize("row", ROWS, ids=[row["why"] for row in ROWS])
def test_case_holds(row: dict[str, Any]) -> None:
    reference = dt.date.fromisoformat(row["reference"]) if row["reference"] else None
    spans = find_timexes(row["text"], row["lang"], reference)
    wanted = row["expect"]
    assert [shown(span, wanted[i] if i < len(wanted) else "") for i, span in enumerate(spans)] == wanted
