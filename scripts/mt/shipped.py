"""Read the weights of a shipped translation model back, so that training can go on from them.

A CTranslate2 model file holds named arrays: int8 matrices with a scale a row, and everything else in
float32. The projections of an attention block that share their input lie in one matrix. What int8 rounded
away is lost, which a few hundred steps make good.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scripts.mt.model import Shape
from torch import Tensor

_FORMAT = 6
"""Version of the binary format that CTranslate2 4 writes."""
_TYPES = ("<f4", "i1", "<i2", "<i4", "<f2")
"""numpy's names for the types by their number in the file."""
_TABLE = "decoder/embeddings"
_PROJECTIONS = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"}
_RULED_OUT = -1000.0
"""`export_mt` gives the tokens that are never written a bias far below this."""

Arrays = dict[str, Any]


def read_shipped(folder: Path) -> tuple[Shape, dict[str, Tensor], Tensor]:
    """Read `model.bin` of a model that `export_mt` wrote.

    Returns:
        The shape; the weights in float32 by the names that `Translator` gives them; the ids of the tokens
        that the model can write.

    Raises:
        ValueError: the file is in another format, or holds another architecture.
    """
    path = folder / "model.bin"
    arrays = _arrays(path.read_bytes())
    try:
        table = _matrix(arrays, _TABLE)  # without `<pad>`, the last entry, whose vector is zero
        weights = {"shared.weight": torch.cat([table, torch.zeros_like(table[:1])])}
        layers = {side: _layers(arrays, side) for side in ("encoder", "decoder")}
        for side, count in layers.items():
            for index in range(count):
                weights.update(_layer(arrays, side, index))
        vocabulary, width = weights["shared.weight"].shape
        shape = Shape(
            vocabulary,
            width,
            inner=len(weights["encoder.layers.0.fc1.bias"]),
            heads=int(arrays["encoder/num_heads"]),
            encoder_layers=layers["encoder"],
            decoder_layers=layers["decoder"],
            positions=len(arrays["decoder/position_encodings/encodings"]),
        )
        written = np.flatnonzero(arrays["decoder/projection/bias"] > _RULED_OUT)
    except KeyError as error:
        raise ValueError(f"{path} is not a model that export_mt wrote: it has no {error}") from error
    return shape, weights, torch.from_numpy(written)


def _arrays(data: bytes) -> Arrays:
    """Read the named arrays of a CTranslate2 model file."""
    place = 0

    def take(kind: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from("<" + kind, data, place)
        place += struct.calcsize(kind)
        return int(value)

    def take_bytes(count: int) -> bytes:
        nonlocal place
        place += count
        return data[place - count : place]

    def take_name() -> str:
        return take_bytes(take("H")).rstrip(b"\0").decode()

    if (version := take("I")) != _FORMAT:
        raise ValueError(f"a CTranslate2 file of format {version}, where {_FORMAT} is read")
    take_name()  # the architecture
    take("I")  # and its revision
    arrays = {}
    for _ in range(take("I")):
        name = take_name()
        sizes = [take("I") for _ in range(take("B"))]
        kind = _TYPES[take("B")]
        arrays[name] = np.frombuffer(take_bytes(take("I")), kind).reshape(sizes)
    for _ in range(take("I")):  # arrays that are equal to another one are written once
        name = take_name()
        arrays[name] = arrays[take_name()]
    return arrays


def _layers(arrays: Arrays, side: str) -> int:
    numbers = {name.split("/")[1] for name in arrays if name.startswith(f"{side}/layer_")}
    return len(numbers)


def _matrix(arrays: Arrays, name: str) -> Tensor:
    weight = arrays[f"{name}/weight"].astype(np.float32)
    if f"{name}/weight_scale" in arrays:
        weight /= arrays[f"{name}/weight_scale"][:, None]
    return torch.from_numpy(weight)


def _layer(arrays: Arrays, side: str, index: int) -> Iterator[tuple[str, Tensor]]:
    """Yield the parameters of one layer."""
    theirs, ours = f"{side}/layer_{index}", f"{side}.layers.{index}"
    blocks: list[tuple[str, str, tuple[str, ...]]] = [("self_attention", "self_attn", ("qkv", "o"))]
    if side == "decoder":
        blocks.append(("attention", "encoder_attn", ("q", "kv", "o")))
    for block, name, groups in blocks:
        yield from _norm(arrays, f"{theirs}/{block}", f"{ours}.{name}_layer_norm")
        for number, letters in enumerate(groups):
            names = [f"{ours}.{name}.{_PROJECTIONS[letter]}" for letter in letters]
            yield from _linear(arrays, f"{theirs}/{block}/linear_{number}", names)
    yield from _norm(arrays, f"{theirs}/ffn", f"{ours}.final_layer_norm")
    for number, name in enumerate(("fc1", "fc2")):
        yield from _linear(arrays, f"{theirs}/ffn/linear_{number}", [f"{ours}.{name}"])


def _norm(arrays: Arrays, theirs: str, ours: str) -> Iterator[tuple[str, Tensor]]:
    yield f"{ours}.weight", torch.from_numpy(arrays[f"{theirs}/layer_norm/gamma"].copy())
    yield f"{ours}.bias", torch.from_numpy(arrays[f"{theirs}/layer_norm/beta"].copy())


def _linear(arrays: Arrays, theirs: str, names: list[str]) -> Iterator[tuple[str, Tensor]]:
    """Yield weight and bias of the layers that one product of the file stands for."""
    weights = _matrix(arrays, theirs).chunk(len(names))
    biases = torch.from_numpy(arrays[f"{theirs}/bias"].copy()).chunk(len(names))
    for name, weight, bias in zip(names, weights, biases, strict=True):
        yield f"{name}.weight", weight
        yield f"{name}.bias", bias
