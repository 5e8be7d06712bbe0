"""What every translation model looks like to the rest: pieces in, hypotheses out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

Pieces = list[str]


@dataclass(frozen=True)
class Hypothesis:
    """One translation of one input.

    `attention` holds, where the back end gives it, one row for each piece: how much it looked at each
    source piece.
    """

    pieces: Pieces
    score: float = 0.0
    attention: Sequence[Sequence[float]] | None = None


@dataclass(frozen=True)
class Search:
    """How to look for translations.

    Args:
        beam: hypotheses kept at each step; 1 is greedy.
        hypotheses: how many to return, at most `beam`.
        attention: whether to return attention rows, where the back end can.
        no_repeat: length of the piece n-grams that may not come twice; 0 allows all.
        forbidden: texts that must not come out, such as placeholders that are used up.
    """

    beam: int = 2
    hypotheses: int = 1
    attention: bool = False
    no_repeat: int = 0
    forbidden: tuple[str, ...] = ()


class Backend(ABC):
    """A model that translates into English, with its own way of cutting text into pieces."""

    name: str
    """Shown in `translation.model`: `mt-nl-es-en`, `Helsinki-NLP/opus-mt-nl-en`."""
    digest: str
    """Changes with the weights; the cache and the stage's fingerprint are keyed by it."""
    has_placeholders: bool
    """Whether the vocabulary knows `<n0>` and its like as single pieces."""
    max_pieces: int
    """Longer inputs are split at clause marks first; beyond it the model was not trained."""

    beam: int = 2
    """Beam that suits the model in the first attempt."""
    doubtful_below: float | None = None
    """Score a piece below which its translations are seldom to be trusted; None where that is not known."""

    default_max_pieces: ClassVar[int] = 200

    @abstractmethod
    def covers(self, language: str) -> bool:
        """Tell whether the model translates from this language."""

    @abstractmethod
    def encode(self, text: str, language: str) -> Pieces:
        """Cut a source sentence into pieces."""

    @abstractmethod
    def encode_target(self, text: str) -> Pieces:
        """Cut English text into pieces, to force it in a translation."""

    @abstractmethod
    def decode(self, pieces: Sequence[str]) -> str:
        """Write pieces as text."""

    @abstractmethod
    def generate(
        self,
        inputs: Sequence[Pieces],
        language: str,
        search: Search,
        prefixes: Sequence[Pieces] | None = None,
    ) -> list[list[Hypothesis]]:
        """Translate inputs, best hypothesis first.

        Args:
            inputs: source pieces, as `encode` gave them; any number, batched inside.
            language: their language.
            search: how to search.
            prefixes: for each input, the pieces its translation must begin with; they are part of
                the hypotheses that come back.

        Returns:
            For each input its hypotheses.
        """
