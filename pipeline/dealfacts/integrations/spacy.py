"""spaCy components: money and quantities, dates, and deal facts in somebody else's pipeline.

    nlp = spacy.load("en_core_web_sm")
    nlp.add_pipe("dealfacts_money")
    nlp.add_pipe("dealfacts_dates", config={"published": "2026-02-03"})
    nlp.add_pipe("dealfacts_facts")
    doc = nlp("Acme bought Zeta for $20 million in May.")
    doc._.deal_facts

The components are found through spaCy's entry points: nothing needs to be imported. Values are in
`span._.dealfacts_value`, in the form of the record contract; spans in `doc.spans["dealfacts_money"]` and
`doc.spans["dealfacts_dates"]`. A document's own day of publication, `doc._.published`, wins over the config.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

Component = Callable[[Doc], Doc]


def _components() -> Any:
    # spaCy imports this module with every pipeline anybody loads: what it needs is imported on use.
    return import_module("dealfacts.integrations.components")


@Language.factory("dealfacts_money", assigns=["doc.spans"])
def make_money(nlp: Language, name: str) -> Component:  # noqa: ARG001 - spaCy passes the name
    """Make the money component for the pipeline's language."""
    components = _components()
    component: Component = components.MoneyComponent(components.checked_language(nlp))
    return component


@Language.factory("dealfacts_dates", assigns=["doc.spans"], default_config={"published": None})
def make_dates(nlp: Language, name: str, published: str | None) -> Component:  # noqa: ARG001
    """Make the dates component for the pipeline's language."""
    components = _components()
    component: Component = components.DatesComponent(components.checked_language(nlp), published)
    return component


@Language.factory("dealfacts_facts", requires=["doc.ents"], default_config={"published": None})
def make_facts(nlp: Language, name: str, published: str | None) -> Component:  # noqa: ARG001
    """Make the facts component for the pipeline's language."""
    components = _components()
    component: Component = components.FactsComponent(components.checked_language(nlp), published)
    return component
