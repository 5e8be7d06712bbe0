"""The spaCy components in a pipeline that is not ours."""

import pytest
import spacy
from spacy.tokens import Doc

from dealfacts.errors import ConfigError


def pipeline(language: str, **config: object) -> spacy.language.Language:
    nlp = spacy.blank(language)
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Acme"}, {"label": "ORG", "pattern": "Zeta"}])
    nlp.add_pipe("dealfacts_money")
    nlp.add_pipe("dealfacts_dates", config=config)
    nlp.add_pipe("dealfacts_facts", config=config)
    return nlp


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Acme agreed on Monday to buy Zeta for $20 million."),
        ("nl", "Acme maakte maandag bekend dat het Zeta overneemt voor 20 miljoen dollar."),
        ("es", "Acme anunció el lunes que comprará Zeta por 20 millones de dólares."),
    ],
)
def test_spacy_components_work_together(language: str, text: str) -> None:
    doc = pipeline(language, published="2026-02-04")(text)
    money = doc.spans["dealfacts_money"][0]
    assert (money._.dealfacts_value.amount, money._.dealfacts_value.currency) == ("20000000", "USD")
    assert [span._.dealfacts_value.timex for span in doc.spans["dealfacts_dates"]] == ["2026-02-02"]
    (fact,) = doc._.deal_facts
    assert (fact.type, fact.amount.amount) == ("acquisition", "20000000")
    assert [party.name for party in fact.roles["acquirer"]] == ["Acme"]
    assert [party.name for party in fact.roles["target"]] == ["Zeta"]


def test_spacy_document_says_when_it_was_published() -> None:
    nlp = pipeline("en")
    doc = nlp.make_doc("Acme bought Zeta on Monday.")
    doc._.published = "2025-06-11"
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert [span._.dealfacts_value.timex for span in doc.spans["dealfacts_dates"]] == ["2025-06-09"]


def test_spacy_documents_can_be_saved_and_read_back() -> None:
    nlp = pipeline("en", published="2026-02-04T10:00:00Z")
    doc = nlp("Acme agreed on Monday to buy 40% of Zeta for $20 million.")
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    for key in ("dealfacts_money", "dealfacts_dates"):
        values = [span._.dealfacts_value for span in doc.spans[key]]
        assert values
        assert [span._.dealfacts_value for span in again.spans[key]] == values
    assert doc._.deal_facts
    assert again._.deal_facts == doc._.deal_facts


def test_spacy_component_refuses_a_language_without_data() -> None:
    with pytest.raises(ConfigError, match="'de'"):
        spacy.blank("de").add_pipe("dealfacts_money")
