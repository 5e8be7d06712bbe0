"""spaCy DocBin: a Doc an article with `ents`; values and deals travel in the Doc's user data.

spaCy takes a second to import, so only the functions that need it do: every command imports this module.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from dealfacts.evaluate.formats.common import context, restore, spans_of
from dealfacts.evaluate.gold import GoldArticle
from dealfacts.jsonl import atomic_output

_KEY = "dealfacts_gold"


def write(articles: Iterable[GoldArticle], path: Path) -> None:
    """Write articles as a `.spacy` file, ready for `spacy train`."""
    from spacy.tokens import DocBin  # noqa: PLC0415

    docs = DocBin(docs=[to_doc(article) for article in articles], store_user_data=True)
    with atomic_output(path) as file:
        file.write(docs.to_bytes())


def read(path: Path) -> list[GoldArticle]:
    """Read a `.spacy` file that `write` made; entities may have been changed since."""
    from spacy.tokens import DocBin  # noqa: PLC0415
    from spacy.vocab import Vocab  # noqa: PLC0415

    docs = DocBin(store_user_data=True).from_disk(path)
    return [
        from_doc(doc, f"{path}, document {number}") for number, doc in enumerate(docs.get_docs(Vocab()), 1)
    ]


@cache
def _blank(language: str) -> Any:
    import spacy  # noqa: PLC0415

    return spacy.blank(language)


def to_doc(article: GoldArticle) -> Any:
    """Make a Doc; tokens are spaCy's own, cut where a mention begins or ends inside one."""
    from spacy.tokens import Doc, Span  # noqa: PLC0415

    text, spans = article.text or "", spans_of(article)
    nlp = _blank(article.lang)
    edges = {edge for span in spans for edge in (span["start"], span["end"])}
    pieces = [piece for token in nlp.make_doc(text) for piece in _cut(token, edges)]
    doc = Doc(nlp.vocab, words=[word for word, _, _ in pieces], spaces=[space for _, space, _ in pieces])
    at = {start: index for index, (_, _, start) in enumerate(pieces)}
    ends = {start + len(word): index + 1 for index, (word, _, start) in enumerate(pieces)}
    doc.set_ents([Span(doc, at[span["start"]], ends[span["end"]], span["label"]) for span in spans])
    values = {f"{span['start']}-{span['end']}": span["value"] for span in spans}
    doc.user_data[_KEY] = orjson.dumps({"article": context(article), "values": values}).decode()
    return doc


def _cut(token: Any, edges: set[int]) -> Iterator[tuple[str, bool, int]]:
    end = token.idx + len(token.text)
    cuts = [token.idx, *sorted(edge for edge in edges if token.idx < edge < end), end]
    for start, stop in itertools.pairwise(cuts):
        yield token.text[start - token.idx : stop - token.idx], stop == end and bool(token.whitespace_), start


def from_doc(doc: Any, place: str) -> GoldArticle:
    """Make an article from a Doc that `to_doc` made."""
    stored = orjson.loads(doc.user_data[_KEY])
    mentions = [
        {
            "start": entity.start_char,
            "end": entity.end_char,
            "label": entity.label_,
            "value": stored["values"].get(f"{entity.start_char}-{entity.end_char}"),
        }
        for entity in doc.ents
    ]
    return restore(stored["article"], doc.text, mentions, place)
