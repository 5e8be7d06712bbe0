"""Models through transformers; needs the hf extra."""

import importlib.util
from pathlib import Path

import pytest

from dealfacts.errors import ModelError
from dealfacts.translation import Text, Translator

HAS_TORCH = (
    importlib.util.find_spec("torch") is not None and importlib.util.find_spec("transformers") is not None
)
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="needs the hf extra")

DUTCH = "De overname kost 2,5 miljard euro, zegt Philips. De raad wijst het bod af."


@pytest.mark.skipif(HAS_TORCH, reason="only where the hf extra is missing")
def test_without_the_extra_the_remedy_is_named() -> None:
    with pytest.raises(ModelError, match=r"pip install 'dealfacts\[hf\]'"):
        Translator("hf:Helsinki-NLP/opus-mt-nl-en")("Het bod is hoog.", "nl")


@pytest.mark.torch
@needs_torch
def test_a_folder_translates_and_keeps_figures(checkpoint: Path) -> None:
    [sentences] = Translator(f"hf:{checkpoint}").translate([Text(DUTCH, "nl")])
    assert [(s.start, s.end) for s in sentences] == [(0, 48), (49, 74)]
    assert sentences[0].text.count("€2.5 billion") == 1
    assert sentences[0].text.count("Philips") == 1


@pytest.mark.torch
@needs_torch
def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=str(tmp_path)):
        Translator(f"hf:{tmp_path}")("Het bod is hoog.", "nl")


@pytest.mark.torch
@needs_torch
def test_a_batch_gives_what_each_gives_alone(checkpoint: Path) -> None:
    texts = [
        "De raad wijst het bod af.",
        "Het bod is hoog.",
        "De topman zegt dat de overname veel geld kost.",
    ]
    together = list(Translator(f"hf:{checkpoint}").pipe(texts, "nl"))
    assert len(together) == 3
    assert all(together)
