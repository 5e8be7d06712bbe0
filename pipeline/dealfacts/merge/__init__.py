"""Folding the facts of many articles into one row per deal.

`merge` is the whole of it; `write_outputs` writes the table; `explain`, `review` and `diff` let people see
and steer it. The parts are usable by themselves: names and entities (who is who), evidence and resolve
(which claims are one deal), fold (what the row says), stories (which articles are copies of one).
"""

from dealfacts.merge.corpus import Corpus, read_corpus
from dealfacts.merge.decisions import (
    Decision,
    Decisions,
    append_decisions,
    make_decisions,
    read_aliases,
    read_decisions,
)
from dealfacts.merge.diff import Diff, diff, format_diff
from dealfacts.merge.explain import Explanation, explain, format_explanation
from dealfacts.merge.ftm import to_ftm
from dealfacts.merge.memory import Memory, load_memory, save_memory
from dealfacts.merge.outputs import write_outputs
from dealfacts.merge.review import Question, format_question, review
from dealfacts.merge.settings import Settings
from dealfacts.merge.table import Merged, merge, merge_corpus, merge_with_memory

__all__ = [
    "Corpus",
    "Decision",
    "Decisions",
    "Diff",
    "Explanation",
    "Memory",
    "Merged",
    "Question",
    "Settings",
    "append_decisions",
    "diff",
    "explain",
    "format_diff",
    "format_explanation",
    "format_question",
    "load_memory",
    "make_decisions",
    "merge",
    "merge_corpus",
    "merge_with_memory",
    "read_aliases",
    "read_corpus",
    "read_decisions",
    "review",
    "save_memory",
    "to_ftm",
    "write_outputs",
]
