"""The report page: whole, self-contained, and never trusting the text it shows."""

from pathlib import Path

import pytest
from lxml import html

from dealfacts.records import Article, Deal
from dealfacts.report import write_report
from dealfacts.report.highlight import Mark, cut
from dealfacts.report.sides import sides

TEXT = 'Acme <script>alert("x")</script> buys Zeta for $20 million, The Ledger reports.'
MONEY = {"amount": "20000000", "currency": "USD", "modifier": "exact"}


def article() -> Article:
    evidence = {"start": 0, "end": len(TEXT), "text": TEXT, "translation": "In <b>English</b>"}
    fact = {
        "id": "f-1",
        "article_id": "a",
        "type": "acquisition",
        "status": "announced",
        "roles": {"acquirer": [{"name": "Acme"}], "target": [{"name": "Zeta"}]},
        "amount": MONEY,
        "confidence": 0.9,
        "evidence": [evidence],
    }
    mention = {"id": "m1", "start": 0, "end": 4, "text": "Acme", "label": "ORG", "stage": "extract"}
    return Article.model_validate(
        {
            "id": "a",
            "title": "Acme & Zeta",
            "url": "javascript:alert(1)",
            "lang": "en",
            "text": TEXT,
            "facts": [fact],
            "mentions": [mention],
        }
    )


def deal(**changes: object) -> Deal:
    row = {
        "id": "d-1",
        "type": "acquisition",
        "status": "announced",
        "roles": {
            "acquirer": [{"name": "Acme", "entity_id": "e1", "aliases": ["Acme Corp."]}],
            "target": [{"name": "Zeta", "entity_id": "e2"}],
        },
        "amount": MONEY,
        "dates": {"announced": {"type": "DATE", "timex": "2026-02-03"}},
        "n_articles": 1,
        "n_stories": 1,
        "languages": ["en"],
        "conflicts": [
            {
                "field": "amount",
                "values": [{"value": MONEY, "fact_ids": ["f-1"]}, {"value": None, "fact_ids": []}],
            }
        ],
        "fact_ids": ["f-1"],
    }
    return Deal.model_validate(row | changes)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, [deal()], [article()])
    return path.read_text(encoding="utf-8")


def test_page_shows_the_deal_and_its_evidence(page: str) -> None:
    tree = html.document_fromstring(page)
    row = " ".join(tree.xpath("//tr[@class='deal']")[0].text_content().split())
    assert row == "Acme acquisition Zeta $20 million announced 2026-02-03 1 en amount"
    assert TEXT in tree.xpath("//blockquote")[0].text_content()
    assert tree.xpath("//mark")[0].text == "Acme"
    assert "Acme Corp." in tree.text_content()


def test_page_escapes_everything_that_comes_from_articles(page: str) -> None:
    assert '<script>alert("x")' not in page
    assert "<b>English</b>" not in page
    assert 'href="javascript:' not in page


@pytest.mark.parametrize(("quality", "is_told"), [("suspect", True), ("ok", False)])
def test_page_says_when_a_translation_is_doubtful(tmp_path: Path, quality: str, is_told: bool) -> None:
    sentence = {"start": 0, "end": len(TEXT), "text": "In English", "quality": quality}
    translated = Article.model_validate(
        {**article().model_dump(), "translation": {"model": "m", "sentences": [sentence]}}
    )
    write_report(tmp_path / "r.html", [deal()], [translated])
    assert ("doubtful machine translation" in (tmp_path / "r.html").read_text(encoding="utf-8")) is is_told


def test_page_needs_nothing_else(page: str) -> None:
    tree = html.document_fromstring(page)
    assert tree.xpath("//link | //img | //script[@src]") == []


def test_page_is_written_without_deals_too(tmp_path: Path) -> None:
    write_report(tmp_path / "r.html", [], [article()])
    assert "No deals were found" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_highlight_pieces_add_up_to_the_text() -> None:
    marks = [Mark(0, 4, "a"), Mark(2, 6, "b"), Mark(6, 8, "c"), Mark(9, 99, "d")]
    pieces = cut("0123456789", 0, 10, marks)
    assert "".join(piece.text for piece in pieces) == "0123456789"
    assert [piece.mark for piece in pieces] == ["a", None, "c", None]


@pytest.mark.parametrize(
    ("roles", "expect"),
    [
        ({"acquirer": "A", "target": "B", "seller": "C"}, (["A"], ["B", "C"])),
        ({"partner": "AB"}, (["A"], ["B"])),
        ({"issuer": "A"}, (["A"], [])),
    ],
)
def test_sides_of_a_deal(roles: dict[str, str], expect: tuple[list[str], list[str]]) -> None:
    class Party:
        def __init__(self, name: str) -> None:
            self.name = name

    assert sides({role: [Party(name) for name in names] for role, names in roles.items()}) == expect  # type: ignore[misc]
