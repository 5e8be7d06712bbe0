"""Build the training and measuring sets of the translation model, its vocabulary and token arrays.

    python -m scripts.build_mt_data DATA_FOLDER OUTPUT_FOLDER

DATA_FOLDER holds `nl-en.tsv.xz`, `es-en.tsv.xz`, `news-*-en.tsv.xz` (corpus, source, English) and
`flores-dev.*`; the templates, parallel articles and prose come from `corpus/`. OUTPUT_FOLDER gets

    spm.model          joint SentencePiece vocabulary, digits split, byte fallback, placeholders as pieces
    train.npz          token ids of every pair, with group and language
    dev.jsonl          measuring sets: FLORES dev and held-back news, with masked source and the items
    data.json          counts, for the card
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from scripts.mt import corpora
from scripts.mt.corpora import Pair
from scripts.mt.placeholders import PLACEHOLDERS, mask

REPOSITORY = Path(__file__).parents[1]
DOCS_KEPT = 45_000
COPIES = {"news": 2, "prose": 2, "articles": 4, "templates": 2, "general": 1, "tatoeba": 1, "docs": 1}
"""How many differently masked copies of a pair are written; the trainer weights groups by itself."""

_LIKE_NEWS = {"news", "prose", "articles", "general"}
"""Groups that documentation is compared with when the closest of it is chosen."""
_MASK_SHARE = 0.88
_QUOTES = {'"': "“”„«»″", "'": "‘’‚‹›′"}
_SPACES = "\u00a0\u2007\u2009\u200a\u202f"


def collect(folder: Path, templates_each: int) -> tuple[list[Pair], dict[str, list[Pair]]]:
    """Gather all training pairs, and the measuring sets by name."""
    found = [pair for lang in corpora.SOURCES for pair in corpora.read_found(folder, lang)]
    prose = list(corpora.read_prose(REPOSITORY / "corpus/prose"))
    stories = list(corpora.read_articles(REPOSITORY / "corpus/parallel"))
    articles = [pair for story, pair in stories if not corpora.is_held_back(story)]
    wanted = [pair.target for pair in [*found, *prose, *articles] if pair.group in _LIKE_NEWS]
    docs = [
        pair
        for lang in corpora.SOURCES
        for pair in corpora.closest(
            [p for p in found if p.group == "docs" and p.lang == lang and len(p.source.split()) > 3],
            wanted,
            DOCS_KEPT,
        )
    ]
    plain = [pair for pair in found if pair.group != "docs"] + prose + docs
    is_common = corpora.common_words(
        text for pair in [*plain, *articles] for text in (pair.source, pair.target)
    )
    train = [
        *corpora.with_items(plain, is_common),
        *articles,
        *corpora.read_templates(REPOSITORY / "corpus/templates", templates_each, seed=1),
    ]
    held_back = [pair for story, pair in stories if corpora.is_held_back(story)]
    flores = {
        f"flores-{lang}": list(corpora.with_items(corpora.read_flores(folder, lang), is_common))
        for lang in corpora.SOURCES
    }
    news = {f"held-{lang}": [pair for pair in held_back if pair.lang == lang] for lang in corpora.SOURCES}
    return train, {**flores, **news}


def masked_copies(pairs: list[Pair], rng: random.Random) -> list[tuple[Pair, str, str]]:
    """Mask every pair as often as its group asks; most items of a copy are masked, some stay plain.

    Sentences that differ only in what is masked count once: release notes and advisories are full of them.
    """
    rows: dict[str, tuple[Pair, str, str]] = {}
    for pair in pairs:
        for copy in range(COPIES[pair.group] if pair.items else 1):
            share = 1 if copy == 0 and pair.group != "docs" else _MASK_SHARE
            chosen = [item for item in pair.items if rng.random() < share]
            source, target = mask(pair.source, pair.target, chosen)
            rows.setdefault(source, (pair, source, target))
    return list(rows.values())


def train_vocabulary(texts: list[str], prefix: Path, size: int) -> sentencepiece.SentencePieceProcessor:
    """Train the joint vocabulary: `</s>` 0, `<unk>` 1, no padding piece (the exporter adds it last)."""
    rules = [
        *((char, plain) for plain, chars in _QUOTES.items() for char in chars),
        *((c, " ") for c in _SPACES),
    ]
    rules.append(("…", "..."))
    table = prefix.with_suffix(".rules.tsv")
    lines = (f"{ord(a):X}\t{' '.join(f'{ord(c):X}' for c in b)}" for a, b in rules)
    table.write_text("\n".join(lines) + "\n", "utf-8")
    with contextlib.chdir(prefix.parent):  # the model keeps the paths it was trained with
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_prefix=prefix.name,
            vocab_size=size,
            model_type="unigram",
            character_coverage=0.9998,
            byte_fallback=True,
            split_digits=True,
            normalization_rule_tsv=table.name,
            user_defined_symbols=list(PLACEHOLDERS),
            eos_id=0,
            unk_id=1,
            hard_vocab_limit=False,
            bos_id=-1,
            pad_id=-1,
            max_sentence_length=4000,
            minloglevel=1,
        )
    table.unlink()
    return sentencepiece.SentencePieceProcessor(model_file=f"{prefix}.model")


def save_tokens(
    path: Path,
    rows: list[tuple[Pair, str, str]],
    vocabulary: sentencepiece.SentencePieceProcessor,
    longest: int,
) -> dict[str, Any]:
    """Write the token ids of all rows and return counts by group and language."""
    sources = vocabulary.encode([source for _, source, _ in rows])
    targets = vocabulary.encode([target for _, _, target in rows])
    kept = [
        i for i, (s, t) in enumerate(zip(sources, targets, strict=True)) if 0 < len(s) < longest > len(t) > 0
    ]
    groups = sorted({pair.group for pair, _, _ in rows})
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for i in kept:
        counts[rows[i][0].group + "-" + rows[i][0].lang].update(pairs=1, tokens=len(targets[i]))
    np.savez(
        path,
        source=np.fromiter((t for i in kept for t in sources[i]), np.uint16),
        target=np.fromiter((t for i in kept for t in targets[i]), np.uint16),
        source_length=np.array([len(sources[i]) for i in kept], np.uint16),
        target_length=np.array([len(targets[i]) for i in kept], np.uint16),
        group=np.array([groups.index(rows[i][0].group) for i in kept], np.uint8),
        lang=np.array([corpora.SOURCES.index(rows[i][0].lang) for i in kept], np.uint8),
        groups=np.array(groups),
    )
    return {key: dict(value) for key, value in sorted(counts.items())}


def save_sets(path: Path, sets: dict[str, list[Pair]]) -> None:
    """Write the measuring sets, masked, with what each placeholder stands for in English."""
    with path.open("w", encoding="utf-8") as out:
        for name, pairs in sets.items():
            for pair in pairs:
                source, target = mask(pair.source, pair.target, pair.items)
                row: dict[str, Any] = {"set": name, "lang": pair.lang, "source": source, "target": target}
                row |= {"plain": pair.source, "english": pair.target, "fill": _fill_back(target, pair.target)}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _fill_back(masked: str, english: str) -> dict[str, str]:
    """Read from the two texts what each placeholder of the masked one stands for."""
    parts = re.split("(" + "|".join(PLACEHOLDERS) + ")", masked)
    pattern = "".join("(.+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
    match = re.fullmatch(pattern, english, re.DOTALL)
    assert match, f"{masked!r} is not a masking of {english!r}"
    return dict(zip(parts[1::2], match.groups(), strict=True))


def main() -> None:
    """Build everything under the output folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--vocabulary", type=int, default=8000)
    parser.add_argument("--keep-vocabulary", action="store_true", help="use the spm.model that is there")
    parser.add_argument("--templates-each", type=int, default=4)
    parser.add_argument("--longest", type=int, default=110, help="longest sentence in tokens")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    train, sets = collect(options.data, options.templates_each)
    rows = masked_copies(train, random.Random(1))  # noqa: S311 -- not for secrets
    heavy = [row for row in rows if row[0].group != "docs"]
    texts = [text for _, source, target in heavy for text in (source, target)]
    if options.keep_vocabulary:
        vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(options.output / "spm.model"))
    else:
        vocabulary = train_vocabulary(texts, options.output / "spm", options.vocabulary)
    counts = save_tokens(options.output / "train.npz", rows, vocabulary, options.longest)
    save_sets(options.output / "dev.jsonl", sets)
    counts.update({name: {"pairs": len(pairs)} for name, pairs in sets.items()})
    (options.output / "data.json").write_text(json.dumps(counts, indent=1) + "\n", "utf-8")
    print(json.dumps(counts, indent=1))


if __name__ == "__main__":
    main()
