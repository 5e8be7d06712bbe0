"""Plain sentences about deals, and what must hold for every fact."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.deals import explain_fact, find_facts
from dealfacts.errors import DealfactsError
from dealfacts.mentions import combine
from dealfacts.quantities import find_quantities
from dealfacts.records import Article, Fact, Label, Mention, Name
from dealfacts.timex import find_timexes

PLAIN = Path(__file__).parents[1] / "data" / "deals" / "plain.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in PLAIN.read_text(encoding="utf-8").splitlines()]
FLOOR = 0.8
"""Share of the plain sentences of a language that must come out right in type and parties."""
NAMES: dict[str, Label] = {"Adobe": "ORG", "Figma": "ORG", "Reuters": "ORG"}
TEXT = "Adobe has agreed to buy Figma for $20 billion, Reuters reported. Figma was founded in 2012."


PUBLISHED = "2025-06-16"


def make_article(text: str, language: str, names: Mapping[str, Label]) -> Article:
    """Make an article whose names are the given ones, wherever they stand, and whose figures are found."""
    found = [
        Mention(
            id="m", start=m.start(), end=m.end(), text=m[0], label=label, value=Name(name=name), stage="t"
        )
        for name, label in names.items()
        for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    figures = [
        Mention(id="m", start=q.start, end=q.end, text=q.text, label=q.label, value=q.value, stage="t")
        for q in find_quantities(text, language)
    ]
    dates = [
        Mention(id="m", start=d.start, end=d.end, text=d.text, label="DATE", value=d.value, stage="t")
        for d in find_timexes(text, language, datetime.date.fromisoformat(PUBLISHED))
    ]
    mentions = combine(found, figures, dates)
    return Article(id="a1", text=text, lang=language, published=PUBLISHED, mentions=mentions)


def is_right(facts: list[Fact], expect: dict[str, Any] | None) -> bool:
    if expect is None:
        return not facts
    return any(
        fact.type == expect["type"]
        and all(
            sorted(party.name for party in fact.roles.get(role, [])) == sorted(names)
            for role, names in expect["roles"].items()
        )
        for fact in facts
    )


@pytest.mark.parametrize("language", ["en", "nl", "es"])
def test_facts_plain_sentences(language: str) -> None:
    rows = [row for row in ROWS if row["lang"] == language]
    wrong = [
        row["text"]
        for row in rows
        if not is_right(find_facts(make_article(row["text"], language, row["names"])), row["expect"])
    ]
    assert len(wrong) <= (1 - FLOOR) * len(rows), wrong


def test_facts_record_is_grounded() -> None:
    article = make_article(TEXT, "en", NAMES)
    (fact,) = find_facts(article)
    assert fact.amount is not None
    assert fact.amount.amount == "20000000000"
    assert fact.status == "announced"
    ids = {mention.id for mention in article.mentions or ()}
    for evidence in fact.evidence:
        assert article.text[evidence.start : evidence.end] == evidence.text
    for parties in fact.roles.values():
        for party in parties:
            assert party.mention_ids
            assert set(party.mention_ids) <= ids


def test_facts_id_does_not_depend_on_mention_numbers() -> None:
    article = make_article(TEXT, "en", NAMES)
    renamed = article.model_copy(deep=True)
    for mention in renamed.mentions or ():
        mention.id = f"x{mention.id}"
    assert [fact.id for fact in find_facts(article)] == [fact.id for fact in find_facts(renamed)]


def test_facts_skip_boilerplate() -> None:
    article = make_article(TEXT, "en", NAMES)
    dumped = article.model_dump()
    dumped["boilerplate"] = [{"start": 0, "end": len(TEXT), "kind": "menu"}]
    assert find_facts(Article.model_validate(dumped)) == []


def test_facts_unknown_language_gives_none() -> None:
    article = make_article(TEXT, "en", NAMES)
    assert find_facts(article.model_copy(update={"lang": "de"})) == []


def test_facts_threshold_leaves_out_the_unsure() -> None:
    article = make_article(TEXT, "en", NAMES)
    assert find_facts(article, threshold=1.01) == []


def test_explain_names_trigger_and_parties() -> None:
    article = make_article(TEXT, "en", NAMES)
    (fact,) = find_facts(article)
    told = str(explain_fact(article, fact.id))
    assert "'buy'" in told
    assert "acquirer: Adobe" in told
    with pytest.raises(DealfactsError):
        explain_fact(article, "f-none")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(["buys", "Adobe", "Figma", "for", "sale", ",", ".", "talks", "\n\n", "not"]),
        max_size=80,
    )
)
def test_facts_any_words_give_valid_facts(words: list[str]) -> None:
    article = make_article(" ".join(words), "en", NAMES)
    first, second = find_facts(article), find_facts(article)
    assert first == second
    for fact in first:
        assert 0 <= fact.confidence <= 1
        assert any(fact.roles.values())


def test_facts_long_sentence_is_bounded() -> None:
    article = make_article("Adobe buys Figma and sells Figma to Adobe, " * 400, "en", NAMES)
    assert len(find_facts(article)) < 50
