"""An article whose organisations are found by their spelling, for tests of what reads names."""

from __future__ import annotations

import re

from dealfacts import Article
from dealfacts.records import Mention, Name


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
