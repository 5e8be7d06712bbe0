"""`dealfacts evaluate`: how good is a run, measured on hand-labelled articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from typer.core import TyperGroup

from dealfacts.cli.console import EXIT_FAILED, say
from dealfacts.errors import ConfigError
from dealfacts.evaluate import evaluate, read_gold
from dealfacts.evaluate.floors import check_floors
from dealfacts.evaluate.formats import FORMATS
from dealfacts.evaluate.report import text_report, write_report
from dealfacts.evaluate.translation import score_file
from dealfacts.jsonl import write_records

_DEFAULT = "score"


class _ScoresByDefault(TyperGroup):
    """A group whose first subcommand may be left out: `evaluate GOLD OUT` is `evaluate score GOLD OUT`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add `evaluate` with `score` (the default), `translate` and `convert`."""
    group = typer.Typer(
        cls=_ScoresByDefault,
        no_args_is_help=True,
        help="Score a run against labelled articles (evaluate GOLD OUT), score translations, move labels.",
    )
    group.command(_DEFAULT)(score_command)
    group.command("translate")(translate_command)
    group.command("convert")(convert_command)
    app.add_typer(group, name="evaluate")


def score_command(
    gold: Annotated[Path, typer.Argument(help="Labelled articles: a JSONL file or a folder of them.")],
    out: Annotated[Path, typer.Argument(help="Output folder of a run, or a JSONL file from any stage.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    write: Annotated[
        Path | None, typer.Option(help="Folder for evaluation.txt, evaluation.json and errors.html.")
    ] = None,
    floors: Annotated[Path | None, typer.Option(help="Fail when a measure is below its floor here.")] = None,
    resamples: Annotated[int, typer.Option(help="Bootstrap samples behind the intervals.")] = 1000,
) -> None:
    """Score every stage against labelled articles: precision, recall and F1 with 95 % intervals."""
    evaluation = evaluate(gold, out, resamples)
    if as_json:
        _print_json(evaluation.to_json())
    else:
        sys.stdout.write(text_report(evaluation) + "\n")
    if write:
        for path in write_report(evaluation, write):
            say(f"wrote {path}")
    findings = check_floors(evaluation, floors) if floors else []
    for finding in findings:
        say(finding)
    raise typer.Exit(EXIT_FAILED if findings else 0)


def translate_command(
    file: Annotated[Path, typer.Argument(help="JSONL rows {lang, source, translation, reference}.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Score translations: BLEU and chrF with signatures, and how many figures and names came out exact."""
    scores = score_file(file)
    if as_json:
        _print_json({language: score.to_json() for language, score in scores.items()})
        return
    for language, score in scores.items():
        line = f"{language}  {score.sentences} sentences  BLEU {score.bleu:.1f}  chrF {score.chrf:.1f}"
        for name, kept in (("figures", score.figures), ("names", score.names)):
            line += f"  {name} exact {kept.share:.1%} of {kept.total}" if kept else ""
        sys.stdout.write(line + "\n")
    signed = next(iter(scores.values()))
    sys.stdout.write(f"BLEU {signed.bleu_signature}\nchrF {signed.chrf_signature}\n")


def convert_command(
    source: Annotated[Path, typer.Argument(help="Labelled articles in the form --from.")],
    target: Annotated[Path, typer.Argument(help="The file to write, in the form --to.")],
    source_form: Annotated[str, typer.Option("--from", help=f"gold, {', '.join(FORMATS)}.")] = "gold",
    target_form: Annotated[str, typer.Option("--to", help=f"gold, {', '.join(FORMATS)}.")] = "gold",
) -> None:
    """Move labels between this project's gold and Label Studio, doccano, spaCy and IOB2."""
    for form in (source_form, target_form):
        if form != "gold" and form not in FORMATS:
            raise ConfigError(f"there is no form {form!r}; there are: gold, {', '.join(FORMATS)}")
    articles = list(read_gold(source) if source_form == "gold" else FORMATS[source_form].read(source))
    if target_form == "gold":
        write_records(target, articles)
    else:
        FORMATS[target_form].write(articles, target)
    say(f"{target}: {len(articles)} articles as {target_form}")


def _print_json(value: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
