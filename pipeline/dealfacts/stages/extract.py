"""extract: names and figures in the text, each with its offsets and its normalised value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from dealfacts.entities import NameFinder, NameSpan, link_names
from dealfacts.mentions import combine, mention_at, readable_language, story_text
from dealfacts.quantities import find_in_document
from dealfacts.records import Article, Mention
from dealfacts.stage import Stage


@dataclass
class Extract(Stage):
    """Find names, money, percentages, quantities and numbers in each article.

    Args:
        ner: the model for names: shipped, spacy:NAME or hf:NAME.
    """

    name: ClassVar[str] = "extract"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text", "lang")
    assigns: ClassVar[tuple[str, ...]] = ("mentions",)

    ner: str = "shipped"

    def open(self) -> None:
        """Load the model for names."""
        self._finder = NameFinder(self.ner)

    def fingerprint(self) -> dict[str, Any]:
        """Return the options and the digest of the names model."""
        return {**super().fingerprint(), "model": NameFinder.digest(self.ner)}

    def annotate(self, articles: Sequence[Article]) -> None:
        """Set `mentions`; an article in a language without data gets none."""
        readable = [(article, language) for article in articles if (language := readable_language(article))]
        texts = [story_text(article) for article, _ in readable]
        found = self._finder.find(texts, [language for _, language in readable])
        for article in articles:
            article.mentions = []
        for (article, language), text, names in zip(readable, texts, found, strict=True):
            article.mentions = combine(
                self._names(article, text, language, names), self._figures(article, text, language)
            )

    def _names(self, article: Article, text: str, language: str, names: list[NameSpan]) -> Iterator[Mention]:
        for span in link_names(text, language, names):
            yield mention_at(article, (span.start, span.end), span.label, span.value, self.name)

    def _figures(self, article: Article, text: str, language: str) -> Iterator[Mention]:
        for span in find_in_document(text, language, article.source):
            yield mention_at(article, (span.start, span.end), span.label, span.value, self.name)
