"""IOB2 files (Tjong Kim Sang and Veenstra 1999): a tagged token a line, a blank line between paragraphs.

A third column holds the value on the first token of a mention. Comment lines before an article hold
its text and all else as JSON, so that offsets can be found again; other tools skip them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from dealfacts.errors import InputError
from dealfacts.evaluate.formats.common import Json, context, restore, spans_of
from dealfacts.evaluate.gold import GoldArticle
from dealfacts.jsonl import atomic_output

TOKEN = re.compile(r"\w+|[^\w\s]")
_TEXT, _ARTICLE = "# text = ", "# article = "


def write(articles: Iterable[GoldArticle], path: Path) -> None:
    """Write articles as an IOB2 file."""
    with atomic_output(path) as file:
        for article in articles:
            text = article.text or ""
            file.write(f"{_TEXT}{orjson.dumps(text).decode()}\n".encode())
            file.write(f"{_ARTICLE}{orjson.dumps(context(article)).decode()}\n".encode())
            file.write("".join(_lines(text, spans_of(article))).encode())


def _lines(text: str, spans: list[Json]) -> Iterator[str]:
    starts = {span["start"]: span for span in spans}
    edges = sorted({edge for span in spans for edge in (span["start"], span["end"])})
    inside: Json | None = None
    before = 0
    for start, end in _tokens(text, edges):
        if "\n" in text[before:start]:
            yield "\n"
        if inside and start >= inside["end"]:
            inside = None
        value = "_"
        if start in starts:
            inside = starts[start]
            value = orjson.dumps(inside["value"]).decode()
        tag = "O" if inside is None else f"{'B' if start in starts else 'I'}-{inside['label']}"
        yield f"{text[start:end]}\t{tag}\t{value}\n"
        before = end
    yield "\n"


def _tokens(text: str, edges: list[int]) -> Iterator[tuple[int, int]]:
    """Yield token offsets; a token is cut where a mention begins or ends inside it."""
    following = iter([*edges, len(text) + 1])
    edge = next(following)
    for match in TOKEN.finditer(text):
        start, end = match.span()
        while edge <= start:
            edge = next(following)
        while edge < end:
            yield start, edge
            start, edge = edge, next(following)
        yield start, end


def read(path: Path) -> list[GoldArticle]:
    """Read an IOB2 file that `write` made; tags may have been changed since.

    Raises:
        InputError: naming the line that does not fit.
    """
    articles: list[GoldArticle] = []
    text, cursor = "", 0
    rest: Json = {}
    mentions: list[Json] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate([*lines, _TEXT + '""'], 1):
        place = f"{path}, line {number}"
        if line.startswith(_TEXT):
            if rest:
                articles.append(restore(rest, text, mentions, place))
            text, rest, cursor, mentions = orjson.loads(line.removeprefix(_TEXT)), {}, 0, []
        elif line.startswith(_ARTICLE):
            rest = orjson.loads(line.removeprefix(_ARTICLE))
        elif line:
            cursor = _add_token(line, text, cursor, mentions, place)
    return articles


def _add_token(line: str, text: str, cursor: int, mentions: list[Json], place: str) -> int:
    """Read one token line into `mentions`; return where the token ends in the text."""
    token, _, columns = line.partition("\t")
    tag, _, value = columns.partition("\t")
    start = text.find(token, cursor)
    if start < 0 or not re.fullmatch(r"O|[BI]-[A-Z]+", tag):
        raise InputError(f"{place}: token {token!r} is not next in the text, or {tag!r} is no IOB2 tag")
    end = start + len(token)
    if tag.startswith("B-"):
        known = orjson.loads(value) if value not in ("", "_") else None
        mentions.append({"start": start, "end": end, "label": tag[2:], "value": known})
    elif tag.startswith("I-"):
        if not mentions or mentions[-1]["label"] != tag[2:]:
            raise InputError(f"{place}: {tag} does not follow a B-{tag[2:]}; IOB2 mentions begin with B")
        mentions[-1]["end"] = end
    return end
