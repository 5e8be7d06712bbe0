"""Runs: whole outputs, nothing done twice, and the same bytes after any kill and on any number of workers."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from toy_stages import Count, Shout

from dealfacts import ConfigError, InputError, load
from dealfacts.run.runner import RunOptions, RunSummary, run_corpus

SENTENCE = "Brouwerij {} neemt branchegenoot Oude Gracht over voor {} miljoen euro, melden beide brouwers."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(12):
        (folder / f"a{number:02}.txt").write_text(
            SENTENCE.format(f"Meer{number}", number + 1), encoding="utf-8"
        )
    return folder


def run(corpus: Path, out: Path, jobs: int = 1, kill_at: int | None = None) -> RunSummary:
    calls = 0

    def progress(*_: object) -> None:
        nonlocal calls
        calls += 1
        if calls == kill_at:
            raise KeyboardInterrupt

    return run_corpus(RunOptions(corpus, out, (Count(), Shout()), jobs), progress)


def digests(out: Path) -> dict[str, str]:
    """Digest every output; of the manifest all but the seconds."""
    found = {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    manifest = orjson.loads((out / "manifest.json").read_bytes())
    manifest.pop("timing")
    return {**found, "manifest.json": json.dumps(manifest, sort_keys=True)}


def test_run_writes_one_file_a_stage_and_a_manifest(corpus: Path, tmp_path: Path) -> None:
    summary = run(corpus, tmp_path / "out")
    assert (summary.articles, summary.rejects, summary.up_to_date) == (12, 0, False)
    manifest = orjson.loads((tmp_path / "out/manifest.json").read_bytes())
    assert list(manifest["outputs"]) == ["ingest.jsonl", "count.jsonl", "shout.jsonl", "rejects.jsonl"]
    assert [step["step"] for step in manifest["steps"]] == ["ingest", "count", "shout"]


def test_run_does_nothing_when_nothing_changed(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    assert run(corpus, tmp_path / "out").up_to_date
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_run_redoes_what_a_damaged_output_needs(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    whole = digests(tmp_path / "out")
    (tmp_path / "out/count.jsonl").write_bytes(b"damaged")
    assert not run(corpus, tmp_path / "out").up_to_date
    assert digests(tmp_path / "out") == whole


def test_run_redoes_only_the_article_that_changed(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus, tmp_path / "out")
    (corpus / "a03.txt").write_text(SENTENCE.format("Nieuw", 99), encoding="utf-8")
    done: list[str] = []
    annotate = Shout.annotate

    def watch(self: Shout, articles: object) -> None:
        done.extend(article.id for article in articles)  # type: ignore[attr-defined]
        annotate(self, articles)  # type: ignore[arg-type]

    monkeypatch.setattr(Shout, "annotate", watch)
    run(corpus, tmp_path / "out")
    assert done == ["a03"]
    run(corpus, tmp_path / "fresh")
    assert digests(tmp_path / "out") == digests(tmp_path / "fresh")


def test_run_on_more_workers_gives_the_same_bytes(tmp_path: Path) -> None:
    corpus = tmp_path / "many.jsonl"
    lines = [
        json.dumps({"id": f"n{number}", "text": SENTENCE.format(number, number)}) for number in range(80)
    ]
    corpus.write_text("\n".join(lines), encoding="utf-8")
    run(corpus, tmp_path / "one")
    run(corpus, tmp_path / "two", jobs=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@pytest.mark.parametrize("kill_at", [1, 5, 13, 17, 25, 26, 27, 33])
def test_run_killed_and_started_again_ends_in_the_same_bytes(
    corpus: Path, tmp_path: Path, kill_at: int
) -> None:
    run(corpus, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(corpus, tmp_path / "killed", kill_at=kill_at)
    with pytest.raises(KeyboardInterrupt):
        run(corpus, tmp_path / "killed", kill_at=kill_at // 2 + 1)
    run(corpus, tmp_path / "killed")
    assert digests(tmp_path / "killed") == digests(tmp_path / "whole")


def test_run_survives_a_real_kill(corpus: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from dealfacts.cli import main; main()",
        "run",
        str(corpus),
        "--stages",
        "detect",
    ]
    process = subprocess.Popen([*command, "--out", str(tmp_path / "killed")], stderr=subprocess.DEVNULL)
    while not (tmp_path / "killed/ingest.jsonl").exists() and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run([*command, "--out", str(tmp_path / "killed")], check=True, stderr=subprocess.DEVNULL)
    subprocess.run([*command, "--out", str(tmp_path / "whole")], check=True, stderr=subprocess.DEVNULL)
    assert digests(tmp_path / "killed") == digests(tmp_path / "whole")


def test_run_goes_on_past_bad_input_and_lists_it(corpus: Path, tmp_path: Path) -> None:
    (corpus / "a01.txt").write_bytes(b"")
    (corpus / "a05.txt").write_text("raise", encoding="utf-8")
    summary = run(corpus, tmp_path / "out")
    rejects = [orjson.loads(line) for line in (tmp_path / "out/rejects.jsonl").read_bytes().splitlines()]
    assert [(reject["source"], reject["stage"]) for reject in rejects] == [
        ("a01.txt", "ingest"),
        ("a05", "shout"),
    ]
    assert (summary.articles, summary.rejects) == (11, 2)
    assert len((tmp_path / "out/shout.jsonl").read_bytes().splitlines()) == 10


def test_run_on_a_full_disk_leaves_what_was_whole(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus, tmp_path / "out")
    whole = (tmp_path / "out/count.jsonl").read_bytes()
    (corpus / "a03.txt").write_text(SENTENCE.format("Nieuw", 99), encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        run(corpus, tmp_path / "out")
    assert (tmp_path / "out/count.jsonl").read_bytes() == whole


def test_run_checks_before_it_starts(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs"):
        run_corpus(RunOptions(corpus, tmp_path / "out", (load("dates"),)))
    with pytest.raises(InputError, match="no such file"):
        run_corpus(RunOptions(tmp_path / "nowhere", tmp_path / "out", ()))
    assert not (tmp_path / "out").exists()


def test_run_does_not_write_where_it_reads(corpus: Path, tmp_path: Path) -> None:
    for out in (corpus, corpus / "out", corpus / "../corpus/deep/out"):
        with pytest.raises(ConfigError, match="lies in the corpus"):
            run(corpus, out)
    run(corpus, tmp_path / "out")
    with pytest.raises(ConfigError, match="would be replaced"):
        run(tmp_path / "out/count.jsonl", tmp_path / "out")
    assert not (corpus / "out").exists()


def test_run_on_a_file_beside_its_outputs(corpus: Path) -> None:
    assert run(corpus / "a01.txt", corpus).articles == 1
    assert run(corpus / "a01.txt", corpus).up_to_date


def test_run_names_a_file_that_cannot_be_read_and_reads_the_rest(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_path = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "a02.txt":
            raise PermissionError(13, "Permission denied")
        return open_path(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    summary = run(corpus, tmp_path / "out")
    assert (summary.articles, summary.rejects) == (11, 1)
    reject = orjson.loads((tmp_path / "out/rejects.jsonl").read_bytes())
    assert (reject["source"], reject["error"]) == ("a02.txt", "cannot be read (Permission denied)")


def test_run_reads_files_whose_names_are_no_utf_8(corpus: Path, tmp_path: Path) -> None:
    name = Path(os.fsdecode(os.fsencode(corpus) + b"/latin \xff.txt"))
    name.write_text(SENTENCE.format("Vreemd", 3), encoding="utf-8")
    name.with_suffix(".pdf").write_bytes(b"")
    summary = run(corpus, tmp_path / "out")
    assert (summary.articles, summary.rejects) == (13, 1)
    assert run(corpus, tmp_path / "out").up_to_date
