"""Tiny models, built while the tests run: a Marian checkpoint of random numbers, and what it converts to."""

# ruff: noqa: ARG002

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import sentencepiece

from dealfacts.translation.backends import Backend, Hypothesis, Pieces, Search
from dealfacts.translation.checkpoint import Array, Weights, write_safetensors
from dealfacts.translation.convert import convert_marian
from dealfacts.translation.manifest import Manifest

Script = Callable[[str, Search, Pieces], list[str]]

SENTENCES = [
    "De raad van bestuur heeft het bod unaniem afgewezen.",
    "De overname kost het bedrijf veel geld, zegt de topman.",
    "El consejo rechazó la oferta por unanimidad.",
    "La compra le cuesta mucho dinero a la empresa, dice el directivo.",
    "The board rejected the offer unanimously.",
    "The takeover costs the company a lot of money, its boss says.",
]
PLACEHOLDERS = [f"<{kind}{number}>" for kind in "ne" for number in range(10)]
WIDTH, HEADS, FEED, ENCODER, DECODER = 32, 4, 64, 2, 1


def train_vocabulary(placeholders: bool) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 5),
        model_writer=model,
        vocab_size=420,
        model_type="unigram",
        byte_fallback=True,
        hard_vocab_limit=False,
        user_defined_symbols=PLACEHOLDERS if placeholders else [],
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        pad_id=-1,
        minloglevel=2,
    )
    return model.getvalue()


def marian_weights(vocabulary: int, seed: int = 7) -> Weights:
    random = np.random.default_rng(seed)

    def normal(*shape: int) -> Array:
        return random.normal(0, 0.3, shape).astype(np.float32)

    weights = {
        "final_logits_bias": np.zeros((1, vocabulary), np.float32),
        "model.shared.weight": normal(vocabulary, WIDTH),
    }
    weights["model.shared.weight"][-1] = 0  # padding, from which Marian decoders start
    for side, layers in (("encoder", ENCODER), ("decoder", DECODER)):
        for number in range(layers):
            name = f"model.{side}.layers.{number}"
            for block in ("self_attn", "encoder_attn")[: 1 + (side == "decoder")]:
                for letter in ("q_proj", "k_proj", "v_proj", "out_proj"):
                    weights[f"{name}.{block}.{letter}.weight"] = normal(WIDTH, WIDTH)
                    weights[f"{name}.{block}.{letter}.bias"] = normal(WIDTH)
            for linear, shape in (("fc1", (FEED, WIDTH)), ("fc2", (WIDTH, FEED))):
                weights[f"{name}.{linear}.weight"] = normal(*shape)
                weights[f"{name}.{linear}.bias"] = normal(shape[0])
            norms = ["self_attn_layer_norm", "final_layer_norm"] + ["encoder_attn_layer_norm"] * (
                side == "decoder"
            )
            for norm in norms:
                weights[f"{name}.{norm}.weight"] = 1 + normal(WIDTH)
                weights[f"{name}.{norm}.bias"] = normal(WIDTH)
    return weights


def build_checkpoint(folder: Path, placeholders: bool = True) -> Path:
    """Write a random Marian model as transformers would: config, vocabulary, SentencePiece, weights."""
    folder.mkdir(parents=True, exist_ok=True)
    spm = train_vocabulary(placeholders)
    (folder / "source.spm").write_bytes(spm)
    (folder / "target.spm").write_bytes(spm)
    processor = sentencepiece.SentencePieceProcessor(model_proto=spm)
    tokens = [processor.id_to_piece(i) for i in range(len(processor))] + ["<pad>"]
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}), "utf-8")
    config = {
        "model_type": "marian", "architectures": ["MarianMTModel"], "vocab_size": len(tokens),
        "decoder_vocab_size": len(tokens), "d_model": WIDTH, "encoder_layers": ENCODER, "decoder_layers": DECODER,
        "encoder_attention_heads": HEADS, "decoder_attention_heads": HEADS, "encoder_ffn_dim": FEED,
        "decoder_ffn_dim": FEED, "activation_function": "swish", "scale_embedding": True,
        "max_position_embeddings": 128, "pad_token_id": len(tokens) - 1, "eos_token_id": 0, "bos_token_id": 0,
        "decoder_start_token_id": len(tokens) - 1, "forced_eos_token_id": 0, "share_encoder_decoder_embeddings": True,
        "static_position_embeddings": True, "tie_word_embeddings": True,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"source_lang": "nl", "target_lang": "en", "tokenizer_class": "MarianTokenizer"}), "utf-8"
    )
    write_safetensors(folder / "model.safetensors", marian_weights(len(tokens)))
    return folder


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_checkpoint(tmp_path_factory.mktemp("checkpoint") / "tiny")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory, checkpoint: Path) -> Path:
    """A folder of models: one with placeholders, for Dutch and Spanish, and one without, for Dutch."""
    root = tmp_path_factory.mktemp("models")
    convert_marian(
        checkpoint,
        root / "mt-tiny",
        Manifest(name="mt-tiny", languages=["nl", "es"], bleu={"nl": "20", "es": "20"}, max_pieces=60),
    )
    plain = build_checkpoint(tmp_path_factory.mktemp("plain") / "plain", placeholders=False)
    convert_marian(
        plain,
        root / "opus-tiny",
        Manifest(name="opus-tiny", languages=["nl"], bleu={"nl": "29.2"}, max_pieces=60),
    )
    return root


class ScriptedBackend(Backend):
    """Words are pieces; what comes out is decided by a function of the source and the search."""

    name, digest, max_pieces = "scripted", "0" * 64, 60

    def __init__(self, script: Script, placeholders: bool = True) -> None:
        self.script, self.has_placeholders = script, placeholders
        self.calls: list[tuple[str, Search, Pieces]] = []

    def covers(self, language: str) -> bool:
        return language in {"nl", "es"}

    def encode(self, text: str, language: str) -> Pieces:
        return text.split()

    def encode_target(self, text: str) -> Pieces:
        return text.split()

    def decode(self, pieces: Sequence[str]) -> str:
        return " ".join(pieces)

    def generate(
        self,
        inputs: Sequence[Pieces],
        language: str,
        search: Search,
        prefixes: Sequence[Pieces] | None = None,
    ) -> list[list[Hypothesis]]:
        found = []
        for number, pieces in enumerate(inputs):
            prefix = prefixes[number] if prefixes is not None else []
            source = " ".join(pieces)
            self.calls.append((source, search, prefix))
            texts = self.script(source, search, prefix)
            found.append([Hypothesis(text.split()) for text in texts][: search.hypotheses])
        return found


@pytest.fixture
def scripted() -> type[ScriptedBackend]:
    return ScriptedBackend
