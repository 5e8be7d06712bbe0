"""The components behind `dealfacts.integrations.spacy`."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc, Span

from dealfacts.deals import find_facts
from dealfacts.errors import ConfigError
from dealfacts.lang import languages
from dealfacts.mentions import combine
from dealfacts.quantities import find_quantities
from dealfacts.records import NAME_LABELS, Article, Fact, Label, Mention, Name, Value, publication_day
from dealfacts.timex import find_timexes

MONEY_KEY = "dealfacts_money"
DATES_KEY = "dealfacts_dates"


_FACTS_KEY = "dealfacts_facts"
_VALUE: TypeAdapter[Value] = TypeAdapter(Value)


def _set_extensions() -> None:
    """Register the attributes; called when a component is made, never at import.

    What they hold lies in `doc.user_data` as plain JSON values: a document can then be saved and sent
    to another process.
    """
    if not Doc.has_extension("published"):
        Doc.set_extension("published", default=None)
    if not Doc.has_extension("deal_facts"):
        Doc.set_extension("deal_facts", getter=_get_facts, setter=_set_facts)
    if not Span.has_extension("dealfacts_value"):
        Span.set_extension("dealfacts_value", getter=_get_value, setter=_set_value)


def _get_facts(doc: Doc) -> list[Fact] | None:
    stored = doc.user_data.get(_FACTS_KEY)
    return None if stored is None else [Fact.model_validate(fact) for fact in stored]


def _set_facts(doc: Doc, facts: Iterable[Fact]) -> None:
    doc.user_data[_FACTS_KEY] = [fact.model_dump(mode="json") for fact in facts]


def _value_key(span: Span) -> tuple[str, str, int, int]:
    return "dealfacts_value", span.label_, span.start_char, span.end_char


def _get_value(span: Span) -> Value | None:
    stored = span.doc.user_data.get(_value_key(span))
    return None if stored is None else _VALUE.validate_python(stored)


def _set_value(span: Span, value: Value) -> None:
    span.doc.user_data[_value_key(span)] = value.model_dump(mode="json")


def checked_language(nlp: Language) -> str:
    """Return the language of a pipeline; raise ConfigError when there is no data to read it by."""
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
        reference = publication_day(doc._.published or self.published)
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
