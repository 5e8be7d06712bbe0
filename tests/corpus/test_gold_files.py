from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from dealfacts.evaluate.gold import GoldArticle, check_gold, read_gold

GOLD = Path(__file__).parent.parent.parent / "corpus" / "gold"


@pytest.fixture(scope="module")
def articles() -> list[GoldArticle]:
    return read_gold(GOLD)


def test_gold_every_label_is_sound(articles: list[GoldArticle]) -> None:
    assert [(article.id, problem) for article in articles for problem in check_gold(article)] == []


def test_gold_has_enough_articles_and_negatives_in_each_language(articles: list[GoldArticle]) -> None:
    total = Counter(article.lang for article in articles)
    without_deal = Counter(article.lang for article in articles if not article.gold.deals)
    assert sorted(total) == ["en", "es", "nl"]
    assert min(total.values()) >= 60
    assert min(without_deal.values()) >= 20


@pytest.mark.parametrize("part", ["dev", "test"])
def test_gold_parts_are_split_by_story(part: str) -> None:
    for article in read_gold(GOLD / part):
        story = (article.model_extra or {}).get("story") or article.id
        in_test = int(hashlib.sha1(story.encode()).hexdigest(), 16) % 12 == 0
        assert in_test == (part == "test"), article.id
