"""What can be read off a name alone: its core without legal form, its spelling key, its initials."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale

from dealfacts.errors import ConfigError
from dealfacts.lang import lang_data, languages

_TOKENS = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
)
_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_LONGEST_ACRONYM = 4
_SOUNDS = str.maketrans({"c": "k", "q": "k", "y": "i", "z": "s", "w": "v"})


@dataclass(frozen=True)
class Lexicon:
    """The words that names are made of, over all languages (from each language's merge.toml)."""

    articles: frozenset[str]
    connectors: frozenset[str]
    ampersands: frozenset[str]
    legal_forms: frozenset[tuple[str, ...]]
    leading_forms: frozenset[str]
    particles: frozenset[str]
    group_words: frozenset[str]
    form_words: frozenset[str]
    division_words: frozenset[str]
    gloss: dict[str, str]
    countries: dict[str, str]
    """Folded country name in any language -> ISO 3166 code."""
    dollars: dict[str, float]
    """Approximate dollars for one unit of a currency."""


@cache
def lexicon() -> Lexicon:
    """Read and join the name data of all languages."""
    words: dict[str, set[str]] = {
        key: set()
        for key in ("articles", "ampersands", "connectors", "group_words", "form_words", "division_words")
    }
    gloss: dict[str, str] = {}
    countries: dict[str, str] = {}
    for language in languages():
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                countries.setdefault(" ".join(fold(name)), code)
        try:
            data = lang_data(language, "merge.toml")
        except ConfigError:  # a language without merge data still has its names compared
            continue
        for key, found in words.items():
            found.update(data.get(key, ()))
        gloss.update(data.get("gloss", {}))
    shared = lang_data("_shared", "merge.toml")
    return Lexicon(
        **{key: frozenset(found) for key, found in words.items()},
        legal_forms=frozenset(tuple(form.split()) for form in shared["legal_forms"]),
        leading_forms=frozenset(shared["leading_forms"]),
        particles=frozenset(shared["particles"]),
        gloss=gloss,
        countries=countries,
        dollars=shared["dollars"],
    )


_SHORT_FORM = 3
"""Legal forms up to this length (`SA`, `Ltd`) are never part of an acronym."""
_SHORT_ACRONYM = 2


def fold(text: str) -> tuple[str, ...]:
    """Cut a name into tokens without case, accents and punctuation.

    >>> fold("Telúrica S.A. & Moody’s")
    ('telurica', 'sa', 'and', 'moodys')
    """
    text = _DOTTED.sub(lambda dotted: dotted.group().replace(".", ""), text)
    text = text.replace("&", " and ").replace("+", " and ").translate(_APOSTROPHES)
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", folded)
    return tuple(_TOKENS.findall("".join(c for c in decomposed if not unicodedata.combining(c))))


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name taken apart.

    `core` are the tokens that tell who it is (no legal form, no group word, no leading article);
    `descriptive` is true for what is described rather than named ("2,300 rental homes").
    """

    core: tuple[str, ...]
    descriptive: bool
    capitals: bool
    acronyms: frozenset[str]
    """What may stand for it in short, its last word (`Company`, `Group`) counted or not."""

    @property
    def squashed(self) -> str:
        """The core in one piece: `softbank` for both SoftBank and Soft Bank."""
        return "".join(self.core)


@lru_cache(maxsize=1 << 18)
def name_form(text: str) -> NameForm:
    """Take a name apart.

    >>> name_form("Grupo Televalle, S.A.B. de C.V.").core
    ('televalle',)
    >>> name_form("2,300 rental homes").descriptive
    True
    >>> sorted(name_form("Taiwan Semiconductor Manufacturing Company, Ltd.").acronyms)
    ['tsm', 'tsmc']
    """
    words = lexicon()
    tokens = fold(text)
    core = _strip_legal_forms(tokens, words)
    if len(core) > 1 and core[0] in words.articles:
        core = core[1:]
    core = _strip_group_words(core, words)
    if len(core) > 2:  # Procter & Gamble, Procter and Gamble, Procter y Gamble
        core = (core[0], *(token for token in core[1:-1] if token not in words.ampersands), core[-1])
    core = core or tokens
    return NameForm(core, _is_descriptive(text), text.isupper(), _acronyms(tokens, core, words))


def _acronyms(tokens: tuple[str, ...], core: tuple[str, ...], words: Lexicon) -> frozenset[str]:
    while len(tokens) > 1 and len(tokens[-1]) <= _SHORT_FORM and (tokens[-1],) in words.legal_forms:
        tokens = tokens[:-1]
    longer = (form for form in initials(tokens) if len(form) > _SHORT_ACRONYM)
    return frozenset((*longer, *initials(core)))


def _strip_legal_forms(tokens: tuple[str, ...], words: Lexicon) -> tuple[str, ...]:
    stripped = True
    while stripped and len(tokens) > 1:
        stripped = False
        for length in (5, 4, 3, 2, 1):
            if length < len(tokens) and tokens[-length:] in words.legal_forms:
                tokens, stripped = tokens[:-length], True
                break
    if len(tokens) > 1 and tokens[0] in words.leading_forms:
        tokens = tokens[1:]
    return tokens


def _strip_group_words(core: tuple[str, ...], words: Lexicon) -> tuple[str, ...]:
    while len(core) > 1 and core[-1] in words.group_words:
        core = core[:-1]
    while len(core) > 1 and core[0] in words.group_words:
        core = core[1:]
    while len(core) > 1 and core[-1] in words.connectors:
        core = core[:-1]
    return core


def _is_descriptive(text: str) -> bool:
    """Tell a description ("2,300 rental homes", "Aegon's former headquarters in The Hague") from a name.

    A description begins with a small letter or a count, or has several common words of its own. A small
    letter alone does not make one: eBay, pbb and "familia Olarte" are names.
    """
    parts = text.split()
    if not parts:
        return True
    words = lexicon()
    if len(parts) == 1:
        return text.islower() and text.isalpha() and len(text) > _LONGEST_ACRONYM
    common = [
        part
        for part in parts
        if not any(c.isupper() for c in part)
        and (token := fold(part))
        and token[0] not in words.connectors | words.particles
    ]
    first = next((part for part in parts if not words.particles.issuperset(fold(part))), parts[0])
    counted = first[0].isdigit() and len(common) >= 1
    lower_start = first.islower() and not set(fold(first)) & words.gloss.keys()
    return counted or lower_start or len(common) >= 2


def sound_key(squashed: str) -> str:
    """Give names that differ by a vowel or a doubled letter one key: consonants after the first letter.

    >>> sound_key("pagolisto") == sound_key("pagollisto")
    True
    """
    sounded = squashed.replace("ph", "f").replace("ck", "k").translate(_SOUNDS)
    consonants = [c for c in sounded[1:] if c not in "aeiou"]
    kept = [c for i, c in enumerate(consonants) if i == 0 or c != consonants[i - 1]]
    return sounded[:1] + "".join(kept)


def initials(core: tuple[str, ...]) -> tuple[str, ...]:
    """Return the acronyms a name can have: all initials, and those without connectors.

    >>> initials(("pensioenfonds", "haven", "and", "transport"))
    ('pht', 'phat')
    """
    connectors = lexicon().connectors
    short = "".join(token[0] for token in core if token not in connectors)
    full = "".join(token[0] for token in core)
    return tuple(dict.fromkeys(form for form in (short, full) if len(form) >= 2))


def gloss_key(core: tuple[str, ...]) -> str | None:
    """Give a name made with an institution's common words one key in all languages; None for other names.

    >>> gloss_key(("europese", "investeringsbank")) == gloss_key(("banco", "europeo", "de", "inversiones"))
    True
    >>> gloss_key(("familia", "olarte")) == gloss_key(("olarte", "family"))
    True
    """
    words = lexicon()
    meant = {
        part
        for token in core
        if token not in words.connectors
        for part in words.gloss.get(token, token).split()
    }
    return " ".join(sorted(meant)) if len(meant) >= 2 and glosses(core) else None


def glosses(core: tuple[str, ...]) -> frozenset[str]:
    """Return which of an institution's common words a name has, in the key language."""
    known = lexicon().gloss
    return frozenset(part for token in core if token in known for part in known[token].split())


def country_code(text: str) -> str | None:
    """Return the ISO 3166 code when the text is a country's name in a language we know."""
    return lexicon().countries.get(" ".join(fold(text)))
