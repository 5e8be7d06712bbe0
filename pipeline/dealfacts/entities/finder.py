"""Find the names in texts: with the shipped model, or one of spaCy's or of the Hugging Face hub's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from dealfacts.entities.consistency import settle
from dealfacts.entities.spans import NameSpan
from dealfacts.errors import ConfigError, ModelError
from dealfacts.models import find_model, model_digest
from dealfacts.records import Label

SHIPPED = "ner"
"""The folder of the shipped model; `shipped` and this name mean the same."""

LABELS: Mapping[str, Label] = {
    "ORG": "ORG",
    "ORGANIZATION": "ORG",
    "ORGANISATION": "ORG",
    "COMPANY": "ORG",
    "CORPORATION": "ORG",
    "PER": "PERSON",
    "PERSON": "PERSON",
    "GPE": "GPE",
    "COUNTRY": "GPE",
    "CITY": "GPE",
    "LOC": "LOC",
    "LOCATION": "LOC",
    "FAC": "LOC",
    "FACILITY": "LOC",
    "PRODUCT": "PRODUCT",
    "WORK_OF_ART": "PRODUCT",
}
"""What other models call our labels; names with any other label are left out."""


class _Recogniser(Protocol):
    def __call__(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, label) of each name of one text."""


class NameFinder:
    """Finds names; the model is loaded when the finder is made.

    Each text is read by itself, so that what is found in it never depends on its neighbours.

    >>> finder = NameFinder()
    >>> [(span.text, span.label) for span in finder.find(["Heineken koopt Bavaria."], ["nl"])[0]]
    [('Heineken', 'ORG'), ('Bavaria', 'ORG')]
    """

    def __init__(self, model: str = "shipped") -> None:
        """Load a model.

        Args:
            model: `shipped` (ours), `spacy:NAME` (an installed spaCy package or a folder), or `hf:NAME`
                (token classification from the Hugging Face hub or a folder; needs the `hf` extra).

        Raises:
            ConfigError: when `model` has none of these forms.
            ModelError: when it cannot be loaded.
        """
        self.model = model
        kind, _, name = model.partition(":")
        if model in {"shipped", SHIPPED}:
            self._recognise: _Recogniser = _Spacy(find_model(SHIPPED))
        elif kind == "spacy" and name:
            self._recognise = _Spacy(name)
        elif kind == "hf" and name:
            self._recognise = _HuggingFace(name)
        else:
            raise ConfigError(f"no name finder {model!r}; give shipped, spacy:NAME or hf:NAME")

    def find(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[list[NameSpan]]:
        """Find the names in each text.

        Args:
            texts: whole articles; names seen clearly once are then found everywhere in the article.
            languages: the language of each text, or None where it is not known.

        Returns:
            For each text its names, in text order, none overlapping.
        """
        return [self._find_one(text, language) for text, language in zip(texts, languages, strict=True)]

    def _find_one(self, text: str, language: str | None) -> list[NameSpan]:
        if not text.strip():
            return []
        raw = [
            NameSpan(start, end, text[start:end], label)
            for start, end, given in self._recognise(text)
            if (label := LABELS.get(given.upper())) is not None and end > start
        ]
        return settle(text, language, raw)

    @staticmethod
    def digest(model: str = "shipped") -> str:
        """Return what tells this model from any other: a digest of its files, or its name.

        Raises:
            ModelError: when the shipped model is not there.
        """
        return model_digest(find_model(SHIPPED)) if model in {"shipped", SHIPPED} else model


class _Spacy:
    """A spaCy pipeline with a name recogniser."""

    def __init__(self, source: Path | str) -> None:
        # spaCy takes a second to import; the last two register what our own pipelines are made of.
        import spacy  # noqa: PLC0415
        from thinc.api import use_ops  # noqa: PLC0415

        from dealfacts.entities import layers, tokenizer  # noqa: F401, PLC0415

        try:
            # numpy multiplies matrices several times faster than the library spaCy brings along.
            with use_ops("numpy", use_blis=False):
                self._nlp: Any = spacy.load(source)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"the spaCy model {str(source)!r} cannot be loaded: {error}; install it or check its name"
            ) from error

    def __call__(self, text: str) -> list[tuple[int, int, str]]:
        # In a memory zone the vocabulary forgets the text's words afterwards: a stream of millions of
        # articles does not fill the memory.
        with self._nlp.memory_zone():
            doc = self._nlp(text[: self._nlp.max_length])
            return [(span.start_char, span.end_char, span.label_) for span in doc.ents]


class _HuggingFace:
    """A token-classification model of the transformers library."""

    _WINDOW_WORDS = 180

    def __init__(self, name: str) -> None:
        try:
            from transformers import pipeline  # noqa: PLC0415
        except ImportError as error:
            raise ModelError(
                "hf: models need torch and transformers; install them with: pip install 'dealfacts[hf]'"
            ) from error
        try:
            self._pipe: Any = pipeline(
                "token-classification", model=name, aggregation_strategy="first", device="cpu"
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"the model {name!r} cannot be loaded for token classification: {error}; check its name"
            ) from error

    def __call__(self, text: str) -> list[tuple[int, int, str]]:
        # These models read a few hundred word pieces at most: longer texts go in window by window.
        return [
            (start + entity["start"], start + entity["end"], entity["entity_group"])
            for start, end in _windows(text, self._WINDOW_WORDS)
            for entity in self._pipe(text[start:end])
        ]


def _windows(text: str, words: int) -> list[tuple[int, int]]:
    """Cut a text into stretches of at most `words` words, at sentence or line ends where there are any."""
    windows: list[tuple[int, int]] = []
    start = position = count = 0
    cut = 0
    for line in text.splitlines(keepends=True):
        for word in line.split(" "):
            position += len(word) + 1
            count += 1
            if word.rstrip().endswith((".", "!", "?")) or word.endswith("\n"):
                cut = min(position, len(text))
            if count >= words:
                end = cut if cut > start else min(position, len(text))
                windows.append((start, end))
                start, count = end, len(text[end:position].split())
        position -= 1
    if start < len(text):
        windows.append((start, len(text)))
    return windows
