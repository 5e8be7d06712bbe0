"""Stages: order, options, and what happens to the article that fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest

from dealfacts import Article, ConfigError, Stage, load
from dealfacts.stage import check_order


@dataclass
class Count(Stage):
    """Count characters; refuse articles that say so, after having spoilt the batch."""

    name: ClassVar[str] = "count"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text",)
    assigns: ClassVar[tuple[str, ...]] = ("n_chars",)
    opened: ClassVar[int] = 0

    times: int = 1

    def open(self) -> None:
        type(self).opened += 1

    def annotate(self, articles: Sequence[Article]) -> None:
        for article in articles:
            extra = article.model_extra
            assert extra is not None
            extra["n_chars"] = extra.get("n_chars", 0) + self.times * len(article.text)
            if article.text == "poison":
                raise ValueError("cannot be counted")


def articles(*texts: str) -> list[Article]:
    return [Article(id=f"a{number}", text=text) for number, text in enumerate(texts)]


def test_stage_sets_only_the_culprit_aside() -> None:
    failed: list[tuple[str, str]] = []
    done = list(Count().pipe(articles("one", "poison", "three"), lambda a, e: failed.append((a.id, str(e)))))
    assert failed == [("a1", "cannot be counted")]
    assert [(article.id, article.model_dump()["n_chars"]) for article in done] == [("a0", 3), ("a2", 5)]


def test_stage_raises_without_anyone_to_tell() -> None:
    with pytest.raises(ValueError, match="cannot be counted"):
        list(Count().pipe(articles("poison")))


def test_stage_keeps_order_and_ids_over_many_batches() -> None:
    many = articles(*(["text"] * 50))
    assert [article.id for article in Count().pipe(iter(many))] == [f"a{number}" for number in range(50)]


def test_stage_opens_once() -> None:
    stage, before = Count(), Count.opened
    list(stage.pipe(articles("a")))
    list(stage.pipe(articles("b")))
    assert Count.opened == before + 1


def test_stage_order_is_checked_before_anything_runs() -> None:
    with pytest.raises(ConfigError, match="needs text"):
        check_order([Count()], given=["id"])
    check_order([load("detect"), Count()])
    with pytest.raises(ConfigError, match="detect"):
        check_order([load("dates"), load("detect")])


def test_stage_load_says_what_there_is() -> None:
    with pytest.raises(ConfigError, match=r"no stage 'detekt'.*detect"):
        load("detekt")
    with pytest.raises(ConfigError, match="treshold"):
        load("detect", treshold=1)
