"""What the command says to people: messages, progress and tables, all on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dealfacts.jsonl import dumps
from dealfacts.records import Reject

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

# No markup and no emoji codes: names and messages hold other people's text, brackets and colons included.
_open_console = partial(Console, stderr=True, highlight=False, markup=False, emoji=False)
_console = _open_console(soft_wrap=True)


def say(message: str) -> None:
    """Write a line to standard error."""
    _console.print(message)


def show(table: Table) -> None:
    """Write a table to standard error, as wide as the terminal or 120 columns where there is none."""
    wide = _console if _console.is_terminal else _open_console(width=120)
    wide.print(table)


@contextmanager
def progress_bar() -> Iterator[_Bars]:
    """Show a bar for each step on a terminal, and nothing elsewhere."""
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console, disable=not _console.is_terminal) as progress:
        yield _Bars(progress)


class _Bars:
    """One bar a step; call it with the step, how much is done and the total."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, int] = {}

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total)
        self._progress.update(self._tasks[step], completed=done, total=total)  # type: ignore[arg-type]


class RejectLog:
    """Collects what could not be used: told on standard error, or written to a file.

    Args:
        path: a JSONL file for the rejects; without it each is told in a line of its own.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.count = 0
        self._file = path.open("wb") if path else None

    def __call__(self, reject: Reject) -> None:
        """Take note of one reject."""
        self.count += 1
        if self._file:
            self._file.write(dumps(reject))
            self._file.flush()
        else:
            say(f"dealfacts: {describe_reject(reject)}")


def describe_reject(reject: Reject) -> str:
    """Say in one line where a reject stood, what was wrong and what helps."""
    place = reject.source if reject.line is None else f"{reject.source}:{reject.line}"
    remedy = f"; {reject.remedy}" if reject.remedy else ""
    return f"{place}: {reject.stage}: {reject.error}{remedy}"
