"""Commands about the records themselves: what stages there are, the schema, and is this file valid."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer
from pydantic import BaseModel
from rich.table import Table

from dealfacts.cli.console import EXIT_FAILED, RejectLog, say, show
from dealfacts.errors import ConfigError
from dealfacts.jsonl import read_records
from dealfacts.records import Article, Deal, Evidence, Fact, Mention, Reject
from dealfacts.stage import load, stage_names

RECORDS: dict[str, type[BaseModel]] = {
    "article": Article,
    "mention": Mention,
    "fact": Fact,
    "deal": Deal,
    "reject": Reject,
}


def register(app: typer.Typer) -> None:
    """Add `stages`, `schema` and `validate`."""
    app.command("stages")(stages_command)
    app.command("schema")(schema_command)
    app.command("validate")(validate_command)


def stages_command() -> None:
    """List the installed stages: what each needs and what it adds."""
    table = Table("stage", "version", "needs", "adds", "options")
    for name in stage_names():
        try:
            stage = load(name)
        except ConfigError as error:  # somebody's broken stage must not hide the others
            table.add_row(name, "", "", "", f"not usable: {error}")
            continue
        options = ", ".join(f"{key}={value!r}" for key, value in stage.options().items())
        table.add_row(name, stage.version, ", ".join(stage.requires), ", ".join(stage.assigns), options)
    show(table)


def schema_command(
    record: Annotated[str, typer.Argument(help=f"One of {', '.join(RECORDS)}.")] = "article",
) -> None:
    """Print the JSON Schema of a record."""
    if record not in RECORDS:
        raise ConfigError(f"there is no record {record!r}; there are: {', '.join(RECORDS)}")
    schema = RECORDS[record].model_json_schema()
    sys.stdout.buffer.write(orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def validate_command(
    file: Annotated[Path, typer.Argument(help="JSONL file; - is standard input.")],
    record: Annotated[str, typer.Option(help=f"One of {', '.join(RECORDS)}.")] = "article",
) -> None:
    """Check every line of a file against the record contract, offsets included."""
    if record not in RECORDS:
        raise ConfigError(f"there is no record {record!r}; there are: {', '.join(RECORDS)}")
    log = RejectLog()
    count = 0
    for item in read_records(file, RECORDS[record], log, "validate"):
        count += 1
        if isinstance(item, Article):
            for problem in offset_problems(item):
                log(Reject(source=str(file), id=item.id, stage="validate", error=f"{item.id}: {problem}"))
    say(f"{count} {record} records, {log.count} problems")
    raise typer.Exit(EXIT_FAILED if log.count else 0)


def offset_problems(article: Article) -> list[str]:
    """List the spans of an article that do not hold the text they say they hold."""
    spans: list[tuple[str, Mention | Evidence]] = [(f"mention {m.id}", m) for m in article.mentions or ()]
    spans += [
        (f"evidence of fact {fact.id}", evidence)
        for fact in article.facts or ()
        for evidence in fact.evidence
    ]
    return [
        f"{name} says {span.text!r} but {span.start}:{span.end} is {article.text[span.start : span.end]!r}"
        for name, span in spans
        if article.text[span.start : span.end] != span.text
    ]
