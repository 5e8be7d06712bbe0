"""Plain text and Markdown: a title, a date and a story, as people save them."""

from __future__ import annotations

import itertools
from functools import cache

import regex

from dealfacts.documents.boilerplate import Line, mark_boilerplate, split_lines
from dealfacts.documents.draft import Draft
from dealfacts.documents.published import date_in_head, date_in_stamp, parse_date, parse_given_date
from dealfacts.lang import lang_data, languages
from dealfacts.records import Boilerplate

_FRONT_MATTER = regex.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", regex.S)
_FIELD = regex.compile(r"^([\p{L}_]+)[ \t]*:[ \t]*(.+?)[ \t]*$", regex.M)
_MAX_TITLE_CHARS = 200
_HEAD_LINES = 10


def read_plain(text: str) -> Draft:
    """Read a plain text or Markdown document.

    Front matter (`title: ...` between `---` lines) is believed; otherwise the title is a headline-like
    first line and the date a dateline. The text stays as it is; what is not the story is marked.
    """
    draft = Draft(text=text)
    head_end = _read_front_matter(draft)
    body = text[head_end:]
    dateline = date_in_head(body)
    if draft.title is None:
        draft.title = find_title(split_lines(_without(body, dateline)))
    draft.boilerplate += [_shift(part, head_end) for part in mark_boilerplate(body, draft.title)]
    if draft.published is None and dateline:
        draft.published, draft.published_from = dateline[0], "text"
        _mark(draft, head_end + dateline[1], head_end + dateline[2], "meta")
    elif draft.published is None and (stamp := date_in_stamp(text)):
        draft.published, draft.published_from = stamp, "caption"
    return draft


def _without(text: str, dateline: tuple[str, int, int] | None) -> str:
    return text[: dateline[1]] + text[dateline[2] :] if dateline else text


def _read_front_matter(draft: Draft) -> int:
    match = _FRONT_MATTER.match(draft.text)
    if not match:
        return 0
    for key, quoted in _FIELD.findall(match[1]):
        value = quoted.strip("\"'")
        field = _front_matter_fields().get(key.casefold())
        if field == "published":
            draft.published, draft.published_from = parse_given_date(value), "field"
        elif field:
            setattr(draft, field, value)
    _mark(draft, match.start(1), match.end(1), "meta")
    return match.end()


def _mark(draft: Draft, start: int, end: int, kind: str) -> None:
    if all(part.end <= start or end <= part.start for part in draft.boilerplate):
        draft.boilerplate.append(Boilerplate(start=start, end=end, kind=kind))
        draft.boilerplate.sort(key=lambda part: part.start)


def _shift(part: Boilerplate, by: int) -> Boilerplate:
    return Boilerplate(start=part.start + by, end=part.end + by, kind=part.kind)


@cache
def _front_matter_fields() -> dict[str, str]:
    """Map what front matter calls its fields, in any language, to what a draft calls them."""
    return {
        name: field
        for language in languages()
        for field, names in lang_data(language, "documents.toml")["front_matter"].items()
        for name in names
    }


@cache
def _no_titles() -> frozenset[str]:
    return frozenset(
        word for language in languages() for word in lang_data(language, "documents.toml")["no_titles"]
    )


def find_title(lines: list[Line]) -> str | None:
    """Find the headline among the first lines: one that is repeated, else the first if it looks like one.

    Markdown heading marks are left out. A section head such as "Introduction" is no title.
    """
    head = [regex.sub(r"^#+\s+", "", line.text) for line in lines[:_HEAD_LINES]]
    # A headline stands above the story; what is said twice below its first sentence is a caption.
    above = list(itertools.takewhile(lambda text: not text.endswith((".", "!", "?", "”", '"')), head))
    for text in above:
        if head.count(text) > 1 and len(text.split()) >= 4 and _could_be_title(text):
            return text
    return head[0] if len(lines) > 1 and _could_be_title(head[0]) else None


def _could_be_title(text: str) -> bool:
    words = text.split()
    return (
        2 < len(words) <= 30
        and len(text) <= _MAX_TITLE_CHARS
        and not text.endswith((".", ":", ";", ","))
        and text.casefold() not in _no_titles()
        and parse_date(text) is None
    )
