"""The shipped model and the plug-ins: what they find, and that nothing but the text decides it."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.entities import NameFinder, NameSpan, link_names
from dealfacts.entities.consistency import settle
from dealfacts.entities.finder import _windows
from dealfacts.entities.tokenizer import NameTokenizer
from dealfacts.entities.tokens import token_spans
from dealfacts.errors import ConfigError, ModelError
from dealfacts.records import Label

ARTICLES = {
    "en": "Nvidia will invest $5 billion in Intel, chief executive Jensen Huang said in Taipei on Monday. Intel shares rose.",
    "nl": "Heineken neemt de brouwerij van FC Twente-sponsor Grolsch over, zegt topman Dolf van den Brink in Amsterdam.",
    "es": "Banco Santander comprará el 49% de Webster, según adelantó Expansión en Madrid. El acuerdo lo firmó Ana Botín.",
}


@pytest.fixture(scope="module")
def finder() -> Any:
    return NameFinder()


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return NameTokenizer(spacy.blank("xx").vocab)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {("Nvidia", "ORG"), ("Intel", "ORG"), ("Jensen Huang", "PERSON"), ("Taipei", "GPE")}),
        (
            "nl",
            {("Heineken", "ORG"), ("Grolsch", "ORG"), ("Dolf van den Brink", "PERSON"), ("Amsterdam", "GPE")},
        ),
        (
            "es",
            {("Banco Santander", "ORG"), ("Expansión", "ORG"), ("Madrid", "GPE"), ("Ana Botín", "PERSON")},
        ),
    ],
)
def test_shipped_model_finds_plain_names(finder: Any, language: Any, expected: Any) -> None:
    found = finder.find([ARTICLES[language]], [language])[0]
    assert expected <= {(span.text, span.label) for span in found}


def test_names_do_not_depend_on_neighbours(finder: Any) -> None:
    languages = list(ARTICLES)
    texts = [ARTICLES[language] for language in languages]
    together = finder.find(texts, languages)
    backwards = finder.find(texts[::-1], languages[::-1])[::-1]
    alone = [finder.find([text], [language])[0] for text, language in zip(texts, languages, strict=True)]
    assert together == backwards == alone


def test_names_do_not_depend_on_the_hash_seed(finder: Any) -> None:
    script = (
        "import json, sys; from dealfacts.entities import NameFinder, link_names; "
        "texts = json.load(sys.stdin); f = NameFinder(); "
        "print([link_names(t, l, n) for (l, t), n in zip(texts.items(), f.find(list(texts.values()), list(texts)))])"
    )
    other = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(ARTICLES),
        env={**os.environ, "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = finder.find(list(ARTICLES.values()), list(ARTICLES))
    here = [
        link_names(text, lang, names) for (lang, text), names in zip(ARTICLES.items(), found, strict=True)
    ]
    assert other == f"{here}\n"


def test_empty_and_nameless_texts(finder: Any) -> None:
    assert finder.find(["", " \n ", "it rained."], ["en", None, "en"]) == [[], [], []]


def test_digest_tells_models_apart() -> None:
    assert NameFinder.digest() == NameFinder.digest("shipped") != NameFinder.digest("spacy:other")


@pytest.mark.parametrize("model", ["", "spacy:", "hf:", "gliner:x"])
def test_unknown_kind_of_model(model: Any) -> None:
    with pytest.raises(ConfigError, match="shipped"):
        NameFinder(model)


def test_missing_spacy_model() -> None:
    with pytest.raises(ModelError, match="install"):
        NameFinder("spacy:no_such_model_anywhere")


def test_spacy_plug_in(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "ORG", "pattern": "Zorvane"},
            {"label": "FAC", "pattern": "Pier 9"},
            {"label": "DATE", "pattern": "Monday"},
        ]
    )
    nlp.to_disk(tmp_path / "model")
    found = NameFinder(f"spacy:{tmp_path / 'model'}").find(["Zorvane bought Pier 9 on Monday."], ["en"])[0]
    assert [(span.text, span.label) for span in found] == [("Zorvane", "ORG"), ("Pier 9", "LOC")]


@pytest.mark.torch
def test_hugging_face_plug_in(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "Zorvane", "bought", "Pelican", "."]
    (tmp_path / "vocab.txt").write_text("\n".join(words), "utf-8")
    tokenizer = transformers.BertTokenizerFast(str(tmp_path / "vocab.txt"), do_lower_case=False)
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        id2label={0: "O", 1: "B-ORG"},
        label2id={"O": 0, "B-ORG": 1},
    )
    model = transformers.BertForTokenClassification(config)
    # Every token is called a company: what counts here is that spans and labels come back in our form.
    model.classifier.weight.data.zero_()
    model.classifier.bias.data.copy_(model.classifier.bias.data.new_tensor([0.0, 9.0]))
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    found = NameFinder(f"hf:{tmp_path}").find(["Zorvane bought Pelican."], ["en"])[0]
    assert {"Zorvane", "Pelican"} <= {span.text for span in found}
    assert {span.label for span in found} == {"ORG"}


TEXTS = st.text(
    alphabet=st.sampled_from("aZ.é'’- \n(&)1,Nvidia Corp") | st.characters(codec="utf-8"),
    max_size=80,
)


@given(TEXTS)
def test_tokens_cover_all_but_white_space(text: Any) -> None:
    spans = token_spans(text)
    assert all(end > start for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    covered = {index for start, end in spans for index in range(start, end)}
    assert all(text[index].isspace() for index in set(range(len(text))) - covered)


@given(text=TEXTS)
def test_tokenizer_keeps_the_text(tokenizer: Any, text: Any) -> None:
    assert tokenizer(text).text == text


@settings(max_examples=60)
@given(TEXTS, st.lists(st.tuples(st.integers(0, 79), st.integers(1, 20)), max_size=6))
def test_settled_spans_slice_true_and_do_not_overlap(text: Any, places: Any) -> None:
    labels: tuple[Label, ...] = ("ORG", "PERSON", "GPE", "LOC", "PRODUCT")
    raw = [
        NameSpan(start, end, text[start:end], labels[start % 5])
        for start, length in places
        if (end := min(len(text), start + length)) > start
    ]
    found = settle(text, "en", raw)
    assert all(text[span.start : span.end] == span.text for span in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    linked = link_names(text, "en", found)
    assert all(text[name.start : name.end] == name.text for name in linked)


@pytest.mark.parametrize(
    "text",
    [
        "a-" * 9_000,
        "A." * 9_000,
        "the " * 9_000,
        "www." * 9_000,
        "Nvidia " * 4_000,
        "it " * 9_000,
        "1.000" * 9_000,
    ],
)
def test_hostile_text_takes_linear_time(text: Any) -> None:
    spans = [NameSpan(start, end, text[start:end], "ORG") for start, end in token_spans(text)[:200]]
    linked = link_names(text, "en", settle(text, "en", [span for span in spans if span.text.strip()]))
    assert len(linked) <= len(text)


@given(st.text(alphabet="ab.! \n", max_size=300), st.integers(1, 9))
def test_windows_cover_the_text(text: Any, words: Any) -> None:
    windows = _windows(text, words)
    assert "".join(text[start:end] for start, end in windows) == text
