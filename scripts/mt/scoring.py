"""Score translations of the masked measuring sets: placeholders filled back, then BLEU and chrF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Scores:
    """Corpus scores of one set and the share of placeholders that came out exactly once."""

    name: str
    sentences: int
    bleu: float
    chrf: float
    placed: float
    signature: str

    def line(self) -> str:
        """One line for a log or a report."""
        return (
            f"{self.name:10} n={self.sentences:<4} BLEU {self.bleu:5.1f}  chrF {self.chrf:5.1f}  "
            f"placeholders once {self.placed:6.1%}  {self.signature}"
        )


def read_sets(path: Path, limit: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """Read the measuring sets by name, the first `limit` sentences of each."""
    sets: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        rows = sets.setdefault(row["set"], [])
        if limit is None or len(rows) < limit:
            rows.append(row)
    return sets


def fill_back(text: str, fill: dict[str, str]) -> str:
    """Put the English form of every protected item back in place of its placeholder.

    >>> fill_back("<e0> pays <n0>.", {"<e0>": "Philips", "<n0>": "€2 million"})
    'Philips pays €2 million.'
    """
    for token, surface in fill.items():
        text = text.replace(token, surface)
    return text


def score(name: str, rows: Sequence[dict[str, Any]], outputs: Sequence[str]) -> Scores:
    """Compare outputs, still masked, with the English of the rows."""
    import sacrebleu  # noqa: PLC0415 -- training must also run where it is not installed

    filled = [fill_back(output, row["fill"]) for row, output in zip(rows, outputs, strict=True)]
    references = [[plain_quotes(row["english"]) for row in rows]]
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    once = [
        output.count(token) == 1 for row, output in zip(rows, outputs, strict=True) for token in row["fill"]
    ]
    return Scores(
        name,
        len(rows),
        bleu.corpus_score(filled, references).score,
        chrf.corpus_score(filled, references).score,
        sum(once) / max(1, len(once)),
        str(bleu.get_signature()),
    )


def plain_quotes(text: str) -> str:
    """Write typographic quotes as the vocabulary does, so that they are not counted as errors."""
    return text.translate(str.maketrans("“”„«»‘’", '"""""\'\'')).replace("\u00a0", " ").replace("\u202f", " ")
