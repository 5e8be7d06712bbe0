"""Two detectors that each know what the other does not, mixed into one opinion.

langdetect (Shuyo 2010, character n-grams) has no Galician and takes it for Portuguese or Spanish;
py3langid (after Lui and Baldwin 2012) knows it, but is less sure of Spanish headlines. Their mixture
is better than either on news sentences; `benchmarks/langid.py` measures all three.
"""

from __future__ import annotations

from dataclasses import dataclass

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from dealfacts.langid.ngrams import NgramDetector

UNDETERMINED = "und"
"""The BCP 47 code for a language that could not be determined."""

SECOND_OPINION_WEIGHT = 0.8
"""Weight of py3langid in the mixture, chosen on the development halves of the benchmark."""

MAX_CHARS = 4_000
"""More text than this does not change the answer, it only takes time."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A language and how sure the detector is of it, 0 to 1."""

    lang: str
    confidence: float


class LanguageDetector:
    """Identify the language of texts; load once, use for many. Not thread safe.

    >>> LanguageDetector().detect("De overname wordt volgens beide bedrijven in mei afgerond.").lang
    'nl'
    """

    def __init__(self) -> None:
        self._first = NgramDetector()
        self._second = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def detect(self, text: str, threshold: float = 0.0) -> Detection:
        """Identify the language of a text.

        Args:
            text: any text; only its first 4,000 characters are read.
            threshold: below this confidence the answer is `und`, with the confidence of the best guess.
        """
        sample = text[:MAX_CHARS]
        if not any(character.isalpha() for character in sample):
            return Detection(UNDETERMINED, 0.0)
        mixed = {lang: SECOND_OPINION_WEIGHT * p for lang, p in self.second_opinion(sample).items()}
        for lang, probability in self.first_opinion(sample).items():
            mixed[lang] = mixed.get(lang, 0.0) + (1 - SECOND_OPINION_WEIGHT) * probability
        # The code breaks ties, so that the answer never depends on the order of a table.
        best = max(mixed, key=lambda lang: (mixed[lang], lang))
        confidence = round(min(mixed[best], 1.0), 4)
        return Detection(best if confidence >= threshold else UNDETERMINED, confidence)

    def quickly_is(self, text: str, lang: str) -> bool:
        """Say whether the fast detector alone takes a text to be in `lang`."""
        found = self.second_opinion(text[:MAX_CHARS])
        return bool(found) and max(found, key=lambda code: (found[code], code)) == lang

    def first_opinion(self, text: str) -> dict[str, float]:
        """Return langdetect's probabilities by language; empty when it finds nothing to go by."""
        return {lang.split("-")[0]: share for lang, share in self._first.probabilities(text).items()}

    def second_opinion(self, text: str) -> dict[str, float]:
        """Return py3langid's probabilities by language, without the many that are next to nothing."""
        return {lang: float(p) for lang, p in self._second.rank(text) if p > 1e-4}
