"""ingest: from files to articles, the source of every run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dealfacts.documents import CorpusReader
from dealfacts.documents.corpus import OnReject
from dealfacts.records import Article

__all__ = ["VERSION", "ingest"]

VERSION = "2"
"""Raise it when the articles made from the same files change."""


def ingest(corpus: Path, on_reject: OnReject, max_chars: int = 1_000_000) -> Iterator[Article]:
    """Read every article of a corpus; see `dealfacts.documents.CorpusReader`.

    Args:
        corpus: a folder, a file, or `-` for JSON lines on standard input.
        on_reject: told of everything that could not be used.
        max_chars: a longer article is rejected.
    """
    return CorpusReader(max_chars=max_chars).read(corpus, on_reject)
