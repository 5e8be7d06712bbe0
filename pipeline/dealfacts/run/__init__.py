"""Batch runs: a corpus through every stage to the table, resumable, on any number of workers."""

from dealfacts.run.runner import DEFAULT_STAGES, RunOptions, RunSummary, run_corpus

__all__ = ["DEFAULT_STAGES", "RunOptions", "RunSummary", "run_corpus"]
