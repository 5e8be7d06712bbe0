"""The language detector against its neighbours and against texts that say nothing."""

import pytest

from dealfacts.langid import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The brewer will sell its two Belgian plants to a private equity house before the summer."),
        ("nl", "De brouwer verkoopt zijn twee Belgische fabrieken nog voor de zomer aan een investeerder."),
        ("es", "La cervecera venderá antes del verano sus dos fábricas belgas a un fondo de capital riesgo."),
        ("af", "Die brouery verkoop sy twee Belgiese fabrieke nog voor die somer aan 'n belegger."),
        ("de", "Die Brauerei verkauft ihre beiden belgischen Werke noch vor dem Sommer an einen Investor."),
        (
            "pt",
            "A cervejaria vai vender antes do verão as suas duas fábricas belgas a um fundo de investimento.",
        ),
        ("ca", "La cervesera vendrà abans de l'estiu les seves dues fàbriques belgues a un fons d'inversió."),
        (
            "gl",
            "A cervexeira venderá antes do verán as súas dúas fábricas belgas a un fondo de investimento.",
        ),
    ],
)
def test_detector_tells_neighbours_apart(detector: LanguageDetector, lang: str, text: str) -> None:
    assert detector.detect(text).lang == lang


@pytest.mark.parametrize("text", ["", "   ", "12 345 678", "!!! ... ???", "€ 40 %"])
def test_detector_is_undetermined_without_letters(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text).lang == "und"


def test_detector_is_undetermined_below_threshold(detector: LanguageDetector) -> None:
    guess = detector.detect("Ahold NV")
    assert detector.detect("Ahold NV", threshold=guess.confidence + 0.01).lang == "und"


def test_detector_gives_the_same_answer_every_time(detector: LanguageDetector) -> None:
    text = "Una operación de capital riesgo, een overname, a takeover"
    assert len({detector.detect(text) for _ in range(10)} | {LanguageDetector().detect(text)}) == 1
