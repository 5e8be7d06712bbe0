"""The whole pipeline on the sample corpus and on the labelled articles: what a newcomer sees, and how good it is."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.pin_floors import FLOORS, SAMPLE_FLOORS, write_sample

from dealfacts.cli.record_commands import offset_problems
from dealfacts.evaluate import evaluate
from dealfacts.evaluate.floors import check_floors
from dealfacts.jsonl import read_records
from dealfacts.records import Article, Deal
from dealfacts.report import by_weight
from dealfacts.report.sides import sides

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "sample_deals.txt"


def run(corpus: Path, out: Path, jobs: int) -> None:
    command = [
        sys.executable,
        "-c",
        "from dealfacts.cli import main; main()",
        "run",
        str(corpus),
        "--out",
        str(out),
    ]
    done = subprocess.run(
        [*command, "--jobs", str(jobs), "--translate", "none"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    run(ROOT / "corpus/sample", out, jobs=2)
    return out


def deal_line(deal: Deal) -> str:
    """Write a deal in one line of a golden file."""
    who, whom = sides(deal.roles)
    sum_ = deal.amount and (deal.amount.amount or f"{deal.amount.min}..{deal.amount.max}")
    amount = f"{sum_} {deal.amount.currency} {deal.amount.modifier}" if deal.amount else "-"
    dates = ",".join(f"{role}={value.timex}" for role, value in sorted(deal.dates.items()))
    conflicts = ",".join(conflict.field for conflict in deal.conflicts)
    columns = [
        deal.type,
        deal.status,
        "; ".join(who),
        "; ".join(whom),
        amount,
        dates,
        str(deal.n_articles),
        conflicts,
    ]
    return " | ".join(column or "-" for column in columns)


def test_pipeline_writes_every_output(sample: Path) -> None:
    names = {path.name for path in sample.iterdir()}
    assert names >= {
        "ingest.jsonl",
        "detect.jsonl",
        "extract.jsonl",
        "dates.jsonl",
        "facts.jsonl",
        "translate.jsonl",
        "deals.jsonl",
        "deals.csv",
        "deals.parquet",
        "dealfacts.duckdb",
        "report.html",
        "rejects.jsonl",
        "manifest.json",
    }


def test_pipeline_grounds_every_mention_and_fact_in_the_text(sample: Path) -> None:
    articles = list(read_records(sample / "translate.jsonl", Article))
    assert [problem for article in articles for problem in offset_problems(article)] == []
    assert sum(len(article.facts or ()) for article in articles) > 30


def test_pipeline_finds_the_deals_it_found_before(sample: Path) -> None:
    """Compare with the golden file: `make golden` rewrites it, `git diff` then shows what changed."""
    lines = [deal_line(deal) for deal in by_weight(list(read_records(sample / "deals.jsonl", Deal)))]
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_pipeline_gives_the_same_bytes_on_one_worker(sample: Path, tmp_path: Path) -> None:
    run(ROOT / "corpus/sample", tmp_path / "out", jobs=1)
    # DuckDB's own file holds the time it was written; its tables are those of the Parquet and JSONL files.
    unlike = {"manifest.json", "dealfacts.duckdb"}
    for path in sorted(sample.iterdir()):
        if path.is_file() and path.name not in unlike:
            one, two = (
                hashlib.sha256((folder / path.name).read_bytes()).hexdigest()
                for folder in (sample, tmp_path / "out")
            )
            assert one == two, path.name


def test_pipeline_is_no_worse_than_its_floors_on_each_story_in_one_language(tmp_path: Path) -> None:
    gold = write_sample(ROOT / "corpus/gold/test", tmp_path)
    run(gold, tmp_path / "out", jobs=2)
    assert check_floors(evaluate(gold, tmp_path / "out", resamples=1), SAMPLE_FLOORS) == []


@pytest.mark.slow
def test_pipeline_is_no_worse_than_its_floors_on_all_articles(tmp_path: Path) -> None:
    gold = ROOT / "corpus/gold/test"
    run(gold, tmp_path / "out", jobs=2)
    assert check_floors(evaluate(gold, tmp_path / "out", resamples=1), FLOORS) == []


if __name__ == "__main__":  # `make golden`
    out = Path(sys.argv[1])
    GOLDEN.parent.mkdir(exist_ok=True)
    deals = by_weight(list(read_records(out / "deals.jsonl", Deal)))
    GOLDEN.write_text("".join(f"{deal_line(deal)}\n" for deal in deals), encoding="utf-8")
