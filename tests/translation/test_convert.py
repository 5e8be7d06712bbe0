"""Checkpoints are read and converted without torch."""

import json
import pickle
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dealfacts.errors import ModelError
from dealfacts.translation.backends import Search
from dealfacts.translation.checkpoint import read_safetensors, read_torch, read_weights, write_safetensors
from dealfacts.translation.convert import convert_marian, sinusoids
from dealfacts.translation.ct2 import CTranslate2Backend
from dealfacts.translation.manifest import Manifest

MANIFEST = Manifest(name="tiny", languages=["nl"])


def test_safetensors_are_read_as_written(tmp_path: Path) -> None:
    weights = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b.c": np.zeros((0, 4), np.float32)}
    write_safetensors(tmp_path / "x.safetensors", weights)
    read = read_safetensors(tmp_path / "x.safetensors")
    assert list(read) == ["a", "b.c"]
    for name, array in weights.items():
        assert np.array_equal(read[name], array)


def test_bfloat16_is_widened(tmp_path: Path) -> None:
    header = json.dumps({"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}).encode()
    raw = len(header).to_bytes(8, "little") + header + np.array([0x3FC0, 0xC000], "<u2").tobytes()
    (tmp_path / "x.safetensors").write_bytes(raw)
    assert read_safetensors(tmp_path / "x.safetensors")["a"].tolist() == [1.5, -2.0]


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 8, b"\xff" * 40, b"\x02\0\0\0\0\0\0\0{]", b"not a checkpoint"]
)
@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
def test_a_damaged_checkpoint_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        read_weights(tmp_path)


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return (print, ("run",))

    with zipfile.ZipFile(tmp_path / "pytorch_model.bin", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"a": Evil()}, protocol=2))
    with pytest.raises(ModelError, match="no tensor"):
        read_weights(tmp_path)


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        read_weights(tmp_path)


def test_a_converted_model_is_whole_and_small(models: Path, checkpoint: Path) -> None:
    folder = models / "mt-tiny"
    assert {path.name for path in folder.iterdir()} == {
        "model.bin", "config.json", "shared_vocabulary.json", "source.spm", "target.spm", "translation.json",
    }  # fmt: skip
    assert (folder / "model.bin").stat().st_size < (checkpoint / "model.safetensors").stat().st_size
    assert "<pad>" not in json.loads((folder / "shared_vocabulary.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"model_type": "t5"}, "marian"),
        ({"activation_function": "snake"}, "snake"),
        ({"vocab_size": 10_000}, "10000"),
    ],
)
def test_another_architecture_is_refused(
    checkpoint: Path, tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    folder = tmp_path / "checkpoint"
    shutil.copytree(checkpoint, folder)
    config = json.loads((folder / "config.json").read_text("utf-8")) | change
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ModelError, match=complaint):
        convert_marian(folder, tmp_path / "out", MANIFEST)
    assert not (tmp_path / "out").exists()


def test_a_missing_layer_is_named_and_leaves_nothing_behind(checkpoint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    shutil.copytree(checkpoint, folder)
    weights = read_weights(folder)
    del weights["model.encoder.layers.1.fc2.bias"]
    write_safetensors(folder / "model.safetensors", weights)
    with pytest.raises(ModelError, match=r"encoder\.layers\.1\.fc2\.bias"):
        convert_marian(folder, tmp_path / "out", MANIFEST)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint"]


def test_converting_again_replaces_the_old_model(checkpoint: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "old").write_text("x")
    convert_marian(checkpoint, out, MANIFEST)
    assert not (out / "old").exists()


def test_sinusoids_are_marians() -> None:
    table = sinusoids(3, 4)
    assert np.allclose(table[0], [0, 0, 1, 1])
    assert np.allclose(table[2], [np.sin(2), np.sin(0.02), np.cos(2), np.cos(0.02)])


@pytest.mark.torch
def test_both_torch_formats_are_read(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    base = torch.arange(12, dtype=torch.float32)
    state = {
        "a": base.reshape(3, 4),
        "shared": base[4:8],
        "t": base.reshape(3, 4).t(),
        "h": base.half(),
        "i": base.long(),
    }
    for zipped in (True, False):
        path = tmp_path / f"{zipped}.bin"
        torch.save(state, path, _use_new_zipfile_serialization=zipped)
        read = read_torch(path)
        assert {name: array.tolist() for name, array in read.items()} == {
            name: tensor.tolist() for name, tensor in state.items()
        }


@pytest.mark.torch
def test_the_conversion_gives_what_transformers_gives(checkpoint: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    convert_marian(checkpoint, tmp_path / "ct2", MANIFEST, quantization="float32")
    backend = CTranslate2Backend(tmp_path / "ct2", threads=1)
    model = transformers.MarianMTModel.from_pretrained(checkpoint).eval()
    vocabulary = json.loads((checkpoint / "vocab.json").read_text("utf-8"))
    pad = vocabulary["<pad>"]
    for text in ("De raad wijst het bod af.", "<e0> betaalt <n0> voor <e1>, zegt de topman."):
        pieces = backend.encode(text, "nl")
        [[hypothesis]] = backend.generate([pieces], "nl", Search(beam=1))
        ids = torch.tensor([[vocabulary[piece] for piece in pieces]])
        output = [pad]
        with torch.inference_mode():
            for _ in range(20):
                logits = model(input_ids=ids, decoder_input_ids=torch.tensor([output])).logits[0, -1]
                logits[pad] = -torch.inf
                output.append(int(logits.argmax()))
        assert [vocabulary[piece] for piece in hypothesis.pieces[:20]] == output[
            1 : len(hypothesis.pieces[:20]) + 1
        ]
