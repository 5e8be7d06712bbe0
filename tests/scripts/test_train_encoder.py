"""The encoder's training on a tiny model: pieces, links, what is learnt, and what ships."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from scripts.encoder.forms import Trained, load, pruned, save, ship  # noqa: E402
from scripts.encoder.pairs import ARTICLES, NEWS, Links, Pair, read_pairs  # noqa: E402
from scripts.encoder.vocabulary import Words, choose_pieces, count_words, first_vectors  # noqa: E402
from scripts.train_encoder import (  # noqa: E402
    extend,
    loss_of,
    passages_of,
    pieces_in_use,
    teach,
)

from dealfacts.deals.encoder import Encoder, WordPieces  # noqa: E402

ENGLISH = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "bid", "bank", "buys", "grows", ".", "acme", "unused"]
PAIRS = [
    Pair(ARTICLES, ["De", "bank", "koopt", "Acme", "."], ["The", "bank", "buys", "Acme", "."], 0),
    Pair(ARTICLES, ["Het", "bod", "groeit", "."], ["The", "bid", "grows", "."], 0),
    Pair(NEWS, ["De", "bank", "groeit", "."], ["The", "bank", "grows", "."]),
] * 5
LINKS: list[Links] = [[(n, n) for n in range(len(pair.words))] for pair in PAIRS]


def tiny_model() -> Any:
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(ENGLISH), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=300,
    )  # fmt: skip
    return transformers.BertModel(config).eval()


def test_words_are_counted_without_names() -> None:
    words = count_words(PAIRS, LINKS)
    assert words.counts["bank"] == 5 * 5 + 5 * 3
    assert "acme" not in words.counts
    assert words.translations["bod"] == Counter({"bid": 25})


def test_pieces_begin_as_what_they_translate() -> None:
    words = Words({"bod": 9, "bodbod": 9}, {"bod": Counter({"bid": 3, "offer": 1})})
    pieces = choose_pieces(words.counts, size=40)
    assert {"bod", "##od"} <= set(pieces)
    vectors = {"bid": np.array([1.0, 0.0], np.float32), "offer": np.array([0.0, 1.0], np.float32)}
    first = first_vectors(pieces, words, vectors.__getitem__)
    np.testing.assert_allclose(first["bod"], [0.75, 0.25])


def test_sentences_of_an_article_stay_together() -> None:
    aligned = list(zip(PAIRS[:3], LINKS[:3], strict=True))
    passages = list(passages_of("nl", [*aligned, *aligned]))
    assert sum(len(passage.sentences) for passage in passages) == 6
    assert all(len({pair.unit for pair, _ in passage.sentences}) == 1 for passage in passages)
    assert all(len(each.sentences) == 1 for each in passages if each.sentences[0][0].unit < 0)


def test_student_comes_nearer_and_ships(tmp_path: Path) -> None:
    teacher = tiny_model()
    pairs = {"nl": PAIRS, "es": PAIRS}
    pieces, student = extend(teacher, ENGLISH, pairs, {"nl": LINKS, "es": LINKS})
    assert "nl:bank" in pieces
    reader, passages = WordPieces(pieces), list(passages_of("nl", list(zip(PAIRS, LINKS, strict=True))))
    with torch.no_grad():
        student.embeddings.word_embeddings.weight[len(ENGLISH) :] += 0.5
        before = float(loss_of(student, teacher, reader, passages))
    teach(student, teacher, reader, passages, minutes=0.05)
    with torch.no_grad():
        assert float(loss_of(student, teacher, reader, passages)) < 0.8 * before
    np.testing.assert_array_equal(
        student.embeddings.word_embeddings.weight.detach()[: len(ENGLISH)],
        teacher.embeddings.word_embeddings.weight.detach(),
    )
    kept = pieces_in_use(pieces, pairs)
    assert pieces.index("unused") not in kept
    expected = student(
        input_ids=torch.tensor([[2, pieces.index("nl:bank"), pieces.index("acme"), 3]])
    ).last_hidden_state.detach()[0, 1:3]
    save(pruned(Trained(student, pieces), kept), tmp_path / "trained")
    ship(load(tmp_path / "trained"), tmp_path / "encoder")
    shipped = Encoder(tmp_path / "encoder")
    (states,) = shipped.read([[shipped.pieces.of("bank", "nl"), shipped.pieces.of("Acme", "nl")]])
    assert np.corrcoef(states.ravel(), expected.numpy().ravel())[0, 1] > 0.98


def test_pairs_are_read_in_order(tmp_path: Path) -> None:
    article = {"sentences": [{"en": "The bid.", "nl": "Het bod."}, {"en": "Only English."}]}
    (tmp_path / "t1.jsonl").write_text(json.dumps(article) + "\n", "utf-8")
    for name in ("news-nl-en", "nl-en"):
        with lzma.open(tmp_path / f"{name}.tsv.xz", "wt", encoding="utf-8") as out:
            out.write(f"{name}\tDe bank.\tThe bank.\n")
    read = read_pairs(tmp_path, tmp_path, "nl")
    assert [(pair.kind, pair.words[1], pair.unit) for pair in read] == [
        ("articles", "bod", 0), ("news", "bank", -1), ("documents", "bank", -1),
    ]  # fmt: skip
