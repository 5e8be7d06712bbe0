"""detect: which language an article is in, and which paragraphs are in another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from dealfacts.langid import Detection, LanguageDetector
from dealfacts.records import Article, Segment
from dealfacts.stage import Stage

_PARAGRAPH = re.compile(r"[^\n]+")

MIN_LETTERS = 60
"""A shorter paragraph (a headline, a name, a caption) says too little about its own language."""


@dataclass
class Detect(Stage):
    """Identify the language of each article, and of each paragraph where they differ.

    Args:
        threshold: below this confidence (0 to 1) the language is `und`.
    """

    name: ClassVar[str] = "detect"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text",)
    assigns: ClassVar[tuple[str, ...]] = ("lang", "lang_confidence", "segments")

    threshold: float = 0.6

    def open(self) -> None:
        """Load the two language models."""
        self._detector = LanguageDetector()

    def annotate(self, articles: Sequence[Article]) -> None:
        """Set `lang` and `lang_confidence`, and `segments` when a paragraph is in another language."""
        for article in articles:
            paragraphs = list(story_paragraphs(article))
            story = "\n".join(article.text[start:end] for start, end in paragraphs)
            whole = self._detector.detect(story or article.text, self.threshold)
            article.lang, article.lang_confidence = whole.lang, whole.confidence
            segments = [self._segment(article, span, whole) for span in paragraphs]
            if any(segment.lang != whole.lang for segment in segments):
                article.segments = segments

    def _segment(self, article: Article, span: tuple[int, int], whole: Detection) -> Segment:
        start, end = span
        text = article.text[start:end]
        found = whole
        # The fast detector clears most paragraphs; only a deviant is worth the slow one's opinion.
        if sum(map(str.isalpha, text)) >= MIN_LETTERS and not self._detector.quickly_is(text, whole.lang):
            own = self._detector.detect(text, self.threshold)
            # A paragraph of names and figures is no evidence against the article's language.
            if own.lang != "und":
                found = own
        return Segment(start=start, end=end, lang=found.lang, confidence=found.confidence)


def story_paragraphs(article: Article) -> Iterator[tuple[int, int]]:
    """Yield the offsets of each line of the article that is not marked as boilerplate."""
    marks = sorted((part.start, part.end) for part in article.boilerplate or ())
    # In step with the lines: how far the marks reach that start at or before the line.
    seen = reach = 0
    for match in _PARAGRAPH.finditer(article.text):
        start, end = match.span()
        while seen < len(marks) and marks[seen][0] <= start:
            reach = max(reach, marks[seen][1])
            seen += 1
        if match[0].strip() and end > reach:
            yield start, end
