"""Fractions of companies are read as percentages, other fractions are left alone."""

from __future__ import annotations

import pytest
from named_text import named_article

from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import read_article
from dealfacts.records import Percent


def percentages(language: str, text: str) -> list[tuple[str, str]]:
    words = lexicon(language)
    assert words is not None
    reading = read_article(named_article(text, ("Zeta", "Acme"), language), language, words)
    mentions = [sentence.tokens[place].mention for sentence in reading.sentences for place in sentence.values]
    return [
        (mention.text, mention.value.percent or "")
        for mention in mentions
        if mention is not None and isinstance(mention.value, Percent)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Acme has bought a quarter of Zeta.", [("a quarter", "25")]),
        ("en", "Acme took a one-third stake.", [("one-third", "33")]),
        ("en", "It owns almost half the shares.", [("half", "50")]),
        ("en", "It has two thirds of the Lisbon-based group.", [("two thirds", "67")]),
        ("nl", "Acme koopt een kwart van Zeta.", [("een kwart", "25")]),
        ("nl", "Acme heeft de helft van de aandelen en een derde belang.", [("de helft", "50"), ("een derde", "33")]),
        ("es", "Acme tiene tres cuartas partes de Zeta.", [("tres cuartas partes", "75")]),
        ("es", "Compra la mitad del capital.", [("la mitad", "50")]),
        ("en", "It pays $4 million for all the shares.", [("all the shares", "100")]),
        ("nl", "Acme verwerft alle uitstaande aandelen van Zeta.", [("alle uitstaande aandelen", "100")]),
        ("es", "Compra la totalidad del capital social de Zeta.", [("la totalidad del capital social", "100")]),
        ("en", "Acme sold all its shares, and all the workers left.", []),
        ("en", "Half of the voters want a third of it back.", []),
        ("en", "Acme sold half of its stake.", []),
        ("nl", "Een kwart van de omzet komt uit Spanje.", []),
        ("es", "La mitad de los vecinos protesta.", []),
        ("en", "Acme bought Zeta in the third quarter.", []),
    ],
)  # fmt: skip
def test_fractions_of_companies_are_percentages(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert percentages(language, text) == expected
