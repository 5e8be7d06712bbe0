"""Who reported a deal, who speaks of it, and whether it binds the parties."""

from __future__ import annotations

import re

import pytest

from dealfacts.deals import find_facts
from dealfacts.mentions import combine
from dealfacts.quantities import find_quantities
from dealfacts.records import Article, Fact, Label, Mention, Name

NAMES: dict[str, Label] = {
    "Adobe": "ORG", "Figma": "ORG", "Reuters": "ORG", "Financial Times": "ORG", "El Economista": "ORG",
    "Dylan Field": "PERSON",
}  # fmt: skip


def the_fact(text: str, language: str) -> Fact:
    """Return the fact on Adobe and Figma."""
    names = [
        Mention(
            id="m", start=m.start(), end=m.end(), text=m[0], label=label, value=Name(name=name), stage="t"
        )
        for name, label in NAMES.items()
        for m in re.finditer(re.escape(name), text)
    ]
    figures = [
        Mention(id="m", start=q.start, end=q.end, text=q.text, label=q.label, value=q.value, stage="t")
        for q in find_quantities(text, language)
    ]
    article = Article(
        id="a", text=text, lang=language, published="2025-06-16", mentions=combine(names, figures)
    )
    facts = find_facts(article, threshold=0.0)
    return max(facts, key=lambda fact: fact.confidence)


@pytest.mark.parametrize(
    ("language", "text", "source", "speaker", "binding"),
    [
        ("en", "Adobe agreed to buy Figma for $20 billion, Reuters reported.", "Reuters", None, None),
        ("en", "Adobe signed a definitive agreement to buy Figma for $20 billion.", None, None, True),
        (
            "en",
            'Adobe made a non-binding offer to buy Figma for $20 billion. "We like it," said Dylan Field.',
            None,
            "Dylan Field",
            False,
        ),
        ("nl", "Adobe neemt Figma over voor 20 miljard dollar, meldt Reuters.", "Reuters", None, None),
        ("nl", "Adobe en Figma tekenden een intentieverklaring voor een fusie.", None, None, False),
        ("nl", "Adobe neemt Figma over, zei Dylan Field. De koopovereenkomst is bindend.", None, "Dylan Field", True),
        ("es", "Adobe compra Figma por 20.000 millones de dólares, según Reuters.", "Reuters", None, None),
        ("es", "Adobe ha presentado una oferta vinculante para comprar Figma.", None, None, True),
        ("es", "Adobe ha presentado una oferta no vinculante para comprar Figma.", None, None, False),
    ],
)  # fmt: skip
def test_sources_and_binding(
    language: str, text: str, source: str | None, speaker: str | None, binding: bool | None
) -> None:
    fact = the_fact(text, language)
    assert (fact.attribution.source, fact.attribution.speaker, fact.binding) == (source, speaker, binding)
