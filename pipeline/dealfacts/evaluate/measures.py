"""Counts, the measures made from them, and how sure one can be of those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Kind = Literal["f1", "accuracy", "rate"]
Tally = tuple[int, int, int]
"""Right, too many, missed."""
Figures = npt.NDArray[np.float64]


class Key(NamedTuple):
    """What is counted: a stage's measure, on one label (`all` for every label together)."""

    stage: str
    name: str
    label: str
    kind: Kind


@dataclass
class Counts:
    """What one article adds to each measure: (right, too many, missed).

    For an accuracy, `too many` are the wrong ones and `missed` stays 0; for a rate, `right` is what
    is counted and `missed` what it is counted by.
    """

    article_id: str
    language: str
    table: dict[Key, Tally] = field(default_factory=dict)

    def add(self, key: Key, tally: Tally) -> None:
        """Add to a count; zeros count too, as they say that the measure applies to this article."""
        right, extra, missed = self.table.get(key, (0, 0, 0))
        self.table[key] = (right + tally[0], extra + tally[1], missed + tally[2])

    def add_labelled(self, stage: str, name: str, label: str, tally: Tally) -> None:
        """Add to a label's precision and recall and to that of all labels together."""
        for each in (label, "all"):
            self.add(Key(stage, name, each, "f1"), tally)

    def judge(self, stage: str, name: str, right: bool, label: str = "all") -> None:
        """Count one decision as right or wrong."""
        self.add(Key(stage, name, label, "accuracy"), (int(right), int(not right), 0))


@dataclass(frozen=True)
class Measure:
    """A figure with its 95 % interval; `value` is F1, an accuracy or a rate according to `kind`."""

    stage: str
    name: str
    label: str
    language: str
    kind: Kind
    value: float
    low: float
    high: float
    precision: float | None
    recall: float | None
    gold: int
    found: int

    def to_json(self) -> dict[str, Any]:
        """Return the measure ready for JSON, figures to four places."""
        return {
            key: round(item, 4) if isinstance(item, float) else item for key, item in asdict(self).items()
        }


def measure_all(counts: Iterable[Counts], resamples: int = 1000, seed: int = 20) -> list[Measure]:
    """Make every measure per language and over all languages, with bootstrap intervals.

    The interval is the percentile bootstrap over articles (Efron and Tibshirani 1993, chapter 13):
    articles are drawn with replacement, `resamples` times, and the middle 95 % of the figures kept.
    The same seed gives the same intervals.

    Returns:
        Measures sorted by stage, name, label and language; `all` languages come first.
    """
    articles = list(counts)
    languages = sorted({article.language for article in articles})
    measures = []
    for language in ["all", *languages] if len(languages) > 1 else languages:
        chosen = [article for article in articles if language in ("all", article.language)]
        draws = _draws(len(chosen), resamples, seed)
        for key in sorted({key for article in chosen for key in article.table}):
            table = np.array([article.table.get(key, (0, 0, 0)) for article in chosen], dtype=np.float64)
            if not table.any():
                continue  # nothing labelled and nothing found: there is no figure
            measures.append(_measure(key, language, table, draws))
    return sorted(
        measures, key=lambda m: (m.stage, m.name, m.label != "all", m.label, m.language != "all", m.language)
    )


def _draws(articles: int, resamples: int, seed: int) -> Figures:
    """Return how often each article was drawn in each resample."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(articles, [1 / articles] * articles, size=resamples).astype(np.float64)


def _measure(
    key: Key,
    language: str,
    table: Figures,
    draws: Figures,
) -> Measure:
    right, extra, missed = (int(total) for total in table.sum(axis=0))
    value = float(_values(key.kind, table.sum(axis=0, keepdims=True))[0])
    drawn = _values(key.kind, draws @ table)
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.percentile(drawn, (2.5, 97.5)) if drawn.size else (value, value)
    is_f1 = key.kind == "f1"
    return Measure(
        stage=key.stage,
        name=key.name,
        label=key.label,
        language=language,
        kind=key.kind,
        value=value,
        low=float(low),
        high=float(high),
        precision=_ratio(right, right + extra) if is_f1 else None,
        recall=_ratio(right, right + missed) if is_f1 else None,
        gold=right + missed if is_f1 else (missed if key.kind == "rate" else right + extra),
        found=right + extra if is_f1 else right,
    )


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _values(kind: Kind, sums: Figures) -> Figures:
    right, extra, missed = sums.T
    upper, lower = {
        "f1": (2 * right, 2 * right + extra + missed),
        "accuracy": (right, right + extra),
        "rate": (right, missed),
    }[kind]
    # A draw without any case has no figure; it is left out of the interval.
    values: Figures = np.divide(upper, lower, out=np.full_like(upper, np.nan), where=lower > 0)
    return values


def by_name(measures: Iterable[Measure]) -> Mapping[str, Measure]:
    """Index measures by `stage.name.label.language`, the form that floors are written in."""
    return {f"{m.stage}.{m.name}.{m.label}.{m.language}": m for m in measures}
