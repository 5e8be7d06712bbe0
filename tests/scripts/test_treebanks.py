"""Treebanks are read as the deal finder reads sentences."""

from __future__ import annotations

import lzma
import random
from pathlib import Path

import pytest
from scripts.syntax.treebanks import read_treebank, texts_of

ROWS = """
1 The the DET _ _ 4 det _ _
2 old old ADJ _ _ 4 amod _ _
3 loud loud ADJ _ _ 4 amod _ _
4 board board NOUN _ _ 7 nsubj:outer _ _
5-6 didn't _ _ _ _ _ _ _ _
5 did do AUX _ _ 7 aux _ _
6 n't not PART _ _ 7 advmod _ _
7 pay pay VERB _ _ 0 root _ _
8 $ $ SYM _ _ 10 compound _ SpaceAfter=No
9 3 3 NUM _ _ 10 nummod _ _
10 million million NUM _ _ 7 obj _ _
11 for for ADP _ _ 12 case _ _
12 Zeta Zeta PROPN _ _ 7 obl _ _
13 Bank Bank PROPN _ _ 12 flat:name _ SpaceAfter=No
14 . . PUNCT _ _ 7 punct _ _
"""


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    lines = ["# text = x", *("\t".join(row.split(" ")) for row in ROWS.strip().splitlines()), "", ""]
    path = tmp_path / "a.conllu.xz"
    path.write_bytes(lzma.compress("\n".join(lines).encode()))
    return path


def test_names_and_figures_are_one_token(treebank: Path) -> None:
    (sentence,) = read_treebank(treebank, "en", random.Random(1), set())
    assert sentence.words[:8] == ["the", "old", "loud", "board", "didn't", "pay", "<money>", "for"]
    assert sentence.words[8] in {"<org>", "<person>", "<gpe>", "<product>"}
    assert sentence.words[9:] == ["."]
    assert sentence.heads == [3, 3, 3, 5, 5, 5, 5, 8, 5, 5]
    assert sentence.relations == [
        "det", "amod", "amod", "nsubj", "aux", "root", "obj", "case", "obl", "punct",
    ]  # fmt: skip


def test_sentences_seen_before_are_left_out(treebank: Path) -> None:
    seen = texts_of(treebank)
    assert len(seen) == 1
    assert list(read_treebank(treebank, "en", random.Random(1), seen)) == []
