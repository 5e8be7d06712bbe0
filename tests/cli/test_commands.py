"""The command line as people meet it: pipes, exit codes, messages, and records alone on standard output."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from rich.table import Table

from dealfacts import __version__
from dealfacts.cli import main
from dealfacts.cli.console import say, show
from dealfacts.cli.record_commands import stages_command
from dealfacts.stage import stage_names

DUTCH = "Het concern maakte dinsdag bekend dat het zijn Belgische concurrent overneemt voor 12 miljoen euro."
ARTICLE = orjson.dumps({"id": "a", "text": DUTCH, "desk": "economy"}) + b"\n"


def dealfacts(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from dealfacts.cli import main; main()", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_commands_pipe_records_and_nothing_else() -> None:
    first = dealfacts("detect", given=ARTICLE)
    second = dealfacts("dates", given=first.stdout)
    assert (first.returncode, second.returncode) == (0, 0)
    article = orjson.loads(second.stdout)
    assert (article["lang"], article["desk"]) == ("nl", "economy")
    assert second.stdout.count(b"\n") == 1


def test_commands_exit_1_and_name_the_line_that_is_bad() -> None:
    done = dealfacts("detect", given=ARTICLE + b"{broken\n" + ARTICLE)
    assert done.returncode == 1
    assert done.stdout.count(b"\n") == 2
    assert b"-:2: detect: not valid JSON" in done.stderr


def test_commands_write_rejects_to_a_file(tmp_path: Path) -> None:
    done = dealfacts("dates", "--rejects", str(tmp_path / "r.jsonl"), given=ARTICLE)
    assert done.returncode == 1
    reject = orjson.loads((tmp_path / "r.jsonl").read_bytes())
    assert (reject["id"], reject["stage"]) == ("a", "dates")
    assert "has no lang" in reject["error"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run", "nowhere", "--out", "work/none"], 2, b"no such file or folder"),
        (["detect", "nowhere.jsonl"], 2, b"cannot be read"),
        (["run", ".", "--out", "work/none", "--stages", "detekt"], 2, b"there is no stage 'detekt'"),
        (["run", ".", "--out", "work/none", "--stages", "dates"], 2, b"needs lang"),
        (["run", ".", "--out", "work/none", "--decisions", "nowhere.jsonl"], 2, b"does not exist"),
        (["run", "-", "--out", "work/none"], 2, b"standard input"),
        (["ingest", ".", "--max-chars", "0"], 2, b"--max-chars"),
        (["run", "corpus", "--out", "corpus/facts"], 2, b"lies in the corpus"),
        (["schema", "deel"], 2, b"there is no record 'deel'"),
        (["detect", "--treshold", "1"], 2, b"No such option"),
    ],
)
def test_commands_say_what_is_wrong(arguments: list[str], code: int, message: bytes) -> None:
    done = dealfacts(*arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_commands_full_disk_is_a_message_not_a_traceback() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", "from dealfacts.cli import main; main()", "detect"]
        done = subprocess.run(command, input=ARTICLE * 200, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_commands_show_brackets_and_colons_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("who")
    table.add_row("Acme [/b] Corp [red] :smile:")
    show(table)
    say("[bold] a.txt")
    shown = capsys.readouterr().err
    assert "Acme [/b] Corp [red] :smile:" in shown
    assert "[bold] a.txt" in shown


def test_commands_interrupted_say_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    told: list[str] = []
    monkeypatch.setattr("dealfacts.cli.record_commands.show", interrupt)
    monkeypatch.setattr("dealfacts.cli.app.say", told.append)
    monkeypatch.setattr(sys, "argv", ["dealfacts", "stages"])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 130
    assert "run again" in told[0]


def test_commands_schema_is_json_schema() -> None:
    schema = orjson.loads(dealfacts("schema", "article").stdout)
    assert "text" in schema["required"]
    assert "Mention" in schema["$defs"]


def test_commands_validate_finds_false_offsets(tmp_path: Path) -> None:
    mention = {"id": "m1", "start": 0, "end": 3, "text": "Het", "label": "ORG", "stage": "x"}
    good = {"id": "a", "text": DUTCH, "mentions": [mention]}
    bad = {"id": "b", "text": DUTCH, "mentions": [{**mention, "end": 4}]}
    (tmp_path / "a.jsonl").write_bytes(orjson.dumps(good) + b"\n" + orjson.dumps(bad) + b"\n")
    done = dealfacts("validate", str(tmp_path / "a.jsonl"))
    assert done.returncode == 1
    assert b"b: mention m1 says 'Het' but 0:4 is 'Het '" in done.stderr


def test_commands_list_every_stage_with_needs_and_adds() -> None:
    listed = dealfacts("stages").stderr.decode()
    assert all(name in listed for name in stage_names())
    assert "lang_confidence" in listed.replace("\n", "")


def test_commands_list_the_stages_beside_a_broken_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dealfacts.cli.record_commands.stage_names", lambda: ["broken", "detect"])
    stages_command()
    shown = capsys.readouterr().err
    assert "not usable" in shown
    assert "threshold=0.6" in shown


def test_commands_tell_the_version() -> None:
    assert dealfacts("--version").stdout.decode() == f"dealfacts {__version__}\n"


def test_commands_start_without_the_slow_libraries() -> None:
    slow = "{'spacy', 'torch', 'transformers', 'ctranslate2', 'dateparser', 'duckdb'}"
    code = f"import sys, dealfacts.cli; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"[]\n"
