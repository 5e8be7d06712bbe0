"""The parts of training that need numpy, torch or the export libraries; skipped where those are missing."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripts.mt import scoring

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch


@pytest.fixture
def model() -> Any:
    from scripts.mt.model import Shape, Translator

    torch.manual_seed(1)
    return Translator(Shape(vocabulary=41, width=32, inner=64, heads=2, encoder_layers=2, decoder_layers=2))


def test_sliced_loss_and_gradient_are_those_of_cross_entropy() -> None:
    from scripts.mt.model import SlicedCrossEntropy

    torch.manual_seed(1)
    states = torch.randn(2500, 16, requires_grad=True)
    weight = torch.randn(50, 16, requires_grad=True)
    labels = torch.randint(0, 50, (2500,))
    loss, nll = SlicedCrossEntropy.apply(states, weight, labels, 0.1)
    loss.backward()
    got = states.grad.clone(), weight.grad.clone()
    states.grad = weight.grad = None
    expected = torch.nn.functional.cross_entropy(states @ weight.T, labels, label_smoothing=0.1)
    expected.backward()
    assert torch.allclose(loss, expected, atol=1e-5)
    assert torch.allclose(nll, torch.nn.functional.cross_entropy(states @ weight.T, labels), atol=1e-5)
    assert torch.allclose(got[0], states.grad, atol=1e-6)
    assert torch.allclose(got[1], weight.grad, atol=1e-5)


def test_padding_does_not_change_the_loss(model: Any) -> None:
    source, target = torch.tensor([[5, 6, 7, 0]]), torch.tensor([[8, 9, 0]])
    padded = torch.tensor([[5, 6, 7, 0, 40, 40]]), torch.tensor([[8, 9, 0, 40]])
    first = model.loss(source, target, 0.1)["loss"]
    second = model.loss(*padded, 0.1)["loss"]
    assert torch.allclose(first, second, atol=1e-5)


def test_padding_stays_zero(model: Any) -> None:
    model.loss(torch.tensor([[5, 6, 0]]), torch.tensor([[8, 9, 0]]), 0.1)["loss"].backward()
    assert not model.shared.weight[-1].any()
    assert not model.shared.weight.grad[-1].any()
    assert model.shared.weight.grad[:-1].any()


def test_orthogonalise_gives_singular_values_near_one() -> None:
    from scripts.mt.optimiser import orthogonalise

    torch.manual_seed(1)
    for shape in ((1, 32, 96), (2, 96, 32)):
        values = torch.linalg.svdvals(orthogonalise(torch.randn(shape)).float())
        assert 0.6 < values.min() <= values.max() < 1.4


def test_word_table_and_embeddings_find_translations() -> None:
    from scripts.mt import lexicon

    rng = np.random.default_rng(1)
    source = torch.from_numpy(rng.integers(2, 10, (400, 5)))
    target = source.flip(1) + 8  # word n translates as n + 8, the order is turned round
    table, counts = lexicon.train_table([(source, target)], 20, rounds=6)
    assert [int(table[word].argmax()) for word in range(2, 10)] == list(range(10, 18))
    vectors = lexicon.bilingual_embeddings(counts, 8)
    nearest = (vectors[2:10] @ vectors[10:18].T).argmax(1)
    assert nearest.tolist() == list(range(8))


def test_stream_goes_on_where_it_stopped(tmp_path: Path) -> None:
    from itertools import islice

    from scripts.mt.batches import Plan, TokenPairs, stream

    lengths = np.random.default_rng(1).integers(2, 30, 300).astype(np.uint16)
    tokens = np.arange(lengths.sum()).astype(np.uint16)
    np.savez(
        tmp_path / "train.npz",
        source=tokens,
        target=tokens,
        source_length=lengths,
        target_length=lengths,
        group=(np.arange(300) % 2).astype(np.uint8),
        lang=np.zeros(300, np.uint8),
        groups=np.array(["news", "docs"]),
    )
    pairs = TokenPairs(tmp_path / "train.npz")
    plan = Plan({"news": 3, "docs": 1}, tokens=200, short_until=5, drawn_at_once=4000)
    rows = list(islice(stream(pairs, plan), 40))
    again = list(islice(stream(pairs, plan, done=25), 15))
    assert all((a == b).all() for a, b in zip(rows[25:], again, strict=True))
    assert all(pairs.batch(row, 9)[0].numel() <= 250 for row in rows)
    drawn = np.concatenate(rows)
    shares = [pairs.target_length[drawn][pairs.group[drawn] == group].sum() for group in (0, 1)]
    assert shares[0] > 1.5 * shares[1]


def test_export_translates_alike_in_every_form(tmp_path: Path, model: Any) -> None:
    pytest.importorskip("transformers")
    ctranslate2 = pytest.importorskip("ctranslate2")
    from scripts.build_mt_data import train_vocabulary
    from scripts.export_mt import export
    from scripts.mt.model import Shape, Translator
    from transformers import MarianMTModel, MarianTokenizer

    words = ["bank koopt fabriek", "de winst steeg", "el banco compra", "the profit rose <n0> <e0>"] * 20
    vocabulary = train_vocabulary(words, tmp_path / "spm", size=320)
    shape = Shape(len(vocabulary) + 1, 32, 64, 2, 2, 2)
    model = Translator(shape, torch.arange(0, len(vocabulary), 2)).eval()
    weights = dict(model.named_parameters())
    torch.save(
        {
            "shape": asdict(shape),
            "average": weights,
            "optimiser": {"masters": weights},
            "tokens": 1,
            "outputs": model.outputs,
        },
        tmp_path / "c.pt",
    )
    export(tmp_path / "c.pt", tmp_path / "spm.model", tmp_path / "out")

    assert_reads_back(tmp_path / "out/ctranslate2", shape, model)

    source = torch.tensor([[*vocabulary.encode("de bank koopt <e0>"), 0]])
    ours = model.greedy(source, 12)[0].tolist()
    marian = MarianMTModel.from_pretrained(tmp_path / "out/marian")
    target = torch.tensor([[model.pad, 5, 6, 7]])
    with torch.no_grad():
        theirs = marian(input_ids=source, decoder_input_ids=target).logits[..., :-1]
        states, _, _ = model.decode(target, *model.encode(source))
    assert torch.allclose(
        states @ model.shared.weight[model.outputs].T, theirs[..., model.outputs], atol=1e-4
    )
    assert theirs[..., 1::2].max() < -1000
    assert (
        MarianTokenizer.from_pretrained(tmp_path / "out/marian")("de bank koopt <e0>").input_ids
        == source[0].tolist()
    )

    translator = ctranslate2.Translator(str(tmp_path / "out/ctranslate2"), compute_type="float32")
    pieces = [[vocabulary.id_to_piece(token) for token in source[0].tolist()]]
    result = translator.translate_batch(pieces, beam_size=1, max_decoding_length=12, return_scores=False)
    got = [vocabulary.piece_to_id(piece) for piece in result[0].hypotheses[0]]
    assert all(token % 2 == 0 for token in got)
    same = sum(a == b for a, b in zip(got, ours, strict=False))
    assert same >= 0.5 * min(len(got), 12)  # int8 weights, random logits: near ties may fall either way


def assert_reads_back(folder: Path, shape: Any, model: Any) -> None:
    """The shipped file gives the exported weights again, but for what int8 rounds away."""
    from scripts.mt.shipped import read_shipped

    found, weights, outputs = read_shipped(folder)
    assert (found, outputs.tolist()) == (shape, model.outputs.tolist())
    expected = dict(model.named_parameters())
    assert set(weights) == set(expected)
    for name, weight in weights.items():
        row_maximum = expected[name].abs().amax(-1, keepdim=True)
        assert bool(((weight - expected[name]).abs() <= row_maximum / 127 + 1e-6).all()), name


def test_another_file_is_no_shipped_model(tmp_path: Path) -> None:
    from scripts.mt.shipped import read_shipped

    (tmp_path / "model.bin").write_bytes(b"\x05\0\0\0 something else")
    with pytest.raises(ValueError, match="format 5"):
        read_shipped(tmp_path)


def test_vocabulary_has_what_the_design_asks(tmp_path: Path) -> None:
    from scripts.build_mt_data import train_vocabulary
    from scripts.export_mt import vocabulary_entries

    texts = ["de bank koopt 12 fabrieken", "el banco compra", "«winst» <n0> <e0>"] * 30
    vocabulary = train_vocabulary(texts, tmp_path / "spm", size=330)
    pieces = vocabulary.encode("12 <n0> <e9>", out_type=str)
    assert "<n0>" in pieces
    assert "<e9>" in pieces
    assert "12" not in "".join(piece for piece in pieces if len(piece) > 2)
    assert vocabulary.decode(vocabulary.encode("“winst”")) == '"winst"'
    assert vocabulary.decode(vocabulary.encode("漢")) == "漢"
    entries = vocabulary_entries(vocabulary)
    assert list(entries)[-1] == "<pad>"
    assert json.dumps(entries)


def test_fill_back_puts_every_value_in_place() -> None:
    assert scoring.fill_back("<e0> <n1> <n0>", {"<e0>": "A", "<n0>": "1", "<n1>": "2"}) == "A 2 1"
