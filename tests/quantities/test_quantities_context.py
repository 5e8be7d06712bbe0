"""What a document decides: decimal marks, dollars, pesos and crowns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dealfacts.errors import ConfigError
from dealfacts.quantities import DocumentContext, document_context, find_in_document, find_quantities
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


@pytest.mark.parametrize(
    ("text", "language", "publisher"),
    [
        ("Pagó 20 pesos y luego $30 por 1.500 acciones.", "es", "https://expansion.mx/x"),
        ("C$85 a share, or $60 for the rest; the 3,5% fee was $2bn.", "en", None),
        ("Niets te melden.", "nl", None),
    ],
)
def test_context_document_is_read_as_with_its_context(
    text: str, language: str, publisher: str | None
) -> None:
    context = document_context(text, language, publisher=publisher)
    assert find_in_document(text, language, publisher) == find_quantities(text, language, context)


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("In 2016 GIP paid 3 billion euros.", ["3 billion euros"]),
        ("En 2024 ARM pagó 500 millones de dólares.", ["500 millones de dólares"]),
        ("GIP 2016 million was paid.", ["GIP 2016 million"]),
        ("The plant costs COP 4,500.", ["COP 4,500"]),
        ("It asks MXN 2000 a night.", ["MXN 2000"]),
    ],
)
def test_a_year_beside_a_company_named_like_a_code_is_no_sum(text: str, sums: list[str]) -> None:
    language = "es" if text.startswith("En ") else "en"
    assert [span.text for span in find_quantities(text, language) if span.label == "MONEY"] == sums
