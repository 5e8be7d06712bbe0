"""Stages for the tests, in a module that worker processes can import too."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dealfacts import Article, Stage


@dataclass
class Shout(Stage):
    """Add the text in capitals; raise, or kill the process, on demand."""

    name: ClassVar[str] = "shout"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text",)
    assigns: ClassVar[tuple[str, ...]] = ("loud",)

    def annotate(self, articles: Sequence[Article]) -> None:
        for article in articles:
            if article.text == "raise":
                raise RuntimeError("on demand")
            if article.text == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            assert article.model_extra is not None
            article.model_extra["loud"] = article.text.upper()


@dataclass
class Count(Stage):
    """Add the number of characters."""

    name: ClassVar[str] = "count"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text",)
    assigns: ClassVar[tuple[str, ...]] = ("n_chars",)

    def annotate(self, articles: Sequence[Article]) -> None:
        for article in articles:
            assert article.model_extra is not None
            article.model_extra["n_chars"] = len(article.text)
