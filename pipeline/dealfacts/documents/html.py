"""Web pages: all visible text is kept, and what is not the article is marked as boilerplate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from dealfacts.documents.boilerplate import mark_boilerplate
from dealfacts.documents.draft import Draft
from dealfacts.documents.published import date_in_url, parse_date
from dealfacts.errors import InputError
from dealfacts.records import Boilerplate

_INVISIBLE = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "head",
    "iframe",
    "object",
    "select",
    "option",
}
_INLINE = {
    "a", "abbr", "b", "bdi", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip
_KIND_BY_TAG = {
    "nav": "menu", "aside": "menu", "menu": "menu", "header": "menu", "form": "form", "button": "form",
    "footer": "legal", "figcaption": "caption",
}  # fmt: skip
_KIND_BY_CLASS = (
    (re.compile(r"share|social", re.IGNORECASE), "share"),
    (re.compile(r"cookie|consent|newsletter|login|subscribe|paywall", re.IGNORECASE), "form"),
    (re.compile(r"related|recommend|most-read|trending", re.IGNORECASE), "related"),
    (re.compile(r"\b(?:nav|menu|breadcrumb)", re.IGNORECASE), "menu"),
    (re.compile(r"caption|credit", re.IGNORECASE), "caption"),
)
_MIN_STORY_CHARS = 40


@dataclass(slots=True)
class _Block:
    text: str
    kind: str | None


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding a page names in its first 2 kB, or None."""
    match = re.search(rb"""charset\s*=\s*["']?\s*([\w-]+)""", data[:2048], re.IGNORECASE)
    return match[1].decode("ascii") if match else None


def read_html(page: str, url: str | None = None) -> Draft:
    """Read a web page.

    The text of the draft is every visible block of the page, a blank line between blocks;
    trafilatura says which of them are the article, the others are marked.

    Args:
        page: the decoded HTML.
        url: the page's address where known; a date in it is used when the page has none.

    Raises:
        InputError: when the page has no article text.
    """
    try:
        tree = lxml_html.document_fromstring(_without_declaration(page))
    except (etree.ParserError, ValueError) as error:
        raise InputError(f"the page cannot be parsed ({error}); save it again as a complete page") from error
    found = trafilatura.bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    meta: dict[str, Any] = found.as_dict() if found else {}
    blocks = list(_blocks(lxml_html.document_fromstring(_without_declaration(page))))
    _clear_story(blocks, meta.get("text") or "", meta.get("title"))
    if not any(block.kind is None and len(block.text) >= _MIN_STORY_CHARS for block in blocks):
        raise InputError("the page has no article text; save the page after it has loaded, or its plain text")
    draft = Draft(text="\n\n".join(block.text for block in blocks))
    draft.title, draft.source, draft.url = meta.get("title"), meta.get("sitename"), url or meta.get("url")
    _date(draft, meta.get("date"))
    draft.boilerplate = _marks(blocks)
    marked = {part.start for part in draft.boilerplate}
    draft.boilerplate += [
        part for part in mark_boilerplate(draft.text, draft.title) if part.start not in marked
    ]
    draft.boilerplate.sort(key=lambda part: part.start)
    return draft


def _without_declaration(page: str) -> str:
    # lxml refuses decoded text that still declares an encoding.
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", page)


def _date(draft: Draft, meta_date: str | None) -> None:
    if meta_date and (parsed := parse_date(meta_date)):
        draft.published, draft.published_from = parsed, "meta"
    elif draft.url and (parsed := date_in_url(draft.url)):
        draft.published, draft.published_from = parsed, "url"


def _blocks(tree: Any) -> Iterator[_Block]:
    """Yield each run of visible inline text with the kind its surroundings give it."""
    body = tree.find("body")
    pieces: list[str] = []
    kinds: list[str | None] = [None]

    def flush() -> Iterator[_Block]:
        text = " ".join("".join(pieces).split())
        pieces.clear()
        if text:
            yield _Block(text, kinds[-1])

    walker = etree.iterwalk(body if body is not None else tree, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event in ("comment", "pi"):
            pieces.append(element.tail or "")
            continue
        if element.tag not in _INLINE | _INVISIBLE:
            yield from flush()
        if event == "start":
            kinds.append(kinds[-1] or _kind(element))
            if element.tag in _INVISIBLE:
                walker.skip_subtree()
            else:
                pieces.append(element.text or "")
        else:
            kinds.pop()
            pieces.append(element.tail or "")
    yield from flush()


def _kind(element: Any) -> str | None:
    if element.tag in _KIND_BY_TAG:
        return _KIND_BY_TAG[element.tag]
    if element.tag in ("html", "body", "main", "article"):
        return None
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return next((kind for pattern, kind in _KIND_BY_CLASS if pattern.search(names)), None)


def _clear_story(blocks: list[_Block], story: str, title: str | None) -> None:
    """Take what trafilatura calls the article for the story, and all else for the page around it."""
    if len(story) < _MIN_STORY_CHARS:
        return
    lines = {" ".join(line.strip("-# |").split()) for line in story.split("\n")}
    joined = "\n".join(sorted(lines))
    headline = next((block for block in blocks if block.text == title), None)
    for block in blocks:
        if (
            block is headline
            or block.text in lines
            or (len(block.text) >= _MIN_STORY_CHARS and block.text in joined)
        ):
            block.kind = None
        elif block.kind is None and len(block.text) < 200:
            block.kind = "menu"


def _marks(blocks: list[_Block]) -> list[Boilerplate]:
    marks, offset = [], 0
    for block in blocks:
        if block.kind:
            marks.append(Boilerplate(start=offset, end=offset + len(block.text), kind=block.kind))
        offset += len(block.text) + 2
    return marks
