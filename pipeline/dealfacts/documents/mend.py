"""UTF-8 with a few stray bytes: text pasted from elsewhere, or cut in the middle of a character."""

from __future__ import annotations

import re

# What Western European news uses beyond ASCII; windows-1252 text decodes to little else.
WESTERN = frozenset(
    "áéíóúàèìòùâêîôûäëïöüãõñçåøæœßÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÃÕÑÇÅØÆŒ¿¡«»“”‘’„‚…–—•·°ºª€£¥§©®™\xa0½¼¾²³×"
)

_MAX_STRAY_SHARE = 0.01

# Stray bytes as decoding with surrogateescape shows them.
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
# The first two bytes of a quotation mark or dash, half of a surrogate pair, and what a text that was cut to
# a size ends with are each one broken character; any other stray byte stands by itself.
_STRAY = re.compile(
    "\udce2\udc80|\udced[\udca0-\udcbf][\udc80-\udcbf]"
    "|[\udce0-\udcf4][\udc80-\udcbf]{1,2}\\Z|[\udcc2-\udcf4]\\Z|[\udc80-\udcff]"
)
_REPLACEMENT = "\ufffd"


def is_plainly_utf8(data: bytes) -> bool:
    r"""Say whether whole characters of UTF-8 beyond ASCII outweigh the stray bytes.

    The letters of another encoding seldom form a whole character by chance.

    >>> is_plainly_utf8(b"Jos\xc3\xa9 \xe2\x80\x94 \xff"), is_plainly_utf8(b"Jos\xe9")
    (True, False)
    """
    text, strays = _with_strays(data)
    return len(data) - len(text) >= 2 * strays


def mend_utf8(data: bytes) -> tuple[str, int] | None:
    r"""Decode UTF-8 with a few stray bytes; None when too much of it is no UTF-8.

    A stray byte that in Windows-1252 is a letter or sign of Western European news is read as that; any
    other, and a character that is cut short, becomes U+FFFD.

    Returns:
        The text, and how many bytes of it were no UTF-8.

    >>> mend_utf8(b"Jos\xc3\xa9 Ib\xe1\xc3\xb1ez")
    ('José Ibáñez', 1)
    """
    text, strays = _with_strays(data)
    if strays > _MAX_STRAY_SHARE * len(data) and not is_plainly_utf8(data):
        return None
    return _STRAY.sub(_read_stray, text), strays


def describe_strays(count: int) -> str:
    """Say that some bytes were no UTF-8, and what became of them."""
    some, them = ("1 byte is", "it") if count == 1 else (f"{count:,} bytes are", "them")
    return f"{some} not UTF-8; the article is used with {them} read as Windows-1252 or replaced by U+FFFD"


def _with_strays(data: bytes) -> tuple[str, int]:
    """Decode UTF-8 with each stray byte as a lone surrogate, and count those."""
    text = data.decode("utf-8", errors="surrogateescape")
    return text, len(_STRAY_BYTE.findall(text))


def _read_stray(match: re.Match[str]) -> str:
    stray = match[0].encode("utf-8", errors="surrogateescape")
    cut = match.end() == len(match.string) and stray[0] >= 0xC2
    character = _REPLACEMENT if cut or len(stray) > 1 else stray.decode("cp1252", errors="replace")
    return character if character in WESTERN else _REPLACEMENT
