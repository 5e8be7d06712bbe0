"""Sentence splitting: a table of hard cases, and what must hold of any text."""

import itertools
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealfacts.sentences import split_paragraphs, split_sentences

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "sentences.jsonl").read_text("utf-8").splitlines()
]

# Text made of what the rules look at, so that the properties meet the branches.
PIECES = st.sampled_from(
    [
        "De", "koers", "Inc", "N.V", "mln", "J", "S.A", "Yahoo", "5", "2,5", "iPhone", "t", "dhr", "EE. UU",
        ".", "!", "?", "…", "...", "¿", "«", "»", "“", "”", "'", "\"", "(", ")", ",", "•", "-", "",
        " ", " ", " ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\u2028",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join))
LANGUAGES = st.sampled_from(["en", "nl", "es", "es-MX", "und"])


@pytest.mark.parametrize("case", CASES, ids=[f"{case['lang']}: {case['why']}" for case in CASES])
def test_split_sentences_cases(case: dict[str, object]) -> None:
    text = str(case["text"])
    found = [text[start:end] for start, end in split_sentences(text, str(case["lang"]))]
    assert found == case["expect"]


@given(TEXTS, LANGUAGES)
def test_split_sentences_covers_every_character(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    inside = "".join(text[start:end] for start, end in spans)
    assert [c for c in inside if not c.isspace()] == [c for c in text if not c.isspace()]
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert end <= start


@given(TEXTS, LANGUAGES)
def test_split_sentences_stays_inside_paragraphs(text: str, language: str) -> None:
    paragraphs = split_paragraphs(text)
    for start, end in split_sentences(text, language):
        assert any(first <= start and end <= last for first, last in paragraphs)
        assert "\n\n" not in text[start:end]


def test_split_sentences_of_nothing() -> None:
    assert split_sentences("", "nl") == []
    assert split_sentences(" \n\t\r\n ", "es") == []


@pytest.mark.parametrize(
    "unit", [".", "a.", "A. ", "(", ". ", "mln. ", "'", "x", "a.A.", "!?", "¿", ",,", "word \n"]
)
def test_split_sentences_is_linear(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    began = time.perf_counter()
    split_sentences(text, "nl")
    assert time.perf_counter() - began < 5
