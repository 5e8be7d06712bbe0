"""Where sentences end: a decision at each full stop, from the words on both sides.

The decision follows Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection"
(Computational Linguistics 32:4, 2006): abbreviations, initials, ordinals and frequent sentence
starters. Their statistics are replaced by the lists of `lang/<code>/sentences.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dealfacts.lang import lang_data, languages
from dealfacts.sentences.paragraphs import Span, split_paragraphs

_CLOSERS = "\"'”’“‘»›)\\]}*"
# A stop with all that belongs to it, or a bullet in the middle of a line.
# Typewritten quotes may stand off: ,,Mooi. '' Hij zweeg.
_CANDIDATE = re.compile(rf"[.!?…][.!?…{_CLOSERS}]*(?: ''(?=\s))?|(?<=\s)[•▪●■‣](?=\s)")
# What may stand before the first word of a sentence; the inverted marks are caught on their own.
_OPENING = re.compile(r"(?:,,|[\s\"'“”„‚‘’«‹»(\[{*¿¡–—-]){0,16}")
_WORD = re.compile(r"[^\W_][\w'’-]{0,39}")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
# Of a dateline: "MADRID, 16 ene. (EFE) - ".
_AGENCY = re.compile(r"\s*\([^()\n]{2,40}\) ?\.?[-–—]")
_LIST_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2}){0,3}|[^\W\d_]")

_OPENERS = "\"'“”„‚‘’«‹([{*¿¡–—-/,"
_SYMBOLS = frozenset("€$£¥#@&+§")
_BULLETS = "•▪●■‣"

_WINDOW = 40
"""Characters looked at before a stop: longer than any abbreviation, so that hostile text stays linear."""


@dataclass(frozen=True)
class _Rules:
    """One language's lists, all lower case and without the last dot, save `starters`."""

    attached: frozenset[str]
    inner: frozenset[str]
    final: frozenset[str]
    before_number: frozenset[str]
    after_final: frozenset[str]
    starters: frozenset[str]
    clitics: frozenset[str]
    marked_names: frozenset[str]


@cache
def _rules(language: str) -> _Rules:
    code = language.split("-", maxsplit=1)[0]
    data = lang_data(code, "sentences.toml") if code in languages() else {}
    abbreviations = data.get("abbreviations", {})

    def words(table: dict[str, list[str]], key: str) -> frozenset[str]:
        return frozenset(word.lower() for word in table.get(key, ()))

    return _Rules(
        attached=words(abbreviations, "attached"),
        inner=words(abbreviations, "inner"),
        final=words(abbreviations, "final"),
        before_number=words(abbreviations, "before_number"),
        after_final=words(abbreviations, "after_final"),
        starters=frozenset(word[:1].upper() + word[1:] for word in data.get("starters", ())),
        clitics=words(data, "clitics"),
        marked_names=words(data, "marked_names"),
    )


def split_sentences(text: str, language: str) -> list[Span]:
    """Find the sentences of a text.

    Every character that is not white space lies in exactly one sentence; no sentence crosses a
    paragraph break, and a line without a full stop (a headline, a list item) is a sentence.

    Args:
        text: running text, any length.
        language: BCP 47 code; a language without data is split by the shape of words alone.

    Returns:
        Offset spans, end exclusive, without surrounding white space, in order.

    >>> text = "Dhr. Jansen kocht ASML N.V. voor 2,5 mln. euro. De beurs juichte."
    >>> [text[start:end] for start, end in split_sentences(text, "nl")]
    ['Dhr. Jansen kocht ASML N.V. voor 2,5 mln. euro.', 'De beurs juichte.']
    """
    rules = _rules(language)
    sentences: list[Span] = []
    for start, end in split_paragraphs(text):
        _split_paragraph(text, start, end, rules, sentences)
    return sentences


class _Stop(NamedTuple):
    """A place where the sentence that began at `start` may end: `text[mark:after]` is the stop."""

    text: str
    start: int
    mark: int
    after: int
    end: int
    rules: _Rules

    def words_before(self) -> list[str]:
        """Return the last words before the stop, the stop itself left out."""
        return self.text[max(self.start, self.mark - _WINDOW) : self.mark].split()

    def text_at(self, position: int, length: int = 1) -> str:
        """Return `length` characters, or fewer at the end of the text."""
        return self.text[position : position + length]


def _split_paragraph(text: str, start: int, end: int, rules: _Rules, sentences: list[Span]) -> None:
    for match in _CANDIDATE.finditer(text, start, end):
        stop = _boundary(_Stop(text, start, match.start(), match.end(), end, rules))
        if stop is None:
            continue
        sentences.append((start, stop))
        start = stop
        while text[start].isspace():
            start += 1
    if start < end:
        sentences.append((start, end))


def _boundary(stop: _Stop) -> int | None:
    """Return where the sentence ends, or None when it goes on after this stop."""
    text, start, mark, after, end, _ = stop
    if text[mark] in _BULLETS:
        return start + len(text[start:mark].rstrip()) if mark > start else None
    if after >= end:
        return None
    if not text[after].isspace():
        return after if _runs_on(stop) else None
    opening = _OPENING.match(text, after, end)
    assert opening is not None
    if "¿" in opening.group() or "¡" in opening.group():
        return after
    following = opening.end()
    word_match = _WORD.match(text, following, end)
    word = word_match.group() if word_match else ""
    if not _may_start(stop, word, following):
        return None
    single = text[mark] == "." and (after == mark + 1 or text[mark + 1] not in ".…?!")
    ends = _full_stop_ends(stop, word, following) if single else _mark_ends(stop, word)
    return after if ends else None


def _may_start(stop: _Stop, word: str, following: int) -> bool:
    """Tell whether a sentence can begin with this word: a capital, a digit, a brand like iPhone, 't."""
    if not word:
        # A symbol such as € or # begins one; a comma or a closing mark goes on with the last.
        return stop.text_at(following) in _SYMBOLS
    if not word[0].islower() or any(letter.isupper() for letter in word[1:6]):
        return True
    # 's Avonds, 't Is: the capital is on the word after the clitic.
    return (
        word in stop.rules.clitics
        and stop.text[following - 1] in "'’‘"
        and stop.text_at(following + len(word) + 1).isupper()
    )


def _full_stop_ends(stop: _Stop, word: str, following: int) -> bool:
    """Decide at a single full stop that a space and a possible first word follow."""
    rules, before = stop.rules, stop.words_before()
    if not before or stop.text[stop.mark - 1].isspace():
        return True
    token = before[-1].lstrip(_OPENERS)
    lower = token.lower()
    if lower in rules.attached or (lower in rules.before_number and word[:1].isdigit()):
        return False
    if lower in rules.before_number and _AGENCY.match(stop.text, stop.after, stop.end):
        return False
    if stop.mark - stop.start == len(token) and _LIST_NUMBER.fullmatch(token):
        return False  # "1. Nvidia koopt ..." opens with the number of a list item
    if lower in rules.final:
        return not (word.lower() in rules.after_final or (word.isupper() and len(word) <= 3))
    is_initial = len(token) == 1 and token.isalpha()
    if not (lower in rules.inner or is_initial or _DOTTED.fullmatch(token)):
        return True
    # In "S. A." the second letter is no article.
    opens = word in rules.starters and stop.text_at(following + len(word)) != "."
    return opens and not (is_initial and _is_particle(stop, before, word, following))


def _is_particle(stop: _Stop, before: list[str], word: str, following: int) -> bool:
    """Tell whether `word` is the particle of a name after an initial, as De in "mr. J. De Vries"."""
    if not stop.text_at(following + len(word) + 1).isupper():
        return False
    return len(before) == 1 or before[-2][:1].isupper() or before[-2].endswith(".")


def _mark_ends(stop: _Stop, word: str) -> bool:
    """Decide at a question or exclamation mark or an ellipsis that a possible first word follows."""
    text, mark = stop.text, stop.mark
    if mark == stop.start or text[mark - 1] in "([{«“„":
        return False  # "(...)" and "[…]" stand for words left out
    name = (stop.words_before() or [""])[-1].lower() + text[mark]
    if name in stop.rules.marked_names:
        return word in stop.rules.starters
    # "3.5... 4" goes on; a number after a question or a cry is a new sentence.
    return not (text[mark] in ".…" and word[:1].isdigit())


def _runs_on(stop: _Stop) -> bool:
    """Tell whether two sentences were run together without a space, as in "gezegd.De"."""
    first, before = stop.text[stop.after], stop.words_before()
    word_match = _WORD.match(stop.text, stop.after)
    if not before or word_match is None or not first.isupper():
        return first in "¿¡"
    token, word = before[-1], word_match.group()
    dotted = stop.text_at(word_match.end()) in {".", "_", "/", "@"}
    is_identifier = dotted and stop.text_at(word_match.end() + 1).isalnum()  # System.Linq.Enumerable
    if is_identifier or "@" in token or "/" in token or token.lower().startswith("www"):
        return False
    if not token.isalpha():
        return word in stop.rules.starters and (token[-1].islower() or token[-1].isdigit())
    if token.islower() and token not in stop.rules.attached and token not in stop.rules.inner:
        return len(token) > 1 and (word in stop.rules.starters or (len(word) > 2 and word[1:].islower()))
    return len(token) > 2 and word in stop.rules.starters
