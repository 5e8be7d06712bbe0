"""Names of one list share a place; a preposition behind a comma ends the list."""

from __future__ import annotations

import pytest
from named_text import named_article

from dealfacts.deals.features import SentenceView
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.places import list_head
from dealfacts.deals.reading import entity_of, read_article

NAMES = ("Acme", "Zeta", "Iota", "Orla", "Peru")


@pytest.mark.parametrize(
    ("lang", "text", "name", "head"),
    [
        ("en", "Acme, Zeta and Iota buy it.", "Iota", "Acme"),
        ("en", "Shares of Acme and of Zeta rose.", "Zeta", "Acme"),
        ("en", "Acme sold a mine in Orla, Peru, to Zeta.", "Zeta", "Zeta"),
        ("en", "Acme sold a mine in Orla, Peru, to Zeta.", "Peru", "Orla"),
        ("en", "Acme, of Orla, bought it.", "Orla", "Orla"),
        ("nl", "Acme, Zeta en Iota kopen het.", "Iota", "Acme"),
        ("nl", "Acme, van Orla, kocht het.", "Orla", "Orla"),
        ("es", "Acme vende a Zeta y al Iota la mina.", "Iota", "Zeta"),
        ("es", "Acme, de Orla, compra la mina.", "Orla", "Orla"),
    ],
)
def test_the_head_of_a_list(lang: str, text: str, name: str, head: str) -> None:
    words = lexicon(lang)
    assert words is not None
    reading = read_article(named_article(text, NAMES, lang), lang, words)
    view = SentenceView(reading, reading.sentences[0])
    tokens = view.sentence.tokens
    found = {
        entity_of(mention): position
        for position in view.sentence.names
        if (mention := tokens[position].mention)
    }
    assert list_head(view, found[name]) == found[head]


def test_paragraphs_are_counted_and_know_their_names() -> None:
    words = lexicon("en")
    assert words is not None
    text = "Acme buys Zeta\n\nAcme is paying. Zeta is glad.\n\nIota left."
    reading = read_article(named_article(text, NAMES), "en", words)
    assert reading.paragraphs == [0, 1, 1, 2]
    assert reading.paragraphs_of == {"Acme": {0, 1}, "Zeta": {0, 1}, "Iota": {2}}
