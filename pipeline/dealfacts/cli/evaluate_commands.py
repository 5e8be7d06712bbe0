"""`dealfacts evaluate`: how good is a run, measured on hand-labelled articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from dealfacts.cli.console import EXIT_FAILED, say
from dealfacts.evaluate import evaluate
from dealfacts.evaluate.floors import check_floors
from dealfacts.evaluate.report import text_report, write_report


def register(app: typer.Typer) -> None:
    """Add `evaluate`."""
    app.command("evaluate")(evaluate_command)


def evaluate_command(
    gold: Annotated[Path, typer.Argument(help="Labelled articles: a JSONL file or a folder of them.")],
    out: Annotated[Path, typer.Argument(help="Output folder of a run, or a JSONL file from any stage.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    write: Annotated[
        Path | None, typer.Option(help="Folder for evaluation.txt, evaluation.json and errors.html.")
    ] = None,
    floors: Annotated[
        Path | None, typer.Option(help="Fail when a measure is below its floor in this file.")
    ] = None,
    resamples: Annotated[int, typer.Option(help="Bootstrap samples behind the intervals.")] = 1000,
) -> None:
    """Score every stage against labelled articles: precision, recall and F1 with 95 % intervals."""
    evaluation = evaluate(gold, out, resamples)
    if as_json:
        sys.stdout.buffer.write(
            orjson.dumps(evaluation.to_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )
    else:
        sys.stdout.write(text_report(evaluation) + "\n")
    if write:
        for path in write_report(evaluation, write):
            say(f"wrote {path}")
    findings = check_floors(evaluation, floors) if floors else []
    for finding in findings:
        say(finding)
    raise typer.Exit(EXIT_FAILED if findings else 0)
