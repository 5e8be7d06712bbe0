"""Write an evaluation as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import orjson

from dealfacts.evaluate.errors import write_error_page
from dealfacts.evaluate.measures import Measure
from dealfacts.evaluate.scoring import Evaluation
from dealfacts.jsonl import atomic_output

STAGE_ORDER = ("detect", "mentions", "roles", "deals")


def text_report(evaluation: Evaluation) -> str:
    """Return the figures as text: a table a stage, languages side by side, intervals in brackets."""
    lines = [f"{evaluation.articles} labelled articles, gold {evaluation.gold_digest}"]
    if evaluation.missing:
        lines.append(
            f"{len(evaluation.missing)} of them are not in the output and count as empty: "
            + ", ".join(evaluation.missing[:5])
            + (" ..." if len(evaluation.missing) > 5 else "")
        )
    for stage in STAGE_ORDER:
        rows = [measure for measure in evaluation.measures if measure.stage == stage]
        if rows:
            lines += ["", *_stage_table(stage, rows)]
    for title, confusion in (
        ("types", evaluation.type_confusion),
        ("statuses", evaluation.status_confusion),
    ):
        if wrong := [(pair, count) for pair, count in confusion.items() if pair[0] != pair[1]]:
            lines += ["", f"{title} confused on matched deals (label -> found)"]
            lines += [
                f"  {gold} -> {found}: {count}"
                for (gold, found), count in sorted(wrong, key=lambda item: (-item[1], item[0]))
            ]
    return "\n".join(lines) + "\n"


def _stage_table(stage: str, measures: Sequence[Measure]) -> list[str]:
    languages = list(dict.fromkeys(measure.language for measure in measures))
    table: dict[tuple[str, str], dict[str, Measure]] = {}
    for measure in measures:
        table.setdefault((measure.name, measure.label), {})[measure.language] = measure
    header = [stage, "label", "gold", "P", "R", *languages]
    rows = [
        [name, label, *_totals(cells, languages), *(_cell(cells.get(language)) for language in languages)]
        for (name, label), cells in table.items()
    ]
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *rows]
    ]


def _totals(cells: Mapping[str, Measure], languages: Iterable[str]) -> tuple[str, str, str]:
    measure = next(cells[language] for language in languages if language in cells)
    if measure.precision is None or measure.recall is None:
        return str(measure.gold), "", ""
    return str(measure.gold), f"{measure.precision:.3f}", f"{measure.recall:.3f}"


def _cell(measure: Measure | None) -> str:
    if measure is None:
        return ""
    return f"{measure.value:.3f} [{measure.low:.3f} {measure.high:.3f}]"


def write_report(evaluation: Evaluation, folder: Path | str) -> list[Path]:
    """Write `evaluation.txt`, `evaluation.json` and `errors.html` to a folder; return their paths."""
    folder = Path(folder)
    text, data, page = folder / "evaluation.txt", folder / "evaluation.json", folder / "errors.html"
    with atomic_output(text) as file:
        file.write(text_report(evaluation).encode())
    with atomic_output(data) as file:
        file.write(orjson.dumps(evaluation.to_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    write_error_page(evaluation, page)
    return [text, data, page]
