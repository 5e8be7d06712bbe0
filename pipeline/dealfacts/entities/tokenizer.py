"""The tokenizer of our spaCy pipelines; importing it registers it with spaCy."""

from __future__ import annotations

from typing import Any

import spacy
from spacy.tokens import Doc

from dealfacts.entities.tokens import token_spans


class NameTokenizer:
    """The tokenizer of our spaCy pipelines: `doc.text` is the text it was given, white space included."""

    def __init__(self, vocab: Any) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Make a Doc whose tokens are those of `token_spans` plus one for each longer run of white space."""
        words: list[str] = []
        spaces: list[bool] = []
        last = 0
        for start, end in [*token_spans(text), (len(text), len(text))]:
            gap = text[last:start]
            if gap and words and gap[0] == " ":
                spaces[-1] = True
                gap = gap[1:]
            if gap:
                words.append(gap)
                spaces.append(False)
            if end > start:
                words.append(text[start:end])
                spaces.append(False)
            last = end
        return Doc(self.vocab, words=words, spaces=spaces)

    # spaCy saves and loads a tokenizer with its pipeline; this one has nothing to keep.
    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing: the tokenizer is all code and language data."""
        return b""

    def from_bytes(self, _bytes: bytes, **_: Any) -> NameTokenizer:
        """Return the tokenizer as it is."""
        return self

    def to_disk(self, _path: Any, **_: Any) -> None:
        """Write nothing."""

    def from_disk(self, _path: Any, **_: Any) -> NameTokenizer:
        """Return the tokenizer as it is."""
        return self


@spacy.registry.tokenizers("dealfacts.NameTokenizer.v1")  # type: ignore[untyped-decorator]
def create_name_tokenizer() -> Any:
    """Return what spaCy calls to make the tokenizer of a pipeline."""
    return lambda nlp: NameTokenizer(nlp.vocab)
