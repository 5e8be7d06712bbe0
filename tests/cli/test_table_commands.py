"""Commands about the table and the figures: merge, explain, review, diff, export, evaluate."""

import json
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

MONEY = {"amount": "20000000", "currency": "USD", "modifier": "exact", "min": None, "max": None}


def dealfacts(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from dealfacts.cli import main; main()", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def article(identity: str, status: str, published: str) -> bytes:
    text = f"Acme and Zeta, told by {identity}."
    fact = {
        "id": f"f-{identity}",
        "article_id": identity,
        "type": "acquisition",
        "status": status,
        "roles": {"acquirer": [{"name": "Acme"}], "target": [{"name": "Zeta"}]},
        "amount": MONEY,
        "confidence": 0.9,
        "evidence": [{"start": 0, "end": len(text), "text": text}],
    }
    record = {"id": identity, "text": text, "lang": "en", "published": published, "facts": [fact]}
    return orjson.dumps(record) + b"\n"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "facts.jsonl"
    path.write_bytes(article("one", "rumoured", "2026-01-05") + article("two", "announced", "2026-02-03"))
    return path


def deals(folder: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in (folder / "deals.jsonl").read_bytes().splitlines()]


def test_table_merge_folds_and_shows(facts: Path, tmp_path: Path) -> None:
    done = dealfacts("merge", str(facts), "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (row,) = deals(tmp_path)
    assert (row["status"], row["n_articles"]) == ("announced", 2)
    assert b"$20 million" in done.stderr
    assert done.stdout == b""


def test_table_merge_explains_a_row_and_writes_nothing(facts: Path, tmp_path: Path) -> None:
    done = dealfacts("merge", str(facts), "--out", str(tmp_path / "none"), "--explain", "d-")
    assert done.returncode == 0, done.stderr
    assert b"f-one" in done.stdout
    assert not (tmp_path / "none").exists()


def test_table_merge_obeys_decisions(facts: Path, tmp_path: Path) -> None:
    decision = {"decision": "not_same", "facts": ["f-one", "f-two"]}
    (tmp_path / "decisions.jsonl").write_text(json.dumps(decision) + "\n", encoding="utf-8")
    dealfacts("merge", str(facts), "--out", str(tmp_path), "--decisions", str(tmp_path / "decisions.jsonl"))
    assert len(deals(tmp_path)) == 2


def test_table_diff_says_what_changed(facts: Path, tmp_path: Path) -> None:
    (tmp_path / "early.jsonl").write_bytes(article("one", "rumoured", "2026-01-05"))
    dealfacts("merge", str(tmp_path / "early.jsonl"), "--out", str(tmp_path / "old"))
    dealfacts("merge", str(facts), "--out", str(tmp_path / "new"))
    done = dealfacts("diff", str(tmp_path / "old"), str(tmp_path / "new"))
    assert b"rumoured -> announced" in done.stdout


def test_table_review_lists_questions_without_a_terminal(facts: Path) -> None:
    done = dealfacts("review", str(facts))
    assert done.returncode == 0, done.stderr


def test_table_export_writes_entities(facts: Path, tmp_path: Path) -> None:
    dealfacts("merge", str(facts), "--out", str(tmp_path))
    done = dealfacts("export", str(tmp_path), "--to", "ftm")
    names = {
        entity["properties"].get("name", [""])[0] for entity in map(orjson.loads, done.stdout.splitlines())
    }
    assert {"Acme", "Zeta"} <= names
    assert dealfacts("export", str(tmp_path), "--to", "rdf").returncode == 2


def test_table_explain_shows_trigger_and_roles(tmp_path: Path) -> None:
    text = "Acme agreed to buy Zeta for $20 million."
    (tmp_path / "in.jsonl").write_bytes(
        orjson.dumps({"id": "a", "text": text, "lang": "en", "published": "2026-02-03"}) + b"\n"
    )
    extracted = dealfacts("extract", str(tmp_path / "in.jsonl"))
    (tmp_path / "facts.jsonl").write_bytes(dealfacts("facts", given=extracted.stdout).stdout)
    fact = orjson.loads((tmp_path / "facts.jsonl").read_bytes())["facts"][0]
    done = dealfacts("explain", fact["id"], str(tmp_path / "facts.jsonl"))
    assert done.returncode == 0, done.stderr
    assert b"acquirer: Acme" in done.stdout
    assert b"target: Zeta" in done.stdout
    assert dealfacts("explain", "f-none", str(tmp_path / "facts.jsonl")).returncode == 2


def test_table_evaluate_prints_figures_and_writes_the_error_page(facts: Path, tmp_path: Path) -> None:
    deal = {
        "type": "acquisition",
        "status": "announced",
        "roles": {"acquirer": [["Acme"]], "target": [["Zeta"]]},
        "amount": {"value": "20000000", "currency": "USD", "modifier": "exact"},
        "valuation": None,
        "stake": None,
        "capacity": None,
        "dates": {},
        "core": True,
    }
    gold = {"id": "two", "lang": "en", "published": "2026-02-03", "deals": [deal]}
    (tmp_path / "gold.jsonl").write_bytes(orjson.dumps(gold) + b"\n")
    done = dealfacts("evaluate", str(tmp_path / "gold.jsonl"), str(facts), "--json", "--write", str(tmp_path))
    assert done.returncode == 0, done.stderr
    measures = {
        f"{m['name']}.{m['label']}": m["value"]
        for m in orjson.loads(done.stdout)["measures"]
        if m["stage"] == "deals"
    }
    assert measures["lenient.all"] == 1.0
    assert (tmp_path / "errors.html").is_file()


def test_table_evaluate_scores_translations() -> None:
    row = {
        "lang": "nl",
        "source": "Acme betaalt 5 euro.",
        "translation": "Acme pays €5.",
        "reference": "Acme pays €5.",
    }
    done = dealfacts("evaluate", "translate", "-", given=orjson.dumps(row) + b"\n")
    assert b"figures exact 100.0%" in done.stdout
