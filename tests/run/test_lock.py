"""The lock on an output folder: a second run is turned away, and a killed one leaves nothing locked."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest
from toy_stages import Count

from dealfacts import ConfigError
from dealfacts.run import lock
from dealfacts.run.lock import locked
from dealfacts.run.runner import RunOptions, run_corpus

HOLD = """
import sys, time
from pathlib import Path
from dealfacts.run.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("Brouwerij Lindemeer neemt branchegenoot Oude Gracht over.", encoding="utf-8")
    return path


def test_lock_turns_a_second_run_away_until_the_first_has_ended(corpus: Path, tmp_path: Path) -> None:
    options = RunOptions(corpus, tmp_path / "out", (Count(),))
    refused: list[str] = []

    def start_another(step: str, *_: object) -> None:
        if step == "count":
            with pytest.raises(ConfigError, match="another run is writing to this folder; wait") as error:
                run_corpus(options)
            refused.append(str(error.value))

    assert run_corpus(options, start_another).articles == 1
    assert refused
    assert run_corpus(options).up_to_date


def test_lock_leaves_other_folders_free(tmp_path: Path) -> None:
    with locked(tmp_path / "one"), locked(tmp_path / "two"):
        pass


def test_lock_is_freed_when_a_run_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), locked(tmp_path):
        raise KeyboardInterrupt
    with locked(tmp_path):
        pass


def test_lock_held_by_another_process_is_a_usage_error_and_ends_with_it(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = "from dealfacts.cli import main; main()"
    command = [sys.executable, "-c", run, "run", str(corpus), "--out", str(out), "--until", "ingest"]
    with subprocess.Popen([sys.executable, "-c", HOLD, str(out)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        try:
            refused = subprocess.run(command, capture_output=True, check=False)
        finally:
            os.kill(holder.pid, signal.SIGKILL)
    assert refused.returncode == 2
    assert b"another run is writing to this folder" in refused.stderr
    assert b"Traceback" not in refused.stderr
    assert not (out / "ingest.jsonl").exists()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_lock_is_done_without_where_the_file_system_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: BinaryIO) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock, "_take", refuse)
    with locked(tmp_path):
        pass
