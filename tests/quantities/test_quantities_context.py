"""What a document decides: decimal marks, dollars, pesos and crowns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dealfacts.errors import ConfigError
from dealfacts.quantities import DocumentContext, document_context, find_quantities
from dealfacts.records import Money

TABLE = Path(__file__).parents[1] / "data" / "quantities" / "contexts.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["why"]))
def test_context_decides(row: dict[str, Any]) -> None:
    context = document_context(
        row["document"], row["lang"], country=row.get("country"), publisher=row.get("publisher")
    )
    values = [
        span.value
        for span in find_quantities(row["part"], row["lang"], context)
        if isinstance(span.value, Money)
    ]
    assert [(value.amount, value.currency) for value in values] == [(row["amount"], row["currency"])]


def test_context_of_the_whole_text_is_inferred_when_none_is_given() -> None:
    text = (
        "La inflación fue del 4.5% y el alza del 3.2%. El municipio gastó 3,350 pesos en Monterrey, México."
    )
    money = [span.value for span in find_quantities(text, "es") if isinstance(span.value, Money)]
    assert [(value.amount, value.currency) for value in money] == [("3350", "MXN")]


def test_context_can_be_made_by_hand() -> None:
    context = DocumentContext(language="en", country="AU")
    (span,) = find_quantities("It spent $5 million.", "en", context)
    assert isinstance(span.value, Money)
    assert span.value.currency == "AUD"


def test_context_of_an_unknown_language_is_refused() -> None:
    with pytest.raises(ConfigError, match="xx"):
        find_quantities("5 euro", "xx")
