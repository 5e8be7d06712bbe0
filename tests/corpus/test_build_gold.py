from __future__ import annotations

import datetime
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parent.parent.parent / "scripts" / "build_gold.py"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_gold", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sheet(**changes: Any) -> dict[str, Any]:
    return {
        "id": "x",
        "lang": "en",
        "published": datetime.date(2026, 3, 3),
        "text": "\nOrly Group buys Vex for €2 million. Orly paid €2 million.\n",
        "deal": [deal()],
        "money": [["€2 million", "2000000 EUR"]],
        "ORG": [["Orly Group", "Orly"], ["Vex"]],
    } | changes


def deal(**changes: Any) -> dict[str, Any]:
    return {
        "type": "acquisition",
        "status": "announced",
        "acquirer": ["Orly"],
        "target": ["Vex"],
        "amount": "about 2000000 EUR",
        "evidence": ["Orly Group buys Vex"],
    } | changes


def test_build_gold_marks_every_occurrence_longest_first(build: ModuleType) -> None:
    (article,) = build.convert(sheet())
    assert [(m["start"], m["text"]) for m in article["gold"]["mentions"]] == [
        (0, "Orly Group"),
        (16, "Vex"),
        (24, "€2 million"),
        (36, "Orly"),
        (46, "€2 million"),
    ]
    assert article["gold"]["mentions"][3]["value"] == {"name": "Orly Group"}
    assert build.check_article(article) == []


def test_build_gold_deal_gets_all_names_of_a_party(build: ModuleType) -> None:
    found = next(build.convert(sheet()))["gold"]["deals"][0]
    assert found["roles"] == {"acquirer": [["Orly", "Orly Group"]], "target": [["Vex"]]}
    assert found["amount"] == {"value": "2000000", "currency": "EUR", "modifier": "about"}
    assert found["evidence"] == [(0, 19)]


def test_build_gold_surface_with_two_values_is_told_apart_by_its_place(build: ModuleType) -> None:
    dates = [["May", "2025-05", "in May"], ["May", "2026-05", "by May"]]
    (article,) = build.convert(
        sheet(text="Orly fell in May and wants Vex by May.", dates=dates, money=[], deal=[], ORG=[])
    )
    assert [mention["value"]["timex"] for mention in article["gold"]["mentions"]] == ["2025-05", "2026-05"]


@pytest.mark.parametrize(
    ("short", "value"),
    [
        ("5 EUR", {"value": "5", "currency": "EUR", "modifier": "exact"}),
        ("up_to 5 EUR", {"value": "5", "currency": "EUR", "modifier": "up_to"}),
        ("5 ?", {"value": "5", "currency": None, "modifier": "exact"}),
        ("5..7 USD", {"value": None, "currency": "USD", "modifier": "exact", "min": "5", "max": "7"}),
        ("about 10.. USD", {"value": None, "currency": "USD", "modifier": "about", "min": "10"}),
    ],
)
def test_build_gold_money_is_read_as_sheets_write_it(
    build: ModuleType, short: str, value: dict[str, Any]
) -> None:
    assert build.read_money(short) == value


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"money": [["€3 million", "3 EUR"]]}, "MONEY '€3 million' is not in the text"),
        ({"ORG": [["Or"]]}, "ORG 'Or' is not in the text"),
        ({"deal": [deal(lender=["Vex"])]}, "the role lender does not fit this type"),
        ({"deal": [deal(target=["Nobody"])]}, "the name 'Nobody' is not in the text"),
        ({"deal": [deal(evidence=["Orly"])]}, "the quote 'Orly' must stand in the text exactly once"),
        ({"deal": [deal(evidence=[])]}, "no evidence"),
        ({"deal": [deal(completed="May")]}, "completed date 'May' is not a TIMEX3 value"),
        ({"deal": [deal(amuont="5 EUR")]}, "unknown key amuont"),
    ],
)
def test_build_gold_names_what_is_wrong(build: ModuleType, changes: dict[str, Any], problem: str) -> None:
    (article,) = build.convert(sheet(**changes))
    assert any(problem in each for each in build.check_article(article))


def test_build_gold_trilingual_article_becomes_three(build: ModuleType) -> None:
    sentences = [
        {"en": "Vex is sold", "nl": "Vex verkocht", "es": "Vex, vendida"},
        {"en": "It went in May.", "nl": "Dat was in mei.", "es": "Fue en mayo.", "para": True},
    ]
    deal = {
        "type": "divestiture",
        "status": "completed",
        "roles": {"target": [{"en": ["Vex"], "nl": ["Vex"], "es": ["Vex"]}]},
        "dates": {"completed": "2026-05", "cancelled": "2026-06"},
        "evidence": [0, 1],
    }
    articles = list(
        build.convert(
            {
                "id": "y",
                "story": "s",
                "published": "2026-06-01",
                "style": "agency",
                "sentences": sentences,
                "deals": [deal],
                "money": [],
                "timex": [{"sent": 1, "en": "May", "nl": "mei", "es": "mayo", "value": "2026-05"}],
                "entities": [{"label": "ORG", "en": ["Vex"], "nl": ["Vex"], "es": ["Vex"]}],
            }
        )
    )
    assert [article["id"] for article in articles] == ["y-en", "y-nl", "y-es"]
    assert articles[1]["text"] == "Vex verkocht\n\nDat was in mei."
    assert articles[1]["gold"]["deals"][0]["evidence"] == [(0, 12), (14, 29)]
    assert articles[1]["gold"]["deals"][0]["dates"] == {"completed": "2026-05"}
    assert len({build.part_of(article) for article in articles}) == 1
    assert [problem for article in articles for problem in build.check_article(article)] == []


def test_build_gold_sums_and_dates_must_stand_in_their_sentence(build: ModuleType) -> None:
    source: dict[str, Any] = {
        "id": "y",
        "story": "s",
        "published": "2026-06-01",
        "style": "agency",
        "sentences": [{"en": "Vex is sold.", "nl": "Vex is verkocht.", "es": "Vex, vendida."}],
        "deals": [],
        "money": [],
        "timex": [{"sent": 0, "en": "", "nl": "mei", "es": "", "value": "2026-05"}],
        "entities": [],
    }
    with pytest.raises(IndexError):
        list(build.convert({**source, "timex": [{**source["timex"][0], "sent": 1}]}))
    problems = {article["id"]: build.check_article(article) for article in build.convert(source)}
    assert problems == {"y-en": [], "y-nl": ["DATE 'mei' is not in sentence 0"], "y-es": []}


@pytest.mark.parametrize(
    ("label", "en", "nl", "es", "problems"),
    [
        ("MONEY", "$8.2 billion", "8,2 miljard", "8.200 millones", []),
        ("MONEY", "€3.85 billion", "3,85 miljard euro", "3.851 millones de euros", []),
        ("MONEY", "€400,000", "4 ton", "", []),
        ("MONEY", "$8.2 billion", "", "enero", ["the MONEY 'enero' of sentence 1 is a date"]),
        (
            "MONEY",
            "€3 million",
            "5 miljoen euro",
            "",
            ["the MONEY '€3 million', '5 miljoen euro' of sentence 1 differ"],
        ),
        ("DATE", "Tuesday evening", "dinsdagavond", "el martes", []),
        ("DATE", "the end of June", "eind juni", "finales de junio", []),
        ("DATE", "last year", "vorig jaar", "2025", []),
        ("DATE", "the last quarter", "het laatste kwartaal", "el cuarto trimestre", []),
        ("DATE", "September", "11 cent", "", ["the DATE '11 cent' of sentence 1 is a sum"]),
        ("DATE", "June 2025", "mei 2025", "", ["the DATE 'June 2025', 'mei 2025' of sentence 1 differ"]),
        ("DATE", "last year", "", "2023", ["the DATE 'last year', '2023' of sentence 1 differ"]),
        ("DATE", "Friday", "", "el martes", ["the DATE 'Friday', 'el martes' of sentence 1 differ"]),
    ],
)
def test_build_gold_names_rows_that_pair_the_wrong_wordings(
    build: ModuleType, label: str, en: str, nl: str, es: str, problems: list[str]
) -> None:
    row = {"sent": 1, "en": en, "nl": nl, "es": es}
    bare: dict[str, Any] = {"published": "2026-03-03", "money": [], "timex": []}
    key = "money" if label == "MONEY" else "timex"
    assert list(build.check_wordings({**bare, "protected": [{**row, "label": label}]})) == problems
    assert list(build.check_wordings({**bare, key: [row]})) == problems


def test_build_gold_joins_every_file_of_parallel_labels_with_its_article(
    build: ModuleType, tmp_path: Path
) -> None:
    labels, texts = tmp_path / "sources", tmp_path / "parallel"
    labels.mkdir()
    texts.mkdir()
    texts.joinpath("a.jsonl").write_text('{"id": "a-1", "style": "blog"}\n{"id": "a-2", "style": "agency"}\n')
    texts.joinpath("b.jsonl").write_text('{"id": "b-1", "style": "tabloid"}\n')
    labels.joinpath("parallel.json").write_text('[{"id": "a-2", "deals": []}]')
    labels.joinpath("parallel-b.json").write_text('[{"id": "b-1", "deals": []}]')
    assert sorted((row["id"], row["style"]) for row in build.read_sources(labels, texts)) == [
        ("a-2", "agency"),
        ("b-1", "tabloid"),
    ]


@pytest.mark.parametrize(
    ("timex", "start", "end"),
    [
        ("2026-03-03", "2026-03-03", "2026-03-04"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-Q3", "2026-07-01", "2026-10-01"),
        ("2026-H2", "2026-07-01", "2027-01-01"),
        ("2026-W01", "2025-12-29", "2026-01-05"),
        ("2026-WI", "2026-12-01", "2027-03-01"),
    ],
)
def test_build_gold_day_interval_is_half_open(build: ModuleType, timex: str, start: str, end: str) -> None:
    assert build.day_interval(timex) == (datetime.date.fromisoformat(start), datetime.date.fromisoformat(end))


def test_build_gold_date_without_year_has_no_days(build: ModuleType) -> None:
    assert build.day_interval("XXXX-11") == (None, None)


def test_build_gold_files_are_fresh(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["build_gold.py", "--out", str(tmp_path)])
    assert build.main() == 0, capsys.readouterr().err
    kept = SCRIPT.parent.parent / "corpus" / "gold"
    for half in ("dev", "test"):
        for language in ("en", "nl", "es"):
            name = f"{half}/{language}.jsonl"
            assert (tmp_path / name).read_bytes() == (kept / name).read_bytes(), (
                f"run scripts/build_gold.py: {name}"
            )


def test_a_sum_must_be_a_number(build: ModuleType) -> None:
    row = {"value": None, "currency": "USD", "min": "9.4", "max": "9.6"}
    assert build.money_value(row)["max"] == "9.6"
    with pytest.raises(ValueError, match="decimal"):
        build.money_value({"value": "9.4..9.6", "currency": "USD"})
