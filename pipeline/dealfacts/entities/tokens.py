"""Split text into the tokens that names are made of."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from dealfacts.lang import lang_data


@cache
def _pattern() -> re.Pattern[str]:
    data = lang_data("_shared", "names.toml")
    domains = "|".join(sorted(map(re.escape, data["domains"]), key=len, reverse=True))
    abbreviations = "|".join(sorted(map(re.escape, data["abbreviations"]), key=len, reverse=True))
    return re.compile(
        rf"""
          (?:https?://|www\.)\S+                               # web addresses
        | \w[\w-]{{0,62}}\.(?:{domains})\b(?![\w@])            # bol.com, Character.AI
        | (?:[^\W\d_]\.){{2,8}}(?:[^\W\d_]\b)?                 # U.S., N.V., a.s.r.
        | \b(?:{abbreviations})\.                              # Inc.
        | \b[A-ZÀ-Þ]\.(?=[ ][A-ZÀ-Þ])                          # initials: C. C. Wei
        | [A-Z]{{1,4}}&[A-Z]{{1,4}}\b                          # AT&T, S&P
        | \d+(?:[.,:]\d+)*                                     # 1.500,25
          (?:[^\W\d_]\w*)?                                     # 3i, 10GW
        | ['’]s\b                                              # Nvidia's
        | \w+
        | \S
        """,
        re.VERBOSE,
    )


@lru_cache(maxsize=256)
def token_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the offsets of all tokens: words, numbers and single signs; a hyphen or apostrophe splits.

    The last few texts are remembered: the tokens of an article and of its names are asked for repeatedly.
    A company stays apart from what is tied to it by a hyphen (`OpenAI-topman`, `Nvidia-OpenAI`), and a
    name may take several tokens (`L`, `'`, `Oréal`).

    >>> text = "OpenAI-topman bij bol.com"
    >>> [text[start:end] for start, end in token_spans(text)]
    ['OpenAI', '-', 'topman', 'bij', 'bol.com']
    """
    return tuple(match.span() for match in _pattern().finditer(text))
