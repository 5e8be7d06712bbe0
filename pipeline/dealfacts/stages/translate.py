"""translate: every Dutch or Spanish sentence in English, figures, dates and names exact."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from dealfacts.errors import ConfigError, DealfactsError, ModelError
from dealfacts.lang import languages
from dealfacts.records import Article, Sentence, Translation, publication_day
from dealfacts.stage import Stage
from dealfacts.translation import CHOICES, Text, TranslatedSentence, Translator, check_choice
from dealfacts.translation.choice import choice_digest
from dealfacts.translation.names import is_ordinary, spans_of, with_guesses

_told: set[str] = set()
"""Languages whose lack of a model this process has spoken of."""
_PROTECTED_NAMES = frozenset({"ORG", "PERSON", "PRODUCT", "GPE", "LOC"})


@dataclass
class Translate(Stage):
    """Translate articles into English, aligned sentence by sentence with the source.

    Articles in English, and in languages without data, pass through untouched. Where no model is
    installed, so do all others, and one line on standard error says so.

    Args:
        translator: auto, shipped, ct2:FOLDER or hf:NAME-OR-FOLDER.
        translate: all sentences, only those that are evidence of a fact, or none.
        threads: sentences translated at a time; 0 means one for each core.
        cache: SQLite file that keeps translations between runs; empty for none.
    """

    name: ClassVar[str] = "translate"
    version: ClassVar[str] = "1"
    requires: ClassVar[tuple[str, ...]] = ("text", "lang")
    assigns: ClassVar[tuple[str, ...]] = ("translation",)

    translator: str = "auto"
    translate: Literal["all", "evidence", "none"] = "all"
    threads: int = 0
    cache: str = ""

    def __post_init__(self) -> None:
        """Check the options, so that a wrong one stops a run before it starts."""
        check_choice(self.translator)
        if self.translate not in {"all", "evidence", "none"}:
            raise ConfigError(f"translate={self.translate!r} is unknown; choose all, evidence or none")
        if self.threads < 0:
            raise ConfigError(f"threads={self.threads} makes no sense; give 0 or more")

    def open(self) -> None:
        """Make the translator; models are opened with the first article that needs them."""
        self._engine = Translator(
            self.translator, threads=self.threads, cache=Path(self.cache) if self.cache else None
        )
        self._missing: set[str] = set()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the opened models behind when the stage is sent to another process."""
        return {key: value for key, value in self.__dict__.items() if not key.startswith("_")}

    def fingerprint(self) -> dict[str, Any]:
        """Return the options that decide the output, and the digests of the models.

        A run asks for it before it starts its workers: the place to say once that a model is missing.
        """
        sources = [] if self.translate == "none" else [code for code in languages() if code != "en"]
        models = {language: choice_digest(self.translator, language) for language in sources}
        if self.translator == "auto" and None in models.values():
            _say_missing([language for language, digest in models.items() if digest is None])
        return {
            "name": self.name,
            "version": self.version,
            "options": {"translator": self.translator, "translate": self.translate},
            "models": models,
        }

    def annotate(self, articles: Sequence[Article]) -> None:
        """Set `translation`, and the translations of evidence where there are facts."""
        chosen = [article for article in articles if self._is_due(article)]
        texts = [text for article in chosen for text in self._texts(article)]
        translated = iter(self._engine.translate(texts))
        for article in chosen:
            sentences = next(translated)
            title = next(translated) if article.title else None
            self._write(article, sentences, title)

    def _is_due(self, article: Article) -> bool:
        if self.translate == "none":
            return False
        language = _base(article.lang)
        if language == "en" or language not in languages() or language in self._missing:
            return False
        if self.translate == "evidence" and article.facts is None:
            raise DealfactsError(
                f"article {article.id!r} has no facts, so its evidence is not known; "
                "put facts before translate, or choose translate=all"
            )
        return self._has_model(language)

    def _has_model(self, language: str) -> bool:
        try:
            self._engine.backend(language)
        except ModelError:
            if self.translator != "auto":
                raise  # a model that was asked for by name must be there
            self._missing.add(language)
            _say_missing([language])
            return False
        return True

    def _texts(self, article: Article) -> list[Text]:
        language = _base(article.lang)
        published = publication_day(article.published)
        names = in_title = None
        if article.mentions is not None:
            known = [
                mention
                for mention in article.mentions
                if mention.label in _PROTECTED_NAMES
                and getattr(mention.value, "kind", "name") == "name"
                and not is_ordinary(mention.text, language)
            ]
            names = with_guesses(article.text, language, [(m.start, m.end) for m in known])
            spans = spans_of({mention.text for mention in known}, article.title or "")
            in_title = with_guesses(article.title or "", language, spans, context=article.text)
        english = [(s.start, s.end) for s in article.segments or () if _base(s.lang) == "en"]
        wanted = None
        if self.translate == "evidence":
            wanted = [(e.start, e.end) for fact in article.facts or () for e in fact.evidence]
        body = Text(article.text, language, published, names, english, wanted)
        return [body, Text(article.title, language, published, in_title)] if article.title else [body]

    def _write(
        self, article: Article, sentences: list[TranslatedSentence], title: list[TranslatedSentence] | None
    ) -> None:
        backend = self._engine.backend(_base(article.lang))
        extra = {"title": " ".join(sentence.text for sentence in title)} if title else {}
        article.translation = Translation(
            model=f"{backend.name}@{backend.digest[:12]}",
            sentences=[Sentence(start=s.start, end=s.end, text=s.text, quality=s.quality) for s in sentences],
            **extra,
        )
        for fact in article.facts or ():
            for evidence in fact.evidence:
                evidence.translation = " ".join(
                    s.text for s in sentences if s.start < evidence.end and evidence.start < s.end
                )


def _say_missing(missing: Sequence[str]) -> None:
    """Say on standard error, once a language, that there is no model; workers leave it to their parent."""
    new = [language for language in missing if language not in _told]
    _told.update(new)
    if new and multiprocessing.parent_process() is None:
        print(
            f"translate: no translation model for {', '.join(new)} is installed, so those articles go on "
            f"untranslated; run `make models`, or choose one with --translator: {CHOICES}",
            file=sys.stderr,
        )


def _base(language: str | None) -> str:
    return (language or "und").split("-", maxsplit=1)[0]
