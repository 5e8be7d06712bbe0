"""Sentence pairs, word by word, with which word translates which."""

from __future__ import annotations

import json
import lzma
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dealfacts.deals.reading import TOKEN

LANGUAGES = ("nl", "es")
"""Those that are taught; English is known."""
MOST_WORDS = 100
"""Longer sentences are left out."""
ARTICLES, NEWS, DOCUMENTS = "articles", "news", "documents"
WEIGHTS = {ARTICLES: 5, NEWS: 3, DOCUMENTS: 1}
"""How much a word of each kind of text counts."""


@dataclass(frozen=True)
class Pair:
    """A sentence and its English, as words; `unit` numbers the article that it stands in, if any."""

    kind: str
    words: list[str]
    english: list[str]
    unit: int = -1

    @property
    def weight(self) -> int:
        """How much its words count."""
        return WEIGHTS[self.kind]


Links = list[tuple[int, int]]
"""Which word of a sentence translates which of the other."""


def read_pairs(data: Path, parallel: Path, language: str) -> list[Pair]:
    """Read the sentences of the parallel articles, of translated news and of other found pairs, in order.

    Args:
        data: folder of `news-nl-en.tsv.xz` and `nl-en.tsv.xz`, and so on: corpus, source and English.
        parallel: folder of our own articles, sentence by sentence in three languages.
        language: `nl` or `es`.
    """
    raw = [*_of_articles(parallel, language)]
    raw += ((NEWS, *pair, -1) for pair in _of_table(data / f"news-{language}-en.tsv.xz"))
    raw += ((DOCUMENTS, *pair, -1) for pair in _of_table(data / f"{language}-en.tsv.xz"))
    pairs = (
        Pair(kind, TOKEN.findall(source), TOKEN.findall(english), unit) for kind, source, english, unit in raw
    )
    return [
        pair for pair in pairs if 0 < len(pair.words) <= MOST_WORDS and 0 < len(pair.english) <= MOST_WORDS
    ]


def _of_articles(folder: Path, language: str) -> Iterator[tuple[str, str, str, int]]:
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8"))
    for unit, line in enumerate(lines):
        for sentence in json.loads(line)["sentences"]:
            if sentence.get("en") and sentence.get(language):
                yield ARTICLES, sentence[language], sentence["en"], unit


def _of_table(path: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            _, source, english = line.rstrip("\n").split("\t")
            yield source, english


def align(pairs: Iterable[Pair]) -> list[Links]:
    """Find which words translate each other: links on which both directions of eflomal agree.

    Östling and Tiedemann, 2016: Efficient word alignment with Markov Chain Monte Carlo.
    """
    import eflomal  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - only alignment needs it

    listed = list(pairs)
    with tempfile.TemporaryDirectory() as folder:
        forward, back = Path(folder) / "forward", Path(folder) / "back"
        eflomal.Aligner().align(
            (" ".join(pair.words).lower() + "\n" for pair in listed),
            (" ".join(pair.english).lower() + "\n" for pair in listed),
            str(forward),
            str(back),
        )
        return [
            _links(set(one.split()) & set(other.split()))
            for one, other in zip(
                forward.read_text("utf-8").splitlines(), back.read_text("utf-8").splitlines(), strict=True
            )
        ]


def _links(listed: Iterable[str]) -> Links:
    """Read links such as `3-2`.

    >>> _links(["3-2", "0-0"])
    [(0, 0), (3, 2)]
    """
    parts = (link.split("-") for link in listed)
    return sorted((int(source), int(english)) for source, english in parts)
