"""A stage that somebody else wrote: it adds the tickers in brackets, such as (NASDAQ: ACME)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from dealfacts import Article, Stage


@dataclass
class Tickers(Stage):
    """Add the tickers that stand in brackets after a name.

    Args:
        exchange: keep only those of this exchange.
    """

    name: ClassVar[str] = "tickers"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text",)
    assigns: ClassVar[tuple[str, ...]] = ("tickers",)

    exchange: str = ""

    def annotate(self, articles: Sequence[Article]) -> None:
        for article in articles:
            found = re.findall(r"\((\w+): ?(\w+)\)", article.text)
            article.__setattr__("tickers", [code for place, code in found if self.exchange in ("", place)])
