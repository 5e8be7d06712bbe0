"""UTF-8 with stray bytes: mended where it is plainly UTF-8, left to other readings where it is not."""

import pytest

from dealfacts.documents.mend import describe_strays, is_plainly_utf8, mend_utf8

SPANISH = "La compañía pagará “12 millones de €” por su rival, según el señor Ibáñez. "


@pytest.mark.parametrize(
    ("stray", "expect"),
    [
        (b"\xf1", "ñ"),
        (b"\x93caf\xe9\x94", "“café”"),
        (b"\xa0", "\xa0"),
        (b"\xff", "\ufffd"),
        (b"\x81", "\ufffd"),
        (b"\xe2\x80", "\ufffd"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "\ufffd\ufffd"),
        (b"\xc0\xaf", "À\ufffd"),
    ],
)
def test_mend_reads_a_stray_byte_as_western_or_replaces_it(stray: bytes, expect: str) -> None:
    data = SPANISH.encode() + stray + b" " + SPANISH.encode()
    assert is_plainly_utf8(data)
    assert mend_utf8(data) == (f"{SPANISH}{expect} {SPANISH}", sum(byte >= 0x80 for byte in stray))


@pytest.mark.parametrize("size", [1, 2])
def test_mend_replaces_a_character_cut_at_the_end(size: int) -> None:
    assert mend_utf8(SPANISH.encode() + "€".encode()[:size]) == (f"{SPANISH}\ufffd", size)


def test_mend_reads_a_letter_of_windows_1252_in_plain_english() -> None:
    story = "The brewer buys its rival for 12 million euro. " * 3
    assert mend_utf8(story.encode() + b"caf\xe9s") == (f"{story}cafés", 1)


@pytest.mark.parametrize("data", [b"caf\xe9", b"\xff\xd8\xff\xe1", bytes(range(128, 256))])
def test_mend_leaves_alone_what_is_mostly_no_utf8(data: bytes) -> None:
    assert mend_utf8(data) is None


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPANISH, "cp1252"),
        (SPANISH, "utf-16-le"),
        ("Компания «Заря» купила завод за десять миллионов рублей.", "cp1251"),
        ("Компания «Заря» купила завод за десять миллионов рублей.", "koi8-r"),
        ("Spółka przejęła zakład w Łodzi za dwanaście milionów złotych.", "cp1250"),
        ("会社は工場を買収したと発表した。", "shift_jis"),
        ("该公司宣布以十二亿元收购其竞争对手的全部股份。", "gb18030"),
        ("회사는 경쟁사를 인수했다고 발표했다.", "euc_kr"),
    ],
)
def test_mend_does_not_take_another_encoding_for_utf8(text: str, encoding: str) -> None:
    assert not is_plainly_utf8(text.encode(encoding, errors="replace"))


def test_mend_counts_in_words() -> None:
    assert describe_strays(1).startswith("1 byte is not UTF-8; the article is used with it")
    assert describe_strays(2).startswith("2 bytes are not UTF-8; the article is used with them")
