"""Export a training checkpoint to transformers and CTranslate2.

    python -m scripts.export_mt RUN/checkpoint.pt DATA/spm.model OUTPUT

OUTPUT gets `marian/` (a `transformers.MarianMTModel` folder: safetensors, `source.spm`, `target.spm`,
`vocab.json`) and `ctranslate2/` (int8, with the SentencePiece model beside it: all that the shipped
translator reads). The averaged weights are exported unless `--raw` is given. `--bleu nl=16.1 es=15.0` writes
into the manifest what `evaluate_mt` measured on FLORES: by it `--translator auto` chooses between models.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from scripts.mt.model import Shape, sinusoids
from torch import Tensor

NAME = "mt-nl-es-en"
PAD = "<pad>"
SOURCES = ("nl", "es")
LICENCE = "CC BY-SA 4.0"
"""As the strictest licence among the training data asks (see the card beside the weights)."""
BEAM, REPETITION_PENALTY = 4, "1.1"
"""What suits models of this size best, measured on the held-back news and FLORES dev."""
DOUBTFUL_BELOW = "-0.58"
"""Score a piece below which a translation is marked: a third of the news, at BLEU 18, the rest at 33."""
LONGEST = 110
"""Longest sentences in training, in pieces (`build_mt_data --longest`)."""


def marian_config(shape: Shape) -> dict[str, Any]:
    """The `MarianConfig` arguments of a model of this shape."""
    pad = shape.vocabulary - 1
    return {
        "vocab_size": shape.vocabulary,
        "d_model": shape.width,
        "encoder_layers": shape.encoder_layers,
        "decoder_layers": shape.decoder_layers,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "encoder_ffn_dim": shape.inner,
        "decoder_ffn_dim": shape.inner,
        "max_position_embeddings": shape.positions,
        "activation_function": "relu",
        "scale_embedding": True,
        "static_position_embeddings": True,
        "tie_word_embeddings": True,
        "share_encoder_decoder_embeddings": True,
        "dropout": 0.0,
        "pad_token_id": pad,
        "eos_token_id": 0,
        "bos_token_id": None,
        "decoder_start_token_id": pad,
        "forced_eos_token_id": 0,
    }


def marian_weights(weights: dict[str, Tensor], shape: Shape, outputs: Tensor) -> dict[str, Tensor]:
    """Turn the weights of our model into a state dictionary of `MarianMTModel`.

    Tokens that are not among the `outputs` were never in the softmax: the bias of the logits rules them out.
    """
    state = {f"model.{name}": value.float() for name, value in weights.items()}
    table = state["model.shared.weight"]
    for stack in ("encoder", "decoder"):
        state[f"model.{stack}.embed_tokens.weight"] = table
        state[f"model.{stack}.embed_positions.weight"] = sinusoids(shape.positions, shape.width)
    state["lm_head.weight"] = table
    state["final_logits_bias"] = torch.full((1, shape.vocabulary), -1e4)
    state["final_logits_bias"][0, outputs] = 0
    return state


def vocabulary_entries(vocabulary: sentencepiece.SentencePieceProcessor) -> dict[str, int]:
    """Piece to id, with `<pad>` last, where CTranslate2's converter wants it."""
    entries = {vocabulary.id_to_piece(index): index for index in range(len(vocabulary))}
    return {**entries, PAD: len(vocabulary)}


def export(
    checkpoint: Path, spm: Path, output: Path, raw: bool = False, bleu: dict[str, str] | None = None
) -> None:
    """Write the two model folders; existing ones are replaced."""
    from ctranslate2.converters import TransformersConverter  # noqa: PLC0415
    from transformers import GenerationConfig, MarianConfig, MarianMTModel, MarianTokenizer  # noqa: PLC0415

    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    shape = Shape(**saved["shape"])
    weights = saved["optimiser"]["masters"] if raw else saved["average"]
    config = marian_config(shape)
    model = MarianMTModel(MarianConfig(**config))
    missing, unexpected = model.load_state_dict(
        marian_weights(weights, shape, saved["outputs"]), strict=False
    )
    if unexpected or any("position" not in name for name in missing):
        raise SystemExit(f"weights do not fit: missing {missing}, unexpected {unexpected}")
    model.generation_config = GenerationConfig(
        decoder_start_token_id=config["pad_token_id"],
        pad_token_id=config["pad_token_id"],
        eos_token_id=0,
        bad_words_ids=[[config["pad_token_id"]]],
        max_length=shape.positions,
        num_beams=4,
    )
    marian = _emptied(output / "marian")
    model.eval().save_pretrained(marian)
    for name in ("source.spm", "target.spm"):
        shutil.copy(spm, marian / name)
    entries = vocabulary_entries(sentencepiece.SentencePieceProcessor(model_file=str(spm)))
    (marian / "vocab.json").write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    tokenizer = MarianTokenizer.from_pretrained(marian)
    tokenizer.save_pretrained(marian)

    converted = output / "ctranslate2"
    TransformersConverter(str(marian)).convert(str(converted), quantization="int8", force=True)
    shutil.copy(spm, converted / "spm.model")
    manifest = {
        "name": NAME,
        "languages": list(SOURCES),
        "bleu": bleu or {},
        "max_pieces": LONGEST,
        "max_positions": shape.positions,
        "beam": BEAM,
        "repetition_penalty": REPETITION_PENALTY,
        "doubtful_below": DOUBTFUL_BELOW,
        "source": f"scripts/train_mt.py: {sizes(saved['tokens'], shape)}",
        "licence": LICENCE,
    }
    (converted / "translation.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def sizes(tokens: int, shape: Shape) -> str:
    """Say how large a model is and how many target tokens it was trained on."""
    layers = f"{shape.encoder_layers}+{shape.decoder_layers} layers of {shape.width}"
    return f"{layers}, {tokens / 1e6:.1f}M target tokens"


def _emptied(folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    """Read the options and export."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("spm", type=Path, help="SentencePiece model the run was trained with")
    parser.add_argument("output", type=Path)
    parser.add_argument("--raw", action="store_true", help="the last weights rather than their average")
    parser.add_argument("--bleu", nargs="*", default=[], metavar="LANGUAGE=SCORE")
    options = parser.parse_args()
    bleu = dict(pair.split("=", 1) for pair in options.bleu)
    export(options.checkpoint, options.spm, options.output, options.raw, bleu)


if __name__ == "__main__":
    main()
