"""Turn a Marian checkpoint of transformers into a CTranslate2 folder, without torch.

What CTranslate2's own converter does through torch is done here on numpy arrays: the layers of
`MarianMTModel` are laid into CTranslate2's `TransformerSpec`, the padding entry at the end of the
vocabulary is dropped (decoding starts from a zero embedding instead), and the weights are quantised.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from dealfacts.errors import ModelError
from dealfacts.translation.checkpoint import Array, Weights, read_weights
from dealfacts.translation.manifest import MAX_POSITIONS, Manifest

SENTENCEPIECE_FILES = ("source.spm", "target.spm", "spm.model", "sentencepiece.model")


def convert_marian(checkpoint: Path, output: Path, manifest: Manifest, quantization: str = "int8") -> Path:
    """Convert a Marian checkpoint folder.

    Args:
        checkpoint: `config.json`, `vocab.json`, SentencePiece models, and the weights as
            `model.safetensors` or `pytorch_model.bin`.
        output: the folder to make; it appears only when it is complete, and replaces an older one.
        manifest: what the folder shall say about itself.
        quantization: how CTranslate2 shall store the weights: `int8`, `float16`, `float32`.

    Returns:
        `output`.

    Raises:
        ModelError: when a file is missing, damaged, or of another architecture.
    """
    config = _read_json(checkpoint / "config.json")
    if config.get("model_type") != "marian":
        raise ModelError(
            f"{checkpoint} holds a {config.get('model_type')!r} model; only 'marian' can be converted"
        )
    spec = _marian_spec(config, read_weights(checkpoint), _vocabulary(checkpoint, config))
    part = output.with_name(output.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        spec.validate()
        spec.optimize(quantization=quantization)
        spec.save(str(part))
        for name in SENTENCEPIECE_FILES:
            if (checkpoint / name).is_file():
                shutil.copyfile(checkpoint / name, part / name)
        manifest.write(part)
        shutil.rmtree(output, ignore_errors=True)
        part.replace(output)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return output


def _read_json(path: Path) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    return loaded


def _vocabulary(checkpoint: Path, config: dict[str, Any]) -> list[str]:
    table = _read_json(checkpoint / "vocab.json")
    tokens = [token for token, _ in sorted(table.items(), key=lambda entry: entry[1])][: config["vocab_size"]]
    if not tokens or tokens[-1] != "<pad>" or len(tokens) != config["vocab_size"]:
        raise ModelError(f"{checkpoint}/vocab.json must list {config['vocab_size']} tokens, '<pad>' last")
    return tokens[:-1]


def _marian_spec(config: dict[str, Any], weights: Weights, tokens: list[str]) -> Any:
    from ctranslate2.specs import Activation, TransformerSpec  # noqa: PLC0415 - takes a second

    activations = {
        "swish": Activation.SWISH,
        "silu": Activation.SWISH,
        "relu": Activation.RELU,
        "gelu": Activation.GELU,
    }
    if config["activation_function"] not in activations:
        raise ModelError(f"activation {config['activation_function']!r} is not supported")
    spec = TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=activations[config["activation_function"]],
    )
    _Layers(
        {name.removeprefix("model."): array for name, array in weights.items()}, config, len(tokens)
    ).fill(spec)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.eos_token, spec.config.unk_token = "</s>", "<unk>"
    spec.config.decoder_start_token = tokens[0]  # any will do: decoding starts from zeros
    return spec


class _Layers:
    """The arrays of a checkpoint, and where they go."""

    def __init__(self, weights: Weights, config: dict[str, Any], vocabulary_size: int) -> None:
        self._weights, self._config, self._size = weights, config, vocabulary_size

    def fill(self, spec: Any) -> None:
        """Lay all arrays into a specification."""
        for side, stack in (("encoder", spec.encoder), ("decoder", spec.decoder)):
            embedding = self._embedding(f"{side}.embed_tokens.weight")
            (stack.embeddings[0] if side == "encoder" else stack.embeddings).weight = embedding
            scale = math.sqrt(self._config["d_model"]) if self._config.get("scale_embedding") else 1.0
            stack.scale_embeddings = np.dtype("float32").type(scale)
            stack.position_encodings.encodings = self._positions(side)
            for number, layer in enumerate(stack.layer):
                self._layer(layer, f"{side}.layers.{number}", crosses=side == "decoder")
        spec.decoder.start_from_zero_embedding = True
        spec.decoder.projection.weight = self._embedding("lm_head.weight")
        bias = self._weights.get("final_logits_bias")
        if bias is not None and np.any(bias):
            spec.decoder.projection.bias = _float(bias).reshape(-1)[: self._size]

    def _layer(self, layer: Any, name: str, *, crosses: bool) -> None:
        self._attention(layer.self_attention, f"{name}.self_attn", is_self=True)
        self._norm(layer.self_attention.layer_norm, f"{name}.self_attn_layer_norm")
        if crosses:
            self._attention(layer.attention, f"{name}.encoder_attn", is_self=False)
            self._norm(layer.attention.layer_norm, f"{name}.encoder_attn_layer_norm")
        self._linear(layer.ffn.linear_0, f"{name}.fc1")
        self._linear(layer.ffn.linear_1, f"{name}.fc2")
        self._norm(layer.ffn.layer_norm, f"{name}.final_layer_norm")

    def _attention(self, spec: Any, name: str, *, is_self: bool) -> None:
        # CTranslate2 computes queries, keys and values of one input in one product.
        groups = ["qkv"] if is_self else ["q", "kv"]
        for linear, group in zip(spec.linear, groups, strict=False):
            for kind in ("weight", "bias"):
                parts = [self._take(f"{name}.{letter}_proj.{kind}") for letter in group]
                setattr(linear, kind, np.concatenate(parts))
        self._linear(spec.linear[-1], f"{name}.out_proj")

    def _linear(self, spec: Any, name: str) -> None:
        spec.weight, spec.bias = self._take(f"{name}.weight"), self._take(f"{name}.bias")

    def _norm(self, spec: Any, name: str) -> None:
        spec.gamma, spec.beta = self._take(f"{name}.weight"), self._take(f"{name}.bias")

    def _embedding(self, name: str) -> Array:
        # Tied weights are stored once, under the name of the shared table.
        table = self._weights.get(name)
        return _float(self._take("shared.weight") if table is None else table)[: self._size]

    def _positions(self, side: str) -> Array:
        stored = self._weights.get(f"{side}.embed_positions.weight")
        if stored is not None:
            return _float(stored)
        return sinusoids(MAX_POSITIONS, self._config["d_model"])

    def _take(self, name: str) -> Array:
        if name not in self._weights:
            raise ModelError(f"the checkpoint lacks {name}")
        return _float(self._weights[name])


def _float(array: Array) -> Array:
    # A copy: quantising works in place, and checkpoints are read-only views of the file.
    return np.array(array, dtype=np.float32, order="C")


def sinusoids(positions: int, width: int) -> Array:
    """Make Marian's position encodings: all sines, then all cosines (Vaswani et al. 2017, section 3.5)."""
    rates = np.power(10000.0, -2 * (np.arange(width // 2) / width))
    angles = np.arange(positions)[:, None] * rates[None, :]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
