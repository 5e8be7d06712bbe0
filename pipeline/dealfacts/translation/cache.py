"""Translations already made, in SQLite: syndicated copies and second runs cost nothing."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from dealfacts.errors import ModelError

Entry = tuple[str, str]
"""A translation (placeholders included) and its quality."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS translations (
    key BLOB PRIMARY KEY, target TEXT NOT NULL, quality TEXT NOT NULL
) WITHOUT ROWID
"""
_CHUNK = 500
_TIMEOUT_S = 60


_INHERITED: list[sqlite3.Connection] = []


class TranslationCache:
    """A file of translations that several processes may share; without a path, one in memory.

    Args:
        path: the SQLite file, made when it is missing.
        model: digest of the model and of all else that decides what comes out.
    """

    def __init__(self, path: Path | None, model: str) -> None:
        self._path, self._model = path, model
        self._connection: sqlite3.Connection | None = None
        self._owner = 0

    def _open(self) -> sqlite3.Connection:
        if self._connection is None or self._owner != os.getpid():
            if self._connection is not None:
                # A connection must not cross a fork, and closing it here would drop the parent's locks.
                _INHERITED.append(self._connection)
            try:
                self._connection = self._connect()
            except (sqlite3.Error, OSError) as error:
                raise ModelError(
                    f"the translation cache {self._path} cannot be used ({error}); name another file"
                ) from error
            self._owner = os.getpid()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        if self._path is None:
            return _prepare(sqlite3.connect(":memory:"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        give_up = time.monotonic() + _TIMEOUT_S
        while True:
            connection = sqlite3.connect(self._path, timeout=_TIMEOUT_S)
            try:
                return _prepare(connection)
            except sqlite3.OperationalError as error:
                # Turning on the write-ahead log does not wait for others who do the same.
                connection.close()
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
                time.sleep(0.05)

    def key(self, language: str, source: str) -> bytes:
        """Return what a protected sentence is stored under."""
        return hashlib.sha256("\x1f".join((self._model, language, source)).encode()).digest()[:16]

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Entry]:
        """Return the entries there are for some keys."""
        found: dict[bytes, Entry] = {}
        connection = self._open()
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, target, quality FROM translations WHERE key IN ({marks})"  # noqa: S608
            rows = connection.execute(query, some)
            found.update({bytes(key): (target, quality) for key, target, quality in rows})
        return found

    def put(self, entries: Iterable[tuple[bytes, Entry]]) -> None:
        """Store entries; what another process stored first stays."""
        connection = self._open()
        with connection:
            connection.executemany(
                "INSERT OR IGNORE INTO translations VALUES (?, ?, ?)",
                [(key, target, quality) for key, (target, quality) in entries],
            )

    def close(self) -> None:
        """Close this process's connection."""
        if self._connection is not None and self._owner == os.getpid():
            self._connection.close()
        self._connection = None


def _prepare(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Let readers and writers work side by side, and make the table."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(_SCHEMA)
    connection.commit()
    return connection
