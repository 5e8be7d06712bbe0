"""Label Studio JSON: one task an article, one region a mention, its value in the region's meta text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import orjson

from dealfacts.errors import InputError
from dealfacts.evaluate.formats.common import Json, context, restore, spans_of
from dealfacts.evaluate.gold import GoldArticle
from dealfacts.jsonl import atomic_output
from dealfacts.records import Label

CONFIG = "\n".join(
    [
        "<View>",
        '  <Labels name="label" toName="text">',
        *(f'    <Label value="{label}"/>' for label in get_args(Label)),
        "  </Labels>",
        '  <Text name="text" value="$text"/>',
        "</View>",
    ]
)
"""The labelling interface to paste into a Label Studio project."""


def write(articles: Iterable[GoldArticle], path: Path) -> None:
    """Write articles as a list of Label Studio tasks."""
    tasks = [
        {
            "data": {"text": article.text or "", "article": context(article)},
            "annotations": [{"result": [_region(span) for span in spans_of(article)]}],
        }
        for article in articles
    ]
    with atomic_output(path) as file:
        file.write(orjson.dumps(tasks, option=orjson.OPT_INDENT_2))


def _region(span: Json) -> Json:
    return {
        "id": f"{span['start']}-{span['end']}",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {
            "start": span["start"],
            "end": span["end"],
            "text": span["text"],
            "labels": [span["label"]],
        },
        "meta": {"text": [orjson.dumps(span["value"]).decode()]},
    }


def read(path: Path) -> list[GoldArticle]:
    """Read a Label Studio export (JSON); of several annotations of a task the last one counts.

    Raises:
        InputError: when the file is no export of tasks, or a region does not fit the text.
    """
    try:
        tasks = orjson.loads(path.read_bytes())
        return [_article(task, f"{path}, task {number}") for number, task in enumerate(tasks, 1)]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError) as error:
        raise InputError(f"{path}: not a Label Studio export in JSON ({error!r}); export as JSON") from error


def _article(task: Json, place: str) -> GoldArticle:
    text = task["data"]["text"]
    regions = [region for region in task["annotations"][-1]["result"] if region["type"] == "labels"]
    return restore(task["data"]["article"], text, [_span(region, text, place) for region in regions], place)


def _span(region: Json, text: str, place: str) -> Json:
    value = region["value"]
    start, end = value["start"], value["end"]
    if "text" in value and text[start:end] != value["text"]:
        start, end = _code_points(text, start), _code_points(text, end)
        if text[start:end] != value["text"]:
            raise InputError(f"{place}: region {value['text']!r} is not at {value['start']}-{value['end']}")
    notes = region.get("meta", {}).get("text") or ["null"]
    return {"start": start, "end": end, "label": value["labels"][0], "value": orjson.loads(notes[0])}


def _code_points(text: str, utf16_offset: int) -> int:
    # Browsers count UTF-16 units: a character beyond the basic plane counts twice there.
    return len(text.encode("utf-16-le")[: 2 * utf16_offset].decode("utf-16-le", errors="ignore"))
