"""From bytes to text: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from dealfacts.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or Office document", b"\x89PNG": "a PNG image"}

# What Western European news uses beyond ASCII; windows-1252 text decodes to little else.
_WESTERN = set("áéíóúàèìòùâêîôûäëïöüãõñçåøæœßÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÃÕÑÇÅØÆŒ¿¡«»“”‘’„‚…–—•·°ºª€£¥§©®™\xa0½¼¾²³×")


def decode_bytes(data: bytes, declared: str | None = None) -> str:
    r"""Decode a file's bytes; line ends become ``\n``.

    Args:
        data: the bytes of the whole file.
        declared: the encoding that the document itself names, tried after UTF-8.

    Raises:
        InputError: when the bytes are no text, or in no encoding that can be told.
    """
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(f"the file is {kind}, not text; convert it to text or HTML first")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _clean(data.decode(encoding, errors="strict")) if _fits(data, encoding) else _refuse()
    if b"\0" in data[:65536]:
        raise InputError("the file is binary, not text; convert it to text or HTML first")
    for candidate in ("utf-8", declared, "cp1252"):
        if candidate and _fits(data, candidate):
            text = data.decode(candidate)
            if candidate != "cp1252" or _is_western(text):
                return _clean(text)
    best = from_bytes(data).best()
    return _clean(str(best)) if best is not None else _refuse()


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _is_western(text: str) -> bool:
    beyond = [character for character in text if ord(character) > 127]
    return sum(character in _WESTERN for character in beyond) >= 0.95 * len(beyond)


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(ord(character) < 32 and character not in "\n\t\f" for character in text[:65536])
    if controls > 0.01 * min(len(text), 65536) + 1:
        raise InputError("the file is binary, not text; convert it to text or HTML first")
    return text


def _refuse() -> str:
    raise InputError("the encoding of the file cannot be told; save it as UTF-8")
