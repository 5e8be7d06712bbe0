"""The word lists of a language, compiled: what each word, symbol or phrase can mean beside a figure.

The lists live as data in `dealfacts.lang`; `dealfacts.quantities.compile` folds them into these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from dealfacts.records import Modifier

COMPOUND_CACHE_SIZE = 20_000
MAX_COMPOUND_LENGTH = 90


@dataclass(slots=True)
class Entry:
    """All that one word, symbol or phrase can mean; most fields of most entries are empty."""

    number: Decimal | None = None
    scale: Decimal | None = None
    scale_kind: str = ""
    """`word`, `plural` (vague without a figure), `group` (dozen), `sure` or `shy` (short forms)."""
    fraction: Fraction | None = None
    vague: tuple[int, int] | None = None
    currency: str | None = None
    """An ISO 4217 code or the name of a family."""
    leading: bool = False
    """The currency may stand before its figure."""
    shy: bool = False
    """The currency or number word is more often something else."""
    subunit: Decimal | None = None
    scaled: Decimal | None = None
    """The scale that a token such as `mdd` or `MUSD` brings along with its currency."""
    glued: bool = False
    """The unit or subunit must touch its figure."""
    unit: str | None = None
    percent: str = ""
    before: Modifier | None = None
    after: Modifier | None = None
    per: str | None = None
    multiple: Decimal | None = None
    coin: tuple[Decimal, str] | None = None
    slang: tuple[Decimal, str] | None = None
    roles: frozenset[str] = frozenset()
    starts: bool = False
    """A figure or sum can begin here."""

    @property
    def measures(self) -> bool:
        """Whether it says what a figure before it measures."""
        return bool(self.percent or self.currency or self.unit)


@dataclass(frozen=True)
class Family:
    """Currencies that share a name: which they are and which is meant when nothing tells."""

    codes: tuple[str, ...]
    default: str | None = None
    by_place: bool = False
    by_mention: bool = False
    firm: bool = False
    """Other currencies of the family named in the text do not sway it: beside "C$85" a "$60" stays USD."""
    peso_sign: bool = False


Phrase = tuple[tuple[str, ...], Entry]


@dataclass(slots=True)
class Head:
    """The phrases that begin with a word: the word alone, and by their second word the longer ones."""

    single: Entry | None = None
    longer: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """Second word to the rest after it and the meaning, longest first."""


@dataclass
class Lexicon:
    """The tables of one language."""

    language: str
    exact: dict[str, Entry]
    """Tokens as they are written: codes, symbols, unit symbols."""
    phrases: dict[str, Head]
    """All words and phrases by their first word, folded."""
    families: Mapping[str, Family]
    tender: Mapping[str, str]
    decimals: Mapping[str, str]
    places: dict[str, str]
    long_places: tuple[tuple[str, str], ...]
    compounds: bool
    inverted: bool
    scale_stems: tuple[str, ...]
    """Scales that compounds may begin with."""
    max_fillers: int
    joiners: Mapping[str, str]
    plural_endings: tuple[str, ...]
    scale_needs_of: bool
    verb_endings: tuple[str, ...]
    peso_sign: bool
    not_glued: frozenset[str]
    coin_worth: Mapping[str, int]
    multiple_needs: frozenset[str]
    slang_max: int
    slang_cues: frozenset[str]
    bare_meter: bool
    numerals: dict[str, Entry] = field(default_factory=dict)
    """The number words that compounds are made of, with the joiners."""
    longest_numeral: int = 0
    _compounds: dict[str, tuple[Entry, ...]] = field(default_factory=dict)

    def split_compound(self, word: str) -> tuple[Entry, ...]:
        """Split a number written as one word (`drieëntwintigduizend`) into its parts; empty if it is none.

        The longest part is taken at each step, which is right because no Dutch numeral is the
        beginning of another that could not follow it.
        """
        known = self._compounds.get(word)
        if known is None:
            known = self._split(word) if len(word) <= MAX_COMPOUND_LENGTH else ()
            if len(self._compounds) < COMPOUND_CACHE_SIZE:
                self._compounds[word] = known
        return known

    def _split(self, word: str) -> tuple[Entry, ...]:
        parts = []
        at = 0
        while at < len(word):
            for end in range(min(len(word), at + self.longest_numeral), at, -1):
                if entry := self.numerals.get(word[at:end]):
                    parts.append(entry)
                    at = end
                    break
            else:
                return ()
        if len(parts) < 2 or "joiner" in parts[-1].roles or parts[0].fraction is not None:
            return ()
        return tuple(parts)


def fold(word: str) -> str:
    """Return a word in lower case, without a full stop."""
    word = word.lower()
    if "." in word or "’" in word:
        return word.replace(".", "").replace("’", "'")
    return word
