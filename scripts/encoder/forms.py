"""The encoder in torch's form, which is trained, and in the form that ships."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from torch import nn
from transformers import BertModel

from dealfacts.deals.encoder import VOCABULARY

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


class Trained(NamedTuple):
    """An encoder in torch and the names of its pieces, in the order of their rows."""

    model: BertModel
    pieces: list[str]

    @property
    def frame(self) -> tuple[int, int]:
        """The pieces that a run of sentences begins and ends with."""
        return self.pieces.index("[CLS]"), self.pieces.index("[SEP]")


def load(folder: Path) -> Trained:
    """Read what `save` wrote."""
    pieces = json.loads((folder / VOCABULARY).read_text("utf-8"))
    return Trained(BertModel.from_pretrained(folder, add_pooling_layer=False), pieces)


def save(trained: Trained, folder: Path) -> None:
    """Write an encoder in torch's form."""
    trained.model.save_pretrained(folder)
    (folder / VOCABULARY).write_text(json.dumps(trained.pieces, ensure_ascii=False), "utf-8")


def pruned(trained: Trained, kept: Iterable[int]) -> Trained:
    """Return an encoder with the vectors of some of its pieces; the model itself is changed."""
    model, rows = trained.model, list(kept)
    table = model.embeddings.word_embeddings.weight.detach()[rows]
    model.embeddings.word_embeddings = nn.Embedding.from_pretrained(table, freeze=False)
    model.config.num_hidden_layers, model.config.vocab_size = len(model.encoder.layer), len(rows)
    return Trained(model, [trained.pieces[row] for row in rows])


def ship(trained: Trained, out: Path) -> None:
    """Write an encoder in 8 bits, as CTranslate2 reads it."""
    from ctranslate2.converters import TransformersConverter  # noqa: PLC0415 - takes a second
    from tokenizers import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        Tokenizer,
        models,
    )
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415

    model, pieces = trained
    model.config.position_embedding_type = "absolute"  # the converter asks, newer models no longer say
    tokenizer = Tokenizer(models.WordPiece({piece: row for row, piece in enumerate(pieces)}))
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        special = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), SPECIAL, strict=True))
        PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
        made = Path(folder) / "made"
        TransformersConverter(folder).convert(str(made), quantization="int8")
        (made / VOCABULARY).write_text(json.dumps(pieces, ensure_ascii=False), "utf-8")
        shutil.copytree(made, out, dirs_exist_ok=True)
