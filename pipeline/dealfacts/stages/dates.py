"""dates: time expressions in the text as TIMEX3 values, anchored to the day of publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from dealfacts.mentions import combine, mention_at, readable_language, story_text
from dealfacts.records import Article, Label, Mention, publication_day
from dealfacts.stage import Stage
from dealfacts.timex import find_timexes


@dataclass
class Dates(Stage):
    """Find dates, periods and durations in each article and work out the days they stand for."""

    name: ClassVar[str] = "dates"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text", "lang")
    assigns: ClassVar[tuple[str, ...]] = ("mentions",)

    def annotate(self, articles: Sequence[Article]) -> None:
        """Add DATE and DURATION mentions to those there are."""
        for article in articles:
            article.mentions = combine(article.mentions or (), self._dates(article))

    def _dates(self, article: Article) -> Iterator[Mention]:
        language = readable_language(article)
        if language is None:
            return
        for span in find_timexes(story_text(article), language, publication_day(article.published)):
            label: Label = "DURATION" if span.value.type == "DURATION" else "DATE"
            yield mention_at(article, (span.start, span.end), label, span.value, self.name)
