"""Streaming JSONL: bad lines are named, and files appear only when they are whole."""

import gzip
from pathlib import Path

import pytest
import zstandard

from dealfacts.errors import InputError
from dealfacts.jsonl import atomic_output, dumps, read_records, write_records
from dealfacts.records import Article, Reject

GOOD = b'{"id":"a","text":"t"}\n'


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_jsonl_reads_packed_files(tmp_path: Path, name: str) -> None:
    content = GOOD * 3
    packed = {".gz": gzip.compress(content), ".zst": zstandard.compress(content)}
    (tmp_path / name).write_bytes(packed.get(Path(name).suffix, content))
    assert [article.id for article in read_records(tmp_path / name, Article)] == ["a", "a", "a"]


def test_jsonl_names_the_bad_line_and_reads_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD + b'{"id":"b"\n' + b"\n" + b'{"id":"c"}\n' + GOOD)
    rejects: list[Reject] = []
    assert len(list(read_records(path, Article, rejects.append))) == 2
    assert [reject.line for reject in rejects] == [2, 4]
    assert "not valid JSON" in rejects[0].error
    assert "text: Field required" in rejects[1].error
    with pytest.raises(InputError, match="line 2"):
        list(read_records(path, Article))


def test_jsonl_passes_over_an_endless_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dealfacts.jsonl.MAX_LINE_BYTES", 64)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id":"x","text":"' + b"y" * 500 + b'"}\n' + GOOD)
    rejects: list[Reject] = []
    assert [article.id for article in read_records(path, Article, rejects.append)] == ["a"]
    assert "longer than" in rejects[0].error


def test_jsonl_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="check the path"):
        list(read_records(tmp_path / "none.jsonl", Article))


def test_jsonl_output_appears_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old")

    def interrupt() -> None:
        with atomic_output(path) as file:
            file.write(b"half")
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        interrupt()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    assert write_records(path, [Article(id="a", text="t")]) == 1
    assert path.read_bytes() == dumps(Article(id="a", text="t"))
