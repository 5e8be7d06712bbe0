"""What the grammar finds: one quantity, before its context is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dealfacts.quantities.figures import Figure
from dealfacts.quantities.lexer import Token

DASHES = frozenset("-‐‑–—−")
MINUS = frozenset("-−–")
SHARE_LIMIT = 1000
"""A figure from here on is not short for one with a scale ("5 to 7 million", not "5,000 to 7 million")."""


@dataclass(slots=True)
class Item:
    """A quantity found in the text: tokens `first` to `last` (exclusive) and what they come to."""

    first: int
    last: int
    label: str
    low: Decimal
    high: Decimal | None = None
    figure: Figure | None = None
    currency: str | None = None
    """An ISO 4217 code or a family still to be decided."""
    shy: bool = False
    """Rests on a word that is often something else: kept only with support from the text."""
    unit: str = ""
    weight: str = ""
    """The unit of weight that the name of a currency also is (pound)."""
    prefixed: bool = False
    ranged: bool = False
    vague: bool = False
    counted: str | None = None
    inferred: bool = False

    def span(self, tokens: list[Token]) -> tuple[int, int]:
        """Return the character offsets."""
        return tokens[self.first].start, tokens[self.last - 1].end
