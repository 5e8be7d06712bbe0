from __future__ import annotations

from pathlib import Path

import pytest

from dealfacts.evaluate.gold import GoldArticle, read_gold
from dealfacts.evaluate.labellers import as_output
from dealfacts.jsonl import write_records

DATA = Path(__file__).parent.parent / "data" / "evaluate"


@pytest.fixture
def gold() -> list[GoldArticle]:
    return read_gold(DATA / "gold.jsonl")


@pytest.fixture
def output(gold: list[GoldArticle], tmp_path: Path) -> Path:
    """What a faultless pipeline would make of the labelled articles."""
    path = tmp_path / "facts.jsonl"
    write_records(path, map(as_output, gold))
    return path
