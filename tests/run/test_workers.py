"""Workers: the same results in the same order however many there are, and a poisoned article stops nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from toy_stages import Shout

from dealfacts import Article
from dealfacts.jsonl import dumps
from dealfacts.records import Reject
from dealfacts.run.workers import Workers


def lines(count: int, **poison: int) -> list[bytes]:
    texts = [f"text {number}" for number in range(count)]
    for text, place in poison.items():
        texts[place] = text
    return [dumps(Article(id=f"a{number}", text=text)) for number, text in enumerate(texts)]


def outcomes(jobs: int, given: list[bytes]) -> list[object]:
    with Workers(jobs) as workers:
        return [outcome for chunk in workers.run(Shout(), given, len(given)) for outcome in chunk]


def test_workers_give_the_same_on_one_and_on_two() -> None:
    given = lines(100, **{"raise": 37})
    alone = outcomes(1, given)
    assert outcomes(2, given) == alone
    assert [isinstance(outcome, Reject) for outcome in alone].index(True) == 37
    assert len(alone) == 100


def test_workers_outlive_an_article_that_kills_its_process() -> None:
    found = outcomes(2, lines(60, kill=5))
    bad = [outcome for outcome in found if isinstance(outcome, Reject)]
    assert [(reject.id, "ended the process" in reject.error) for reject in bad] == [("a5", True)]
    assert len(found) == 60


@pytest.mark.parametrize("line", [b"not json\n", b'{"id":"a"}\n', b"[]\n"])
def test_workers_reject_a_line_that_is_no_article(line: bytes) -> None:
    found = outcomes(1, [line, *lines(1)])
    assert [isinstance(outcome, Reject) for outcome in found] == [True, False]


KILLED = """
import os, signal
from dealfacts.run.workers import Workers
if __name__ == "__main__":
    with Workers(2) as workers:
        workers._start().submit(os.getpid).result()
        print("at work", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_when_their_run_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    # Reading ends once nothing holds the other end of the pipe: no worker must be left that does.
    done = subprocess.run([sys.executable, str(script)], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"at work\n")
