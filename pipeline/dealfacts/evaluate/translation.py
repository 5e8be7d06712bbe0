"""Score translations: BLEU and chrF, and whether figures and names came through.

BLEU (Papineni et al. 2002) and chrF (Popović 2015) are sacrebleu's, with its signature, so that the
figures can be compared with anybody's (Post 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from dealfacts.errors import InputError

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
