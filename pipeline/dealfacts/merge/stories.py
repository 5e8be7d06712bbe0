"""Which articles tell one story: copies of an agency's text and near-duplicates count once.

Each article is kept as a bottom-k sketch of its word trigrams (Broder 1997, "On the resemblance and
containment of documents"): the k smallest hash values, from which the share of common trigrams of two
articles can be estimated, and exactly computed for short ones.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dealfacts.merge.clusters import DisjointSets

if TYPE_CHECKING:
    from dealfacts.merge.corpus import ArticleInfo

Sketch = npt.NDArray[np.uint32]

SKETCH_SIZE = 256
INDEXED = 24
"""How many of a sketch's smallest values serve as keys to find candidates by."""
MIN_SHARED_KEYS = 4
COPY_RESEMBLANCE = 0.4
"""From this share of common trigrams on, two articles are copies of one text."""
REWRITE_RESEMBLANCE = 0.05
"""Enough for articles that also report the same deal: independent reports of one event share fewer trigrams
(at most 0.025 in the articles looked at), also where they quote the same words."""
_REWRITE_DAYS = 3
_COMPARED = 6
_MAX_CHARS = 100_000
_WORDS = re.compile(r"\w+")


def sketch(text: str, boilerplate: Sequence[Mapping[str, Any]] = ()) -> Sketch | None:
    """Make the sketch of a text without its boilerplate; None for a text of under three words.

    >>> sketch("too short") is None
    True
    """
    for span in sorted(boilerplate, key=lambda span: -int(span["start"])):
        text = text[: span["start"]] + " " + text[span["end"] :]
    words = _WORDS.findall(text[:_MAX_CHARS].casefold())
    if len(words) < 3:
        return None
    hashes = np.fromiter((zlib.crc32(word.encode()) for word in words), dtype=np.uint64, count=len(words))
    shingles = hashes[:-2] * np.uint64(0x9E3779B97F4A7C15)
    shingles ^= hashes[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    shingles ^= hashes[2:] * np.uint64(0x165667B19E3779F9)
    shingles ^= shingles >> np.uint64(29)
    shingles *= np.uint64(0xBF58476D1CE4E5B9)
    values = np.unique((shingles >> np.uint64(32)).astype(np.uint32))
    return values[:SKETCH_SIZE]


def resemblance(a: Sketch, b: Sketch) -> float:
    """Estimate the Jaccard resemblance of two texts from their sketches."""
    union = np.union1d(a, b)
    if max(len(a), len(b)) == SKETCH_SIZE:
        union = union[:SKETCH_SIZE]
    common = np.intersect1d(a, b, assume_unique=True)
    return float(np.count_nonzero(common <= union[-1]) / len(union))


def find_copies(sketches: Mapping[str, Sketch | None]) -> dict[str, str]:
    """Group near-duplicate articles.

    Args:
        sketches: article id -> sketch.

    Returns:
        Article id -> the smallest article id of its story; the same whatever the order of input.
    """
    ids = sorted(article for article, values in sketches.items() if values is not None)
    stories = DisjointSets[str]()
    for left, right in _candidates([sketches[article] for article in ids]):
        a, b = ids[left], ids[right]
        if stories.find(a) != stories.find(b) and resemblance(sketches[a], sketches[b]) >= COPY_RESEMBLANCE:  # type: ignore[arg-type]
            stories.union(a, b)
    return {article: stories.find(article) for article in sketches}


def join_rewrites(
    stories: Mapping[str, str], told: Iterable[Iterable[str]], articles: Mapping[str, ArticleInfo]
) -> dict[str, str]:
    """Join articles that were rewritten from one text: alike in words, and they report the same deal.

    Args:
        stories: article id -> story, from `find_copies`.
        told: for each deal the ids of the articles that report it.
        articles: the articles with language, day and sketch.

    Returns:
        Article id -> the smallest article id of its story.
    """
    joined = DisjointSets[str]()
    for article, story in stories.items():
        joined.union(article, story)
    seen: set[tuple[str, str]] = set()
    for reporters in told:
        for pair in _neighbours(reporters, articles):
            if pair not in seen and joined.find(pair[0]) != joined.find(pair[1]):
                seen.add(pair)
                if _is_rewrite(articles[pair[0]], articles[pair[1]]):
                    joined.union(*pair)
    return {article: joined.find(article) for article in articles}


def _neighbours(reporters: Iterable[str], articles: Mapping[str, ArticleInfo]) -> Iterator[tuple[str, str]]:
    """Pair the reporters of a deal that may be rewrites: of one language, and next to each other in time."""
    by_lang: dict[str | None, list[str]] = {}
    for article in sorted(set(reporters), key=lambda article: (articles[article].day or 0, article)):
        if articles[article].sketch is not None:
            by_lang.setdefault(articles[article].lang, []).append(article)
    for ordered in by_lang.values():
        for i, a in enumerate(ordered):
            for b in ordered[i + 1 : i + 1 + _COMPARED]:
                yield (a, b) if a < b else (b, a)


def _is_rewrite(a: ArticleInfo, b: ArticleInfo) -> bool:
    if a.lang != b.lang or a.sketch is None or b.sketch is None:
        return False
    if a.day is not None and b.day is not None and abs(a.day - b.day) > _REWRITE_DAYS:
        return False
    return resemblance(a.sketch, b.sketch) >= REWRITE_RESEMBLANCE


def _candidates(sketches: Sequence[Sketch | None]) -> list[tuple[int, int]]:
    """Pair the articles that share several of their smallest values.

    Within the articles of one value each is paired with the first and with the one before it, so the
    cost is linear however often a text was copied.
    """
    keys = [values[:INDEXED] for values in sketches if values is not None]
    if not keys:
        return []
    flat = np.concatenate(keys)
    owner = np.repeat(np.arange(len(keys)), [len(values) for values in keys])
    order = np.lexsort((owner, flat))
    flat, owner = flat[order], owner[order]
    starts = np.concatenate(([True], flat[1:] != flat[:-1]))
    first = owner[np.maximum.accumulate(np.where(starts, np.arange(len(flat)), 0))]
    inside = np.flatnonzero(~starts)
    pairs = np.concatenate((owner[inside - 1], first[inside])) * np.int64(len(keys)) + np.concatenate(
        (owner[inside], owner[inside])
    )
    # A pair of neighbours can also be a pair with the first: one key counts once.
    codes, counts = np.unique(pairs, return_counts=True)
    short = np.array([len(values) for values in keys])
    left, right = codes // len(keys), codes % len(keys)
    needed = np.minimum(MIN_SHARED_KEYS, np.minimum(short[left], short[right]))
    kept = counts >= needed
    return list(zip(left[kept].tolist(), right[kept].tolist(), strict=True))
