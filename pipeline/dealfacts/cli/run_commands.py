"""`dealfacts run`: a whole corpus to one table of deals."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dealfacts.cli.console import EXIT_FAILED, describe_reject, progress_bar, say, show
from dealfacts.cli.tables import deals_table
from dealfacts.errors import ConfigError
from dealfacts.jsonl import read_records
from dealfacts.records import Deal, Reject
from dealfacts.report import by_weight
from dealfacts.run.runner import DEFAULT_STAGES, REJECTS, RunOptions, run_corpus
from dealfacts.run.stored import STATE_FOLDER
from dealfacts.stage import Stage, load, stage_class

_SHOWN_DEALS = 25
_SHOWN_REJECTS = 10


def register(app: typer.Typer) -> None:
    """Add `run`."""
    app.command("run")(run_command)


def run_command(
    corpus: Annotated[Path, typer.Argument(help="Folder or file of articles.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the outputs.")],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes to use; by default one a core.")
    ] = None,
    stages: Annotated[str, typer.Option(help="Stages to run, in order.")] = ",".join(DEFAULT_STAGES),
    until: Annotated[str | None, typer.Option(help="Stop after this stage.")] = None,
    ner: Annotated[str | None, typer.Option(help="Names model: shipped, spacy:NAME or hf:NAME.")] = None,
    translator: Annotated[str | None, typer.Option(help="auto, shipped, ct2:FOLDER or hf:NAME.")] = None,
    translate: Annotated[str | None, typer.Option(help="What to translate: all, evidence or none.")] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Decisions by people, for the merge.", exists=True)
    ] = None,
    max_chars: Annotated[int, typer.Option(help="Reject longer articles.", min=1)] = 1_000_000,
) -> None:
    """Run a corpus through all stages and merge the facts into one table of deals."""
    # Syndicated copies are translated once; the cache is kept with the run and decides nothing.
    cache = str(out / STATE_FOLDER / "translations.sqlite")
    options = {
        "extract": {"ner": ner},
        "translate": {"translator": translator, "translate": translate, "cache": cache},
    }
    chosen = [make_stage(name, options.get(name, {})) for name in choose_stages(stages, until)]
    with progress_bar() as bars:
        request = RunOptions(corpus, out, tuple(chosen), jobs or os.cpu_count() or 1, max_chars, decisions)
        summary = run_corpus(request, bars)
    if (out / "deals.jsonl").is_file() and "deals.jsonl" in summary.outputs:
        _show_deals(out)
    if summary.up_to_date:
        say(f"Nothing to do: {out} is up to date ({summary.deals} deals from {summary.articles} articles).")
    else:
        say(f"{summary.articles} articles, {summary.facts} facts, {summary.deals} deals in {out}")
    if (out / "report.html").is_file() and (summary.up_to_date or "report.html" in summary.outputs):
        say(f"Report: {out / 'report.html'}")
    if summary.rejects:
        _show_rejects(out / REJECTS, summary.rejects)
        raise typer.Exit(EXIT_FAILED)


def choose_stages(stages: str, until: str | None) -> list[str]:
    """Split the list of stages, and cut it after `until`.

    Raises:
        ConfigError: when `until` is not among them.
    """
    names = [name.strip() for name in stages.split(",") if name.strip()]
    if until is None:
        return names
    if until == "ingest":
        return []
    if until not in names:
        raise ConfigError(f"--until {until}: the run has no such stage, only {', '.join(names)}")
    return names[: names.index(until) + 1]


def make_stage(name: str, options: dict[str, str | None]) -> Stage:
    """Make a stage with those options that were given and that it takes."""
    stage_class(name)
    return load(name, **{key: value for key, value in options.items() if value is not None})


def _show_deals(out: Path) -> None:
    deals = by_weight(list(read_records(out / "deals.jsonl", Deal)))
    show(deals_table(deals[:_SHOWN_DEALS]))
    if len(deals) > _SHOWN_DEALS:
        say(f"... and {len(deals) - _SHOWN_DEALS} more in {out / 'deals.csv'}")


def _show_rejects(path: Path, count: int) -> None:
    say(f"{count} could not be used; see {path}:")
    for number, reject in enumerate(read_records(path, Reject)):
        if number == _SHOWN_REJECTS:
            say(f"  ... and {count - number} more")
            break
        say(f"  {describe_reject(reject)}")
