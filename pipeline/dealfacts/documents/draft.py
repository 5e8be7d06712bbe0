"""What a reader makes of one document, before it becomes an article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dealfacts.records import Boilerplate


@dataclass
class Draft:
    """The text of one document and what was found about it.

    `published_from` says where the date was found: field, meta, url, text or caption.
    """

    text: str
    title: str | None = None
    published: str | None = None
    published_from: str | None = None
    url: str | None = None
    source: str | None = None
    boilerplate: list[Boilerplate] = field(default_factory=list)
    other: dict[str, Any] = field(default_factory=dict)
    """Unknown keys of the input, passed through."""
    notes: list[str] = field(default_factory=list)
    """What could not be read as it stands, and what became of it, as `what; what is done`."""
