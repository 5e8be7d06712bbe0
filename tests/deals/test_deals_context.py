"""A statement is weighed beside the headline, its neighbours and the other statements on its names."""

from __future__ import annotations

import pytest
from named_text import named_article
from stumps import stump

from dealfacts.deals.context import COLUMNS, context_rows, weigh_again
from dealfacts.deals.events import Event
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import Reading, read_article

TEXT = "Acme buys Zeta\n\nAcme invested in Zeta. The deal was announced."


def read() -> tuple[Reading, list[Event]]:
    words = lexicon("en")
    assert words is not None
    reading = read_article(named_article(TEXT, ()), "en", words)
    types = [
        {"acquisition": 1.0},
        {"investment": 0.6, "acquisition": 0.4},
        {"acquisition": 0.5, "merger": 0.5},
    ]
    events = [
        Event(sentence, sentence.triggers[0], probability, shares)
        for sentence, probability, shares in zip(reading.sentences, (0.9, 0.8, 0.4), types, strict=True)
    ]
    for event in events[:2]:
        event.sides = {"Acme": {"A": 0.9, "none": 0.1}, "Zeta": {"T": 0.9, "none": 0.1}}
    return reading, events


def rows() -> dict[tuple[int, str], dict[str, float]]:
    return {
        (number, group): dict(zip(COLUMNS, row, strict=True)) for number, group, row in context_rows(*read())
    }


def test_context_asks_for_every_group_that_a_statement_may_mean() -> None:
    assert set(rows()) == {
        (0, "takeover"), (1, "equity"), (1, "takeover"), (2, "takeover"), (2, "merger"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "name", "expect"),
    [
        ((1, "takeover"), "headline: same", 0.9),
        ((1, "equity"), "headline: other", 0.9),
        ((2, "takeover"), "before: same", 0.8 * 0.4),
        ((2, "merger"), "before: other", 0.8 * 0.6),
        ((1, "equity"), "on its names: other", 0.9),
        ((2, "takeover"), "on its names: same", 0.0),
        ((1, "equity"), "rank", 0),
        ((1, "takeover"), "rank", 1),
        ((0, "takeover"), "headline", 1),
    ],
)
def test_context_rows_say_what_stands_around(place: tuple[int, str], name: str, expect: float) -> None:
    assert rows()[place][name] == pytest.approx(expect)


def test_context_says_which_statements_mean_another_type_now() -> None:
    reading, events = read()
    changed = weigh_again(reading, events, stump(COLUMNS, "headline: same", odds=3.0))
    assert changed == events[1:]
    assert events[1].type == "acquisition"
    assert sum(events[1].types.values()) == pytest.approx(1)
    assert events[1].probability <= 1


def test_context_of_nothing_is_nothing() -> None:
    assert weigh_again(read()[0], [], stump(COLUMNS, "rank", odds=3.0)) == []
