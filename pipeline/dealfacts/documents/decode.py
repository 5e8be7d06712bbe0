"""From bytes to text: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from charset_normalizer import from_bytes

from dealfacts.documents.mend import WESTERN, describe_strays, is_plainly_utf8, mend_utf8
from dealfacts.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or Office document", b"\x89PNG": "a PNG image"}


def decode_bytes(
    data: bytes, declared: str | None = None, on_note: Callable[[str], None] = lambda _: None
) -> str:
    r"""Decode a file's bytes; line ends become ``\n``.

    Args:
        data: the bytes of the whole file.
        declared: the encoding that the document itself names, tried after UTF-8.
        on_note: told of stray bytes in a text that is UTF-8 but for those.

    Raises:
        InputError: when the bytes are no text, or in no encoding that can be told.
    """
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(f"the file is {kind}, not text; convert it to text or HTML first")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            if _fits(data, encoding):
                return _clean(data.decode(encoding))
            return _mend(data.removeprefix(bom), on_note) if encoding == "utf-8-sig" else _refuse()
    if b"\0" in data[:65536]:
        raise InputError("the file is binary, not text; convert it to text or HTML first")
    if _fits(data, "utf-8"):
        return _clean(data.decode("utf-8"))
    return _mend(data, on_note) if is_plainly_utf8(data) else _decode_other(data, declared, on_note)


def _decode_other(data: bytes, declared: str | None, on_note: Callable[[str], None]) -> str:
    for candidate in (declared, "cp1252"):
        if candidate and _fits(data, candidate):
            text = data.decode(candidate)
            if candidate != "cp1252" or _is_western(text):
                return _clean(text)
    best = from_bytes(data).best()
    return _clean(str(best)) if best is not None else _mend(data, on_note)


def _mend(data: bytes, on_note: Callable[[str], None]) -> str:
    if (mended := mend_utf8(data)) is None:
        return _refuse()
    text = _clean(mended[0])
    on_note(describe_strays(mended[1]))
    return text


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _is_western(text: str) -> bool:
    beyond = [character for character in text if ord(character) > 127]
    return sum(character in WESTERN for character in beyond) >= 0.95 * len(beyond)


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(ord(character) < 32 and character not in "\n\t\f" for character in text[:65536])
    if controls > 0.01 * min(len(text), 65536) + 1:
        raise InputError("the file is binary, not text; convert it to text or HTML first")
    return text


def _refuse() -> str:
    raise InputError("the encoding of the file cannot be told; save it as UTF-8")
