"""Models through transformers; needs the hf extra."""

import importlib.util
import json
from pathlib import Path

import pytest

from dealfacts.errors import ModelError
from dealfacts.translation import Text, Translator
from dealfacts.translation.backends import Search

HAS_TORCH = (
    importlib.util.find_spec("torch") is not None and importlib.util.find_spec("transformers") is not None
)
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="needs the hf extra")

DUTCH = "Het kost 5 euro."


@pytest.mark.skipif(HAS_TORCH, reason="only where the hf extra is missing")
def test_without_the_extra_the_remedy_is_named() -> None:
    with pytest.raises(ModelError, match=r"pip install 'dealfacts\[hf\]'"):
        Translator("hf:Helsinki-NLP/opus-mt-nl-en")("Het bod is hoog.", "nl")


@pytest.mark.torch
@needs_torch
def test_a_folder_translates_and_keeps_figures(checkpoint: Path) -> None:
    [[sentence]] = Translator(f"hf:{checkpoint}").translate([Text(DUTCH, "nl")])
    assert (sentence.start, sentence.end) == (0, len(DUTCH))
    assert sentence.text.count("€5") == 1


@pytest.mark.torch
@needs_torch
def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=str(tmp_path)):
        Translator(f"hf:{tmp_path}")("Het bod is hoog.", "nl")


@pytest.mark.torch
@needs_torch
def test_a_batch_gives_what_each_gives_alone(checkpoint: Path) -> None:
    backend = Translator(f"hf:{checkpoint}").backend("nl")
    inputs = [backend.encode(text, "nl") for text in ("De raad wijst het bod af.", "Het bod.", "Nee.")]
    together = backend.generate(inputs, "nl", Search(beam=1))
    alone = [backend.generate([pieces], "nl", Search(beam=1))[0] for pieces in inputs]
    assert [hypotheses[0].pieces[:10] for hypotheses in together] == [found[0].pieces[:10] for found in alone]


@pytest.fixture(scope="module")
def many_to_many(tmp_path_factory: pytest.TempPathFactory, checkpoint: Path) -> Path:
    """A random M2M-100 model: it must be told both languages."""
    import sentencepiece
    import torch
    import transformers

    torch.manual_seed(1)

    folder = tmp_path_factory.mktemp("m2m")
    processor = sentencepiece.SentencePieceProcessor(model_file=str(checkpoint / "source.spm"))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *(processor.id_to_piece(i) for i in range(2, len(processor)))]
    (folder / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(pieces)}), "utf-8")
    tokenizer = transformers.M2M100Tokenizer(str(folder / "vocab.json"), str(checkpoint / "source.spm"))
    tokenizer.save_pretrained(folder)
    config = transformers.M2M100Config(
        vocab_size=max(tokenizer.lang_code_to_id.values()) + 1,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=128,
    )
    transformers.M2M100ForConditionalGeneration(config).save_pretrained(folder)
    return folder


@pytest.mark.torch
@needs_torch
def test_a_many_to_many_model_is_told_both_languages(many_to_many: Path) -> None:
    translator = Translator(f"hf:{many_to_many}")
    backend = translator.backend("es")
    assert backend.encode("El bot", "es")[0] == "__es__"
    assert backend.encode("Het bod", "nl")[0] == "__nl__"
    source = backend.encode("Het bod", "nl")
    [[hypothesis]] = backend.generate([source], "nl", Search(beam=1))
    assert "__en__" not in hypothesis.pieces
    [[forced]] = backend.generate([source], "nl", Search(beam=1), [backend.encode_target("The board")])
    assert backend.decode(forced.pieces).startswith("The board")
