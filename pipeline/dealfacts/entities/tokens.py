"""Split text into the tokens that names are made of."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import spacy
from spacy.tokens import Doc

from dealfacts.lang import lang_data


@cache
def _pattern() -> re.Pattern[str]:
    data = lang_data("_shared", "names.toml")
    domains = "|".join(sorted(map(re.escape, data["domains"]), key=len, reverse=True))
    abbreviations = "|".join(sorted(map(re.escape, data["abbreviations"]), key=len, reverse=True))
    return re.compile(
        rf"""
          (?:https?://|www\.)\S+                               # web addresses
        | \w[\w-]{{0,62}}\.(?:{domains})\b(?![\w@])            # bol.com, Character.AI
        | (?:[^\W\d_]\.){{2,8}}(?:[^\W\d_]\b)?                 # U.S., N.V., a.s.r.
        | \b(?:{abbreviations})\.                              # Inc.
        | \b[A-ZÀ-Þ]\.(?=[ ][A-ZÀ-Þ])                          # initials: C. C. Wei
        | [A-Z]{{1,4}}&[A-Z]{{1,4}}\b                          # AT&T, S&P
        | \d+(?:[.,:]\d+)*                                     # 1.500,25
          (?:[^\W\d_]\w*)?                                     # 3i, 10GW
        | ['’]s\b                                              # Nvidia's
        | \w+
        | \S
        """,
        re.VERBOSE,
    )


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of all tokens: words, numbers and single signs; a hyphen or apostrophe splits.

    A company stays apart from what is tied to it by a hyphen (`OpenAI-topman`, `Nvidia-OpenAI`), and a
    name may take several tokens (`L`, `'`, `Oréal`).

    >>> text = "OpenAI-topman bij bol.com"
    >>> [text[start:end] for start, end in token_spans(text)]
    ['OpenAI', '-', 'topman', 'bij', 'bol.com']
    """
    return [match.span() for match in _pattern().finditer(text)]


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
