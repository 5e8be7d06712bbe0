"""Find names by their shape, for articles in which nothing has looked for names yet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache

from dealfacts.lang import lang_data
from dealfacts.sentences import split_sentences

Span = tuple[int, int]

_WORD = re.compile(r"[^\W_][\w&'’.-]*[\w&]|[^\W_]|&")
_TAIL = re.compile(r"(?:['’]s|-[^\W\d_A-ZÀ-Þ][\w-]*)$")
_GAP = re.compile(r"[ \u00a0]")
MAX_RUN = 10


@cache
def _words(language: str, key: str) -> frozenset[str]:
    return frozenset(word.lower() for word in lang_data(language, "translation.toml")[key])


@cache
def _ordinary(language: str) -> frozenset[str]:
    """Return, in lower case, the words that are written with a capital without being part of a name."""
    starters = lang_data(language, "sentences.toml")["starters"]
    return _words(language, "capitalised_words") | {word.lower() for word in starters}


def is_ordinary(text: str, language: str) -> bool:
    """Tell whether a text is a capitalised word that is translated, such as an adjective of a country."""
    return text.lower() in _words(language, "capitalised_words")


def with_guesses(text: str, language: str, names: Sequence[Span], context: str = "") -> list[Span]:
    """Add to names that are known those that are guessed by their shape and lie apart from them.

    Args:
        text: the text the names stand in.
        language: its language.
        names: spans of known names.
        context: more text, such as the article of a title, that shows which words have capitals anywhere.
    """
    taken = sorted(names)
    starts = [start for start, _ in taken]
    guesses = [
        (start, end)
        for start, end in find_names(f"{text}\n\n{context}", language)
        if end <= len(text) and ((at := bisect_left(starts, end)) == 0 or taken[at - 1][1] <= start)
    ]
    return sorted([*taken, *guesses])


def spans_of(names: Collection[str], text: str) -> list[Span]:
    """Find where names stand in a text as words of their own, the longest where they overlap."""
    if not names:
        return []
    either = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return [match.span() for match in re.finditer(rf"(?<!\w)(?:{either})(?!\w)", text)]


def find_names(text: str, language: str) -> list[Span]:
    """Find runs of capitalised words that look like names of organisations or people.

    At the start of a sentence a capital says nothing, so such a word counts only when it has capitals
    inside, or also stands with a capital in the middle of a sentence, or another capital follows.

    >>> text = "Volgens Philips koopt ASML een belang in Mistral AI."
    >>> [text[start:end] for start, end in find_names(text, "nl")]
    ['Philips', 'ASML', 'Mistral AI']
    """
    rows = [
        [_stem(match) for match in _WORD.finditer(text, start, end)]
        for start, end in split_sentences(text, language)
    ]
    lower = Counter(text[start:end] for row in rows for start, end in row if text[start].islower())
    inner = {text[start:end] for row in rows for start, end in row[1:] if text[start].isupper()}
    particles = _words(language, "name_particles")
    ordinary = _ordinary(language)
    found: list[Span] = []
    for row in rows:
        for run in _runs(text, row, particles):
            doubtful = run[0] == row[0] and not _is_name_at_start(text, run, inner, lower)
            name = _trim(text, run[1:] if doubtful else run, ordinary, particles)
            if name and name[-1][1] - name[0][0] > 1:
                found.append((name[0][0], name[-1][1]))
    return found


def _stem(match: re.Match[str]) -> Span:
    """Leave the genitive and the common noun of a compound out: `Nvidia` in `Nvidia’s`, `Nvidia-chips`."""
    return match.start(), match.start() + len(_TAIL.sub("", match.group()))


def _runs(text: str, words: list[Span], particles: frozenset[str]) -> list[list[Span]]:
    """Group capitalised words that follow each other, particles between them included."""
    runs: list[list[Span]] = []
    run: list[Span] = []
    for word in words:
        shown = text[word[0] : word[1]]
        if run and (len(run) >= MAX_RUN or not _GAP.fullmatch(text[run[-1][1] : word[0]])):
            runs.append(run)
            run = []
        if _is_capitalised(shown) or (run and shown in particles):
            run.append(word)
        elif run:
            runs.append(run)
            run = []
    return [*runs, run] if run else runs


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() or any(letter.isupper() for letter in word[1:3])


def _is_name_at_start(text: str, run: list[Span], inner: set[str], lower: Counter[str]) -> bool:
    word = text[run[0][0] : run[0][1]]
    if any(letter.isupper() for letter in word[1:]) or word in inner:
        return True
    return len(run) > 1 and text[run[1][0]].isupper() and not lower[word.lower()]


def _trim(text: str, run: list[Span], ordinary: frozenset[str], particles: frozenset[str]) -> list[Span]:
    """Drop ordinary words in front and particles at both ends; an ordinary word inside makes it no name."""
    shown = [text[start:end] for start, end in run]
    first, last = 0, len(run)
    while first < last and (shown[first].lower() in ordinary or shown[first] in particles):
        first += 1
    while last > first and shown[last - 1].lower() in particles:
        last -= 1
    inside = [word for word in shown[first : last - 1] if word[0].isupper() and word.lower() not in particles]
    return [] if any(word.lower() in ordinary for word in inside) else run[first:last]
