"""facts: who does what with whom, for how much, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from dealfacts.deals import MODELS, find_facts, load_model
from dealfacts.mentions import readable_language
from dealfacts.models import find_model, model_digest
from dealfacts.records import Article
from dealfacts.stage import Stage, check_requirements


@dataclass
class Facts(Stage):
    """Read the deal facts off each article: type, status, parties, amounts, dates and their evidence.

    Args:
        threshold: least confidence of a fact, 0 to 1; the default balances misses and false facts.
    """

    name: ClassVar[str] = "facts"
    version: ClassVar[str] = "3"
    requires: ClassVar[tuple[str, ...]] = ("text", "lang", "mentions")
    assigns: ClassVar[tuple[str, ...]] = ("facts",)

    threshold: float | None = None

    def open(self) -> None:
        """Load the deal model."""
        self._model = load_model()

    def fingerprint(self) -> dict[str, Any]:
        """Return the options and the digests of the models that are read."""
        return {**super().fingerprint(), "models": {name: model_digest(find_model(name)) for name in MODELS}}

    def annotate(self, articles: Sequence[Article]) -> None:
        """Set `facts`; an article in a language without data gets none."""
        for article in articles:
            check_requirements(self, article)
            readable = readable_language(article) is not None
            article.facts = find_facts(article, self._model, self.threshold) if readable else []
