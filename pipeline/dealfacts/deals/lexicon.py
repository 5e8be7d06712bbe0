"""Find the words that speak of deals: patterns kept as data, matched over the tokens of a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from dealfacts.deals.fractions import Fractions
from dealfacts.errors import ConfigError
from dealfacts.lang import lang_data, languages

_GAP = re.compile(r"\.\.(?:\.|(?P<most>[1-9]\d?))")
MAX_GAP = 9
"""Most tokens a plain `...` steps over (`neemt ... over`); names count as one. `..3` steps over three."""
_PREFIX_KEY = 3
_CLAUSE_MARKS = frozenset({";", ":"})
"""What no gap steps over."""


@dataclass(frozen=True)
class Hit:
    """A pattern found: `kind` is trigger, status, context, binding or part; `tokens` are what it matched."""

    kind: str
    concept: str
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class _Word:
    """A word of a pattern: what it may be, how it may begin, and how many tokens may stand before it."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    gap: int = 0

    def fits(self, word: str) -> bool:
        return word in self.exact or word.startswith(self.prefixes)


@dataclass(frozen=True)
class _Pattern:
    kind: str
    concept: str
    first: _Word
    rest: tuple[_Word, ...]


@dataclass
class Lexicon:
    """The patterns of one language, ready to be matched."""

    language: str
    determiners: frozenset[str]
    prepositions: dict[str, tuple[str, ...]]
    """Word to the language-independent functions it can have: `door` is (`by`,)."""
    fractions: Fractions = field(default_factory=Fractions)
    passive: frozenset[str] = frozenset()
    never_passive: tuple[str, ...] = ()
    clause: frozenset[str] = frozenset()
    """Words that open a subordinate clause."""
    relative: frozenset[str] = frozenset()
    """Relative pronouns: behind a name they speak of that name."""
    _exact: dict[str, list[_Pattern]] = field(default_factory=dict)
    _by_prefix: dict[str, list[_Pattern]] = field(default_factory=dict)
    _starts: dict[str, list[_Pattern]] = field(default_factory=dict)

    @cached_property
    def joiners(self) -> frozenset[str]:
        """The words that join the names of a list."""
        return frozenset(word for word, functions in self.prepositions.items() if "and" in functions)

    def add(self, kind: str, concept: str, pattern: str) -> None:
        """Add one pattern; see the head of `lang/en/deals.toml` for how it is written."""
        words = pattern.lower().split()
        if not words or _GAP.fullmatch(words[0]) or _GAP.fullmatch(words[-1]):
            raise ConfigError(
                f"lang/{self.language}/deals.toml: pattern {pattern!r} must start and end in a word"
            )
        first, *rest = _pattern_words(words)
        compiled = _Pattern(kind, concept, first, tuple(rest))
        for text in first.exact:
            self._exact.setdefault(text, []).append(compiled)
        for text in first.prefixes:
            if len(text) < _PREFIX_KEY:
                raise ConfigError(f"lang/{self.language}/deals.toml: prefix {text!r} is too short")
            self._by_prefix.setdefault(text[:_PREFIX_KEY], []).append(compiled)

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Find every pattern in a sentence given as lower-case words (names and figures as `<...>`)."""
        hits: dict[Hit, None] = {}
        for index, word in enumerate(words):
            for pattern in self._starting(word):
                tokens = _match(pattern, words, index)
                if tokens is not None:
                    hits[Hit(pattern.kind, pattern.concept, tokens)] = None
        return list(hits)

    def _starting(self, word: str) -> list[_Pattern]:
        known = self._starts.get(word)
        if known is None:
            known = list(self._exact.get(word, ()))
            known += [
                pattern
                for pattern in self._by_prefix.get(word[:_PREFIX_KEY], ())
                if pattern.first.fits(word) and pattern not in known
            ]
            if len(self._starts) < 50_000:
                self._starts[word] = known
        return known


def _pattern_words(words: Sequence[str]) -> Iterator[_Word]:
    gap = 0
    for word in words:
        if found := _GAP.fullmatch(word):
            gap = int(found["most"] or MAX_GAP)
            continue
        forms = _alternatives(word)
        exact = frozenset(form for form in forms if not form.endswith("*"))
        yield _Word(exact, tuple(form.rstrip("*") for form in forms if form.endswith("*")), gap)
        gap = 0


def _alternatives(word: str) -> list[str]:
    return word.split("/") if "/" in word.strip("/") and not any(c.isdigit() for c in word) else [word]


def _match(pattern: _Pattern, words: Sequence[str], start: int) -> tuple[int, ...] | None:
    tokens = [start]
    for item in pattern.rest:
        found = _next_fit(item, words, tokens[-1] + 1)
        if found is None:
            return None
        tokens.append(found)
    return tuple(tokens)


def _next_fit(item: _Word, words: Sequence[str], position: int) -> int | None:
    # The innermost loop of reading an article: `item.fits` is written out.
    exact, prefixes = item.exact, item.prefixes
    for index in range(position, min(len(words), position + item.gap + 1)):
        word = words[index]
        if word in exact or word.startswith(prefixes):
            return index
        if word in _CLAUSE_MARKS:
            return None
    return None


@cache
def concepts() -> dict[str, Any]:
    """Return what is known of deals in any language: types a concept may mean, sides of a type."""
    return tomllib.loads(files(__package__).joinpath("concepts.toml").read_text(encoding="utf-8"))


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return the compiled patterns of a language, or None when there is no data for it."""
    if language not in languages():
        return None
    data = lang_data(language, "deals.toml")
    prepositions: dict[str, tuple[str, ...]] = {}
    for function, words in data["prepositions"].items():
        for word in words:
            prepositions[word] = (*prepositions.get(word, ()), function)
    voice = data["voice"]
    determiners = frozenset(data["determiners"]["words"])
    compiled = Lexicon(
        language,
        determiners=determiners,
        fractions=Fractions.of_data(data["fractions"], determiners),
        prepositions=prepositions,
        passive=frozenset(voice["passive"]),
        never_passive=tuple(voice["never_passive"]),
        clause=frozenset(voice["clause"]),
        relative=frozenset(voice["relative"]),
    )
    for kind, section in (
        ("trigger", "triggers"),
        ("status", "status"),
        ("context", "context"),
        ("binding", "binding"),
        ("part", "part"),
    ):
        for concept, pattern in _patterns(data[section]):
            if kind == "trigger" and concept not in concepts()["triggers"]:
                raise ConfigError(
                    f"lang/{language}/deals.toml: no trigger concept {concept!r} in concepts.toml"
                )
            compiled.add(kind, concept, pattern)
    return compiled


def _patterns(section: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for concept, patterns in section.items():
        for pattern in patterns:
            yield concept, pattern
