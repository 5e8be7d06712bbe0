"""Turn labels into what a faultless run would have written, so that two labellers can be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from dealfacts.evaluate.gold import GoldArticle, GoldDeal, GoldMoney
from dealfacts.jsonl import open_binary
from dealfacts.records import Article


def is_labels(path: Path | str) -> bool:
    """Tell whether a JSONL file holds labels rather than a run's output, by its first line.

    Stages pass unknown keys through: an output may carry `gold`, but then also what the stage added.
    """
    path = Path(path)
    if path.suffix not in (".jsonl", ".gz", ".zst"):
        return False
    with open_binary(path) as file:
        try:
            first = orjson.loads(file.readline() or b"null")
        except orjson.JSONDecodeError:
            return False
    added = ("lang_confidence", "segments", "mentions", "facts")
    return isinstance(first, dict) and "gold" in first and not any(key in first for key in added)


def as_output(article: GoldArticle) -> Article:
    """Return the article with its labels as mentions and facts."""
    mentions = [
        {"id": f"m{number}", "stage": "gold", **mention.model_dump()}
        for number, mention in enumerate(article.gold.mentions, 1)
    ]
    facts = [_fact(number, deal, article) for number, deal in enumerate(article.gold.deals, 1)]
    record = {"id": article.id, "lang": article.lang, "published": article.published, "title": article.title}
    return Article.model_validate(
        {**record, "text": article.text or "", "mentions": mentions, "facts": facts}
    )


def _fact(number: int, deal: GoldDeal, article: GoldArticle) -> dict[str, Any]:
    text = article.text or ""
    spans = [] if isinstance(deal.evidence, str) else deal.evidence
    return {
        "id": f"{article.id}-{number}",
        "article_id": article.id,
        "type": deal.type,
        "status": deal.status,
        "roles": {role: [{"name": names[0]} for names in parties] for role, parties in deal.roles.items()},
        "amount": _money(deal.amount),
        "valuation": _money(deal.valuation),
        "stake": {"percent": deal.stake} if deal.stake else None,
        "quantities": [deal.capacity.model_dump()] if deal.capacity else [],
        "dates": {role: {"type": "DATE", "timex": timex} for role, timex in deal.dates.items()},
        "confidence": 1,
        "evidence": [{"start": start, "end": end, "text": text[start:end]} for start, end in spans],
    }


def _money(money: GoldMoney | None) -> dict[str, Any] | None:
    if money is None:
        return None
    bounds = {"min": money.min, "max": money.max}
    return {
        "amount": money.value,
        "currency": money.currency,
        "modifier": money.modifier or "exact",
        **bounds,
    }
