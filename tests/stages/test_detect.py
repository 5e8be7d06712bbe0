"""The detect stage on articles: mixed languages, boilerplate, and nothing to go by."""

from dealfacts import Article, load
from dealfacts.records import Boilerplate

DUTCH = (
    "Het Utrechtse bouwbedrijf neemt een Belgische branchegenoot over, zo maakten beide ondernemingen bekend."
)
ENGLISH = "We are delighted to welcome our new colleagues and look forward to building together with them."


def detect(article: Article) -> Article:
    return next(load("detect").pipe([article]))


def test_detect_marks_a_paragraph_in_another_language() -> None:
    found = detect(Article(id="a", text="\n\n".join([DUTCH, DUTCH, ENGLISH, DUTCH])))
    assert found.lang == "nl"
    assert found.segments is not None
    assert [segment.lang for segment in found.segments] == ["nl", "nl", "en", "nl"]
    assert found.text[found.segments[2].start : found.segments[2].end] == ENGLISH


def test_detect_leaves_segments_out_when_paragraphs_agree() -> None:
    found = detect(Article(id="a", text=f"{DUTCH}\n{DUTCH}"))
    assert "segments" not in found.model_dump()


def test_detect_does_not_listen_to_boilerplate() -> None:
    menu = (
        "Log in to read more. Forgot your password? Share this story with your friends. Leave your vote. " * 5
    )
    text = f"{menu}\n{DUTCH}"
    found = detect(Article(id="a", text=text, boilerplate=[Boilerplate(start=0, end=len(menu), kind="form")]))
    assert found.lang == "nl"


def test_detect_passes_other_languages_through_flagged() -> None:
    found = detect(
        Article(id="a", text="Der Konzern übernimmt den Wettbewerber für eine Milliarde Euro in bar.")
    )
    assert found.lang == "de"
