"""Our reading of n-grams gives the figures that langdetect itself gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect import detector_factory
from langdetect.lang_detect_exception import LangDetectException

from dealfacts.langid.ngrams import NgramDetector


@pytest.fixture(scope="module")
def detector() -> NgramDetector:
    return NgramDetector()


def by_langdetect(text: str) -> dict[str, float]:
    factory: Any = detector_factory._factory
    detector = factory.create()
    detector.seed = 0
    detector.append(text)
    try:
        return {guess.lang: guess.prob for guess in detector.get_probabilities()}
    except LangDetectException:
        return {}


@pytest.mark.parametrize(
    "text",
    [
        "The brewer will sell its two Belgian plants to a private equity house before the summer.",
        "De  brouwer verkoopt  zijn 2 Belgische fabrieken aan\nKBC's e-mail: info@kbc.be, zie https://kbc.be/x.",
        "La cervecera venderá antes del verano sus dos fábricas a AT&T, S.A. ",
        "  MAJOR DEAL: ABN AMRO koopt NIBC, zegt IJsbrand O'Neill",
        "Vietnam: Tiê\u0301ng Viê\u0323t ă\u0301y, Romania: și țară, Россия купила завод Renault в Москве",
        "日本の企業が米国の会社を買収した。 Sony 買収 ソニー 中国 한국",
        "12 345 %",
        "",
        "a",
        " A ",
    ],
)
def test_ngrams_figures_are_those_of_langdetect(detector: NgramDetector, text: str) -> None:
    assert detector.probabilities(text) == by_langdetect(text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aBcÉéñIJ .,'’-ijŁżя\n1", max_size=60))
def test_ngrams_figures_are_those_of_langdetect_on_any_text(text: str) -> None:
    assert NgramDetector().probabilities(text) == by_langdetect(text)
