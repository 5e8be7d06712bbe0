"""Read, clean, select and split the sentence pairs that the translation model learns from."""

from __future__ import annotations

import hashlib
import json
import lzma
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.build_gold import occurrences
from scripts.fill_templates import LANGUAGES, SlotSpan, fill_all
from scripts.mt.placeholders import Item, find_figures, find_names, shared_items

SOURCES = ("nl", "es")

_GROUPS = {
    "conll-news": "news",
    "tatoeba": "tatoeba",
    "europarl-sample": "general",
    "xquad": "general",
    "tico19": "general",
    "ud-pud": "general",
}
"""Corpus to sampling group; every other corpus is software documentation and the like, `docs`."""

_WORD = re.compile(r"\w+")
_ODD = re.compile(r"[{}\[\]<>\\|=_`]|--|://|\$\w|\w\(\)")


@dataclass(frozen=True)
class Pair:
    """A sentence and its English, with the items both share."""

    group: str
    lang: str
    source: str
    target: str
    items: tuple[tuple[Item, Item], ...] = ()


def read_found(folder: Path, lang: str) -> Iterator[Pair]:
    """Yield the found pairs of one language, cleaned and without doubles: news first, then the rest."""
    seen: set[str] = set()
    for name in (f"news-{lang}-en.tsv.xz", f"{lang}-en.tsv.xz"):
        with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                corpus, source, target = (field.strip() for field in line.rstrip("\n").split("\t"))
                key = " ".join(_WORD.findall(source.lower()))
                if key not in seen and is_clean(source, target):
                    seen.add(key)
                    yield Pair(_GROUPS.get(corpus, "docs"), lang, source, target)


def is_clean(source: str, target: str) -> bool:
    """Say whether a pair looks like two sentences of prose that say the same.

    >>> is_clean("Get-Item | Set-Item", "Get-Item | Set-Item"), is_clean("Dat is goed.", "That is good.")
    (False, True)
    """
    lengths = len(source.split()), len(target.split())
    if not (min(lengths) >= 1 and max(lengths) <= 70 and max(lengths) <= 2.2 * min(lengths) + 3):
        return False
    if source == target or _ODD.search(source) or _ODD.search(target):
        return False
    letters = sum(char.isalpha() or char == " " for char in source)
    return letters >= 0.75 * len(source)


def read_articles(folder: Path) -> Iterator[tuple[str, Pair]]:
    """Yield `(story, pair)` for every sentence of the parallel articles in both source languages."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            article = json.loads(line)
            for index, sentence in enumerate(article["sentences"]):
                for lang in SOURCES:
                    items = _article_items(article, index, lang)
                    yield (
                        article.get("story") or article["id"],
                        Pair("articles", lang, sentence[lang], sentence["en"], items),
                    )


def read_prose(folder: Path) -> Iterator[Pair]:
    """Yield the pairs of our own prose: rows of English, Dutch and Spanish.

    Raises:
        ValueError: a row has not three fields.
    """
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            fields = line.split("\t")
            if len(fields) != len(SOURCES) + 1:
                raise ValueError(f"{path}, row {number}: {len(fields)} fields, not {len(SOURCES) + 1}")
            english, *sources = fields
            for lang, source in zip(SOURCES, sources, strict=True):
                yield Pair("prose", lang, source, english)


def _article_items(article: dict[str, Any], index: int, lang: str) -> tuple[tuple[Item, Item], ...]:
    sentence = article["sentences"][index]
    source: list[Item] = []
    target: list[Item] = []
    for number, entry in enumerate(row for row in article["protected"] if row["sent"] == index):
        if not (entry[lang] and entry["en"]):
            continue  # one of the two says it in other words
        _claim(source, sentence[lang], entry[lang], "n", ("protected", number))
        _claim(target, sentence["en"], entry["en"], "n", ("protected", number))
    for entry in article["names"]:
        for name in sorted(set(entry[lang]) & set(entry["en"]), key=len, reverse=True):
            _claim(source, sentence[lang], name, "e", ("name", name))
            _claim(target, sentence["en"], name, "e", ("name", name))
    _claim_figures(source, sentence[lang], lang)
    _claim_figures(target, sentence["en"], "en")
    return tuple(shared_items(_in_order(source), _in_order(target)))


def _claim(items: list[Item], text: str, surface: str, kind: str, key: tuple[Any, ...]) -> None:
    """Add every free occurrence of a surface (only the first one for annotated figures)."""
    for start, end in occurrences(text, surface):
        if _is_free(items, start, end):
            items.append(Item(start, end, kind, key))
            if kind == "n":
                return


def _claim_figures(items: list[Item], text: str, lang: str) -> None:
    for item in find_figures(text, lang):
        if _is_free(items, item.start, item.end):
            items.append(item)


def _is_free(items: list[Item], start: int, end: int) -> bool:
    return all(end <= item.start or start >= item.end for item in items)


def _in_order(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.start)


def read_templates(folder: Path, per_template: int, seed: int) -> Iterator[Pair]:
    """Yield filled templates; what a slot holds is a shared item, countries and fixed wording are not."""
    for example in fill_all(folder, per_template, seed):
        for lang in SOURCES:
            sides = [
                [
                    _slot_item(span)
                    for span in example.spans[side]
                    if span.label != "FIXED" and span.slot != "country"
                ]
                for side in (lang, "en")
            ]
            items = tuple(shared_items(*sides))
            yield Pair("templates", lang, example.texts[lang], example.texts["en"], items)


def _slot_item(span: SlotSpan) -> Item:
    kind = "e" if span.label in {"ORG", "PERSON", "GPE"} else "n"
    return Item(span.start, span.end, kind, (span.slot,))


def with_items(pairs: Iterable[Pair], is_common: Callable[[str], bool]) -> Iterator[Pair]:
    """Find the shared figures and names of pairs that carry no annotation."""
    for pair in pairs:
        sides = []
        for text, lang in ((pair.source, pair.lang), (pair.target, "en")):
            items = find_figures(text, lang)
            items += [name for name in find_names(text, is_common) if _is_free(items, name.start, name.end)]
            sides.append(_in_order(items))
        yield replace(pair, items=tuple(shared_items(*sides)))


def common_words(texts: Iterable[str]) -> Callable[[str], bool]:
    """Learn which words are usually lower case, so that a capital at a sentence start says nothing."""
    counts = Counter(word for text in texts for word in _WORD.findall(text))
    return lambda word: counts[word.lower()] > counts[word] // 2 or counts[word] == 0


def closest(pairs: list[Pair], model_texts: Iterable[str], keep: int) -> list[Pair]:
    """Keep the pairs whose English is most like the model texts and least like the pool.

    Cross-entropy difference over words (Moore and Lewis 2010, "Intelligent selection of language model
    training data"), with unigrams for want of room, on the length-normalised score.
    """
    inside = Counter(word for text in model_texts for word in _WORD.findall(text.lower()))
    outside = Counter(word for pair in pairs for word in _WORD.findall(pair.target.lower()))
    total_in, total_out, words = sum(inside.values()), sum(outside.values()), len(inside) + len(outside)

    def score(pair: Pair) -> float:
        tokens = _WORD.findall(pair.target.lower()) or [""]
        ratio = sum(
            math.log((inside[token] + 0.5) / (total_in + words / 2))
            - math.log((outside[token] + 0.5) / (total_out + words / 2))
            for token in tokens
        )
        return ratio / (len(tokens) + 2)

    return sorted(pairs, key=score, reverse=True)[:keep]


def is_held_back(story: str, slots: int = 7) -> bool:
    """Say whether a story belongs to the held-back news set; the same everywhere, by hash of its name."""
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % slots == 0


def read_flores(folder: Path, lang: str) -> list[Pair]:
    """Read the FLORES dev sentences of one language; they are for measuring only."""
    source, target = (
        (folder / f"flores-dev.{side}").read_text("utf-8").splitlines() for side in (lang, "en")
    )
    return [Pair("flores", lang, left, right) for left, right in zip(source, target, strict=True)]


__all__ = [
    "LANGUAGES",
    "SOURCES",
    "Pair",
    "closest",
    "common_words",
    "is_clean",
    "is_held_back",
    "read_articles",
    "read_flores",
    "read_found",
    "read_prose",
    "read_templates",
    "with_items",
]
