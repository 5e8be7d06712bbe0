"""Build the training, development and test data of the name finder from labelled corpora and templates.

    python -m scripts.build_ner_data DATA OUT [--turn N]

DATA is a folder with `ner/` (CoNLL-2002, Universal NER EWT, Wikigold), `mt/` (CoNLL sentences with English
translations) and `deals/` (CORE, a company catalogue). OUT gets `train.jsonl`, `dev.jsonl` and
`test-*.jsonl`, a text a line with character spans. Our own articles and templates come from `corpus/`;
the test third of the articles is written to its test file and nowhere else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from babel import Locale
from scripts.fill_templates import load_fillers, load_templates
from scripts.ner import augment
from scripts.ner.invent import NameSource, load_frames, load_names
from scripts.ner.sources import (
    Example,
    conll_examples,
    core_examples,
    gold_examples,
    open_lines,
    project,
    uner_examples,
)

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "nl", "es")
CONLL = {"es": "esp", "nl": "ned"}


def main() -> None:
    """Write the data files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with ner/, mt/ and deals/")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus-turns", type=int, default=1, help="copies of the public corpora")
    parser.add_argument("--template-turns", type=int, default=5, help="fillings of each template")
    parser.add_argument("--frame-turns", type=int, default=40, help="fillings of each sentence frame")
    parser.add_argument("--article-turns", type=int, default=5, help="copies of each article with new names")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = load_names(options.data / "deals" / "crunchbase2013-companies.csv.xz")
    products = frozenset(names.products)
    rng = random.Random(options.seed)  # noqa: S311 - not for secrets
    gold = {
        language: list(gold_examples(ROOT / f"corpus/gold/dev/{language}.jsonl")) for language in LANGUAGES
    }
    articles = [example for examples in gold.values() for example in examples]
    train_articles = [example for example in articles if not is_held_out(example.source)]
    _write(options.out / "dev.jsonl", dev_examples(options.data, articles, products))
    for name, examples in test_sets(options.data, products).items():
        _write(options.out / f"test-{name}.jsonl", examples)
    train = [
        *(list(corpus_examples(options.data, products)) * options.corpus_turns),
        *(list(translated_examples(options.data, products)) * options.corpus_turns),
        *template_examples(names, rng, options.template_turns),
        *frame_examples(names, rng, options.frame_turns),
        *article_examples(train_articles, names, rng, options.article_turns),
    ]
    _write(options.out / "train.jsonl", (with_variety(example, rng) for example in train))


def is_held_out(article_id: str) -> bool:
    """Tell whether an article is kept for development: a fifth of those that are not for the test."""
    # Articles written in three languages at once (`t1-004-nl`) stay together.
    number = article_id if article_id.startswith("rs-") else article_id.rsplit("-", 1)[0]
    return int(hashlib.sha1(number.encode(), usedforsecurity=False).hexdigest(), 16) % 5 == 1


def dev_examples(data: Path, articles: list[Example], products: frozenset[str]) -> Iterator[Example]:
    """Yield the development set: held-out articles, and some of each corpus's own development part."""
    yield from (example for example in articles if is_held_out(example.source))
    for language, stem in CONLL.items():
        yield from list(conll_examples(data / "ner" / f"{stem}.testa.xz", language, products))[::4]
    yield from list(uner_examples(data / "ner" / "uner-ewt" / "en_ewt-ud-dev.iob2.xz", products))[::3]


def test_sets(data: Path, products: frozenset[str]) -> dict[str, list[Example]]:
    """Return the test sets by name."""
    sets = {
        f"conll-{language}": list(conll_examples(data / "ner" / f"{stem}.testb.xz", language, products))
        for language, stem in CONLL.items()
    }
    sets["ewt-en"] = list(uner_examples(data / "ner" / "uner-ewt" / "en_ewt-ud-test.iob2.xz", products))
    for language in LANGUAGES:
        sets[f"articles-{language}"] = list(gold_examples(ROOT / f"corpus/gold/test/{language}.jsonl"))
    return sets


def corpus_examples(data: Path, products: frozenset[str]) -> Iterator[Example]:
    """Yield the training parts of the public corpora."""
    for language, stem in CONLL.items():
        yield from conll_examples(data / "ner" / f"{stem}.train.xz", language, products)
    yield from uner_examples(data / "ner" / "uner-ewt" / "en_ewt-ud-train.history.iob2.xz", products)
    yield from conll_examples(data / "ner" / "wikigold-en.conll.xz", "en", products, 5, token_column=1)
    for part in ("train", "test"):
        yield from core_examples(data / "deals" / "core" / f"{part}.json")


def translated_examples(data: Path, products: frozenset[str]) -> Iterator[Example]:
    """Yield English translations of CoNLL training sentences with the names carried over."""
    for language, stem in CONLL.items():
        source, target = Locale.parse(language).territories, Locale.parse("en").territories
        countries = {name: target[code] for code, name in source.items() if code in target}
        by_text = {
            example.text.replace(" ", ""): example
            for example in conll_examples(data / "ner" / f"{stem}.train.xz", language, products, 1)
        }
        for line in open_lines(data / "mt" / f"news-{language}-en.tsv.xz"):
            _, foreign, english = line.split("\t")
            example = by_text.get(foreign.replace(" ", ""))
            projected = project(example, english, countries) if example else None
            if projected is not None:
                yield projected


def template_examples(names: NameSource, rng: random.Random, turns: int) -> Iterator[Example]:
    """Yield filled deal templates, a few to a document."""
    folder = ROOT / "corpus" / "templates"
    fillers = load_fillers(folder)
    by_language: dict[str, list[Example]] = {language: [] for language in LANGUAGES}
    for template in load_templates(folder):
        for _ in range(turns):
            for example in augment.fill_template(template, fillers, names, rng):
                by_language[example.language].append(example)
    for examples in by_language.values():
        yield from _joined(examples, rng)


def frame_examples(names: NameSource, rng: random.Random, turns: int) -> Iterator[Example]:
    """Yield filled sentence frames, a few to a document."""
    frames = load_frames(Path(__file__).parent / "ner" / "frames.toml")
    for language in LANGUAGES:
        examples = [
            augment.fill_frame(frame, language, frames, names, rng)
            for frame in frames[language]
            for _ in range(turns)
        ]
        yield from _joined(examples, rng)


def _joined(examples: list[Example], rng: random.Random) -> Iterator[Example]:
    rng.shuffle(examples)
    position = 0
    while position < len(examples):
        count = rng.choice([1, 1, 2, 3, 5])
        yield augment.join(examples[position : position + count], rng)
        position += count


def article_examples(
    articles: list[Example], names: NameSource, rng: random.Random, turns: int
) -> Iterator[Example]:
    """Yield our own articles as they are, and with other names in them."""
    for article in articles:
        yield article
        yield article
        for _ in range(turns):
            renamed = augment.rename(article, names, rng, share=rng.choice([0.5, 1.0]))
            yield augment.add_headings(renamed, rng) if rng.random() < 0.4 else renamed


def with_variety(example: Example, rng: random.Random) -> Example:
    """Return the example as it is, or changed in case, signs or spelling."""
    if rng.random() < 0.3:
        example = augment.change_signs(example, rng)
    if rng.random() < 0.1:
        example = augment.misspell(example, rng)
    chance = rng.random()
    short = len(example.text) < 400
    changed = None
    if short and chance < 0.05:
        changed = augment.change_case(example, str.upper)
    elif short and chance < 0.09:
        changed = augment.change_case(example, str.lower)
    elif short and chance < 0.13 and example.language == "en":
        changed = augment.change_case(example, augment.title_case)
    return changed or example


def _write(path: Path, examples: Iterable[Example]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            if any(
                example.text[start:end] != example.text[start:end].strip() for start, end, _ in example.spans
            ):
                example.spans = [span for span in example.spans if example.text[span[0] : span[1]].strip()]
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
