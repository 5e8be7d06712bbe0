"""The file format of what is learnt for deals: a JSON header that says what is where, then arrays."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from dealfacts.errors import ModelError

Loaded = TypeVar("Loaded")

UNKNOWN = 0
"""The row of a table that stands for unknown keys; those of known keys follow."""


def pack_blocks(header: dict[str, Any], blocks: Iterable[bytes]) -> bytes:
    """Write a header and the blocks it describes; the same content gives the same bytes."""
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(len(head).to_bytes(8, "big") + head + b"".join(blocks), 9)


def unpack_blocks(content: bytes, version: int) -> tuple[dict[str, Any], bytes]:
    """Read back the header and all blocks, one behind the other.

    Raises:
        ValueError: when the header's `format` is another than the version asked for.
        zlib.error: when the bytes are damaged.
    """
    plain = zlib.decompress(content)
    start = 8 + int.from_bytes(plain[:8], "big")
    header: dict[str, Any] = json.loads(plain[8:start])
    if header["format"] != version:
        raise ValueError(f"format {header['format']} instead of {version}")
    return header, plain[start:]


def pack_weights(header: dict[str, Any], weights: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Write a header and named arrays, in 16 bits a number."""
    names = sorted(weights)
    shapes = {name: weights[name].shape for name in names}
    return pack_blocks(
        {**header, "weights": shapes}, (weights[name].astype(np.float16).tobytes() for name in names)
    )


def unpack_weights(content: bytes, version: int) -> tuple[dict[str, Any], dict[str, NDArray[np.float32]]]:
    """Read back the header and the arrays that `pack_weights` wrote.

    Raises:
        ValueError: when the header's `format` is another than the version asked for.
        zlib.error: when the bytes are damaged.
    """
    header, plain = unpack_blocks(content, version)
    weights, position = {}, 0
    for name, shape in header["weights"].items():
        count = int(np.prod(shape))
        raw = np.frombuffer(plain, dtype=np.float16, count=count, offset=position)
        weights[name] = raw.reshape(shape).astype(np.float32)
        position += raw.nbytes
    return header, weights


def keys_by_row(rows: Mapping[str, int]) -> list[str]:
    """Return the keys of a table in the order of their rows, as a header holds them."""
    return sorted(rows, key=rows.__getitem__)


def rows_of_keys(keys: Iterable[str]) -> dict[str, int]:
    """Return the row of each key, from the keys in order."""
    return {key: row for row, key in enumerate(keys, start=UNKNOWN + 1)}


def load_packed(folder: Path, what: str, read: Callable[[Path], Loaded]) -> Loaded:
    """Read a model of packed files from its folder.

    Raises:
        ModelError: saying that the folder is not `what`, when a file is missing or damaged.
    """
    try:
        return read(folder)
    except (OSError, ValueError, KeyError, zlib.error) as error:
        raise ModelError(f"{folder}: not {what} ({error}); reinstall dealfacts") from error
