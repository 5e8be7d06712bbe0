"""Overlaps between names, figures and dates, and text with the boilerplate blanked out."""

import time

import pytest

from dealfacts.mentions import combine, readable_language, story_text
from dealfacts.records import Article, Boilerplate, Label, Mention
from dealfacts.stages.detect import story_paragraphs

TEXT = "3M paid US$5 million in 2025 for Expo 2030 on 3 May"


def mention(text: str, label: Label) -> Mention:
    start = TEXT.index(text)
    return Mention(id="x", start=start, end=start + len(text), text=text, label=label, stage="t")


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ([("3M", "ORG"), ("3", "CARDINAL")], ["3M"]),
        ([("US", "GPE"), ("US$5 million", "MONEY")], ["US$5 million"]),
        ([("2025", "CARDINAL"), ("2025", "DATE")], ["2025"]),
        ([("Expo 2030", "ORG"), ("2030", "DATE")], ["Expo 2030"]),
        ([("3 May", "DATE"), ("May", "PERSON")], ["3 May", "May"]),
        ([("3M", "ORG"), ("2025", "DATE"), ("US$5 million", "MONEY")], ["3M", "US$5 million", "2025"]),
    ],
)
def test_mentions_settle_overlaps(found: list[tuple[str, Label]], kept: list[str]) -> None:
    combined = combine([mention(text, label) for text, label in found])
    assert [m.text for m in combined] == kept
    assert [m.id for m in combined] == [f"m{number}" for number in range(1, len(kept) + 1)]


def test_mentions_combine_does_not_depend_on_order() -> None:
    found = [mention("3M", "ORG"), mention("3", "CARDINAL"), mention("2025", "DATE")]
    assert combine(found) == combine(found[::-1]) == combine(found[:1], found[1:])


def test_mentions_story_text_keeps_offsets() -> None:
    article = Article(
        id="a", text="Log in\nThe story\nShare", boilerplate=[Boilerplate(start=0, end=6, kind="form")]
    )
    assert story_text(article) == "      \nThe story\nShare"


@pytest.mark.parametrize(
    ("lang", "expect"), [("nl", "nl"), ("es-MX", "es-MX"), ("de", None), ("und", None), (None, None)]
)
def test_mentions_readable_language(lang: str | None, expect: str | None) -> None:
    assert readable_language(Article(id="a", text="t", lang=lang)) == expect


def test_mentions_story_text_blanks_marks_in_any_order_and_beyond_the_end() -> None:
    spans = [(9, 12), (0, 2), (1, 4), (1, 2), (14, 99)]
    article = Article(
        id="a",
        text="0123\n5678\nabcd\nf",
        boilerplate=[Boilerplate(start=s, end=e, kind="menu") for s, e in spans],
    )
    assert story_text(article) == "    \n5678\n  cd\n "


def test_mentions_story_of_many_marked_lines_takes_linear_time() -> None:
    lines = 30_000
    article = Article(
        id="a",
        text="Log in\n" * lines + "Acme buys Zeta.",
        boilerplate=[Boilerplate(start=7 * n, end=7 * n + 6, kind="form") for n in range(lines)],
    )
    started = time.process_time()
    assert story_text(article).strip() == "Acme buys Zeta."
    assert list(story_paragraphs(article)) == [(7 * lines, 7 * lines + 15)]
    assert time.process_time() - started < 5
