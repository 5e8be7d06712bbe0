"""What stages share about the mentions of an article: order, ids, overlaps, and where to look for them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from dealfacts.lang import languages
from dealfacts.records import NAME_LABELS, Article, Label, Mention, Value

_NAMES = frozenset(NAME_LABELS)
_BARE = frozenset({"CARDINAL", "QUANTITY"})
_LOOK_BACK = 32
"""How many earlier mentions may still reach into one: spans are short, so a few would do."""
_NOT_LINE_END = re.compile(r"[^\n]")


def readable_language(article: Article) -> str | None:
    """Return the language of an article when there is data to read it by, with its region; else None."""
    if article.lang and article.lang.split("-")[0] in languages():
        return article.lang
    return None


def story_text(article: Article) -> str:
    """Return the text with boilerplate blanked out: same length, same line ends, true offsets."""
    text, pieces, at = article.text, [], 0
    for part in sorted(article.boilerplate or (), key=lambda part: part.start):
        start, end = max(part.start, at), max(part.end, at)
        pieces += [text[at:start], _NOT_LINE_END.sub(" ", text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


def mention_at(article: Article, span: tuple[int, int], label: Label, value: Value, stage: str) -> Mention:
    """Make the mention of a span of the article's text; `combine` numbers it."""
    start, end = span
    text = article.text[start:end]
    return Mention(id="m0", start=start, end=end, text=text, label=label, value=value, stage=stage)


def combine(*groups: Iterable[Mention]) -> list[Mention]:
    """Put mentions in text order, settle overlaps and number them `m1`, `m2`, ...

    A bare number or a date inside a name is part of the name (`3M`, `Expo 2030`); a bare number that is
    part of a date is no number; a name inside a sum of money (`US` in `US$`) is no name.
    """
    mentions = sorted((m for group in groups for m in group), key=lambda m: (m.start, -m.end, m.label))
    kept = [
        mention
        for number, mention in enumerate(mentions)
        if not any(_yields(mention, other) for other in _touching(mentions, number))
    ]
    kept.sort(key=lambda m: (m.start, m.end, m.label))
    return [mention.model_copy(update={"id": f"m{number}"}) for number, mention in enumerate(kept, start=1)]


def _touching(mentions: Sequence[Mention], number: int) -> Iterator[Mention]:
    """Yield the others that overlap the mention at a place of a list in text order."""
    mention = mentions[number]
    for other in itertools.islice(mentions, number + 1, None):
        if other.start >= mention.end:
            break
        yield other
    for place in range(number - 1, max(-1, number - _LOOK_BACK), -1):
        if mentions[place].end > mention.start:
            yield mentions[place]


def _yields(mention: Mention, other: Mention) -> bool:
    """Say whether a mention gives way to another that it overlaps."""
    if mention.label in _BARE:
        return other.label not in _BARE and not (other.label in _NAMES and mention.start < other.start)
    if mention.label in {"DATE", "DURATION"}:
        return other.label == "MONEY" or (other.label in _NAMES and _inside(mention, other))
    if mention.label in _NAMES:
        return other.label in {"MONEY", "PERCENT"} and _inside(mention, other)
    return False


def _inside(mention: Mention, other: Mention) -> bool:
    return other.start <= mention.start and mention.end <= other.end and len(mention.text) < len(other.text)
