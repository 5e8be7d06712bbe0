"""A corpus through all stages to the deals table, doing only what is not done yet."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson

from dealfacts.errors import ConfigError, InputError
from dealfacts.jsonl import read_records, write_records
from dealfacts.merge import merge_with_memory, read_decisions, write_outputs
from dealfacts.records import Article, Deal, Reject
from dealfacts.report import write_report
from dealfacts.run import manifest as manifests
from dealfacts.run.lock import locked
from dealfacts.run.stored import (
    STATE_FOLDER,
    StageOutput,
    StageWriter,
    file_digest,
    fingerprint_digest,
    input_key,
    read_lines,
)
from dealfacts.run.workers import Workers
from dealfacts.stage import Stage, check_order
from dealfacts.stages.ingest import VERSION as INGEST_VERSION
from dealfacts.stages.ingest import ingest

DEFAULT_STAGES = ("detect", "extract", "dates", "facts", "translate")
"""The stages of a run, in order; translation comes last: it knows the names, figures and facts by then."""

REJECTS = "rejects.jsonl"
TABLES = ["deals.jsonl", "deals.csv", "deals.parquet", "dealfacts.duckdb"]
_COUNTS = ("articles", "facts", "deals", "rejects")
_FLUSH_EVERY = 64
T = TypeVar("T")

Progress = Callable[[str, int, int | None], None]
"""Told the step, how much of it is done and of how much, where that is known."""


@dataclass(frozen=True)
class RunOptions:
    """What to run on what.

    Args:
        corpus: a folder or file of articles.
        out: the folder to write to; made when it is not there.
        stages: the stages to run, in order; without `facts` there is no merge and no report.
        jobs: how many processes to use; the output does not depend on it.
        max_chars: a longer article is rejected.
        decisions: a file of decisions by people, for the merge.
    """

    corpus: Path
    out: Path
    stages: tuple[Stage, ...]
    jobs: int = 1
    max_chars: int = 1_000_000
    decisions: Path | None = None


@dataclass
class RunSummary:
    """What a run did: counts by step, and whether there was anything to do at all."""

    up_to_date: bool = False
    articles: int = 0
    facts: int = 0
    deals: int = 0
    rejects: int = 0
    steps: list[dict[str, Any]] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)


def run_corpus(options: RunOptions, progress: Progress = lambda *_: None) -> RunSummary:
    """Run a corpus through the stages, the merge and the report.

    Every file appears only when it is whole. Killed at any moment and started again, a run takes up
    what was finished and ends in the same bytes; articles that did not change are not done again.

    Args:
        options: what to run on what.
        progress: told how far it is.

    Returns:
        Counts; `up_to_date` when nothing had changed since the last run and nothing was done.

    Raises:
        ConfigError: when the stages cannot run in this order, the outputs would lie in the corpus, or
            another run is writing to the same folder.
        InputError: when there is no such corpus.
    """
    check_order(options.stages)
    _check_places(options)
    request = _request(options)
    earlier = manifests.read_manifest(options.out)
    if manifests.still_stands(options.out, earlier, request):
        return RunSummary(up_to_date=True, **earlier["counts"])
    with locked(options.out):
        return _run_steps(options, progress, request)


def _run_steps(options: RunOptions, progress: Progress, request: str) -> RunSummary:
    """Do every step of a run, and write its rejects and its manifest."""
    run = _Run(options, progress)
    try:
        run.do_all()
    finally:
        gc.unfreeze()
    run.summary.rejects = write_records(options.out / REJECTS, run.rejects)
    run.summary.outputs.append(REJECTS)
    manifests.write_manifest(
        options.out,
        {
            "request": request,
            "versions": manifests.versions(),
            "steps": run.summary.steps,
            "counts": {name: getattr(run.summary, name) for name in _COUNTS},
            "outputs": manifests.output_digests(options.out, run.summary.outputs),
            "timing": {step: round(spent, 3) for step, spent in run.seconds.items()},
        },
    )
    return run.summary


def _check_places(options: RunOptions) -> None:
    """Refuse to write where the run reads: its outputs would be its next articles, or replace them."""
    if str(options.corpus) == "-":
        raise ConfigError(
            "a run cannot be taken up again from standard input; write it to a .jsonl file first"
        )
    corpus, out = options.corpus.resolve(), options.out.resolve()
    if corpus == out or corpus in out.parents:
        raise ConfigError(
            f"the output folder {options.out} lies in the corpus {options.corpus}, "
            "where its files would be read as articles; choose a folder outside it"
        )
    written = {"ingest.jsonl", REJECTS, *TABLES, *(f"{stage.name}.jsonl" for stage in options.stages)}
    if corpus.parent == out and corpus.name in written:
        raise ConfigError(
            f"the corpus {options.corpus} would be replaced by an output of that name; choose another folder"
        )


def _request(options: RunOptions) -> str:
    """Return a digest of all that the outputs depend on."""
    asked = {
        "corpus": manifests.corpus_digest(options.corpus),
        "code": manifests.package_digest(),
        "stages": [stage.fingerprint() for stage in options.stages],
        "max_chars": options.max_chars,
        "decisions": _digest_or_none(options.decisions),
    }
    return fingerprint_digest(asked).hex()


def _digest_or_none(path: Path | None) -> str | None:
    return file_digest(path).hex() if path and path.is_file() else None


class _Run:
    """One run under way: each step adds to the summary, the rejects and the seconds."""

    def __init__(self, options: RunOptions, progress: Progress) -> None:
        self.options = options
        self.progress = progress
        self.summary = RunSummary()
        self.rejects: list[Reject] = []
        self.seconds: dict[str, float] = {}

    def do_all(self) -> None:
        """Ingest, run each stage on what the one before wrote, then merge and report."""
        self._timed("ingest", self._ingest)
        latest = self.options.out / "ingest.jsonl"
        with Workers(self.options.jobs) as workers:
            for stage in self.options.stages:
                latest = self._timed(stage.name, partial(self._run_stage, stage, latest, workers))
                # What the stage has loaded stays: the garbage collector need not go through it each time.
                gc.freeze()
        if any("facts" in stage.assigns for stage in self.options.stages):
            deals = self._timed("merge", partial(self._merge, latest))
            self._timed("report", partial(self._report, latest, deals))

    def _timed(self, name: str, step: Callable[[], T]) -> T:
        self.progress(name, 0, None)
        started = time.perf_counter()
        result = step()
        self.seconds[name] = time.perf_counter() - started
        return result

    def _note(self, name: str, **counts: Any) -> None:
        self.summary.steps.append({"step": name, **counts})

    def _ingest(self) -> None:
        options = self.options

        def counted() -> Iterator[Article]:
            for number, article in enumerate(
                ingest(options.corpus, self.rejects.append, options.max_chars), start=1
            ):
                self.progress("ingest", number, None)
                yield article

        self.summary.articles = write_records(options.out / "ingest.jsonl", counted())
        self.summary.outputs.append("ingest.jsonl")
        self._note("ingest", version=INGEST_VERSION, out=self.summary.articles, rejected=len(self.rejects))

    def _run_stage(self, stage: Stage, source: Path, workers: Workers) -> Path:
        """Run a stage over the lines of `source` that it has not done before; return where its output is."""
        output = StageOutput(self.options.out, stage.name)
        digest = fingerprint_digest({"stage": stage.fingerprint(), "code": manifests.package_digest()})
        keys = [input_key(line) for line in read_lines(source)]
        already_rejected = len(self.rejects)
        if not output.is_complete(digest, keys):
            self._write_stage(stage, source, keys, (output, digest), workers)
        rejected = len(self.rejects) - already_rejected
        self.summary.outputs.append(output.path.name)
        described = {"version": stage.version, "options": stage.fingerprint()["options"]}
        self._note(
            stage.name, **described, **{"in": len(keys), "out": len(keys) - rejected, "rejected": rejected}
        )
        return output.path

    def _write_stage(
        self,
        stage: Stage,
        source: Path,
        keys: list[bytes],
        target: tuple[StageOutput, bytes],
        workers: Workers,
    ) -> None:
        stored = target[0].stored(target[1])
        missing = sum(key not in stored.places for key in keys)
        lines = (line for line, key in zip(read_lines(source), keys, strict=True) if key not in stored.places)
        fresh = (outcome for chunk in workers.run(stage, lines, missing) for outcome in chunk)
        with StageWriter(*target) as writer:
            for number, key in enumerate(keys, start=1):
                outcome = stored.get(key) or next(fresh)
                if isinstance(outcome, Reject):
                    self.rejects.append(outcome)
                else:
                    writer.write(key, outcome)
                if number % _FLUSH_EVERY == 0:
                    writer.flush()
                self.progress(stage.name, number, len(keys))
        stored.close()

    def _merge(self, source: Path) -> list[Deal]:
        # Plain dictionaries: a corpus of articles as models would take several times the memory.
        articles = [orjson.loads(line) for line in read_lines(source)]
        deals = self._merge_with_memory(articles)
        write_outputs(self.options.out, articles, deals)
        self.summary.outputs += TABLES
        self.summary.facts = sum(len(article.get("facts") or ()) for article in articles)
        self.summary.deals = len(deals)
        self._note("merge", **{"in": self.summary.facts, "out": len(deals)})
        return deals

    def _merge_with_memory(self, articles: list[dict[str, Any]]) -> list[Deal]:
        """Merge, sparing what an earlier run by the same code has weighed."""
        decisions = read_decisions(self.options.decisions)
        state = self.options.out / STATE_FOLDER
        memory = state / f"merge-{manifests.package_digest()[:16]}.memory"
        for outdated in set(state.glob("merge-*.memory")) - {memory}:
            outdated.unlink()
        try:
            return merge_with_memory(articles, memory, decisions).deals
        except InputError:  # a damaged memory only costs time
            memory.unlink(missing_ok=True)
            return merge_with_memory(articles, memory, decisions).deals

    def _report(self, source: Path, deals: list[Deal]) -> None:
        write_report(self.options.out / "report.html", deals, list(read_records(source, Article)))
        self.summary.outputs.append("report.html")
