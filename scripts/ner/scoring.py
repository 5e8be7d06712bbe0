"""Score names by exact span and label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

LABELS = ("ORG", "PERSON", "GPE", "LOC", "PRODUCT")
_COARSE = {"GPE": "LOC"}


def f1(right: int, found: int, expected: int) -> dict[str, float]:
    """Return precision, recall and their harmonic mean."""
    precision = right / found if found else 0.0
    recall = right / expected if expected else 0.0
    both = precision + recall
    return {"p": precision, "r": recall, "f": 2 * precision * recall / both if both else 0.0, "n": expected}


def score_spans(
    pairs: Iterable[tuple[Sequence[tuple[int, int, str]], Sequence[tuple[int, int, str]]]],
    coarse: bool = False,
) -> dict[str, dict[str, float]]:
    """Score found spans against expected ones.

    Args:
        pairs: (expected, found) spans of each text.
        coarse: take GPE and LOC as one and leave products out, as in corpora without them.

    Returns:
        Scores by label, and of all labels together under `all`.
    """
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for gold, guess in pairs:
        wanted, got = set(_plain(gold, coarse)), set(_plain(guess, coarse))
        for counter, spans in ((right, wanted & got), (found, got), (expected, wanted)):
            for _, _, label in spans:
                counter[label] += 1
                counter["all"] += 1
    names = [label for label in LABELS if expected[label] or found[label]]
    return {label: f1(right[label], found[label], expected[label]) for label in [*names, "all"]}


def _plain(spans: Sequence[tuple[int, int, str]], coarse: bool) -> list[tuple[int, int, str]]:
    if not coarse:
        return [(start, end, label) for start, end, label in spans]
    return [(start, end, _COARSE.get(label, label)) for start, end, label in spans if label != "PRODUCT"]


def score_model(
    nlp: Any, rows: Sequence[dict[str, Any]], coarse: bool = False
) -> dict[str, dict[str, float]]:
    """Score a spaCy pipeline on texts with spans."""
    pairs = []
    for row in rows:
        doc = nlp(row["text"])
        guess = [(span.start_char, span.end_char, span.label_) for span in doc.ents]
        pairs.append((row["spans"], guess))
    return score_spans((([(s, e, label) for s, e, label in gold], guess) for gold, guess in pairs), coarse)


def format_scores(scores: dict[str, dict[str, float]]) -> str:
    """Write scores on one line."""
    return "  ".join(
        f"{label} {100 * s['p']:.1f}/{100 * s['r']:.1f}/{100 * s['f']:.1f}" for label, s in scores.items()
    )
