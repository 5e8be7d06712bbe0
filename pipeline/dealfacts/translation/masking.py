"""Hide figures, dates and names from the model, and write them back in English.

A model that was trained for it sees `<n0>`..`<n9>` for figures and dates and `<e0>`..`<e9>` for names,
numbered in source order. Any other model sees the English form itself in the middle of the source
sentence, `Nvidia invertirá $100 billion en OpenAI`: what already is English is what such models copy
best, and whether they did can be checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dealfacts.translation.polish import article_fits

PLACES = 10
"""Placeholders of each kind that a model has."""

TAG = re.compile(r"<[ne]\d>")
_LOOSE_TAG = re.compile(r"<\s?([ne])\s?(\d)\s?>")
_GLUED = re.compile(r"(?<=[^\W_])(?=<[ne]\d>)|(?<=<[ne]\d>)(?=[^\W_]|<[ne]\d>)")
_NUMBER = re.compile(r"[^\w\s]{0,3}\d")
_VOWEL_NUMBER = re.compile(r"[^\w\s]{0,3}(?:8\d{0,2}|11|18)(?!\d)")
_ARTICLE_BEFORE = re.compile(r"\b([Aa])n? $")


@dataclass(frozen=True)
class Item:
    """A stretch of a sentence that must come out exactly once: `english` is how."""

    start: int
    end: int
    kind: Literal["n", "e"]
    english: str


@dataclass(frozen=True)
class Masked:
    """A sentence, or a part of one, as the model sees it.

    `tokens` are what must come out, each as often as it is listed: placeholders with what they stand
    for, or English forms that stand for themselves.
    """

    text: str
    tokens: tuple[str, ...] = ()
    english: tuple[str, ...] = ()

    @property
    def has_tags(self) -> bool:
        """Tell whether the tokens are placeholders rather than plain English."""
        return self.tokens != self.english

    def excess(self, output: str) -> Counter[str]:
        """Count by how much each token comes too often (above 0) or too seldom (below) in a translation."""
        expected = Counter(self.tokens)
        if self.has_tags or not self.tokens:
            found = Counter(match.group() for match in TAG.finditer(output))
        else:
            found = Counter({token: occurrences(token, output) for token in expected})
            # The same figure may also stand in a name: count what the model was given.
            expected = Counter({token: occurrences(token, self.text) for token in expected})
        found.subtract(expected)
        return Counter({token: count for token, count in found.items() if count})

    def restore(self, output: str) -> str:
        """Write what the placeholders of a translation stand for; grammar around them is smoothed."""
        if not self.has_tags:
            return output
        english = dict(zip(self.tokens, self.english, strict=True))
        parts: list[str] = []
        last = 0
        for match in TAG.finditer(output):
            parts.append(output[last : match.start()])
            parts.append(_fit(english.get(match.group(), ""), parts))
            last = match.end()
        parts.append(output[last:])
        return "".join(parts)


def mask(text: str, items: Sequence[Item], *, tags: bool) -> Masked:
    """Put placeholders (or, without `tags`, the English forms) in place of the items of a text.

    Items must lie apart, and at most ten of each kind can have placeholders.

    >>> mask("Nvidia steekt 5 miljard euro in OpenAI", [Item(14, 28, "n", "€5 billion")], tags=True).text
    'Nvidia steekt <n0> in OpenAI'
    """
    counts: Counter[str] = Counter()
    tokens: list[str] = []
    english: list[str] = []
    parts: list[str] = []
    last = 0
    for item in sorted(items, key=lambda item: item.start):
        token = f"<{item.kind}{counts[item.kind]}>" if tags else item.english
        if tags and counts[item.kind] >= PLACES:
            raise ValueError(f"more than {PLACES} items of a kind in one part: {text!r}")
        counts[item.kind] += 1
        tokens.append(token)
        english.append(item.english)
        # A figure may stand against a word, as in "5 mln.euro": the model must see it apart.
        before = (
            " " if item.start and (text[item.start - 1].isalnum() or text[item.start - 1] in "$€£.,") else ""
        )
        after = " " if text[item.end : item.end + 1].isalnum() else ""
        parts += [text[last : item.start], before, token, after]
        last = item.end
    plain = " ".join("".join([*parts, text[last:]]).split())
    return Masked(plain, tuple(tokens), tuple(english))


def tidy_tags(output: str) -> str:
    """Mend placeholders that came out with spaces inside, as in `< n0 >`, or glued to a word."""
    output = _LOOSE_TAG.sub(r"<\1\2>", output)
    return _GLUED.sub(" ", output)


def occurrences(token: str, text: str) -> int:
    """Count how often a token stands in a text as a word of its own."""
    return sum(1 for _ in token_pattern(token).finditer(text))


@lru_cache(maxsize=4096)
def token_pattern(token: str) -> re.Pattern[str]:
    """Make the pattern of a token: placeholders anywhere, English forms as words of their own.

    The 5 of 5.5 does not count, nor the $5 of US$5.
    """
    if TAG.fullmatch(token):
        return re.compile(token)
    return re.compile(rf"(?<![\w$€£.,]){re.escape(token)}(?!\w|[.,]\d)")


def _fit(english: str, before: list[str]) -> str:
    """Fit a restored form to the text before it: "the the", "a 8 % stake", a capital at the start."""
    if not any(part.strip() for part in before):
        return english[:1].upper() + english[1:]
    if english.startswith("the ") and before[-1].lower().endswith((" the ", "\nthe ")):
        return english[4:]
    if _NUMBER.match(english):
        article = "n " if _VOWEL_NUMBER.match(english) else " "
        before[-1] = _ARTICLE_BEFORE.sub(lambda match: match[1] + article, before[-1])
    elif english[:1].isalpha():
        before[-1] = _ARTICLE_BEFORE.sub(
            lambda match: article_fits(match[0].rstrip(), english) + " ", before[-1]
        )
    return english
