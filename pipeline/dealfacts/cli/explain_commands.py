"""`dealfacts explain`: what a fact was read from, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from dealfacts.deals import explain_fact
from dealfacts.errors import InputError
from dealfacts.jsonl import read_records
from dealfacts.records import Article, Deal


def register(app: typer.Typer) -> None:
    """Add `explain`."""
    app.command("explain")(explain_command)


def explain_command(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id of a fact or deal, or its start.")],
    source: Annotated[Path, typer.Argument(help="Output folder of a run, or a JSONL file with facts.")],
) -> None:
    """Show the words a fact was read from, who plays which role and why, and what its figures rest on."""
    wanted = _fact_ids(identity, source)
    path = source / "facts.jsonl" if source.is_dir() else source
    found = 0
    for article in read_records(path, Article):
        for fact in article.facts or ():
            if any(fact.id.startswith(start) for start in wanted):
                found += 1
                sys.stdout.write(f"{article.id}: {article.title or article.text[:60]}\n")
                sys.stdout.write(f"{explain_fact(article, fact.id)}\n\n")
    if not found:
        raise InputError(f"{path}: no fact or deal has an id that starts with {identity!r}")


def _fact_ids(identity: str, source: Path) -> list[str]:
    """Return the facts of a deal when the id is a deal's, else the id itself."""
    deals = source / "deals.jsonl"
    if not identity.startswith("d-") or not deals.is_file():
        return [identity]
    return list(_facts_of(identity, deals)) or [identity]


def _facts_of(identity: str, deals: Path) -> Iterator[str]:
    for deal in read_records(deals, Deal):
        if deal.id.startswith(identity):
            yield from deal.fact_ids
