"""The file format of what is learnt for deals: a JSON header that says what is where, then arrays."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any


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
