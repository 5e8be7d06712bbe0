"""Cutting long sentences: at the best mark, never inside a figure, nothing lost."""

import time

from hypothesis import given
from hypothesis import strategies as st

from dealfacts.translation.clauses import clause_spans, split_clauses


def parts(text: str, longest: int, keep: tuple[tuple[int, int], ...] = ()) -> list[str]:
    return [text[a:b] for a, b in split_clauses(text, lambda a, b: b - a <= longest, keep)]


def test_split_clauses_leaves_a_short_sentence_whole() -> None:
    assert parts("Het bod is hoog, zei hij.", 50) == ["Het bod is hoog, zei hij."]


def test_split_clauses_prefers_the_stronger_mark() -> None:
    text = "Het bod is hoog, zei hij; de raad, die twijfelt, wacht."
    assert parts(text, 32) == ["Het bod is hoog, zei hij;", "de raad, die twijfelt, wacht."]


def test_split_clauses_packs_as_much_as_fits() -> None:
    text = "een, twee, drie, vier, vijf, zes"
    assert parts(text, 16) == ["een, twee, drie,", "vier, vijf, zes"]


def test_split_clauses_never_cuts_what_is_kept() -> None:
    text = "het kost 2, 5 of 3 miljard euro"
    start, end = text.index("3"), len(text)
    assert "3 miljard euro" in parts(text, 12, ((start, end),))


def test_split_clauses_returns_a_word_that_is_too_long_as_it_is() -> None:
    assert parts("x" * 50 + " y", 10) == ["x" * 50, "y"]


@given(st.text(alphabet="ab ,;:-–(). \n", max_size=200), st.integers(1, 40))
def test_split_clauses_loses_nothing(text: str, longest: int) -> None:
    spans = split_clauses(text, lambda a, b: b - a <= longest)
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert spans == sorted(spans)


@given(st.text(alphabet="ab ,;:-–(). \n", max_size=200))
def test_clause_spans_lose_nothing(text: str) -> None:
    assert "".join("".join(text[a:b] for a, b in clause_spans(text)).split()) == "".join(text.split())


def test_split_clauses_is_quick_on_an_endless_sentence() -> None:
    text = "woord, 5 miljoen; " * 20_000
    keep = tuple((i * 18 + 7, i * 18 + 16) for i in range(20_000))
    began = time.perf_counter()
    spans = split_clauses(text, lambda a, b: b - a <= 200, keep)
    assert len(spans) > 1000
    assert time.perf_counter() - began < 5
