"""Score translations: BLEU and chrF, and whether figures and names came through.

BLEU (Papineni et al. 2002) and chrF (Popović 2015) are sacrebleu's, with its signature, so that the
figures can be compared with anybody's (Post 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from dealfacts.errors import InputError
from dealfacts.evaluate.mentions import value_key
from dealfacts.jsonl import read_records
from dealfacts.quantities import find_quantities
from dealfacts.timex import find_timexes

ReadValues = Callable[[str, str], Iterable[str]]
"""From a text and its language to the values of its figures and dates; equal values are written alike."""


@dataclass(frozen=True)
class Fidelity:
    """How many items of the sources came out exactly once for each time they stood there."""

    kept: int
    total: int
    lost: list[tuple[int, str]]
    """Sentence number and value of each item that was lost."""
    invented: list[tuple[int, str]]
    """Sentence number and value of each item that the source does not have."""

    @property
    def share(self) -> float:
        """The share kept; 1 when there was nothing to keep."""
        return self.kept / self.total if self.total else 1.0


@dataclass(frozen=True)
class TranslationScores:
    """The scores of one set of translated sentences."""

    sentences: int
    bleu: float
    bleu_signature: str
    chrf: float
    chrf_signature: str
    figures: Fidelity | None = None
    names: Fidelity | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the scores ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [
            f"BLEU {self.bleu:.1f}  {self.bleu_signature}",
            f"chrF {self.chrf:.1f}  {self.chrf_signature}",
        ]
        for name, fidelity in (("figures", self.figures), ("names", self.names)):
            if fidelity is not None:
                lines.append(
                    f"{name} {fidelity.share:.1%} ({fidelity.kept} of {fidelity.total} kept, "
                    f"{len(fidelity.invented)} invented)"
                )
        return "\n".join(lines)


def score_translations(hypotheses: Sequence[str], references: Sequence[str]) -> TranslationScores:
    """Score translated sentences against one reference each.

    Raises:
        InputError: when there are not as many references as translations, or none at all.

    >>> round(score_translations(["The cat sat on the mat ."], ["The cat sat on the mat ."]).bleu)
    100
    """
    if len(hypotheses) != len(references) or not references:
        raise InputError(
            f"{len(hypotheses)} translations and {len(references)} references: give one for each"
        )
    bleu, chrf = BLEU(), CHRF()
    bleu_score = bleu.corpus_score(hypotheses, [list(references)])
    chrf_score = chrf.corpus_score(hypotheses, [list(references)])
    return TranslationScores(
        sentences=len(references),
        bleu=bleu_score.score,
        bleu_signature=str(bleu.get_signature()),
        chrf=chrf_score.score,
        chrf_signature=str(chrf.get_signature()),
    )


def figure_fidelity(
    sources: Sequence[str], hypotheses: Sequence[str], language: str, read_values: ReadValues
) -> Fidelity:
    """Compare the values read in each source with those read in its English translation.

    Args:
        sources: the sentences translated.
        hypotheses: their translations, as many.
        language: the sources' language.
        read_values: reads the values of a text; it is called on both sides.
    """
    pairs = [
        (Counter(read_values(source, language)), Counter(read_values(hypothesis, "en")))
        for source, hypothesis in zip(sources, hypotheses, strict=True)
    ]
    return _fidelity(pairs)


def name_fidelity(names: Sequence[Sequence[str]], hypotheses: Sequence[str]) -> Fidelity:
    """Check that the names of each source sentence stand in its translation as often, letter for letter.

    Args:
        names: the names in each source sentence, a name as often as it occurs.
        hypotheses: the translations.
    """
    pairs = []
    for wanted, hypothesis in zip(names, hypotheses, strict=True):
        counted = Counter(wanted)
        pairs.append(
            (counted, Counter({name: min(hypothesis.count(name), counted[name]) for name in counted}))
        )
    return _fidelity(pairs)


class TranslatedSentence(BaseModel):
    """One line of a file to score: a source sentence, its translation and a reference by hand."""

    lang: str
    source: str
    translation: str
    reference: str
    names: list[str] = []
    """The names in the source, a name as often as it occurs."""


def score_file(path: Path | str, read_values: ReadValues | None = None) -> dict[str, TranslationScores]:
    """Score a JSONL file of translated sentences, language by language.

    Args:
        path: a file of `TranslatedSentence` rows, or `-`.
        read_values: reads figures and dates off a text; `read_figures` when not given.

    Raises:
        InputError: when a line is not such a row, or there is none.
    """
    rows = list(read_records(path, TranslatedSentence, stage="evaluate"))
    if not rows:
        raise InputError(f"{path}: holds no translated sentences")
    scores = {}
    for language in sorted({row.lang for row in rows}):
        chosen = [row for row in rows if row.lang == language]
        sources, hypotheses = [row.source for row in chosen], [row.translation for row in chosen]
        scores[language] = replace(
            score_translations(hypotheses, [row.reference for row in chosen]),
            figures=figure_fidelity(sources, hypotheses, language, read_values or read_figures),
            names=name_fidelity([row.names for row in chosen], hypotheses),
        )
    return scores


def read_figures(text: str, language: str) -> list[str]:
    """Return the values of all sums, percentages, quantities and dates in a text, as comparable strings.

    >>> read_figures("por 100.000 millones de dólares", "es") == read_figures("for $100 billion", "en")
    True
    """
    figures = [quantity.value for quantity in find_quantities(text, language) if quantity.label != "CARDINAL"]
    dates = [timex.value for timex in find_timexes(text, language, None)]
    return [key for value in (*figures, *dates) if (key := value_key(value)) is not None]


def _fidelity(pairs: Iterable[tuple[Counter[str], Counter[str]]]) -> Fidelity:
    kept = total = 0
    lost: list[tuple[int, str]] = []
    invented: list[tuple[int, str]] = []
    for number, (wanted, came) in enumerate(pairs):
        kept += (wanted & came).total()
        total += wanted.total()
        lost += [(number, value) for value in sorted((wanted - came).elements())]
        invented += [(number, value) for value in sorted((came - wanted).elements())]
    return Fidelity(kept, total, lost, invented)
