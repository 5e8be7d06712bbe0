import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealfacts.merge import merge, to_ftm, write_outputs
from dealfacts.merge.flat import safe_cell
from dealfacts.records import Deal

Plain = dict[str, Any]
NAMES = ["deals.csv", "deals.jsonl", "deals.parquet"]


def _write(folder: Path, told: tuple[list[Plain], dict[str, str]]) -> Path:
    write_outputs(folder, told[0], merge(told[0]))
    return folder


def test_outputs_are_the_same_bytes_each_time(
    tmp_path: Path, told_stories: tuple[list[Plain], dict[str, str]]
) -> None:
    one, two = _write(tmp_path / "one", told_stories), _write(tmp_path / "two", told_stories)
    for name in NAMES:
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_outputs_tell_one_thing_in_all_forms(
    tmp_path: Path, told_stories: tuple[list[Plain], dict[str, str]]
) -> None:
    _write(tmp_path, told_stories)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dealfacts.duckdb", *NAMES]
    rows = [
        Deal.model_validate_json(line) for line in (tmp_path / "deals.jsonl").read_text("utf-8").splitlines()
    ]
    with (tmp_path / "deals.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    ids = [row.id for row in rows]
    assert [line["id"] for line in table] == ids
    with duckdb.connect(str(tmp_path / "dealfacts.duckdb"), read_only=True) as database:
        parquet = database.execute(
            "SELECT id FROM read_parquet(?)", [str(tmp_path / "deals.parquet")]
        ).fetchall()
        assert [row[0] for row in parquet] == ids
        facts = database.execute("SELECT count(*), count(deal_id) FROM facts").fetchone()
        assert facts == (sum(len(row.fact_ids) for row in rows),) * 2
        [(records,)] = database.execute("SELECT list(record ORDER BY id) FROM deals").fetchall()
        assert [json.loads(record)["id"] for record in records] == ids
        for view in ("deal_evidence", "status_changes", "disputed_deals", "entities", "deals_by_month"):
            database.execute(f"SELECT * FROM {view} LIMIT 5").fetchall()
        disputed = database.execute("SELECT count(*) FROM disputed_deals").fetchone()
        assert disputed == (sum(len(row.conflicts) for row in rows),)


def test_outputs_of_nothing_have_their_columns(tmp_path: Path) -> None:
    write_outputs(tmp_path, [], [])
    assert (tmp_path / "deals.csv").read_text().startswith("id,type,status,")
    with duckdb.connect(str(tmp_path / "dealfacts.duckdb"), read_only=True) as database:
        assert database.execute("SELECT count(*) FROM deals").fetchone() == (0,)


def test_outputs_leave_the_old_file_when_writing_fails(
    tmp_path: Path, article: Callable[..., Plain], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [article("a1", {"roles": {"acquirer": ["Telúrica"], "target": ["Veldkom"]}})]
    write_outputs(tmp_path, told, merge(told))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dealfacts.merge.outputs.shutil.copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        write_outputs(tmp_path, told, merge(told))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|cmd", '=HYPERLINK("x")']
)
def test_outputs_have_no_formulas(cell: str) -> None:
    assert safe_cell(cell).startswith("'")


@given(st.text())
def test_outputs_cells_are_one_line_and_harmless(text: str) -> None:
    cell = safe_cell(text)
    assert not set(cell) & {"\r", "\n", "\t", "\x00"}
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_outputs_names_with_a_sign_are_written_safely(tmp_path: Path, article: Callable[..., Plain]) -> None:
    told = [article("a1", {"roles": {"acquirer": ["=cmd|' /C calc'!A0"], "target": ["Veldkom\nN.V."]}})]
    write_outputs(tmp_path, told, merge(told))
    with (tmp_path / "deals.csv").open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert row["buyer_side"].startswith("'=cmd")
    assert row["target_side"] == "Veldkom N.V."


def test_outputs_follow_the_money(article: Callable[..., Plain]) -> None:
    stake = {
        "type": "equity_stake",
        "roles": {"investor": ["Corvane"], "investee": ["Lumenry"]},
        "stake": "7",
    }
    loan = {
        "type": "debt_financing",
        "roles": {"lender": ["KBC"], "borrower": ["Lumenry"]},
        "amount": "5 EUR",
    }
    entities = list(to_ftm(merge([article("a1", stake, loan)])))
    assert sorted(entity["schema"] for entity in entities) == ["Debt", *["LegalEntity"] * 3, "Ownership"]
    [ownership] = [entity for entity in entities if entity["schema"] == "Ownership"]
    assert ownership["properties"]["percentage"] == ["7"]
    known = {entity["id"] for entity in entities}
    assert known.issuperset(ownership["properties"]["owner"] + ownership["properties"]["asset"])
