"""Paths through dependencies: up from the trigger, down to the name."""

from __future__ import annotations

import pytest

from dealfacts.deals.paths import Structure
from dealfacts.deals.syntax import Arcs

# `<org> , which owns <org> , agreed to sell <org> and <org> to <org>`
WORDS = [
    "<org>",
    ",",
    "which",
    "owns",
    "<org>",
    ",",
    "agreed",
    "to",
    "sell",
    "<org>",
    "and",
    "<org>",
    "to",
    "<org>",
]
HEADS = (6, 3, 3, 0, 3, 0, -1, 8, 6, 8, 11, 9, 13, 8)
RELATIONS = (
    "nsubj", "punct", "nsubj", "acl:relcl", "obj", "punct", "root", "mark", "xcomp", "obj", "cc", "conj", "case", "obl"
)  # fmt: skip
AGREED, SELL, OWNS = 6, 8, 3


def structure() -> Structure:
    functions = {"to": "to"}
    return Structure(
        Arcs(HEADS, RELATIONS), WORDS, lambda word: functions.get(word, word), frozenset({"which"})
    )


@pytest.mark.parametrize(
    ("start", "end", "whole", "short", "top"),
    [
        (SELL, 0, "xcomp/nsubj", "xcomp/nsubj", AGREED),
        (SELL, 9, "/obj", "/obj", SELL),
        (SELL, 11, "/obj.conj", "/obj", SELL),
        (SELL, 13, "/obl>to", "/obl>to", SELL),
        (OWNS, 0, "acl>relative:nsubj/", "acl>relative:nsubj/", 0),
        (OWNS, 4, "/obj", "/obj", OWNS),
        (SELL, 4, "xcomp/nsubj.acl>relative:nsubj.obj", "xcomp/nsubj.acl>relative:nsubj.obj", AGREED),
    ],
)
def test_path_goes_up_and_down(start: int, end: int, whole: str, short: str, top: int) -> None:
    path = structure().path(start, end)
    assert path is not None
    assert (path.whole, path.short, path.top) == (whole, short, top)


def test_path_counts_borders_of_clauses() -> None:
    arcs = Arcs((1, -1, 1, 2), ("nsubj", "root", "ccomp", "obj"))
    found = Structure(arcs, ["<org>", "says", "buys", "<org>"], lambda word: word, frozenset()).path(3, 0)
    assert found is not None
    assert found.clauses == 1


def test_path_is_far_when_long_and_none_where_nothing_is_parsed() -> None:
    chain = Structure(
        Arcs(tuple(range(-1, 8)), ("root",) + ("obj",) * 8), ["w"] * 9, lambda word: word, frozenset()
    )
    long_way = chain.path(0, 8)
    assert long_way is not None
    assert long_way.whole == "far"
    assert chain.path(0, 9) is None


def test_upwards_ends_in_a_ring() -> None:
    ring = Arcs((1, 0, 0), ("obj", "obj", "obj"))
    assert ring.upwards(2) == [2, 0, 1]
    apart = Structure(
        Arcs((1, 0, -1), ("obj", "obj", "root")), ["a", "b", "c"], lambda word: word, frozenset()
    )
    assert apart.path(0, 2) is None


def test_head_of_is_the_word_that_the_others_hang_from() -> None:
    assert structure().head_of((12, 13)) == 13
    assert structure().head_of((99,)) is None
