from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dealfacts.evaluate.gold import GoldArticle, GoldDeal, GoldMoney, read_gold
from dealfacts.jsonl import write_records
from dealfacts.records import Article

DATA = Path(__file__).parent.parent / "data" / "evaluate"


def money(gold: GoldMoney | None) -> dict[str, Any] | None:
    if gold is None:
        return None
    return {
        "amount": gold.value,
        "currency": gold.currency,
        "modifier": gold.modifier,
        "min": gold.min,
        "max": gold.max,
    }


def fact(number: int, deal: GoldDeal, article: GoldArticle) -> dict[str, Any]:
    return {
        "id": f"f{number}",
        "article_id": article.id,
        "type": deal.type,
        "status": deal.status,
        "roles": {role: [{"name": names[-1]} for names in parties] for role, parties in deal.roles.items()},
        "amount": money(deal.amount),
        "valuation": money(deal.valuation),
        "stake": {"percent": deal.stake} if deal.stake else None,
        "quantities": [deal.capacity.model_dump()] if deal.capacity else [],
        "dates": {role: {"type": "DATE", "timex": timex} for role, timex in deal.dates.items()},
        "confidence": 0.9,
        "evidence": [{"start": 0, "end": 5, "text": "<b>"}],
    }


def perfect(article: GoldArticle) -> Article:
    """What a faultless pipeline would make of a labelled article."""
    mentions = [
        {"id": f"m{number}", "stage": "extract", **mention.model_dump()}
        for number, mention in enumerate(article.gold.mentions, 1)
    ]
    facts = [fact(number, deal, article) for number, deal in enumerate(article.gold.deals)]
    return Article.model_validate(
        {
            "id": article.id,
            "lang": article.lang,
            "text": article.text or "",
            "mentions": mentions,
            "facts": facts,
        }
    )


@pytest.fixture
def gold() -> list[GoldArticle]:
    return read_gold(DATA / "gold.jsonl")


@pytest.fixture
def output(gold: list[GoldArticle], tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    write_records(path, map(perfect, gold))
    return path
