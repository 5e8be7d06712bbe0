"""A subcommand for each installed stage, third-party ones included: articles in, articles out."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from dealfacts.cli.console import EXIT_FAILED, RejectLog, say
from dealfacts.errors import ConfigError
from dealfacts.jsonl import read_records, write_records
from dealfacts.records import Article, Reject
from dealfacts.run.workers import describe
from dealfacts.stage import Stage, check_requirements, load, stage_class, stage_names
from dealfacts.stages.ingest import ingest

Input = Annotated[Path, typer.Argument(help="JSONL file of articles; - is standard input.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="JSONL file to write; - is standard output.")]
Rejects = Annotated[
    Path | None, typer.Option(help="JSONL file for what cannot be used; else it is told on standard error.")
]


def register(app: typer.Typer) -> None:
    """Add `ingest` and a command for each stage."""
    app.command("ingest")(ingest_command)
    for name in stage_names():
        try:
            app.command(name, help=_summary(name))(_stage_command(name))
        except ConfigError as error:
            # Somebody's broken stage must not take the whole command down.
            app.command(name, help=f"Not usable: {error}")(_broken_command(error))


def _broken_command(error: ConfigError) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


def _summary(name: str) -> str:
    return inspect.cleandoc(stage_class(name).__doc__ or name).partition("\n")[0]


def ingest_command(
    corpus: Annotated[Path, typer.Argument(help="Folder or file: .txt .md .html .jsonl, also .gz and .zst.")],
    output: Output = Path("-"),
    rejects: Rejects = None,
    max_chars: Annotated[int, typer.Option(help="Reject longer articles.", min=1)] = 1_000_000,
) -> None:
    """Read articles from files of any common kind."""
    log = RejectLog(rejects)
    write_records(output, ingest(corpus, log, max_chars))
    raise typer.Exit(EXIT_FAILED if log.count else 0)


def _stage_command(name: str) -> Callable[..., None]:
    """Make the command of a stage; its options are the fields of its dataclass."""

    def command(source: Path, output: Path, rejects: Path | None, **options: Any) -> None:
        run_filter(load(name, **options), source, output, RejectLog(rejects))

    parameters = [
        _parameter("source", Input, Path("-")),
        _parameter("output", Output, Path("-")),
        _parameter("rejects", Rejects, None),
        *_options(stage_class(name)),
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _options(kind: type[Stage]) -> list[inspect.Parameter]:
    hints = get_type_hints(kind)
    documented = _documented_arguments(kind)
    return [
        _parameter(
            option.name,
            Annotated[hints[option.name], typer.Option(help=documented.get(option.name, ""))],
            option.default,
        )
        for option in dataclasses.fields(kind)
        if option.default is not dataclasses.MISSING
    ]


def _documented_arguments(kind: type[Stage]) -> dict[str, str]:
    """Read the `Args:` of a stage's docstring: they are the help of its options."""
    _, _, section = inspect.cleandoc(kind.__doc__ or "").partition("Args:\n")
    entries: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        if line.startswith("    ") and not line.startswith("     ") and ":" in line:
            name, _, text = line.strip().partition(":")
            entries[name] = text.strip()
        elif name and line.startswith("     "):
            entries[name] += " " + line.strip()
        else:
            break
    return entries


def run_filter(stage: Stage, source: Path, output: Path, log: RejectLog) -> None:
    """Run one stage over a JSONL stream; what fails goes to the log and the rest goes on."""

    def set_aside(article: Article, error: Exception) -> None:
        log(Reject(source=str(source), id=article.id, stage=stage.name, error=describe(error)))

    def usable() -> Any:
        for article in read_records(source, Article, log, stage.name):
            try:
                check_requirements(stage, article)
            except Exception as error:  # told like any other article that cannot be used
                set_aside(article, error)
            else:
                yield article

    count = write_records(output, stage.pipe(usable(), set_aside))
    if str(output) != "-":
        say(f"{output}: {count} articles")
    raise typer.Exit(EXIT_FAILED if log.count else 0)
