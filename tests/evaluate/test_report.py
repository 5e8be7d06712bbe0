from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from dealfacts.errors import ConfigError
from dealfacts.evaluate import evaluate
from dealfacts.evaluate.floors import check_floors, floors_text
from dealfacts.evaluate.report import text_report, write_report
from dealfacts.jsonl import read_records, write_records
from dealfacts.records import Article

GOLD = Path(__file__).parent.parent / "data" / "evaluate" / "gold.jsonl"


@pytest.fixture
def flawed(output: Path) -> Path:
    articles = list(read_records(output, Article))
    assert articles[0].facts is not None
    articles[0].facts[0].status = "denied"
    articles[0].facts[0].evidence[0].text = "<b>"
    articles[1].facts, articles[2].facts = [], articles[0].facts[:1]
    write_records(output, articles)
    return output


def test_report_text_shows_figures_intervals_and_confusions(flawed: Path) -> None:
    text = text_report(evaluate(GOLD, flawed, resamples=20))
    assert "announced -> denied: 1" in text
    assert any(line.startswith("lenient ") and "[" in line for line in text.splitlines())


def test_report_files_hold_every_miss_in_context_and_are_escaped(flawed: Path, tmp_path: Path) -> None:
    text, data, page = write_report(evaluate(GOLD, flawed, resamples=20), tmp_path / "report")
    assert text.exists()
    assert orjson.loads(data.read_bytes())["articles"] == 3
    html = page.read_text(encoding="utf-8")
    assert "Stelvio haalt 20 miljoen dollar op" in html
    for kind in ("missed", "misread", "invented"):
        assert f'data-kind="{kind}"' in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_floors_hold_on_the_gold_they_were_pinned_on(output: Path, tmp_path: Path) -> None:
    evaluation = evaluate(GOLD, output, resamples=5)
    floors = tmp_path / "floors.toml"
    floors.write_text(
        f'gold = "{evaluation.gold_digest}"\n[floors]\n"deals.lenient.all.all" = 1.0\n'
        '[ceilings]\n"deals.false_facts_per_article.all.all" = 0.25\n',
        encoding="utf-8",
    )
    assert check_floors(evaluation, floors) == []


def test_floors_name_what_fell_and_a_changed_gold(flawed: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text(
        'gold = "0"\n[floors]\n"deals.status.all.en" = 0.9\n'
        '[ceilings]\n"deals.false_facts_per_article.all.es" = 0.25\n',
        encoding="utf-8",
    )
    findings = check_floors(evaluate(GOLD, flawed, resamples=5), floors)
    assert [finding.split(" ")[0] for finding in findings] == [
        "the",
        "deals.status.all.en",
        "deals.false_facts_per_article.all.es",
    ]


def test_floors_unknown_measure_is_refused(output: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text('[floors]\n"deals.lenient.all.fr" = 0.9\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="no measure"):
        check_floors(evaluate(GOLD, output, resamples=5), floors)


def test_floors_just_pinned_hold(flawed: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    evaluation = evaluate(GOLD, flawed, resamples=5)
    floors.write_text(floors_text(evaluation), encoding="utf-8")
    assert check_floors(evaluation, floors) == []
    assert '"deals.status.all.en" = 0.49' in floors.read_text(encoding="utf-8")
