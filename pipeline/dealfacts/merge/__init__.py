"""Folding the facts of many articles into one row per deal.

`merge` is the whole of it; `write_outputs` writes the table. The parts are usable by themselves: names
and entities (who is who), evidence and resolve (which claims are one deal), fold (what the row says),
stories (which articles are copies of one).
"""

from dealfacts.merge.decisions import Decision, Decisions, append_decisions, make_decisions, read_decisions
from dealfacts.merge.outputs import write_outputs
from dealfacts.merge.settings import Settings
from dealfacts.merge.table import Merged, merge, merge_corpus

__all__ = [
    "Decision",
    "Decisions",
    "Merged",
    "Settings",
    "append_decisions",
    "make_decisions",
    "merge",
    "merge_corpus",
    "read_decisions",
    "write_outputs",
]
