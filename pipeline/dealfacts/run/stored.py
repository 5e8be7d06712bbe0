"""The stored output of one stage: which line was made from which input, so that work is never done twice.

Beside `detect.jsonl` lies `.state/detect.keys`: a header (digest of the stage's fingerprint), one key
for each line (digest of the input line it was made from), and a footer (digest of the whole output,
written only when it is complete). A killed run leaves `detect.jsonl.part` and `detect.keys.part`, each
a true beginning of what they would have become; their lines are taken up again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson

_KEY_BYTES = 16
_DIGEST_BYTES = 32
STATE_FOLDER = ".state"


def input_key(line: bytes) -> bytes:
    """Return the key of an input line: 16 bytes that change when any of its bytes does."""
    return hashlib.sha256(line).digest()[:_KEY_BYTES]


def fingerprint_digest(fingerprint: dict[str, Any]) -> bytes:
    """Return the digest of a stage's fingerprint, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(fingerprint, option=orjson.OPT_SORT_KEYS)).digest()


def file_digest(path: Path) -> bytes:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


@dataclass
class StoredLines:
    """Finished lines of earlier runs, found by input key and read back on demand."""

    places: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)
    """Key to (number of the file, offset, length)."""
    paths: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._open: dict[int, BinaryIO] = {}

    def add(self, lines_path: Path, keys: list[bytes]) -> None:
        """Index the lines of a file whose first lines were made from inputs with these keys, in order."""
        number, offset = len(self.paths), 0
        self.paths.append(lines_path)
        with lines_path.open("rb") as file:
            for key, line in zip(keys, file, strict=False):
                if not line.endswith(b"\n"):
                    break
                self.places.setdefault(key, (number, offset, len(line)))
                offset += len(line)

    def get(self, key: bytes) -> bytes | None:
        """Return the finished line for an input, or None."""
        if (place := self.places.get(key)) is None:
            return None
        number, offset, length = place
        if number not in self._open:
            self._open[number] = self.paths[number].open("rb")
        file = self._open[number]
        file.seek(offset)
        return file.read(length)

    def close(self) -> None:
        """Close the files read from."""
        for file in self._open.values():
            file.close()
        self._open.clear()


@dataclass(frozen=True)
class StageOutput:
    """Where one stage of a run keeps its output."""

    folder: Path
    name: str

    @property
    def path(self) -> Path:
        """The finished output."""
        return self.folder / f"{self.name}.jsonl"

    @property
    def keys_path(self) -> Path:
        """The keys of the finished output."""
        return self.folder / STATE_FOLDER / f"{self.name}.keys"

    def is_complete(self, digest: bytes, keys: list[bytes]) -> bool:
        """Say whether the output is whole and made from just these inputs under this fingerprint."""
        found = self._finished(digest)
        return found is not None and found == keys

    def stored(self, digest: bytes) -> StoredLines:
        """Collect what earlier runs finished under this fingerprint, killed ones included."""
        self._set_part_aside()
        lines = StoredLines()
        if (keys := self._finished(digest)) is not None:
            lines.add(self.path, keys)
        for keys_path in self._left_over():
            if (keys := _read_keys(keys_path, digest)) is not None:
                lines.add(keys_path.with_suffix(".jsonl"), keys)
        return lines

    def _finished(self, digest: bytes) -> list[bytes] | None:
        if not (self.path.is_file() and self.keys_path.is_file()):
            return None
        body, footer = _split_footer(self.keys_path.read_bytes())
        return _parse_keys(body, digest) if footer == file_digest(self.path) else None

    def _set_part_aside(self) -> None:
        """Give what a killed run left a name of its own, so that this run can be killed as well."""
        part = self.path.with_name(self.path.name + ".part")
        keys_part = self.keys_path.with_name(self.keys_path.name + ".part")
        if part.is_file() and keys_part.is_file():
            number = 1 + max((int(path.stem.rpartition("-")[2]) for path in self._left_over()), default=0)
            aside = self.folder / STATE_FOLDER / f"{self.name}.left-{number}"
            part.replace(aside.with_name(aside.name + ".jsonl"))
            keys_part.replace(aside.with_name(aside.name + ".keys"))
        part.unlink(missing_ok=True)
        keys_part.unlink(missing_ok=True)

    def _left_over(self) -> list[Path]:
        return sorted((self.folder / STATE_FOLDER).glob(f"{self.name}.left-*.keys"))

    def clear_left_over(self) -> None:
        """Remove what killed runs left, once a whole output has been written."""
        for keys_path in self._left_over():
            keys_path.with_suffix(".jsonl").unlink(missing_ok=True)
            keys_path.unlink()


class StageWriter:
    """Writes a stage's output so that a kill at any moment loses only the line being written."""

    def __init__(self, output: StageOutput, digest: bytes) -> None:
        self._output = output
        self._hash = hashlib.sha256()
        (output.folder / STATE_FOLDER).mkdir(parents=True, exist_ok=True)
        self._lines_part = output.path.with_name(output.path.name + ".part")
        self._keys_part = output.keys_path.with_name(output.keys_path.name + ".part")
        self._lines = self._lines_part.open("wb")
        self._keys = self._keys_part.open("wb")
        self._keys.write(digest)

    def write(self, key: bytes, line: bytes) -> None:
        """Write the line made from the input with this key."""
        self._lines.write(line)
        self._keys.write(key)
        self._hash.update(line)

    def flush(self) -> None:
        """Hand all lines so far to the operating system, so that a killed run keeps them."""
        self._lines.flush()
        self._keys.flush()

    def __enter__(self) -> StageWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._keys.write(self._hash.digest())
                for file in (self._lines, self._keys):
                    file.flush()
                    os.fsync(file.fileno())
        finally:
            self._lines.close()
            self._keys.close()
        if error is None:
            self._lines_part.replace(self._output.path)
            self._keys_part.replace(self._output.keys_path)
            self._output.clear_left_over()


def _read_keys(path: Path, digest: bytes) -> list[bytes] | None:
    return _parse_keys(path.read_bytes(), digest)


def _parse_keys(body: bytes, digest: bytes) -> list[bytes] | None:
    """Read the keys of a file made under this fingerprint; a key cut short by a kill is left out."""
    if body[:_DIGEST_BYTES] != digest:
        return None
    keys = body[_DIGEST_BYTES:]
    whole = len(keys) - len(keys) % _KEY_BYTES
    return [keys[start : start + _KEY_BYTES] for start in range(0, whole, _KEY_BYTES)]


def _split_footer(content: bytes) -> tuple[bytes, bytes]:
    return content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a finished output, line ends included."""
    with path.open("rb") as file:
        yield from file
