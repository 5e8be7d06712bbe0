"""Translate articles and plain strings into English, sentence by sentence, figures and names exact."""

from __future__ import annotations

import datetime
import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from dealfacts.lang import languages
from dealfacts.sentences import split_sentences
from dealfacts.translation.backends import Backend
from dealfacts.translation.cache import TranslationCache
from dealfacts.translation.choice import check_choice, open_backend
from dealfacts.translation.clauses import split_clauses
from dealfacts.translation.decoding import Decoder, Outcome, Quality
from dealfacts.translation.foreign import is_english
from dealfacts.translation.masking import PLACES, Item, Masked, mask
from dealfacts.translation.names import find_names
from dealfacts.translation.protect import find_items, settle

Span = tuple[int, int]
_MARK = re.compile(r"(?:(?<=\s)|^)[·•|©®™→►▶■●](?=\s)")

VERSION = "2"
"""Raise it when the same model gives other translations than before: cached ones are then not used."""

_QUALITY_ORDER: tuple[Quality, ...] = ("ok", "repaired", "suspect")


@dataclass(frozen=True)
class Text:
    """A text to translate.

    Args:
        text: as long as you like.
        language: a language with data, such as `nl`.
        published: the day of publication, for dates that depend on it.
        names: spans of the names in it; None looks for them by their shape.
        english: spans that are in English already and stay as they are.
        wanted: spans whose sentences are wanted; None wants all.
    """

    text: str
    language: str
    published: datetime.date | None = None
    names: Sequence[Span] | None = None
    english: Sequence[Span] = ()
    wanted: Sequence[Span] | None = None


@dataclass(frozen=True)
class TranslatedSentence:
    """The English of `source[start:end]`, and how far to trust it (see `decoding.Quality`)."""

    start: int
    end: int
    text: str
    quality: Quality


@dataclass
class _Draft:
    """A sentence on its way: its parts as the model will see them, and their outcomes."""

    start: int
    end: int
    parts: list[Masked] = field(default_factory=list)
    keys: list[bytes | None] = field(default_factory=list)


class Translator:
    """Translates into English with one model, or with the best one installed for each language.

    Args:
        model: `auto`, `shipped`, `ct2:FOLDER` or `hf:NAME-OR-FOLDER`.
        threads: sentences translated at a time; 0 means one for each core.
        cache: an SQLite file that keeps translations; without it they are kept in memory.
        backends: ready models by language, instead of `model`.

    Raises:
        ConfigError: when `model` is none of these.

    The first text in a language raises `ModelError` when there is no model for it.

    Example:
        >>> translator = Translator("ct2:models/mt-nl-es-en")            # doctest: +SKIP
        >>> translator("De overname kost 100 miljard dollar.", "nl")     # doctest: +SKIP
        'The takeover costs $100 billion.'
    """

    def __init__(
        self,
        model: str = "auto",
        *,
        threads: int = 0,
        cache: Path | None = None,
        backends: dict[str, Backend] | None = None,
    ) -> None:
        check_choice(model)
        self.model = model
        self._threads, self._cache_path = threads, cache
        self._backends: dict[str, Backend] = dict(backends or {})
        self._caches: dict[str, TranslationCache] = {}

    def __call__(self, text: str, language: str) -> str:
        """Translate a text; paragraphs stay apart as they were."""
        return next(self.pipe([text], language))

    def pipe(self, texts: Iterable[str], language: str, batch_size: int = 64) -> Iterator[str]:
        """Translate a stream of texts in one language, in order.

        Args:
            texts: any number of texts; they are read in batches.
            language: their language.
            batch_size: texts translated together.

        Yields:
            The English of each.
        """
        batch: list[str] = []
        for text in texts:
            batch.append(text)
            if len(batch) == batch_size:
                yield from self._plain(batch, language)
                batch = []
        yield from self._plain(batch, language)

    def _plain(self, texts: Sequence[str], language: str) -> list[str]:
        translated = self.translate([Text(text, language) for text in texts])
        return [_join(text, sentences) for text, sentences in zip(texts, translated, strict=True)]

    def backend(self, language: str) -> Backend:
        """Return the model for a language, opened on first use.

        Raises:
            ModelError: when there is none.
        """
        if language not in self._backends:
            self._backends[language] = open_backend(self.model, language, self._threads)
        return self._backends[language]

    def translate(self, texts: Sequence[Text]) -> list[list[TranslatedSentence]]:
        """Translate texts together: one entry for each sentence (or each wanted one), in order.

        Every sentence comes out, with its offsets; a figure or name that was in it comes out exactly
        once. A text in English, or in a language without data, gives its own sentences back.

        Raises:
            ModelError: when there is no model for a language.
        """
        drafts = [self._drafts(text) for text in texts]
        outcomes = self._outcomes(texts, drafts)
        return [
            [_finish(draft, text, outcomes) for draft in rows]
            for text, rows in zip(texts, drafts, strict=True)
        ]

    def _drafts(self, text: Text) -> list[_Draft]:
        """Cut a text into sentences, and those into masked parts that fit the model."""
        language = text.language.split("-", maxsplit=1)[0]
        spans = split_sentences(text.text, language)
        if language == "en" or language not in languages():
            is_wanted = _overlaps(text.wanted)
            return [_Draft(start, end) for start, end in spans if is_wanted(start, end)]
        guessed = text.names is None
        names = find_names(text.text, language) if guessed else text.names
        items = find_items(text.text, text.language, text.published, names or (), names_yield=guessed)
        is_wanted, stays = _overlaps(text.wanted), _overlaps(text.english)
        drafts = []
        for (start, end), inside in _with_items(spans, items):
            if not is_wanted(start, end):
                continue
            draft = _Draft(start, end)
            drafts.append(draft)
            if not (stays(start, end) or is_english(text.text[start:end], language)):
                self._fill(draft, text.text[start:end], inside, language)
        return drafts

    def _fill(self, draft: _Draft, sentence: str, items: Sequence[Item], language: str) -> None:
        backend = self.backend(language)
        tags = backend.has_placeholders
        if not tags:
            # Such models copy names well by themselves; only those that English spells differently help.
            items = [i for i in items if i.kind == "n" or i.english != sentence[i.start : i.end]]
        keep = [(item.start, item.end) for item in items]
        starts = [item.start for item in items]

        def inside_of(start: int, end: int) -> Sequence[Item]:
            return items[bisect_left(starts, start) : bisect_left(starts, end)]

        def fits(start: int, end: int) -> bool:
            inside = inside_of(start, end)
            if any(sum(item.kind == kind for item in inside) > PLACES for kind in "ne"):
                return False
            if end - start < backend.max_pieces // 2:
                return True
            if end - start > 40 * backend.max_pieces:
                return False
            masked = mask(sentence[start:end], _shift(inside, start), tags=tags)
            return len(backend.encode(masked.text, language)) <= backend.max_pieces

        cache = self._cache(language)
        spans = [
            span
            for piece in _between_marks(sentence, keep)
            for span in split_clauses(sentence, fits, keep, piece)
        ]
        for start, end in spans:
            part = mask(sentence[start:end], _shift(inside_of(start, end), start), tags=tags)
            draft.parts.append(part)
            readable = fits(start, end) and _has_words(part)
            draft.keys.append(cache.key(language, part.text) if readable else None)

    def _outcomes(self, texts: Sequence[Text], drafts: Sequence[Sequence[_Draft]]) -> dict[bytes, Outcome]:
        """Look all parts up, translate what is new, each text only once, and remember it."""
        wanted: dict[str, dict[bytes, Masked]] = {}
        for text, rows in zip(texts, drafts, strict=True):
            language = text.language.split("-", maxsplit=1)[0]
            for draft in rows:
                for key, part in zip(draft.keys, draft.parts, strict=True):
                    if key is not None:
                        wanted.setdefault(language, {})[key] = part
        outcomes: dict[bytes, Outcome] = {}
        for language, parts in sorted(wanted.items()):
            cache, backend = self._cache(language), self.backend(language)
            known = {
                key: Outcome(target, _quality(quality))
                for key, (target, quality) in cache.get([*parts]).items()
            }
            new = [key for key in parts if key not in known]
            decoder = Decoder(backend, None if backend.has_placeholders else settle)
            made = dict(zip(new, decoder.translate([parts[key] for key in new], language), strict=True))
            cache.put((key, (outcome.text, outcome.quality)) for key, outcome in made.items())
            outcomes |= known | made
        return outcomes

    def _cache(self, language: str) -> TranslationCache:
        backend = self.backend(language)
        if backend.digest not in self._caches:
            digest = hashlib.sha256(f"{VERSION}\x1f{backend.digest}".encode()).hexdigest()
            self._caches[backend.digest] = TranslationCache(self._cache_path, digest)
        return self._caches[backend.digest]


def _finish(draft: _Draft, text: Text, outcomes: dict[bytes, Outcome]) -> TranslatedSentence:
    """Write what the placeholders of a sentence stand for and join its parts."""
    if not draft.parts:
        return TranslatedSentence(draft.start, draft.end, _flat(text.text[draft.start : draft.end]), "ok")
    english: list[str] = []
    worst: Quality = "ok"
    for key, part in zip(draft.keys, draft.parts, strict=True):
        outcome = Outcome(part.text, "ok") if key is None else outcomes[key]
        english.append(part.restore(outcome.text))
        worst = max(worst, outcome.quality, key=_QUALITY_ORDER.index)
    written = " ".join(english)
    if text.text[draft.start].isupper() and not written.startswith(text.text[draft.start : draft.start + 2]):
        written = written[:1].upper() + written[1:]
    return TranslatedSentence(draft.start, draft.end, written, worst)


def _with_items(spans: Sequence[Span], items: Sequence[Item]) -> list[tuple[Span, list[Item]]]:
    """Give each sentence its items, offsets from its start; sentences that share one are joined."""
    joined: list[tuple[Span, list[Item]]] = []
    waiting = iter(items)
    item = next(waiting, None)
    reach = -1
    for start, end in spans:
        if joined and start < reach:
            (first, _), inside = joined[-1]
            joined[-1] = ((first, end), inside)
        else:
            joined.append(((start, end), []))
        while item is not None and item.start < end:
            if item.start >= joined[-1][0][0]:
                joined[-1][1].append(item)
                reach = max(reach, item.end)
            item = next(waiting, None)
    return [(span, _shift(inside, span[0])) for span, inside in joined]


def _shift(items: Iterable[Item], by: int) -> list[Item]:
    return [Item(item.start - by, item.end - by, item.kind, item.english) for item in items]


def _between_marks(sentence: str, keep: Sequence[Span]) -> list[Span]:
    """Cut a line of headings or credits at the marks that separate them: the model knows no such marks."""
    edges = [0]
    for match in _MARK.finditer(sentence):
        if not any(start < match.end() and match.start() < end for start, end in keep):
            edges += match.span()
    edges.append(len(sentence))
    return [span for span in pairwise(edges) if span[0] < span[1]]


def _has_words(part: Masked) -> bool:
    """Tell whether anything but items is left to translate."""
    rest = part.text
    for token in part.tokens:
        rest = rest.replace(token, " ")
    return any(letter.isalpha() for letter in rest)


def _overlaps(spans: Sequence[Span] | None) -> Callable[[int, int], bool]:
    """Make a test of whether a stretch shares a letter with any of the spans; None stands for everything."""
    if spans is None:
        return lambda start, end: start <= end
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    starts = [start for start, _ in merged]

    def overlaps(start: int, end: int) -> bool:
        nearest = bisect_left(starts, end) - 1
        return nearest >= 0 and merged[nearest][1] > start

    return overlaps


def _quality(stored: str) -> Quality:
    return next((quality for quality in _QUALITY_ORDER if quality == stored), "suspect")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _join(source: str, sentences: Sequence[TranslatedSentence]) -> str:
    """Write the sentences of a text after each other, with the gaps the source has between them."""
    parts: list[str] = []
    last = 0
    for sentence in sentences:
        gap = source[last : sentence.start]
        parts += [gap if gap or not parts else " ", sentence.text]
        last = sentence.end
    return "".join([*parts, source[last:]])
