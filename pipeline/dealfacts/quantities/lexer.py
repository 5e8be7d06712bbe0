"""Cut text into tokens and look each one up: the first half of reading quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dealfacts.quantities.lexicon import Entry, Head, Lexicon, fold

MAX_GROUPS = 8
"""More groups of three digits than this are no number anyone writes in prose."""

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    # Words; the short ones may be "U.S.", "US$" (but not in "10k$") or "S/".
    rf"(?P<word>{_LETTER}{{5,}}(?:['’]{_LETTER}+)*"
    rf"|(?:{_LETTER}\.){{2,4}}(?!{_LETTER})|(?<!\d)[A-Za-z]{{1,4}}[$£€¥](?:[DSUdsu](?!{_LETTER}))?|S/\.?(?=\s?\d)"
    rf"|{_LETTER}+(?:['’]{_LETTER}+)*)"
    # Digits, with points, commas and apostrophes between them, or with spaces between groups of three.
    rf"|(?P<digits>[1-9]\d{{0,2}}(?:[ \u00a0\u202f\u2009]\d{{3}}){{1,{MAX_GROUPS}}}(?!\w)"
    r"(?:[.,]\d{1,9}(?!\d))?"
    r"|\d+(?:[.,'’·٬]\d+)*|(?<!\S)[.,]\d+(?![.,]\d))"
    r"|(?P<sign>[^\w\s]|_)"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+")


@dataclass(slots=True)
class Token:
    """A word, figure or sign, or a phrase of several that the word lists know as one."""

    start: int
    end: int
    text: str
    kind: str
    """`digits`, `word` or `sign`."""
    key: str
    """The text as the word lists have it: lower case, no full stops."""
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
        word, kind = match[0], match.lastgroup or "sign"
        token = Token(start, end, word, kind, fold(word) if kind == "word" else word)
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
        head = phrases.get(token.key)
        if head is not None:
            token.entry = head.single
            found = _phrase(tokens, at, head) if head.longer and at < count else None
            # "Por ciento" is a percent sign only after a figure: "por ciento cincuenta euros" is not.
            if found is not None and (not found[1].percent or _numeric(merged)):
                at, token.entry = found
                token.end = tokens[at - 1].end
        if token.text in exact and (token.entry is None or tokens[at - 1] is token):
            token.entry = _both(exact[token.text], token.entry)
        elif head is None and compounds and token.kind == "word":
            token.parts = lexicon.split_compound(token.key)
    return merged


def _numeric(merged: list[Token]) -> bool:
    """Whether the token before the last one can be a figure or the end of one."""
    if len(merged) < 2:
        return False
    before, entry = merged[-2], merged[-2].entry
    if before.kind == "digits" or before.parts or before.text in ")]":
        return True
    return entry is not None and (
        entry.number is not None or entry.scale is not None or entry.fraction is not None
    )


def _phrase(tokens: list[Token], at: int, head: Head) -> tuple[int, Entry] | None:
    """Find the longest phrase that goes on at a token; return where it ends and what it means."""
    following = tokens[at]
    if not following.near or (following.kind == "digits" and not following.glued):
        return None
    candidates = head.longer.get(following.key)
    at += 1
    if candidates is None:
        # The full stop of an abbreviation ("sq. ft") and a hyphen belong to the word before them.
        if not (following.glued and following.key in ".-") or at >= len(tokens) or not tokens[at].near:
            return None
        candidates = head.longer.get(tokens[at].key)
        at += 1
    for rest, entry in candidates or ():
        if end := _match(tokens, at, rest):
            return end, entry
    return None


def _match(tokens: list[Token], at: int, rest: tuple[str, ...]) -> int:
    """Return the index after the tokens that spell `rest`, or 0."""
    count = len(tokens)
    for word in rest:
        if at < count and tokens[at].key != word and tokens[at].glued and tokens[at].key in ".-":
            at += 1
        if at >= count or not tokens[at].near or tokens[at].key != word:
            return 0
        if tokens[at].kind == "digits" and not tokens[at].glued:
            return 0
        at += 1
    return at


def _both(exact: Entry, loose: Entry | None) -> Entry:
    """Join what a token means as written ("Gb", "M") with what its lower-case form means."""
    if loose is None or loose is exact:
        return exact
    if not (exact.measures or exact.scale is not None):
        return loose
    return replace(
        exact,
        number=loose.number,
        before=loose.before,
        after=loose.after,
        roles=exact.roles | loose.roles,
        unit=exact.unit or (None if exact.currency else loose.unit),
        currency=exact.currency or (None if exact.unit else loose.currency),
        subunit=exact.subunit or (None if exact.measures else loose.subunit),
        glued=exact.glued or loose.glued,
        starts=exact.starts or loose.starts,
    )
