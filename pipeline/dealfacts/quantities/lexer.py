"""Cut text into tokens and look each one up: the first half of reading quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dealfacts.quantities.lexicon import Entry, Lexicon, fold

MAX_GROUPS = 8
"""More groups of three digits than this are no number anyone writes in prose."""

_TOKEN = re.compile(
    # Digits, with points, commas and apostrophes between them, or with spaces between groups of three.
    rf"(?P<digits>[1-9]\d{{0,2}}(?:[ \u00a0\u202f\u2009]\d{{3}}){{1,{MAX_GROUPS}}}(?!\w)(?:[.,]\d{{1,9}}(?!\d))?"
    r"|\d+(?:[.,'’·٬]\d+)*)"
    # Words: "U.S.", "US$" (not in "10k$"), "zo'n"; symbols of letters and a stroke ("S/").
    r"|(?P<word>(?:[^\W\d_]\.){2,4}(?![^\W\d_])|(?<!\d)[A-Za-z]{1,4}[$£€¥](?:[DSU](?![^\W\d_]))?|S/\.?(?=\s?\d)"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<sign>[^\w\s]|_)"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_PHRASE_GAPS = frozenset(("", " ", "\u00a0", "\u202f", "\n", "-", "  "))


@dataclass(slots=True)
class Token:
    """A word, figure or sign, or a phrase of several that the word lists know as one."""

    start: int
    end: int
    text: str
    kind: str
    """`digits`, `word` or `sign`."""
    entry: Entry | None = None
    parts: tuple[Entry, ...] = ()
    """The numerals that a number written as one word is made of."""
    glued: bool = False
    """No space before it."""
    near: bool = True
    """At most a space or one line break before it."""


def tokenize(text: str, lexicon: Lexicon) -> list[Token]:
    """Cut text into tokens with their meanings, known phrases merged; links are left out whole.

    Linear in the length of the text: every pattern is bounded or cannot be entered twice.
    """
    if "://" in text or "www." in text:
        text = _LINK.sub(lambda match: "\u2063" * len(match[0]), text)
    tokens: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        token = Token(start, end, match[0], match.lastgroup or "sign")
        if start == last:
            token.glued = bool(tokens)
        elif start - last > 1:
            gap = text[last:start]
            token.near = gap.count("\n") < 2 and len(gap) < 5
        tokens.append(token)
        last = end
    return _look_up(tokens, lexicon)


def _look_up(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Give every token its entry; merge the tokens of a known phrase into one."""
    merged: list[Token] = []
    phrases, exact, compounds = lexicon.phrases, lexicon.exact, lexicon.compounds
    at, count = 0, len(tokens)
    while at < count:
        token = tokens[at]
        merged.append(token)
        at += 1
        if token.kind == "digits":
            continue
        key = fold(token.text) if token.kind == "word" else token.text
        candidates = phrases.get(key)
        if candidates is not None:
            for rest, entry in candidates:
                if rest:
                    end = _match(tokens, at, rest)
                    if end:
                        token.entry, token.end = entry, tokens[end - 1].end
                        at = end
                        break
                else:
                    token.entry = entry
        if token.text in exact and (token.entry is None or tokens[at - 1] is token):
            token.entry = _both(exact[token.text], token.entry)
        elif candidates is None and compounds and token.kind == "word":
            token.parts = lexicon.split_compound(key)
    return merged


def _match(tokens: list[Token], at: int, rest: tuple[str, ...]) -> int:
    """Return the index after the tokens that spell `rest`, or 0."""
    count = len(tokens)
    for word in rest:
        # The full stop of an abbreviation ("sq. ft") belongs to the word before it.
        if at < count and tokens[at].text == "." and tokens[at].glued and word != ".":
            at += 1
        if at >= count or not tokens[at].near:
            return 0
        if fold(tokens[at].text) != word:
            if tokens[at].text != "-" or not tokens[at].glued:
                return 0
            at += 1
            if at >= count or fold(tokens[at].text) != word:
                return 0
        at += 1
    return at


def _both(exact: Entry, loose: Entry | None) -> Entry:
    """Join what a token means as written with what its lower-case form means."""
    if loose is None or loose is exact:
        return exact
    if exact.roles or loose.roles or loose.number is not None:
        merged = Entry(**{name: getattr(exact, name) or getattr(loose, name) for name in Entry.__slots__})
        merged.starts = exact.starts or loose.starts
        return merged
    return exact if exact.currency or exact.scale is not None else loose
