"""Get a translation in which every figure, date and name stands exactly once, whatever the model does.

In order: the model's first choice; its other choices (n-best); decoding again with the lost item forced
where the model looked at it, and used-up items forbidden (constrained decoding by target prefix); the
sentence clause by clause; last, the item put back by hand. Only the first counts as `ok`, and only when the
model gave it a score above what the model's manifest calls doubtful.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from dealfacts.translation.backends import Backend, Hypothesis, Pieces, Search
from dealfacts.translation.clauses import clause_spans
from dealfacts.translation.guard import faults, invents_figures
from dealfacts.translation.masking import TAG, Masked, tidy_tags, token_pattern
from dealfacts.translation.polish import polish

Quality = Literal["ok", "repaired", "suspect"]
"""`ok`: as the model made it; `repaired`: complete after a repair; `suspect`: read it with care."""

Settle = Callable[[Masked, str], str]
"""Writes figures that came out right but in other words in the form that is looked for."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

REPAIR_BEAM = 6
FORCED_ROUNDS = 6
PUT_BACK_ROUNDS = 4
NO_REPEAT = 4
BLOCK = 2000
"""Sentences translated at a time."""


@dataclass(frozen=True)
class Outcome:
    """A translation, placeholders included, and how far to trust it."""

    text: str
    quality: Quality


@dataclass(frozen=True)
class _Candidate:
    """A translation under repair: what is wrong with it decides whether it beats another."""

    text: str
    hypothesis: Hypothesis
    excess: Counter[str]
    faults: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.excess and not self.faults

    @property
    def badness(self) -> tuple[int, int]:
        return sum(map(abs, self.excess.values())), len(self.faults)


class Decoder:
    """Translates masked sentences with one back end and repairs what comes out.

    Args:
        backend: the model.
        settle: see `Settle`; used for back ends without placeholders.
        beam: beam of the first attempt; None leaves it to the model.
    """

    def __init__(self, backend: Backend, settle: Settle | None = None, beam: int | None = None) -> None:
        self._backend, self._settle, self._beam = backend, settle, beam or backend.beam

    def translate(self, sentences: Sequence[Masked], language: str) -> list[Outcome]:
        """Translate sentences; one outcome for each, in the same order."""
        outcomes: list[Outcome] = []
        for start in range(0, len(sentences), BLOCK):
            outcomes += self._translate_block(sentences[start : start + BLOCK], language)
        return outcomes

    def _translate_block(self, sentences: Sequence[Masked], language: str) -> list[Outcome]:
        firsts = self._attempt(sentences, language, Search(beam=self._beam))
        outcomes: list[Outcome | None] = [
            self._outcome(first, "ok") if first.is_good else None for first in firsts
        ]
        failed = [i for i, outcome in enumerate(outcomes) if outcome is None]
        retried = self._retry([sentences[i] for i in failed], [firsts[i] for i in failed], language)
        for i, best in zip(failed, retried, strict=True):
            outcomes[i] = self._outcome(best, "repaired") if best.is_good else None
            if outcomes[i] is None:
                outcomes[i] = self._repair(sentences[i], best, language)
        return [outcome for outcome in outcomes if outcome is not None]

    def _outcome(self, candidate: _Candidate, quality: Quality) -> Outcome:
        """Take a candidate whose items are right; a low score makes its words suspect all the same."""
        limit = self._backend.doubtful_below
        is_doubtful = limit is not None and candidate.hypothesis.score < limit
        return Outcome(candidate.text, "suspect" if is_doubtful else quality)

    def _attempt(self, sentences: Sequence[Masked], language: str, search: Search) -> list[_Candidate]:
        """Take the best of what one search finds for each sentence."""
        inputs = [self._backend.encode(sentence.text, language) for sentence in sentences]
        found = self._backend.generate(inputs, language, search) if inputs else []
        return [
            min((self._judge(sentence, hypothesis) for hypothesis in hypotheses), key=lambda c: c.badness)
            for sentence, hypotheses in zip(sentences, found, strict=True)
        ]

    def _retry(
        self, sentences: Sequence[Masked], firsts: Sequence[_Candidate], language: str
    ) -> list[_Candidate]:
        """Look among more hypotheses; loops are searched again with repetition forbidden."""
        best = list(firsts)
        for no_repeat in (0, NO_REPEAT):
            chosen = [
                i for i, first in enumerate(best) if not first.is_good and (no_repeat == 0 or first.faults)
            ]
            search = Search(beam=REPAIR_BEAM, hypotheses=REPAIR_BEAM, attention=True, no_repeat=no_repeat)
            found = self._attempt([sentences[i] for i in chosen], language, search)
            for i, candidate in zip(chosen, found, strict=True):
                if candidate.badness < best[i].badness or best[i].hypothesis.attention is None:
                    best[i] = candidate
        return best

    def _judge(self, sentence: Masked, hypothesis: Hypothesis) -> _Candidate:
        text = tidy_tags(" ".join(_CONTROL.sub(" ", self._backend.decode(hypothesis.pieces)).split()))
        text = polish(sentence.text, text)
        excess = sentence.excess(text)
        if excess and self._settle is not None and not sentence.has_tags:
            text = self._settle(sentence, text)
            excess = sentence.excess(text)
        return _Candidate(text, hypothesis, excess, tuple(self._faults(sentence.text, text)))

    def _faults(self, source: str, text: str) -> list[str]:
        found = faults(source, text)
        # All figures of the source are placeholders for such a model: any other is invented.
        if self._backend.has_placeholders and invents_figures(source, text):
            found.append("figure")
        return found

    def _repair(self, sentence: Masked, best: _Candidate, language: str) -> Outcome:
        """Repair one sentence that no search got right; the figures are complete afterwards."""
        if best.excess:
            best = min(best, self._force(sentence, best, language), key=lambda c: c.badness)
            if best.is_good:
                return self._outcome(best, "repaired")
        by_clause = self._by_clause(sentence, language)
        if by_clause is not None and not self._faults(sentence.text, by_clause):
            return Outcome(by_clause, "repaired")
        return Outcome(_put_back(sentence, best.text), "suspect")

    def _force(self, sentence: Masked, best: _Candidate, language: str) -> _Candidate:
        """Decode again from the first wrong place on, with lost items forced and used-up ones forbidden."""
        source = self._backend.encode(sentence.text, language)
        current = best
        for _ in range(FORCED_ROUNDS):
            prefix = self._good_start(sentence, current, source)
            if prefix is None:
                break
            missing = _still_missing(sentence, self._backend.decode(prefix))
            spent = [token for token in {*sentence.tokens, *current.excess} if missing[token] <= 0]
            search = Search(beam=self._beam, attention=True, forbidden=tuple(sorted(spent)))
            hypotheses = self._backend.generate([source], language, search, [prefix])[0]
            current = self._judge(sentence, hypotheses[0])
            if current.badness < best.badness:
                best = current
            if not current.excess:
                break
        return best

    def _good_start(self, sentence: Masked, candidate: _Candidate, source: Pieces) -> Pieces | None:
        """Return what a better translation shall begin with: all up to a surplus item, or to a lost one."""
        pieces = candidate.hypothesis.pieces
        lengths = [len(self._backend.decode(pieces[:k]).rstrip()) for k in range(len(pieces) + 1)]
        surplus = _first_surplus(candidate)
        if surplus is not None:
            return list(pieces[: max(k for k, length in enumerate(lengths) if length <= surplus)])
        lost = next((token for token in sentence.tokens if candidate.excess[token] < 0), None)
        if lost is None:
            return None
        spot = _place(sentence, candidate.text, lost)
        looked = self._looked_at(sentence, lost, candidate.hypothesis, source)
        cut = looked if looked is not None else max(k for k, length in enumerate(lengths) if length <= spot)
        while 0 < cut < len(pieces) and not candidate.text[lengths[cut] : lengths[cut] + 1].isspace():
            cut += 1  # not inside a word
        return [*pieces[:cut], *self._backend.encode_target(lost)]

    def _looked_at(self, sentence: Masked, lost: str, hypothesis: Hypothesis, source: Pieces) -> int | None:
        """Return the piece at which the model looked most at a lost placeholder."""
        rows = hypothesis.attention
        if rows is None or not sentence.has_tags or lost not in source or len(rows) < len(hypothesis.pieces):
            return None
        column = source.index(lost)
        weights = [row[column] for row in rows[: len(hypothesis.pieces)]]
        return weights.index(max(weights)) if weights else None

    def _by_clause(self, sentence: Masked, language: str) -> str | None:
        """Translate clause by clause; None when there are none or one of them fails too."""
        keep = [
            match.span()
            for token in set(sentence.tokens)
            for match in token_pattern(token).finditer(sentence.text)
        ]
        spans = clause_spans(sentence.text, sorted(keep))
        if len(spans) < 2:
            return None
        parts = [_part(sentence, sentence.text[start:end]) for start, end in spans]
        firsts = self._attempt(parts, language, Search(beam=self._beam))
        best = self._retry(parts, firsts, language)
        joined = " ".join(
            _join_form(part.text, candidate.text, is_last=number == len(parts) - 1)
            for number, (part, candidate) in enumerate(zip(parts, best, strict=True))
        )
        return None if sentence.excess(joined) else joined


def _put_back(sentence: Masked, text: str) -> str:
    """Take surplus items out and put lost ones in, where the order of the source says."""
    for _ in range(PUT_BACK_ROUNDS):
        excess = sentence.excess(text)
        if not excess:
            return text
        for token, count in sorted(excess.items()):
            for match in list(token_pattern(token).finditer(text))[::-1][: max(count, 0)]:
                text = " ".join((text[: match.start()] + text[match.end() :]).split())
        for token in sentence.tokens:
            if sentence.excess(text)[token] < 0:
                spot = _place(sentence, text, token)
                text = " ".join(f"{text[:spot]} {token} {text[spot:]}".split())
    # Plain English forms may keep joining with the words around them: then they stand at the end.
    for token in sorted(set(sentence.tokens), key=len, reverse=True):
        text = token_pattern(token).sub("…", text)
    return "; ".join([text, *sentence.tokens])


def _still_missing(sentence: Masked, start: str) -> Counter[str]:
    """Count what must still come after the start of a translation."""
    return Counter({token: -count for token, count in sentence.excess(start).items()})


def _first_surplus(candidate: _Candidate) -> int | None:
    """Return where the first item stands that came too often or should not be there at all."""
    spots = []
    for token, count in candidate.excess.items():
        if count > 0:
            matches = list(token_pattern(token).finditer(candidate.text))
            spots.append(matches[len(matches) - count].start() if len(matches) >= count else 0)
    return min(spots, default=None)


def _place(sentence: Masked, text: str, token: str) -> int:
    """Return where in a translation a lost item belongs: between its neighbours in the source, at a space."""
    source_spot = sentence.text.find(token)
    low, high, left, right = 0, len(text.rstrip(" .!?")), 0, len(sentence.text)
    for other in sentence.tokens:
        at, there = sentence.text.find(other), text.find(other)
        if other == token or there < 0:
            continue
        if left <= at < source_spot:
            low, left = max(low, there + len(other)), at + len(other)
        elif source_spot < at < right:
            high, right = min(high, there), at
    high = max(high, low)
    share = (source_spot - left) / max(1, right - left)
    guess = low + round(share * (high - low))
    inside = [match.span() for other in set(sentence.tokens) for match in token_pattern(other).finditer(text)]
    spots = [
        i
        for i in range(len(text) + 1)
        if (i in {0, len(text)} or text[i].isspace()) and not any(start < i < end for start, end in inside)
    ]
    return min(spots, key=lambda i: (not low <= i <= high, abs(i - guess), i))


def _part(sentence: Masked, text: str) -> Masked:
    """Make a sentence of one clause, with the items that stand in it."""
    english = dict(zip(sentence.tokens, sentence.english, strict=True))
    inside = [match.group() for match in TAG.finditer(text)] if sentence.has_tags else []
    if not sentence.has_tags:
        inside = [
            token for token in dict.fromkeys(sentence.tokens) for _ in token_pattern(token).finditer(text)
        ]
    return Masked(text, tuple(inside), tuple(english.get(token, token) for token in inside))


def _join_form(source: str, output: str, *, is_last: bool) -> str:
    """Undo what a model does to a clause that it takes for a sentence: the capital and the full stop."""
    if not is_last and not source.endswith("."):
        output = output.rstrip(".")
        if source[-1] in ",;:" and output[-1:] not in {",", ";", ":"}:
            output += source[-1]
    word = output.split(" ", 1)[0]
    if source[:1].islower() and word not in source and word != "I" and not word[1:].isupper():
        output = output[:1].lower() + output[1:]
    return output
