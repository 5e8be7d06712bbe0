"""What all formats share: the part of a gold article that their own fields do not hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from dealfacts.errors import InputError
from dealfacts.evaluate.gold import GoldArticle
from dealfacts.jsonl import describe_invalid
from dealfacts.records import NAME_LABELS

Json = dict[str, Any]


def context(article: GoldArticle) -> Json:
    """Return all of an article but its text and mentions, ready for JSON."""
    record = article.model_dump(mode="json")
    gold = record.pop("gold")
    record.pop("text")
    return {**record, "labels": gold["labels"], "deals": gold["deals"]}


def restore(context: Json, text: str, mentions: Iterable[Json], place: str) -> GoldArticle:
    """Put an article together again from its context, its text and its mentions.

    A name without a value stands for itself; a label that the context does not list is added to it.

    Raises:
        InputError: naming `place` when the parts do not make a gold article.
    """
    record = dict(context)
    labels, deals = record.pop("labels", []), record.pop("deals", [])
    spans = sorted(mentions, key=lambda span: (span["start"], span["end"]))
    for span in spans:
        span["text"] = text[span["start"] : span["end"]]
        if span.get("value") is None and span["label"] in NAME_LABELS:
            span["value"] = {"name": span["text"]}
    labels = [*labels, *sorted({span["label"] for span in spans} - set(labels))]
    try:
        return GoldArticle.model_validate(
            {**record, "text": text, "gold": {"labels": labels, "mentions": spans, "deals": deals}}
        )
    except ValidationError as error:
        raise InputError(f"{place}: {describe_invalid(error)}; see corpus/gold/GUIDELINES.md") from None


def spans_of(article: GoldArticle) -> list[Json]:
    """Return an article's mentions as plain dictionaries."""
    return [mention.model_dump(mode="json") for mention in article.gold.mentions]
