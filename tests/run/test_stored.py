"""Stored stage outputs: finished lines are found again, after a kill at any byte as well."""

from pathlib import Path

import pytest

from dealfacts.run.stored import StageOutput, StageWriter, fingerprint_digest, input_key

DIGEST = fingerprint_digest({"name": "x", "version": "1"})
LINES = [f'{{"id":"{number}"}}\n'.encode() for number in range(10)]
KEYS = [input_key(line) for line in LINES]


def write_all(output: StageOutput, lines: list[bytes] = LINES) -> None:
    with StageWriter(output, DIGEST) as writer:
        for line in lines:
            writer.write(input_key(line), line.upper())


def kill_midway(output: StageOutput, lines: list[bytes], cut: int = 0) -> None:
    def write_and_die() -> None:
        with StageWriter(output, DIGEST) as writer:
            for line in lines:
                writer.write(input_key(line), line.upper())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_die()
    if cut:
        part = output.path.with_name(output.path.name + ".part")
        part.write_bytes(part.read_bytes()[:-cut])


def test_stored_output_is_complete_for_its_inputs_only(tmp_path: Path) -> None:
    output = StageOutput(tmp_path, "x")
    assert not output.is_complete(DIGEST, KEYS)
    write_all(output)
    assert output.is_complete(DIGEST, KEYS)
    assert not output.is_complete(DIGEST, KEYS[:-1])
    assert not output.is_complete(fingerprint_digest({"name": "x", "version": "2"}), KEYS)


def test_stored_output_is_not_trusted_when_it_was_changed(tmp_path: Path) -> None:
    output = StageOutput(tmp_path, "x")
    write_all(output)
    output.path.write_bytes(output.path.read_bytes().replace(b"3", b"4"))
    assert not output.is_complete(DIGEST, KEYS)
    assert output.stored(DIGEST).places == {}


@pytest.mark.parametrize("cut", [0, 1, 5, 11, 30])
def test_stored_lines_survive_a_kill_at_any_byte(tmp_path: Path, cut: int) -> None:
    output = StageOutput(tmp_path, "x")
    kill_midway(output, LINES[:6], cut)
    stored = output.stored(DIGEST)
    found = [stored.get(key) for key in KEYS]
    assert all(line in (None, LINES[number].upper()) for number, line in enumerate(found))
    assert sum(line is not None for line in found) == 6 - (cut + 10) // 11
    stored.close()


def test_stored_lines_of_several_kills_add_up_and_are_cleared(tmp_path: Path) -> None:
    output = StageOutput(tmp_path, "x")
    kill_midway(output, LINES[:3])
    output.stored(DIGEST).close()
    kill_midway(output, LINES[3:7])
    stored = output.stored(DIGEST)
    assert [stored.get(key) is not None for key in KEYS] == [True] * 7 + [False] * 3
    stored.close()
    write_all(output)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["x.jsonl", "x.keys"]
