"""What holds for the facts of any article: grounded, distinct, explainable, and found in bounded time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.deals import explain_fact, find_facts
from dealfacts.deals.groups import group_of, slots_of
from dealfacts.deals.lexicon import concepts
from dealfacts.mentions import combine
from dealfacts.quantities import find_quantities
from dealfacts.records import Article, Fact, Mention, Name, Timex

MOST_SECONDS = 10
"""Several times what is needed, so that a busy machine passes and a quadratic step does not."""
WORDS = {
    "en": ["agreed to buy", "acquired", "sold", "its stake in", "to", "from", "merge with", "invested in",
           "raised", "the deal", "talks", "denied", "led by", "supplies", "licensed"],
    "nl": ["neemt", "over", "koopt", "verkoopt", "aan", "van", "fuseert met", "investeert in", "haalt op",
           "de deal", "gesprekken", "ontkent", "belang in", "levert"],
    "es": ["compra", "adquiere", "vende", "a", "de", "se fusiona con", "invierte en", "capta", "el acuerdo",
           "negocia", "niega", "participación en", "suministra"],
}  # fmt: skip
NAMES = ["Acme", "Zeta", "Iota Ñandú", "Ωmega", "Reuters"]
REST = ["$5 million", "40%", ",", ".", ".", "\n\n", "and", "2025-02-30", "it"]


def article(text: str, language: str, pattern: str) -> Article:
    """Make an article whose names are what a pattern matches; `it` is Acme, and one date is impossible."""
    found = []
    for match in re.finditer(rf"(?<!\w)(?:{pattern}|it|2025-02-30)(?!\w)", text):
        span = {"id": "m", "start": match.start(), "end": match.end(), "text": match[0], "stage": "t"}
        if match[0][0].isdigit():
            found.append(Mention(**span, label="DATE", value=Timex(type="DATE", timex=match[0])))
        else:
            value = Name(name="Acme", kind="pronoun") if match[0] == "it" else Name(name=match[0])
            found.append(Mention(**span, label="ORG", value=value))
    figures = [
        Mention(id="m", start=q.start, end=q.end, text=q.text, label=q.label, value=q.value, stage="t")
        for q in find_quantities(text, language)
    ]
    mentions = combine(found, figures)
    return Article(id="a", text=text, lang=language, published="2025-06-16", mentions=mentions)


def main_parties(fact: Fact) -> list[list[str]]:
    """Return the names on each side that the type's group is told by; a lead investor is an investor."""
    sides = concepts()["sides"][fact.type]
    wanted = dict.fromkeys(slots_of(group_of()[fact.type]))
    roles = [[sides[side], sides.get("L")] if side == "A" else [sides[side]] for side in wanted]
    return [[party.name for role in each if role for party in fact.roles.get(role, ())] for each in roles]


def check(told: Article, fact: Fact) -> None:
    mentions = {mention.id: mention for mention in told.mentions or ()}
    assert 0 <= fact.confidence <= 1
    assert fact.evidence
    for evidence in fact.evidence:
        assert told.text[evidence.start : evidence.end] == evidence.text
    parties = [name for side in main_parties(fact) for name in side]
    assert parties
    assert len(set(parties)) == len(parties)
    for role in fact.roles.values():
        for party in role:
            assert party.name in NAMES or party.name.startswith("Firm")
            assert {mentions[each].value.name for each in party.mention_ids} == {party.name}  # type: ignore[union-attr]


@pytest.mark.parametrize("language", sorted(WORDS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_facts_of_any_article_are_grounded_and_distinct(language: str, data: st.DataObject) -> None:
    piece = st.sampled_from(WORDS[language] + REST) | st.sampled_from(NAMES)
    text = " ".join(data.draw(st.lists(piece, max_size=60)))
    told = article(text, language, "|".join(NAMES))
    facts = find_facts(told, threshold=0.05)
    assert len({fact.id for fact in facts}) == len(facts)
    assert facts == sorted(facts, key=lambda fact: (fact.evidence[0].start, fact.id))
    for fact in facts:
        check(told, fact)


def test_facts_can_all_be_explained() -> None:
    text = (
        "Acme agreed to buy Zeta for $5 million. It is the second deal for Acme.\n\n"
        "Ωmega sold its stake in Iota Ñandú to Zeta. Acme and Ωmega had been in talks to merge."
    )
    told = article(text, "en", "|".join(NAMES))
    facts = find_facts(told)
    assert facts
    for fact in facts:
        explained = explain_fact(told, fact.id)
        assert explained.fact_id == fact.id
        assert fact.type in explained.lines[0]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"Firm{n} agreed to buy Firm{n + 1} for $5 million." for n in range(0, 600, 2)),
        "Firm1 buys Firm2. " * 500,
        "Firm0 buys " + ", ".join(f"Firm{n}" for n in range(3000)) + ".",
        "Firm1 " + "buys sells acquires merger deal invests " * 300 + "Firm2.",
        " ".join(f"Firm{n} and Firm{n + 1} met." for n in range(0, 3000, 2)) + " Firm1 agreed to buy Firm2.",
    ],
    ids=["many deals", "one deal often", "one long list", "many triggers", "many names"],
)
def test_facts_of_name_heavy_articles_take_bounded_time(text: str) -> None:
    told = article(text, "en", r"Firm\d+")
    begin = time.process_time()
    for fact in find_facts(told):
        check(told, fact)
    assert time.process_time() - begin < MOST_SECONDS
