"""The parser: what it says of plain sentences, and that it comes back from bytes as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.packing import pack_blocks
from dealfacts.deals.syntax import MOST_TOKENS, Parser, load_parser, pack, unpack, word_keys
from dealfacts.errors import ModelError

WIDTH, HIDDEN, ARC, RELATION = 6, 4, 5, 3
RELATIONS = ("nsubj", "obj", "root")


def tiny_parser() -> Parser:
    draw = np.random.default_rng(5)
    keys = {key: row for row, key in enumerate(["w=en:buys", "w=en:<org>", "fn=en:-"], start=1)}
    shapes = {
        "embedding": (len(keys) + 1, WIDTH), "root": (WIDTH,), "arc": (ARC + 1, ARC),
        "relation": (len(RELATIONS), RELATION + 1, RELATION + 1),
    }  # fmt: skip
    for layer, inputs in ((0, WIDTH), (1, 2 * HIDDEN)):
        for way in ("ahead", "back"):
            shapes |= {
                f"{layer} {way} input": (inputs, 4 * HIDDEN),
                f"{layer} {way} inner": (HIDDEN, 4 * HIDDEN),
                f"{layer} {way} bias": (4 * HIDDEN,),
            }
    for kind, size in (("arc", ARC), ("relation", RELATION)):
        for side in ("head", "dependent"):
            shapes |= {f"{kind} {side}": (2 * HIDDEN, size), f"{kind} {side} bias": (size,)}
    weights = {name: draw.normal(size=shape).astype(np.float16) for name, shape in shapes.items()}
    return Parser(keys, RELATIONS, {name: each.astype(np.float32) for name, each in weights.items()})


def keys_of(language: str, text: str) -> list[list[str]]:
    words = lexicon(language)
    assert words is not None
    return [word_keys(words, word) for word in text.split()]


def test_parse_reads_together_as_alone() -> None:
    sentences = [keys_of("en", "<org> buys <org>"), keys_of("en", "<org> buys"), []]
    parser = tiny_parser()
    together = parser.parse(sentences)
    assert together == [parser.parse([sentence])[0] for sentence in sentences]
    assert [len(arcs.heads) for arcs in together] == [3, 2, 0]
    assert all(-1 <= head < 3 and head != place for arcs in together for place, head in enumerate(arcs.heads))


def test_parse_of_nothing_is_nothing() -> None:
    assert tiny_parser().parse([]) == []
    assert [arcs.heads for arcs in tiny_parser().parse([[], []])] == [(), ()]


def test_parse_leaves_out_what_follows_in_long_sentences() -> None:
    assert len(tiny_parser().parse([keys_of("en", "buys " * (MOST_TOKENS + 9))])[0].heads) == MOST_TOKENS


def test_pack_and_unpack_give_the_same_parser() -> None:
    parser = tiny_parser()
    again = unpack(pack(parser))
    sentence = keys_of("en", "<org> buys <org>")
    assert again.parse([sentence]) == parser.parse([sentence])
    with pytest.raises(ValueError, match="format"):
        unpack(pack_blocks({"format": 0}, ()))


def test_load_parser_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a parser"):
        load_parser(tmp_path)


@pytest.mark.parametrize(
    ("language", "text", "subject", "verb", "second"),
    [
        ("en", "<org> has bought <org> for <money> .", 0, 2, 3),
        ("en", "<org> was bought by <org> in <date> .", 0, 2, 4),
        ("nl", "<org> heeft <org> gekocht voor <money> .", 0, 3, 2),
        ("es", "<org> ha comprado <org> por <money> .", 0, 2, 3),
        ("es", "<org> vendió <org> a <org> .", 0, 1, 2),
    ],
)
def test_shipped_parser_finds_subject_and_object(
    language: str, text: str, subject: int, verb: int, second: int
) -> None:
    arcs = load_parser().parse([keys_of(language, text)])[0]
    assert arcs.heads[verb] == -1
    assert arcs.heads[subject] == arcs.heads[second] == verb
    assert arcs.relations[subject].startswith("nsubj")
    assert arcs.relations[second].partition(":")[0] in {"obj", "obl"}
