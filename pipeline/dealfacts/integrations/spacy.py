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

import datetime
from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc, Span

from dealfacts.deals import find_facts
from dealfacts.errors import ConfigError
from dealfacts.lang import languages
from dealfacts.mentions import combine
from dealfacts.quantities import find_quantities
from dealfacts.records import NAME_LABELS, Article, Label, Mention, Name, Value
from dealfacts.timex import find_timexes

MONEY_KEY = "dealfacts_money"
DATES_KEY = "dealfacts_dates"


def _set_extensions() -> None:
    """Register the attributes; called when a component is made, never at import."""
    for name, default in (("published", None), ("deal_facts", None)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
    if not Span.has_extension("dealfacts_value"):
        Span.set_extension("dealfacts_value", default=None)


def _checked_language(nlp: Language) -> str:
    code: str = nlp.lang
    if code not in languages():
        raise ConfigError(f"dealfacts has no data for language {code!r}; it reads: {', '.join(languages())}")
    return code


class MoneyComponent:
    """Finds money, percentages, quantities and numbers; sets `doc.spans["dealfacts_money"]`."""

    def __init__(self, language: str) -> None:
        _set_extensions()
        self.language = language

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        found = find_quantities(doc.text, self.language)
        doc.spans[MONEY_KEY] = _spans(doc, ((span.start, span.end, span.label, span.value) for span in found))
        return doc


class DatesComponent:
    """Finds time expressions; sets `doc.spans["dealfacts_dates"]`.

    Args:
        language: the language to read.
        published: ISO date that relative expressions count from, for documents that do not say.
    """

    def __init__(self, language: str, published: str | None) -> None:
        _set_extensions()
        self.language = language
        self.published = published

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        published = doc._.published or self.published
        reference = datetime.date.fromisoformat(published) if published else None
        found = find_timexes(doc.text, self.language, reference)
        doc.spans[DATES_KEY] = _spans(
            doc,
            ((s.start, s.end, "DURATION" if s.value.type == "DURATION" else "DATE", s.value) for s in found),
        )
        return doc


class FactsComponent:
    """Reads deal facts off the entities and the two components above into `doc._.deal_facts`."""

    def __init__(self, language: str, published: str | None) -> None:
        _set_extensions()
        self.language = language
        self.published = published

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        values = [
            _mention(span, span.label_, span._.dealfacts_value)
            for key in (MONEY_KEY, DATES_KEY)
            for span in doc.spans.get(key, ())
        ]
        names = [
            _mention(span, label, Name(name=span.text))
            for span in doc.ents
            if (label := _name_label(span.label_)) is not None
        ]
        article = Article(
            id="doc",
            text=doc.text,
            lang=self.language,
            published=doc._.published or self.published,
            mentions=combine(names, values),
        )
        doc._.deal_facts = find_facts(article)
        return doc


_LABELS: dict[str, Label] = {**{label: label for label in NAME_LABELS}, "PER": "PERSON", "FAC": "LOC"}


def _name_label(label: str) -> Label | None:
    """Translate an entity label of another pipeline into ours; None for what is no name."""
    return _LABELS.get(label)


def _spans(doc: Doc, found: Iterable[tuple[int, int, str, Value]]) -> list[Span]:
    spans = []
    for start, end, label, value in found:
        # Tokens may be wider than our span ("$5bn."): take all that it touches.
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        if span is not None:
            span._.dealfacts_value = value
            spans.append(span)
    return spans


def _mention(span: Span, label: Label, value: Value) -> Mention:
    return Mention(
        id="m0",
        start=span.start_char,
        end=span.end_char,
        text=span.text,
        label=label,
        value=value,
        stage="spacy",
    )


@Language.factory("dealfacts_money", assigns=["doc.spans"])
def make_money(nlp: Language, name: str) -> MoneyComponent:  # noqa: ARG001 - spaCy passes the name
    """Make the money component for the pipeline's language."""
    return MoneyComponent(_checked_language(nlp))


@Language.factory("dealfacts_dates", assigns=["doc.spans"], default_config={"published": None})
def make_dates(nlp: Language, name: str, published: str | None) -> DatesComponent:  # noqa: ARG001
    """Make the dates component for the pipeline's language."""
    return DatesComponent(_checked_language(nlp), published)


@Language.factory("dealfacts_facts", requires=["doc.ents"], default_config={"published": None})
def make_facts(nlp: Language, name: str, published: str | None) -> FactsComponent:  # noqa: ARG001
    """Make the facts component for the pipeline's language."""
    return FactsComponent(_checked_language(nlp), published)
