"""The order in which people want to read deals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dealfacts.records import Deal


def by_weight(deals: Sequence[Deal]) -> list[Deal]:
    """Order deals for reading: those most reported first, then the largest."""

    def weight(deal: Deal) -> tuple[int, int, Decimal, str]:
        size = Decimal((deal.amount.amount or deal.amount.min or 0) if deal.amount else 0)
        return -deal.n_articles, -deal.n_stories, -size, deal.id

    return sorted(deals, key=weight)
