import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Plain = dict[str, Any]
DATA = Path(__file__).parents[1] / "data" / "merge"


def _sum(text: str) -> Plain:
    """`<=100000 USD` and the like."""
    signs = {"<=": "up_to", ">=": "at_least", "~": "about", ">": "more_than", "<": "less_than"}
    for sign, modifier in signs.items():
        if text.startswith(sign):
            number, currency = text.removeprefix(sign).split()
            return {"amount": number, "currency": currency, "modifier": modifier}
    number, currency = text.split()
    return {"amount": number, "currency": currency, "modifier": "exact"}


def _fact(short: Plain, article_id: str, fact_id: str) -> Plain:
    fact: Plain = {
        "id": short.get("id", fact_id),
        "article_id": article_id,
        "type": short.get("type", "acquisition"),
        "status": short.get("status", "announced"),
        "roles": {
            role: [name if isinstance(name, dict) else {"name": name} for name in names]
            for role, names in short["roles"].items()
        },
        "dates": {role: {"type": "DATE", "timex": timex} for role, timex in short.get("dates", {}).items()},
        "confidence": 1.0,
    }
    for field in ("amount", "valuation"):
        if value := short.get(field):
            fact[field] = _sum(value) if isinstance(value, str) else value
    if stake := short.get("stake"):
        fact["stake"] = stake if isinstance(stake, dict) else {"percent": stake, "modifier": "exact"}
    fact["quantities"] = short.get("quantities", [])
    return fact


@pytest.fixture(scope="session")
def article() -> Callable[..., Plain]:
    """Make an article from short facts: roles as lists of names, sums as `<=100 USD`, dates as timex."""

    def make(article_id: str, *facts: Plain, published: str | None = "2026-01-10", **keys: Any) -> Plain:
        return {
            "id": article_id,
            "lang": "en",
            "published": published,
            "text": "",
            **keys,
            "facts": [_fact(fact, article_id, f"f-{article_id}-{i}") for i, fact in enumerate(facts)],
        }

    return make


@pytest.fixture(scope="session")
def told_stories(article: Callable[..., Plain]) -> tuple[list[Plain], dict[str, str]]:
    """Forty stories told over time in three languages: the articles, and fact id -> deal."""
    articles: list[Plain] = []
    truth: dict[str, str] = {}
    for line in (DATA / "stories.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        truth |= {fact["id"]: fact["deal"] for fact in row["facts"]}
        articles.append(article(row["id"], *row["facts"], published=row["published"], lang=row["lang"]))
    return articles, truth


def read_rows(name: str) -> list[Plain]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that takes `row` the lines of the table its module names as ROWS."""
    table = getattr(metafunc.module, "ROWS", None)
    if table and "row" in metafunc.fixturenames:
        rows = read_rows(table)
        metafunc.parametrize("row", rows, ids=[row["why"] for row in rows])
