"""The sheets of trilingual articles: what they say comes out, and what is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from scripts import build_parallel
from scripts.build_gold import check_article, convert

SHEET = """
= t7-001 | 2026-03-03 | agency
0
Corvane buys Veldkom
Corvane koopt Veldkom
Corvane compra Veldkom
1 ¶
Corvane Semiconductor said on Monday that it would pay €5 million with a loan from BNG.
Corvane zei maandag dat het 5 miljoen euro betaalt, met een lening van BNG.
Corvane dijo el lunes que pagará 5 millones de euros con un préstamo de BNG.

ORG Corvane Semiconductor; Corvane
ORG Veldkom
ORG BNG
MONEY 1 | 5000000 EUR | €5 million | 5 miljoen euro | 5 millones de euros
DATE 1 | 2026-03-02 | Monday | maandag | lunes
DEAL acquisition announced 0 1
acquirer Corvane
target Veldkom
amount 5000000 EUR
announced 2026-03-02
DEAL debt_financing announced 1
lender BNG
borrower Corvane
capacity about 40 megawatt
background
"""


def test_build_parallel_sheet_becomes_text_and_labels_without_problems() -> None:
    """What is written by hand passes every check of the gold."""
    ((text, labels),) = build_parallel.read_sheet(SHEET.splitlines())
    articles = list(convert({**text, **labels}))
    assert [check_article(dict(article)) for article in articles] == [[], [], []]
    assert text["story"] == "t7-s01"
    assert [bool(sentence.get("para")) for sentence in text["sentences"]] == [False, True]
    assert [row["label"] for row in text["protected"]] == ["MONEY", "DATE"]
    purchase, loan = labels["deals"]
    assert purchase["amount"] == {"value": "5000000", "currency": "EUR", "modifier": "exact"}
    assert loan["capacity"] == {"value": "40", "unit": "megawatt", "modifier": "about"}
    assert (purchase["core"], loan["core"]) == (True, False)


def test_build_parallel_party_has_the_names_that_its_language_uses() -> None:
    """A name that only English uses is no name of the party in Dutch; the one written comes first."""
    ((_, labels),) = build_parallel.read_sheet(SHEET.splitlines())
    (buyer,) = labels["deals"][0]["roles"]["acquirer"]
    assert buyer == {"en": ["Corvane", "Corvane Semiconductor"], "nl": ["Corvane"], "es": ["Corvane"]}


def test_build_parallel_name_may_stand_in_two_languages_only() -> None:
    """One says `Dutch` where the others name the country."""
    sheet = SHEET.replace("ORG BNG", "ORG BNG\nORG Veldkom | | Veldkom")
    ((_, labels),) = build_parallel.read_sheet(sheet.splitlines())
    assert labels["entities"][-1] == {"label": "ORG", "en": ["Veldkom"], "nl": [], "es": ["Veldkom"]}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("1 ¶", "2 ¶", "sentence 1 is missing"),
        ("Corvane koopt Veldkom\n", "", "the sentence before lacks a language"),
        ("ORG BNG", "ORG ING", "the en text has none of ING"),
        ("maandag | lunes", "dinsdag | lunes", "the nl sentence does not have 'dinsdag'"),
        ("| maandag | lunes", "| maandag", "one wording or 3 are needed, not 2"),
        ("lender BNG", "lender Rabobank", "no name of the article"),
        ("background", "backgruond", "neither a label nor part of a deal"),
        ("DEAL acquisition announced 0 1\n", "", "a deal must be begun first"),
    ],
)
def test_build_parallel_names_what_is_wrong(old: str, new: str, problem: str) -> None:
    """The article and the line are told with the reason."""
    assert old in SHEET
    with pytest.raises(ValueError, match=f"^t7-001: .*{re.escape(problem)}$"):
        list(build_parallel.read_sheet(SHEET.replace(old, new).splitlines()))


def test_build_parallel_writes_both_files_and_goes_on_after_a_bad_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sheet that cannot be read keeps no other from being written."""
    (tmp_path / "parallel").mkdir()
    (tmp_path / "gold" / "sources").mkdir(parents=True)
    (tmp_path / "t6.txt").write_text(SHEET.replace("1 ¶", "3"), encoding="utf-8")
    (tmp_path / "t7.txt").write_text(SHEET, encoding="utf-8")
    sheets = [str(tmp_path / name) for name in ("t6.txt", "t7.txt")]
    monkeypatch.setattr("sys.argv", ["build_parallel", *sheets, "--out", str(tmp_path)])
    assert build_parallel.main() == 1
    assert "sentence 1 is missing" in capsys.readouterr().err
    assert not (tmp_path / "parallel" / "t6.jsonl").exists()
    (text,) = map(orjson.loads, (tmp_path / "parallel" / "t7.jsonl").read_bytes().splitlines())
    (labels,) = orjson.loads((tmp_path / "gold" / "sources" / "parallel-t7.json").read_bytes())
    assert text["id"] == labels["id"] == "t7-001"
