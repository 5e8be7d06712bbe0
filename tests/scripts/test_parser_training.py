"""The parser in torch, which is trained, and in numpy, which ships, choose the same heads and relations."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from scripts.syntax.treebanks import Parsed  # noqa: E402
from scripts.train_parser import Biaffine, as_shipped, sample_of, tensors_of, train  # noqa: E402

SENTENCES = [
    Parsed("en", ["<org>", "buys", "<org>"], [1, 1, 1], ["nsubj", "root", "obj"]),
    Parsed("nl", ["<org>", "koopt", "<org>", "van", "<org>"], [1, 1, 1, 4, 1], ["nsubj", "root", "obj", "case", "obl"]),
    Parsed("es", ["compra", "<org>"], [0, 0], ["root", "obj"]),
]  # fmt: skip
RELATIONS = ["case", "nsubj", "obj", "obl", "root"]


def test_torch_and_numpy_parse_alike() -> None:
    samples = [sample_of(sentence) for sentence in SENTENCES]
    known = sorted({key for sample in samples for keys in sample.keys for key in keys})
    rows = {key: row for row, key in enumerate(known, start=1)}
    torch.manual_seed(7)
    model = Biaffine(len(rows), len(RELATIONS)).eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.normal_(0, 0.3)
        model.embedding.weight[0] = 0
        keys, lengths, _, _ = tensors_of(samples, rows, RELATIONS)
        scores, states = model(keys, lengths)
        heads = scores[:, 1:].argmax(2)
        relations = model.relations(states, heads).argmax(2)
    found = as_shipped(model, rows, RELATIONS).parse([sample.keys for sample in samples])
    for number, arcs in enumerate(found):
        length = len(arcs.heads)
        assert [head + 1 for head in arcs.heads] == heads[number, :length].tolist()
        assert [RELATIONS.index(each) for each in arcs.relations] == relations[number, :length].tolist()


def test_training_makes_the_parser_better() -> None:
    samples = [sample_of(sentence) for sentence in SENTENCES] * 40
    parser = train(samples, {"en": samples[:1]}, epochs=60, seed=1)
    arcs = parser.parse([samples[0].keys])[0]
    assert arcs.heads == (1, -1, 1)
    assert arcs.relations == ("nsubj", "root", "obj")
