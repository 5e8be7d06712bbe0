from __future__ import annotations

import re
from pathlib import Path

import pytest

from dealfacts.errors import InputError
from dealfacts.evaluate.translation import (
    figure_fidelity,
    name_fidelity,
    read_figures,
    score_file,
    score_translations,
)


def numbers(text: str, language: str) -> list[str]:
    return [
        match.replace(",", ".") if language == "nl" else match for match in re.findall(r"\d+[.,]?\d*", text)
    ]


def test_translation_scores_show_their_signature() -> None:
    scores = score_translations(
        ["Heijmans buys the firm for much less ."], ["Heijmans buys the firm for much more ."]
    )
    assert 60 < scores.bleu < 100
    assert "nrefs:1" in scores.bleu_signature
    assert "version:" in scores.chrf_signature
    assert scores.bleu_signature in str(scores)


def test_translation_figures_lost_and_invented_are_named() -> None:
    fidelity = figure_fidelity(["1,5 en 2", "7"], ["1.5 and 3", "7"], "nl", numbers)
    assert (fidelity.kept, fidelity.total) == (2, 3)
    assert fidelity.lost == [(0, "2")]
    assert fidelity.invented == [(0, "3")]


def test_translation_name_must_stand_as_often_as_in_the_source() -> None:
    fidelity = name_fidelity([["ASML", "ASML", "Philips"]], ["ASML and Phillips"])
    assert fidelity.kept == 1
    assert fidelity.share == pytest.approx(1 / 3)


def test_translation_nothing_to_keep_is_all_kept() -> None:
    assert name_fidelity([[]], ["x"]).share == 1


def test_translation_without_reference_is_refused() -> None:
    with pytest.raises(InputError, match="1 translations and 0 references"):
        score_translations(["x"], [])


def test_translation_file_is_scored_by_language_with_figures_and_names(tmp_path: Path) -> None:
    path = tmp_path / "translated.jsonl"
    path.write_text(
        '{"lang": "nl", "source": "Halvard leent 2,5 miljard euro.", "names": ["Halvard"], '
        '"translation": "Halvard borrows 2.5 million euros.", "reference": "Halvard borrows €2.5 billion."}\n'
        '{"lang": "es", "source": "Pagó 3.000 millones de euros.", '
        '"translation": "It paid €3 billion.", "reference": "It paid €3 billion."}\n',
        encoding="utf-8",
    )
    scores = score_file(path)
    assert list(scores) == ["es", "nl"]
    assert scores["es"].figures is not None
    assert scores["es"].figures.share == 1
    assert scores["nl"].figures is not None
    assert scores["nl"].figures.lost == [(0, "2500000000 EUR")]
    assert scores["nl"].names is not None
    assert scores["nl"].names.share == 1


def test_translation_figures_of_two_languages_compare() -> None:
    assert read_figures("un 12,5 % en 2027", "es") == read_figures("12.5 percent in 2027", "en")
