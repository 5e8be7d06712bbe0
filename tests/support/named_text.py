"""Articles whose organisations and figures are found by their spelling, for tests of what reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dealfacts import Article
from dealfacts.records import Mention, Money, Name, Percent, Timex


def named_article(text: str, names: tuple[str, ...], lang: str = "en") -> Article:
    """Return an article with every occurrence of the names marked as an organisation, in order."""
    found = sorted((match.start(), name) for name in names for match in re.finditer(re.escape(name), text))
    mentions = [
        Mention(
            id=f"{name}{start}", start=start, end=start + len(name), text=name, label="ORG",
            value=Name(name=name), stage="t",
        )
        for start, name in found
    ]  # fmt: skip
    return Article(id="a", text=text, lang=lang, mentions=mentions)


def figured_article(text: str, figures: Iterable[tuple[str, Money | Percent | Timex]]) -> Article:
    """Return an English article with each wording marked as its value, `m0` the first; in order of the text."""
    mentions, end = [], 0
    for number, (surface, value) in enumerate(figures):
        start = text.index(surface, end)
        end = start + len(surface)
        label = value.type if isinstance(value, Timex) else type(value).__name__.upper()
        mentions.append(
            Mention(
                id=f"m{number}", start=start, end=end, text=surface, label=label, value=value, stage="t"
            )
        )  # fmt: skip
    return Article(id="a", text=text, lang="en", mentions=mentions)
