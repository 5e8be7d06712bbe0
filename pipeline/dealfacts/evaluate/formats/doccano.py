"""doccano JSONL: `label` holds [start, end, label]; what doccano does not know travels as metadata."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from dealfacts.errors import InputError
from dealfacts.evaluate.formats.common import Json, context, restore, spans_of
from dealfacts.evaluate.gold import GoldArticle
from dealfacts.jsonl import atomic_output, open_binary


def write(articles: Iterable[GoldArticle], path: Path) -> None:
    """Write articles as doccano sequence-labelling JSONL."""
    with atomic_output(path) as file:
        for article in articles:
            spans = spans_of(article)
            row = {
                "text": article.text or "",
                "label": [[span["start"], span["end"], span["label"]] for span in spans],
                "values": {f"{span['start']}-{span['end']}": span["value"] for span in spans},
                "article": context(article),
            }
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def read(path: Path) -> list[GoldArticle]:
    """Read doccano JSONL, with `label` (or `entities`, as exports with relations have).

    Raises:
        InputError: naming file and line of a row that is not doccano's.
    """
    articles = []
    with open_binary(path) as file:
        for number, line in enumerate(file, 1):
            place = f"{path}, line {number}"
            try:
                articles.append(_article(orjson.loads(line), place))
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
                raise InputError(f"{place}: not a row of doccano JSONL ({error!r})") from error
    return articles


def _article(row: Json, place: str) -> GoldArticle:
    if "entities" in row:
        labels = [(each["start_offset"], each["end_offset"], each["label"]) for each in row["entities"]]
    else:
        labels = [(start, end, label) for start, end, label in row["label"]]
    values = row.get("values", {})
    mentions = [
        {"start": start, "end": end, "label": label, "value": values.get(f"{start}-{end}")}
        for start, end, label in labels
    ]
    return restore(row["article"], row["text"], mentions, place)
