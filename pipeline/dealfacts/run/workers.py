"""Run a stage over lines of JSON, in this process or in several, and lose only what cannot be done."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import orjson

from dealfacts.jsonl import dumps
from dealfacts.records import Article, Reject
from dealfacts.stage import Stage, check_requirements

CHUNK = 16
"""Articles handed to a worker at a time; fixed, so that no output can depend on the number of workers."""

Outcome = bytes | Reject
"""The line a stage made of an article, or why it could not."""


@dataclass(frozen=True)
class Task:
    """A stage and the lines of some articles to run it on."""

    stage: Stage
    lines: tuple[bytes, ...]


class Workers:
    """Runs stages over lines, on one process or several; results come in the order of the input.

    Args:
        jobs: how many processes; with 1 the work is done in this one.
    """

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = max(1, jobs)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(self, stage: Stage, lines: Iterable[bytes], expected: int) -> Iterator[list[Outcome]]:
        """Yield the outcomes of each chunk of lines, in order.

        Args:
            stage: the stage, not yet opened: each process opens its own.
            lines: articles as JSON lines.
            expected: about how many there are; a few are not worth starting processes for.
        """
        stream = iter(lines)
        tasks = (Task(stage, chunk) for chunk in iter(lambda: tuple(itertools.islice(stream, CHUNK)), ()))
        if self.jobs == 1 or expected <= 2 * CHUNK:
            for task in tasks:
                yield perform(task)
        else:
            yield from self._run_in_pool(tasks)

    def _run_in_pool(self, tasks: Iterator[Task]) -> Iterator[list[Outcome]]:
        waiting: deque[tuple[Task, Future[list[Outcome]]]] = deque()
        # A bounded number in flight: a large corpus is never in memory whole.
        for task in itertools.islice(tasks, 4 * self.jobs):
            waiting.append((task, self._start().submit(perform, task)))
        while waiting:
            task, future = waiting.popleft()
            try:
                outcomes = future.result()
            except BrokenProcessPool:
                self._stop()
                outcomes = _perform_one_by_one(task)
                waiting = deque((later, self._start().submit(perform, later)) for later, _ in waiting)
            if (upcoming := next(tasks, None)) is not None:
                waiting.append((upcoming, self._start().submit(perform, upcoming)))
            yield outcomes

    def _start(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = _new_pool(self.jobs)
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _new_pool(jobs: int) -> ProcessPoolExecutor:
    # spawn, not fork: models with threads of their own do not survive a fork.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End this worker when its run is killed; it would wait for work, its models loaded, for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _perform_one_by_one(task: Task) -> list[Outcome]:
    """Run each article of a chunk by itself in a process that it may break; only the culprit is rejected."""
    outcomes: list[Outcome] = []
    while len(outcomes) < len(task.lines):
        with _new_pool(1) as alone:
            try:
                for line in task.lines[len(outcomes) :]:
                    outcomes += alone.submit(perform, Task(task.stage, (line,))).result()
            except BrokenProcessPool:
                error = "the article ended the process that worked on it, perhaps for lack of memory"
                remedy = "run it alone with more memory, or leave it out"
                outcomes.append(_reject(task.stage, task.lines[len(outcomes)], error, remedy))
    return outcomes


_opened: dict[str, Stage] = {}
"""The stages this process has opened, by their fingerprint: models are loaded once a process."""


def perform(task: Task) -> list[Outcome]:
    """Run a stage over some lines; one outcome for each line, in order."""
    stage = _open(task.stage)
    articles = [_article_of(stage, line) for line in task.lines]
    fit = [article for article in articles if isinstance(article, Article)]
    try:
        done = iter([dumps(article) for article in stage.pipe(fit)])
    except Exception:  # one article failed: redo each by itself, from its line as it was
        return [_perform_alone(stage, line) for line in task.lines]
    return [article if isinstance(article, Reject) else next(done) for article in articles]


def _perform_alone(stage: Stage, line: bytes) -> Outcome:
    """Run a stage over one line."""
    article = _article_of(stage, line)
    if isinstance(article, Reject):
        return article
    try:
        (done,) = stage.pipe([article])
    except Exception as error:  # whatever is wrong with an article must not stop the others
        return Reject(source=article.id, id=article.id, stage=stage.name, error=describe(error))
    return dumps(done)


def _article_of(stage: Stage, line: bytes) -> Article | Reject:
    """Read the article of a line, or say why the stage cannot use it."""
    try:
        article = Article.model_validate(orjson.loads(line))
        check_requirements(stage, article)
    except Exception as error:  # whatever is wrong with a line must not stop the others
        return _reject(stage, line, describe(error))
    return article


def _open(stage: Stage) -> Stage:
    key = orjson.dumps(stage.fingerprint(), option=orjson.OPT_SORT_KEYS).decode()
    return _opened.setdefault(key, stage)


def describe(error: Exception) -> str:
    """Say in one line what went wrong, with the kind of error when it was not raised on purpose."""
    text = " ".join(str(error).split())
    return text if type(error).__module__.startswith("dealfacts") else f"{type(error).__name__}: {text}"


def _reject(stage: Stage, line: bytes, error: str, remedy: str | None = None) -> Reject:
    try:
        identity = str(orjson.loads(line)["id"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        identity = "?"
    return Reject(source=identity, id=identity, stage=stage.name, error=error, remedy=remedy)
