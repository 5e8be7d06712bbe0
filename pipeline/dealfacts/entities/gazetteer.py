"""Known names and name words, as hints: which tokens of a text they cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from babel import Locale

from dealfacts.lang import lang_data, languages

PHRASE_CLASSES = ("organisation", "media", "place", "location", "product", "person")
WORD_CLASSES = (
    "first_name",
    "last_name",
    "legal_form",
    "organisation_word",
    "place_word",
    "demonym",
    "title",
    "calendar",
)


class PhraseTable:
    """Names of several classes, found token by token, the longest first."""

    def __init__(self, phrases: Iterable[tuple[tuple[str, ...], int]]) -> None:
        """Index phrases.

        Args:
            phrases: tokens of each name with the bit of its class.
        """
        self._by_first: dict[str, dict[tuple[str, ...], int]] = {}
        for tokens, bit in phrases:
            if tokens:
                rest = self._by_first.setdefault(tokens[0], {})
                rest[tokens[1:]] = rest.get(tokens[1:], 0) | bit
        self._lengths = {
            first: sorted({len(rest) for rest in rests}, reverse=True)
            for first, rests in self._by_first.items()
        }

    def match(self, tokens: Sequence[str], index: int) -> tuple[int, int] | None:
        """Return how many tokens from `index` on are the longest known name, and its classes."""
        rests = self._by_first.get(tokens[index])
        if rests is None:
            return None
        for length in self._lengths[tokens[index]]:
            bits = rests.get(tuple(tokens[index + 1 : index + 1 + length]))
            if bits is not None:
                return length + 1, bits
        return None


@cache
def phrases() -> tuple[tuple[str, str], ...]:
    """Return every known name with its class, sorted; country names come from CLDR."""
    known: set[tuple[str, str]] = set()
    shared = lang_data("_shared", "gazetteer.toml")
    for key, name_class in (
        ("places", "place"),
        ("locations", "location"),
        ("products", "product"),
        ("people", "person"),
    ):
        known.update((name, name_class) for name in shared[key])
    for language in languages():
        own = lang_data(language, "gazetteer.toml")
        known.update((name, "organisation") for name in own["organisations"])
        known.update((name, "media") for name in own["media"])
        for code, name in Locale.parse(language).territories.items():
            known.add((name, "location" if code.isdigit() else "place"))
    return tuple(sorted(known))


@cache
def words() -> dict[str, int]:
    """Return the classes of single words as a sum of bits, in the order of `WORD_CLASSES`."""
    bits: dict[str, int] = {}

    def add(names: Iterable[str], word_class: str) -> None:
        bit = 1 << WORD_CLASSES.index(word_class)
        for name in names:
            bits[name] = bits.get(name, 0) | bit

    add(lang_data("_shared", "names.toml")["legal_forms"], "legal_form")
    for language in languages():
        names, gazetteer = lang_data(language, "names.toml"), lang_data(language, "gazetteer.toml")
        add((word for name in gazetteer["first_names"] for word in name.split()), "first_name")
        add((name.split()[-1] for name in gazetteer["last_names"]), "last_name")
        add(names["organisation_words"], "organisation_word")
        add(names["place_words"], "place_word")
        add(names["demonyms"], "demonym")
        add(names["titles"], "title")
        add(names["calendar"], "calendar")
    return bits
