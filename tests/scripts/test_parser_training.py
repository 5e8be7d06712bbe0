"""The parser in torch, which is trained, and in numpy, which ships, choose the same heads and relations."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from scripts.syntax.treebanks import Parsed  # noqa: E402
from scripts.train_parser import sample_of, train  # noqa: E402

SENTENCES = [
    Parsed("en", ["<org>", "buys", "<org>"], [1, 1, 1], ["nsubj", "root", "obj"]),
    Parsed("nl", ["<org>", "koopt", "<org>", "van", "<org>"], [1, 1, 1, 4, 1], ["nsubj", "root", "obj", "case", "obl"]),
    Parsed("es", ["compra", "<org>"], [0, 0], ["root", "obj"]),
]  # fmt: skip


def test_training_learns_and_ships_the_same() -> None:
    samples = [sample_of(sentence) for sentence in SENTENCES] * 12
    parser = train(samples, {"en": samples[:1]}, epochs=40, seed=1)
    for sentence, sample in zip(SENTENCES, samples, strict=False):
        arcs = parser.parse([sample.keys])[0]
        assert [head if head >= 0 else place for place, head in enumerate(arcs.heads)] == sentence.heads
        assert list(arcs.relations) == sentence.relations
