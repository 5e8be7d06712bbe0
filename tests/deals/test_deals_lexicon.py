"""The pattern language of the deal lexicon, and that all languages speak of the same concepts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.deals.lexicon import Lexicon, concepts, lexicon
from dealfacts.errors import ConfigError
from dealfacts.lang import lang_data, languages


def small_lexicon(*patterns: str) -> Lexicon:
    words = Lexicon("en", frozenset(), {})
    for pattern in patterns:
        words.add("trigger", "buy", pattern)
    return words


@pytest.mark.parametrize(
    ("pattern", "text", "tokens"),
    [
        ("acquire", "they acquire it", (1,)),
        ("acqui*", "they acquired it", (1,)),
        ("take over", "to take over <org>", (1, 2)),
        ("neemt ... over", "<org> neemt het bedrijf <org> over", (1, 5)),
        ("buys/bought", "it bought <org>", (1,)),
        ("24/7", "open 24/7 now", (1,)),
        ("took ..2 <percent>", "<org> took about <percent> in <org>", (1, 3)),
        ("nam ..12 over", "<org> nam " + "zeer " * 12 + "over", (1, 14)),
        ("<money> for", "then <money> for <org>", (1, 2)),
    ],
)
def test_lexicon_find_matches(pattern: str, text: str, tokens: tuple[int, ...]) -> None:
    hits = small_lexicon(pattern).find(text.split())
    assert [hit.tokens for hit in hits] == [tokens]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("take over", "take it over"),
        ("neemt ... over", "neemt een pauze ; het is over"),
        ("neemt ... over", "neemt " + "zeer " * 12 + "over"),
        ("took ..2 <percent>", "it took the three years to <percent>"),
        ("org", "<org> and <money>"),
    ],
)
def test_lexicon_find_leaves_alone(pattern: str, text: str) -> None:
    assert small_lexicon(pattern).find(text.split()) == []


@pytest.mark.parametrize("pattern", ["... over", "neemt ...", "..3 over", "neemt ..3", ""])
def test_lexicon_add_rejects_open_ends(pattern: str) -> None:
    with pytest.raises(ConfigError):
        small_lexicon(pattern)


def test_lexicon_languages_share_every_concept() -> None:
    for section in ("triggers", "status", "context", "prepositions"):
        keys = {language: set(lang_data(language, "deals.toml")[section]) for language in languages()}
        assert len({frozenset(found) for found in keys.values()}) == 1, section
    assert set(lang_data("en", "deals.toml")["triggers"]) == set(concepts()["triggers"])


def test_lexicon_unknown_language_is_none() -> None:
    assert lexicon("xx") is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["neemt", "over", "koopt", "<org>", ";", "zin"]), max_size=60))
def test_lexicon_find_keeps_tokens_in_order(words: list[str]) -> None:
    found = lexicon("nl")
    assert found is not None
    for hit in found.find(words):
        assert list(hit.tokens) == sorted(set(hit.tokens))
        assert all(0 <= token < len(words) for token in hit.tokens)
