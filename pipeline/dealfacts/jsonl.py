"""Streaming JSON Lines: one record a line, UTF-8, files that exist only when they are whole."""

from __future__ import annotations

import gzip
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeVar

import orjson
import zstandard
from pydantic import BaseModel, ValidationError

from dealfacts.errors import InputError
from dealfacts.records import Reject

Record = TypeVar("Record", bound=BaseModel)

MAX_LINE_BYTES = 64 * 2**20
"""A longer line is set aside unread: no article is 64 MiB, but a broken file can be."""


def dumps(record: BaseModel | dict[str, Any]) -> bytes:
    """Write one record as one line of JSON, keys in the contract's order, newline included."""
    plain = record.model_dump(mode="json") if isinstance(record, BaseModel) else record
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


@contextmanager
def open_binary(path: Path | str) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes: `-` is standard input; .gz and .zst are unpacked on the way.

    Raises:
        InputError: when the file cannot be opened.
    """
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    path = Path(path)
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
    with file:
        if path.suffix == ".gz":
            with gzip.open(file) as unpacked:
                yield unpacked  # type: ignore[misc]
        elif path.suffix == ".zst":
            with zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as reader:
                yield io.BufferedReader(reader)
        else:
            yield file


def read_records(
    path: Path | str,
    model: type[Record],
    on_reject: Callable[[Reject], None] | None = None,
    stage: str = "read",
) -> Iterator[Record]:
    """Read records of one model from a JSONL file or `-`, one at a time, in file order.

    Args:
        path: the file, or `-` for standard input; `.gz` and `.zst` are unpacked.
        model: the pydantic model of each line.
        on_reject: called with each line that cannot be used; without it such a line raises.
        stage: the stage to name in rejects.

    Yields:
        The records of the lines that hold one; blank lines are skipped.

    Raises:
        InputError: on a line that cannot be used, when `on_reject` is not given.
    """
    with open_binary(path) as file:
        number = 0
        # readline with a bound: a file without line breaks must not be drawn into memory whole.
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            reason = None
            if len(line) >= MAX_LINE_BYTES and not line.endswith(b"\n"):
                while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass
                reason = f"the line is longer than {MAX_LINE_BYTES >> 20} MiB"
            elif not line.strip():
                continue
            else:
                try:
                    yield model.model_validate(orjson.loads(line))
                    continue
                except orjson.JSONDecodeError as error:
                    reason = f"not valid JSON: {error}"
                except ValidationError as error:
                    reason = describe_invalid(error)
            if on_reject is None:
                raise InputError(f"{path}, line {number}: {reason}; mend or remove the line")
            on_reject(
                Reject(
                    source=str(path), line=number, stage=stage, error=reason, remedy="mend or remove the line"
                )
            )


def describe_invalid(error: ValidationError) -> str:
    """Say in one line what a record lacks, such as `mentions.0.start: Field required`."""
    problems = [f"{'.'.join(map(str, item['loc'])) or 'record'}: {item['msg']}" for item in error.errors()]
    shown = "; ".join(problems[:3])
    return shown if len(problems) <= 3 else f"{shown}; and {len(problems) - 3} more"


@contextmanager
def atomic_output(path: Path) -> Iterator[BinaryIO]:
    """Open `path` for writing so that it appears only when it is complete.

    The bytes go to `path.part`, reach the disk, and then replace `path` in one step. On an error
    the old file stays as it was and the part is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_records(path: Path | str, records: Iterable[BaseModel]) -> int:
    """Write records to a JSONL file (atomically) or to standard output for `-`; return how many."""
    if str(path) == "-":
        return _write_to(sys.stdout.buffer, records)
    with atomic_output(Path(path)) as file:
        return _write_to(file, records)


def _write_to(file: IO[bytes], records: Iterable[BaseModel]) -> int:
    count = 0
    for record in records:
        file.write(dumps(record))
        count += 1
    file.flush()
    return count
