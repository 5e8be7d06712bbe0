"""Train the name finder on the data that `build_ner_data` wrote, and save the best model with its scores.

    OMP_NUM_THREADS=1 python -m scripts.train_ner DATA OUT [--minutes 30]

Hints are hidden at random while training, so that the model reads the context too: known companies, people
and products in half of the texts, first and last names in a third, and the form of one word in ten.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from scripts.ner.scoring import format_scores, score_model
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Adam, NumpyOps, set_current_ops

import dealfacts.entities.tokenizer  # noqa: F401 - registers it with spaCy
from dealfacts.entities.features import COLUMNS, PHRASE_COLUMN, Matrix, phrase_column, token_features
from dealfacts.entities.gazetteer import PHRASE_CLASSES, WORD_CLASSES
from dealfacts.entities.layers import FEATURES_KEY

CONFIG = Path(__file__).parent / "ner" / "ner.cfg"
_HIDDEN_PHRASES = sum(
    1 << PHRASE_CLASSES.index(name) for name in ("organisation", "media", "product", "person")
)
_HIDDEN_WORDS = sum(1 << WORD_CLASSES.index(name) for name in ("first_name", "last_name"))
_NORM, _WORD_CLASS = COLUMNS.index("norm"), COLUMNS.index("word_class")


_META = {
    "name": "dealfacts_ner",
    "version": "1.0.0",
    "description": "Names in English, Dutch and Spanish business news",
    "license": "CC-BY-SA-4.0",
    "author": "The dealfacts authors",
}


@dataclass
class Sample:
    """A text ready for training: its reference, and its features with and without the hints."""

    reference: Doc
    words: list[str]
    full: Matrix
    hidden_phrases: Any
    capitals: Any


def main() -> None:
    """Train, report to standard error, save the best model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=30, help="how long to train")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=0.001, help="highest learning rate")
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--batch-words", type=int, default=1000)
    parser.add_argument("--evaluations", type=int, default=8, help="how often to measure on the dev set")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change the configuration"
    )
    parser.add_argument("--resume", type=Path, help="a model trained before, to go on from")
    options = parser.parse_args()
    spacy.util.fix_random_seed(options.seed)
    # NumPy's matrix products are about three times as fast as BLIS's on one core.
    set_current_ops(NumpyOps(use_blis=False))
    changes = {key: json.loads(value) for key, value in (pair.split("=", 1) for pair in options.set)}
    nlp = load_model_from_config(load_config(CONFIG, overrides=changes), auto_fill=True)
    samples = [make_sample(nlp, json.loads(line)) for line in (options.data / "train.jsonl").open()]
    dev = [json.loads(line) for line in (options.data / "dev.jsonl").open()]
    print(f"{len(samples)} texts, {sum(len(s.reference) for s in samples)} tokens", file=sys.stderr)
    train(nlp, samples, dev, options)


def make_sample(nlp: Any, row: dict[str, Any]) -> Sample:
    """Make the training form of one text."""
    doc = nlp.make_doc(row["text"])
    entities = [
        doc.char_span(start, end, label, alignment_mode="expand") for start, end, label in row["spans"]
    ]
    unknown = [doc.char_span(start, end, alignment_mode="expand") for start, end in row["unknown"]]
    kept = spacy.util.filter_spans([span for span in entities if span is not None])
    covered = {token.i for span in kept for token in span}
    missing = [
        span for span in unknown if span is not None and not covered & set(range(span.start, span.end))
    ]
    doc.set_ents(kept, missing=missing, default="outside")
    tokens = [token.text for token in doc]
    capitals = np.array([token[0].isupper() for token in tokens])
    return Sample(
        doc, tokens, token_features(tokens), phrase_column(tokens, without=_HIDDEN_PHRASES), capitals
    )


def examples(nlp: Any, samples: list[Sample], rng: random.Random, words: int) -> Iterator[list[Example]]:
    """Yield batches of about `words` tokens for ever, hints hidden at random."""
    while True:
        order = list(range(len(samples)))
        rng.shuffle(order)
        batch: list[Example] = []
        size = 0
        for index in order:
            sample = samples[index]
            predicted = Doc(nlp.vocab, words=sample.words)
            predicted.user_data[FEATURES_KEY] = hide_hints(sample, rng)
            batch.append(Example(predicted, sample.reference))
            size += len(predicted)
            if size >= words:
                yield batch
                batch, size = [], 0


def hide_hints(sample: Sample, rng: random.Random) -> Matrix:
    """Return the features of a text with some hints hidden."""
    features = sample.full.copy()
    if rng.random() < 0.5:
        features[:, PHRASE_COLUMN] = sample.hidden_phrases
    if rng.random() < 0.33:
        bits = (features[:, _WORD_CLASS] - np.uint64(1)) & ~np.uint64(_HIDDEN_WORDS)
        features[:, _WORD_CLASS] = bits + np.uint64(1)
    generator = np.random.default_rng(rng.getrandbits(32))
    unseen = generator.random(len(features)) < np.where(sample.capitals, 0.2, 0.03)
    features[unseen, _NORM] = 1
    return features


def train(nlp: Any, samples: list[Sample], dev: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """Run the training loop; the learning rate warms up, stays, and falls to nothing at the end."""
    rng = random.Random(options.seed)  # noqa: S311 - not for secrets
    batches = examples(nlp, samples, rng, options.batch_words)
    nlp.initialize(lambda: next(batches))
    if options.resume:
        nlp.get_pipe("ner").from_disk(options.resume / "ner", exclude=["vocab"])
    optimizer = Adam(options.rate, L2=0.01, grad_clip=1.0, L2_is_weight_decay=True, use_averages=True)
    ner = nlp.get_pipe("ner")
    begin, best, losses, step, words, measured = time.monotonic(), 0.0, 0.0, 0, 0, 0
    while (done := (time.monotonic() - begin) / (60 * options.minutes)) < 1:
        warm = min(1.0, (step + 1) / 250)
        optimizer.learn_rate = options.rate * warm * min(1.0, (1 - done) / 0.6)
        batch = next(batches)
        # The component itself is updated: nlp.update would copy every text first.
        loss = ner.update(batch, drop=options.dropout, sgd=optimizer)
        step, losses, words = step + 1, losses + loss["ner"], words + sum(len(e.predicted) for e in batch)
        if done * options.evaluations >= measured + 1:
            measured += 1
            best = _measure(nlp, optimizer, dev, options.out, best)
            elapsed = time.monotonic() - begin
            print(
                f"step {step}, {words} words, {words / elapsed:.0f}/s, loss {losses:.0f}",
                file=sys.stderr,
                flush=True,
            )
            losses = 0.0
    _measure(nlp, optimizer, dev, options.out, best)


def _measure(nlp: Any, optimizer: Any, dev: list[dict[str, Any]], out: Path, best: float) -> float:
    with nlp.use_params(optimizer.averages):
        scores = score_model(nlp, dev)
        print(format_scores(scores), file=sys.stderr, flush=True)
        if scores["all"]["f"] > best:
            nlp.meta.update(_META)
            # The vocabulary holds words of the training text, and nothing that the model needs.
            nlp.to_disk(out, exclude=["vocab"])
    return max(best, float(scores["all"]["f"]))


if __name__ == "__main__":
    main()
