"""Streaming JSON Lines: one record a line, UTF-8, files that exist only when they are whole."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeVar, cast

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
        InputError: when the file cannot be opened, or turns out to be packed badly.
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
        try:
            yield _unpacked(file, path.suffix.lower())
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise InputError(
                f"{path}: the packed file is damaged or cut short ({error}); pack or fetch it again"
            ) from error


def _unpacked(file: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(file))
    return io.BufferedReader(_ZstdFrames(file)) if suffix == ".zst" else file


class _ZstdFrames(io.RawIOBase):
    """Unpacks zstandard frames; the library's own reader takes a file that is cut short for a whole one."""

    # Packed bytes handed over at a time: little, since a hostile frame can unfold to very much.
    _step = 4096

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._unread = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and self._unpack():
            pass
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _unpack(self) -> bool:
        """Unpack a little more; return False at the end of the last frame."""
        packed = self._unread or self._packed.read(self._step)
        if not packed and self._frame is None:
            return False
        if not packed:
            raise EOFError("the last frame is not complete")
        frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
        self._ready = memoryview(frame.decompress(packed))
        self._frame, self._unread = (None, frame.unused_data) if frame.eof else (frame, b"")
        return True


def numbered_lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines that are not blank with their numbers, and None for one that is too long to read.

    A byte order mark is left out. No more than `MAX_LINE_BYTES` are ever in memory: a file without
    line breaks must not be drawn into it whole.

    Raises:
        InputError: when the file is in UTF-16.
    """
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if number == 1:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise InputError("the file is in UTF-16, JSON lines are in UTF-8; save it as UTF-8")
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) >= MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line.strip():
            yield number, line


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
        for number, line in numbered_lines(file):
            if line is None:
                reason = f"the line is longer than {MAX_LINE_BYTES >> 20} MiB"
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
