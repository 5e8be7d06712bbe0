"""`dealfacts merge` and `report`: from articles with facts to the table and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealfacts.cli.console import EXIT_FAILED, RejectLog, say, show
from dealfacts.cli.tables import deals_table
from dealfacts.jsonl import read_records
from dealfacts.merge import merge, read_decisions, write_outputs
from dealfacts.records import Article, Deal
from dealfacts.report import write_report

Articles = Annotated[Path, typer.Argument(help="JSONL file of articles with facts; - is standard input.")]


def register(app: typer.Typer) -> None:
    """Add `merge` and `report`."""
    app.command("merge")(merge_command)
    app.command("report")(report_command)


def merge_command(
    source: Articles = Path("-"),
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the tables.")] = Path("work/merged"),
    decisions: Annotated[Path | None, typer.Option(help="Decisions by people: a JSONL file.")] = None,
) -> None:
    """Fold the facts of all articles into one row per deal; write deals.jsonl, .csv, .parquet and .duckdb."""
    log = RejectLog()
    articles = list(read_records(source, Article, log, "merge"))
    deals = merge(articles, read_decisions(decisions))
    write_outputs(out, articles, deals)
    show(deals_table(deals))
    say(f"{len(deals)} deals from {len(articles)} articles in {out}")
    raise typer.Exit(EXIT_FAILED if log.count else 0)


def report_command(
    deals: Annotated[Path, typer.Argument(help="deals.jsonl of a merge.")],
    articles: Annotated[Path, typer.Argument(help="The articles with facts that it was made from.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")] = Path("report.html"),
) -> None:
    """Write one self-contained page with every deal and its evidence."""
    write_report(output, list(read_records(deals, Deal)), list(read_records(articles, Article)))
    say(f"wrote {output}")
