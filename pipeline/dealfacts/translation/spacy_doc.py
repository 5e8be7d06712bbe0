"""Translate a spaCy Doc, without registering anything on it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from dealfacts.translation.translator import Text, Translator

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

NAME_LABELS = frozenset({"ORG", "PERSON", "PER", "PRODUCT", "GPE", "LOC"})


def translate_doc(
    doc: Doc, translator: Translator, language: str | None = None, published: datetime.date | None = None
) -> list[tuple[Span, str]]:
    """Translate the sentences of a Doc into English.

    Args:
        doc: any Doc; names in `doc.ents`, where something has set them, are kept as they are written.
        translator: see `Translator`.
        language: the language of the text; the Doc's own when left out.
        published: the day of publication, for dates that depend on it.

    Returns:
        For each sentence, as dealfacts splits them, the Span of the Doc that covers it and its English.

    Example:
        >>> import spacy                                                  # doctest: +SKIP
        >>> doc = spacy.blank("nl")("De overname kost 5 miljard euro.")   # doctest: +SKIP
        >>> [(span.text, english) for span, english in translate_doc(doc, Translator())]  # doctest: +SKIP
        [('De overname kost 5 miljard euro.', 'The takeover costs €5 billion.')]
    """
    names = [(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ in NAME_LABELS]
    text = Text(doc.text, language or doc.lang_, published, names if doc.ents else None)
    [sentences] = translator.translate([text])
    found = []
    for sentence in sentences:
        span = doc.char_span(sentence.start, sentence.end, alignment_mode="expand")
        assert span is not None
        found.append((span, sentence.text))
    return found
