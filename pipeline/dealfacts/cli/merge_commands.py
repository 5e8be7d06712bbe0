"""Commands about the table: merge, report, review, diff and export."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from dealfacts.cli.console import EXIT_FAILED, RejectLog, say, show
from dealfacts.cli.tables import deals_table
from dealfacts.errors import ConfigError
from dealfacts.jsonl import dumps, read_records
from dealfacts.merge import (
    Corpus,
    Decision,
    Decisions,
    Question,
    append_decisions,
    diff,
    explain,
    format_diff,
    format_explanation,
    format_question,
    make_decisions,
    merge_corpus,
    read_aliases,
    read_corpus,
    read_decisions,
    review,
    to_ftm,
    write_outputs,
)
from dealfacts.records import Article, Deal
from dealfacts.report import by_weight, write_report

Articles = Annotated[Path, typer.Argument(help="JSONL file of articles with facts; - is standard input.")]
DecisionsFile = Annotated[Path | None, typer.Option(help="Decisions by people: a JSONL file.", exists=True)]
AliasFile = Annotated[Path | None, typer.Option(help="Names that are one or not: a TOML file.", exists=True)]


def register(app: typer.Typer) -> None:
    """Add `merge`, `report`, `review`, `diff` and `export`."""
    app.command("merge")(merge_command)
    app.command("report")(report_command)
    app.command("review")(review_command)
    app.command("diff")(diff_command)
    app.command("export")(export_command)


def merge_command(
    source: Articles = Path("-"),
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the tables.")] = Path("work/merged"),
    decisions: DecisionsFile = None,
    aliases: AliasFile = None,
    explain_id: Annotated[
        str | None, typer.Option("--explain", help="Show what made this row, and write nothing.")
    ] = None,
) -> None:
    """Fold the facts of all articles into one row per deal; write deals.jsonl, .csv, .parquet and .duckdb."""
    log = RejectLog()
    articles = [article.model_dump(mode="json") for article in read_records(source, Article, log, "merge")]
    decided = all_decisions(decisions, aliases)
    merged = merge_corpus(read_corpus(articles), decided)
    if explain_id:
        sys.stdout.write(format_explanation(explain(merged, explain_id, decided)) + "\n")
    else:
        deals = merged.deals
        write_outputs(out, articles, deals)
        show(deals_table(by_weight(deals)))
        say(f"{len(deals)} deals from {len(articles)} articles in {out}")
    raise typer.Exit(EXIT_FAILED if log.count else 0)


def all_decisions(decisions: Path | None, aliases: Path | None) -> Decisions:
    """Read what people decided; a decision on a pair wins over the alias file."""
    if aliases is None:
        return read_decisions(decisions)
    lines = read_aliases(aliases)
    if decisions and decisions.is_file():
        lines += read_records(decisions, Decision)
    return make_decisions(lines)


def report_command(
    deals: Annotated[Path, typer.Argument(help="deals.jsonl of a merge.")],
    articles: Annotated[Path, typer.Argument(help="The articles with facts that it was made from.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write.")] = Path("report.html"),
) -> None:
    """Write one self-contained page with every deal and its evidence."""
    write_report(output, list(read_records(deals, Deal)), list(read_records(articles, Article)))
    say(f"wrote {output}")


def review_command(
    source: Articles,
    decisions: Annotated[Path, typer.Option(help="Where answers are added, one line each.")] = Path(
        "decisions.jsonl"
    ),
    limit: Annotated[int, typer.Option(help="How many questions at most.")] = 20,
) -> None:
    """Show the merges and splits that are least certain; on a terminal, ask and write down the answers."""
    decided = read_decisions(decisions if decisions.is_file() else None)
    questions = review(merge_corpus(_corpus(source), decided), limit, decided)
    if not sys.stdin.isatty():
        for question in questions:
            sys.stdout.write(format_question(question) + "\n")
        return
    answers = list(_ask(questions))
    if answers:
        append_decisions(decisions, answers)
    say(f"{len(answers)} decisions added to {decisions}")


def _corpus(source: Path) -> Corpus:
    return read_corpus(article.model_dump(mode="json") for article in read_records(source, Article))


def _ask(questions: list[Question]) -> Iterator[Decision]:
    for question in questions:
        say(format_question(question))
        answer = typer.prompt("Are these one? yes, no, skip or quit", default="skip", err=True)
        if answer.startswith("q"):
            return
        if answer[:1] in ("y", "n"):
            yield question.decide(answer[0] == "y", getpass.getuser(), datetime.now(UTC).date().isoformat())


def diff_command(
    old: Annotated[Path, typer.Argument(help="Earlier deals.jsonl, or the folder it is in.")],
    new: Annotated[Path, typer.Argument(help="Later deals.jsonl, or the folder it is in.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the difference as JSON.")] = False,
) -> None:
    """Say what changed between two runs: new deals, status, conflicts, rows that met or parted."""
    before, after = list(_deals(old)), list(_deals(new))
    changes = diff(before, after)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(changes, option=orjson.OPT_APPEND_NEWLINE))
    else:
        sys.stdout.write(format_diff(changes, after) + "\n")


def _deals(path: Path) -> Iterator[Deal]:
    return read_records(path / "deals.jsonl" if path.is_dir() else path, Deal)


def export_command(
    deals: Annotated[Path, typer.Argument(help="deals.jsonl, or the folder it is in.")],
    form: Annotated[str, typer.Option("--to", help="The form: ftm (FollowTheMoney entities).")] = "ftm",
) -> None:
    """Write the deals to standard output in another tool's form."""
    forms: dict[str, Any] = {"ftm": to_ftm}
    if form not in forms:
        raise ConfigError(f"there is no form {form!r}; there are: {', '.join(forms)}")
    for entity in forms[form](_deals(deals)):
        sys.stdout.buffer.write(dumps(entity))
