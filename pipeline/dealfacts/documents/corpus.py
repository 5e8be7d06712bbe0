"""A corpus of files as a stream of articles; what cannot be used is said, and nothing else is lost."""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from dealfacts.documents.decode import decode_bytes
from dealfacts.documents.draft import Draft
from dealfacts.documents.html import declared_encoding, read_html
from dealfacts.documents.mend import describe_strays, mend_utf8
from dealfacts.documents.plain import read_plain
from dealfacts.documents.published import date_in_url, parse_given_date
from dealfacts.errors import DealfactsError, InputError
from dealfacts.jsonl import MAX_LINE_BYTES, describe_invalid, numbered_lines, open_binary
from dealfacts.records import Article, Boilerplate, Reject, content_id

_PLAIN = {".txt", ".text", ".md", ".markdown"}
_HTML = {".html", ".htm", ".xhtml"}
_LINES = {".jsonl", ".ndjson"}
_PACKED = {".gz", ".zst"}
_ALIASES = {
    "id": ("id", "_id", "guid", "uuid"),
    "text": ("text", "body", "content", "articleBody", "maintext", "article"),
    "title": ("title", "headline"),
    "published": (
        "published", "date", "published_at", "date_publish", "datePublished", "publication_date", "pubDate",
    ),
    "url": ("url", "link", "canonical_url"),
    "source": ("source", "publisher", "sitename", "domain"),
}  # fmt: skip
_MARKUP = re.compile(r"<(?:p|div|br|html|article|h1)\b[^>]*>", re.IGNORECASE)

OnReject = Callable[[Reject], None]


def kind_of(path: Path) -> str | None:
    """Return what a file holds by its name: plain, html or lines; None when it is none of these."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    last = suffixes[-1] if suffixes else ""
    return "plain" if last in _PLAIN else "html" if last in _HTML else "lines" if last in _LINES else None


def corpus_files(corpus: Path) -> list[Path]:
    """List the files of a corpus in order of name: one file, or a folder and all below it but hidden files.

    Links to folders and to nowhere are listed too, so that what lies behind them is not lost without a word.

    Raises:
        InputError: when there is no such file or folder.
    """
    if corpus.is_file() or str(corpus) == "-":
        return [corpus]
    if not corpus.is_dir():
        raise InputError(f"{corpus}: there is no such file or folder")
    found = (path for path in corpus.rglob("*") if path.is_file() or path.is_symlink())
    return sorted(
        path for path in found if not any(p.startswith(".") for p in path.relative_to(corpus).parts)
    )


def file_name(corpus: Path, path: Path) -> str:
    """Name a file of a corpus by its path in it; bytes that are no UTF-8 are written out in hex."""
    name = path.name if path == corpus else path.relative_to(corpus).as_posix()
    return os.fsencode(name).decode(errors="backslashreplace")


@dataclass
class CorpusReader:
    """Reads articles from files: .txt, .md, .html and .jsonl, each also as .gz or .zst.

    Args:
        max_chars: a longer article is rejected: it is a book or a broken file, and would hold up the rest.
        latest: a publication date after this day is not believed; by default two days from now.
    """

    max_chars: int = 1_000_000
    latest: datetime.date = field(
        default_factory=lambda: datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)
    )

    def read(self, corpus: Path, on_reject: OnReject) -> Iterator[Article]:
        """Read every article of a corpus, files in order of name.

        The id of a text or page is its path in the corpus without the ending; that of a JSON record
        is its own, or made from its content when it has none.

        Args:
            corpus: a folder, a file, or `-` for JSON lines on standard input.
            on_reject: told of everything that could not be used.

        Raises:
            InputError: when there is no such corpus, or it holds no file at all.
        """
        files = corpus_files(corpus)
        if not files:
            raise InputError(f"{corpus}: the folder is empty; put .txt, .md, .html or .jsonl files in it")
        ids = self._file_ids(corpus, files)
        seen: dict[str, str] = {}
        for path in files:
            try:
                yield from self._new_articles(path, ids[path], seen, on_reject)
            except Exception as error:  # whatever is wrong with one file must not stop the others
                on_reject(_reject(ids[path][0], None, error, leave_out=f"{path}: "))

    def _file_ids(self, corpus: Path, files: list[Path]) -> dict[Path, tuple[str, str]]:
        """Name each file, as shown in rejects and as an article id; files that differ by ending keep it."""
        names = {path: file_name(corpus, path) for path in files}
        stems = {path: _stem(name) for path, name in names.items()}
        shared = Counter(stems.values())
        return {
            path: (names[path], stems[path] if shared[stems[path]] == 1 else names[path]) for path in files
        }

    def _new_articles(
        self, path: Path, name: tuple[str, str], seen: dict[str, str], on_reject: OnReject
    ) -> Iterator[Article]:
        for line, article in self._articles(path, name, on_reject):
            place = name[0] if line is None else f"{name[0]}:{line}"
            if article.id in seen:
                remedy = "remove one of them, or give it another id"
                error = f"the id is that of {seen[article.id]}"
                on_reject(
                    Reject(
                        source=name[0], line=line, id=article.id, stage="ingest", error=error, remedy=remedy
                    )
                )
                continue
            seen[article.id] = place
            yield article

    def _articles(
        self, path: Path, name: tuple[str, str], on_reject: OnReject
    ) -> Iterator[tuple[int | None, Article]]:
        if path.is_dir():
            raise InputError("a link to a folder is not followed; run that folder itself, or copy it here")
        kind = "lines" if str(path) == "-" else kind_of(path)
        if kind is None:
            raise InputError(
                "the kind of file is not known; use .txt, .md, .html or .jsonl, plain or as .gz or .zst"
            )
        if kind == "lines":
            yield from self._records(path, name[0], on_reject)
            return
        draft = self._document(path, kind)
        yield None, self._article(name[1], draft, partial(_tell, on_reject, name[0], None, name[1]))

    def _document(self, path: Path, kind: str) -> Draft:
        # UTF-8 spends at most 4 bytes a character; a page is mostly markup.
        limit = self.max_chars * (4 if kind == "plain" else 20)
        with open_binary(path) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise InputError(f"the file is larger than {limit / 1e6:.0f} MB; split it into articles")
        if not data.strip():
            raise InputError("the file is empty")
        notes: list[str] = []
        if kind == "plain":
            draft = read_plain(decode_bytes(data, on_note=notes.append))
        else:
            draft = read_html(decode_bytes(data, declared_encoding(data), notes.append))
        draft.notes += notes
        return draft

    def _records(self, path: Path, name: str, on_reject: OnReject) -> Iterator[tuple[int, Article]]:
        with open_binary(path) as file:
            number = 0
            for number, line in numbered_lines(file):
                try:
                    record, notes = self._parse(line)
                    key = _take(record, "id")
                    draft = _record_draft(record)
                    draft.notes += notes
                    identity = (
                        str(key) if key not in (None, "") else content_id("a", draft.url or "", draft.text)
                    )
                    article = self._article(
                        identity, draft, partial(_tell, on_reject, name, number, identity)
                    )
                except Exception as error:  # whatever is wrong with one line must not stop the others
                    on_reject(_reject(name, number, error))
                else:
                    yield number, article
        if number == 0:
            raise InputError("the file is empty")

    def _parse(self, line: bytes | None) -> tuple[dict[str, Any], list[str]]:
        """Read the object of a line, with what there is to tell of its bytes."""
        if line is None:
            raise InputError(f"the line is longer than {MAX_LINE_BYTES >> 20} MiB; split it")
        try:
            record, strays = _loads(line)
        except orjson.JSONDecodeError as error:
            raise InputError(f"the line is not valid JSON ({error}); mend or remove it") from error
        if not isinstance(record, dict):
            raise InputError("the line is not a JSON object; write one article a line")
        return record, [describe_strays(strays)] if strays else []

    def _article(self, identity: str, draft: Draft, say: Callable[[InputError], None]) -> Article:
        if not draft.text.strip():
            raise InputError("the text is empty; the article needs a text")
        if len(draft.text) > self.max_chars:
            raise InputError(f"the text is longer than {self.max_chars:,} characters; split it into articles")
        for note in draft.notes:
            say(InputError(note))
        if draft.published and draft.published > self.latest.isoformat():
            say(
                InputError(
                    f"the date {draft.published} lies in the future; the article is used without a date"
                )
            )
            draft.published = draft.published_from = None
        fields: dict[str, Any] = {
            "id": identity,
            "url": draft.url,
            "source": draft.source,
            "title": draft.title,
            "published": draft.published,
            "text": draft.text,
            **({"published_from": draft.published_from} if draft.published else {}),
            **({"boilerplate": draft.boilerplate} if draft.boilerplate else {}),
        }
        try:
            return Article.model_validate(draft.other | fields)
        except ValidationError as error:
            raise InputError(f"{describe_invalid(error)}; mend or remove it") from error


def _stem(name: str) -> str:
    path = Path(name)
    while path.suffix.lower() in _PLAIN | _HTML | _LINES | _PACKED:
        path = path.with_suffix("")
    return path.as_posix()


def _loads(line: bytes) -> tuple[Any, int]:
    """Parse a line of JSON, in spite of a few stray bytes; return how many there were."""
    try:
        return orjson.loads(line), 0
    except orjson.JSONDecodeError:
        mended, strays = mend_utf8(line) or ("", 0)
        if not strays:
            raise
        return orjson.loads(mended), strays


def _take(record: dict[str, Any], key: str) -> Any:
    """Remove and return the first field of a record that goes by one of the names for `key`."""
    for alias in _ALIASES[key]:
        if record.get(alias) not in (None, ""):
            return record.pop(alias)
    return record.pop(key, None)


def _record_draft(record: dict[str, Any]) -> Draft:
    """Make a draft of a JSON record, taking its fields out of `record`; what is left is passed through."""
    text = _take(record, "text")
    if not isinstance(text, str):
        raise InputError(f"the record has no text; name it {' or '.join(_ALIASES['text'][:3])}")
    url = _take(record, "url")
    given_title, given_date, given_source = (_take(record, key) for key in ("title", "published", "source"))
    if "boilerplate" in record or "mentions" in record:
        draft = Draft(text=text)  # already an article of ours: its offsets must stay true
    else:
        draft = read_html(text, url) if len(_MARKUP.findall(text)) >= 2 else read_plain(text)
    draft.title = given_title or draft.title
    draft.url = url or draft.url
    draft.source = given_source if isinstance(given_source, str) else draft.source
    given_day = parse_given_date(given_date) if given_date else None
    if given_day:
        draft.published, draft.published_from = given_day, record.pop("published_from", "field")
    elif not draft.published and draft.url and (parsed := date_in_url(str(draft.url))):
        draft.published, draft.published_from = parsed, "url"
    if given_date and not given_day and isinstance(given_date, int | float):
        draft.notes.append(_unread_date(given_date, draft.published))
    draft.other = record
    if marks := draft.other.pop("boilerplate", None):
        draft.boilerplate = [Boilerplate.model_validate(mark) for mark in marks]
    return draft


def _unread_date(given: float, found: str | None) -> str:
    instead = f"the date {found} found elsewhere" if found else "no date"
    return f"the date {given} cannot be read as a day; the article is used with {instead}"


def _tell(on_reject: OnReject, source: str, line: int | None, identity: str, error: Exception) -> None:
    on_reject(_reject(source, line, error, identity))


def _reject(
    source: str, line: int | None, error: Exception, identity: str | None = None, leave_out: str = ""
) -> Reject:
    """Make the reject of an error; `leave_out` is how its message names the file, which `source` does."""
    if isinstance(error, DealfactsError):
        reason, _, remedy = str(error).removeprefix(leave_out).partition("; ")
    elif isinstance(error, ValidationError):
        reason, remedy = describe_invalid(error), "mend or remove it"
    else:
        reason, remedy = f"{type(error).__name__}: {' '.join(str(error).split())}", ""
    return Reject(source=source, line=line, id=identity, stage="ingest", error=reason, remedy=remedy or None)
