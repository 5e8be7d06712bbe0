"""What people decided: kept as data, read on every run, always above what the program thinks.

A line of `decisions.jsonl` is one of

    {"decision": "same", "facts": ["f-1", "f-2"]}            these facts tell of one deal
    {"decision": "not_same", "facts": ["f-1", "f-2"]}        these do not
    {"decision": "same", "names": ["Google", "Alphabet"]}    these names are one party
    {"decision": "not_same", "names": ["Orange", "Orange Bank"]}
    {"decision": "value", "fact": "f-1", "field": "amount", "value": {...}}

with, if one likes, `by`, `at` and `note`. Facts are named, not deals: their ids never change. Of two
decisions on one pair the later line wins.
"""

from __future__ import annotations

import itertools
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from dealfacts.errors import InputError
from dealfacts.jsonl import dumps, read_records

Pairs = list[tuple[str, str]]


class Decision(BaseModel):
    """One line of decisions.jsonl."""

    model_config = ConfigDict(extra="allow")

    decision: Literal["same", "not_same", "value"]
    facts: list[str] | None = None
    names: list[str] | None = None
    fact: str | None = None
    field: str | None = None
    value: Any = None
    by: str | None = None
    at: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Decision:
        if self.decision == "value":
            if not (self.fact and self.field):
                raise ValueError("a value decision needs `fact` and `field`")
        elif (self.facts is None) == (self.names is None):
            raise ValueError("a same or not_same decision needs either `facts` or `names`")
        elif len(self.facts or self.names or ()) < 2:
            raise ValueError("a same or not_same decision needs at least two facts or names")
        return self


@dataclass
class Decisions:
    """All decisions, ready for look-up; without any, everything is left to the program."""

    facts_same: Pairs = field(default_factory=list)
    facts_apart: Pairs = field(default_factory=list)
    names_same: Pairs = field(default_factory=list)
    names_not_same: Pairs = field(default_factory=list)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def names_apart(self) -> frozenset[str]:
        """Names that some decision sets apart from another."""
        return frozenset(name for pair in self.names_not_same for name in pair)

    @property
    def facts_named(self) -> frozenset[str]:
        """Facts that some decision on facts speaks of."""
        return frozenset(fact for pair in (*self.facts_same, *self.facts_apart) for fact in pair)

    def name_pairs(
        self, numbers: Mapping[str, Iterable[int]]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Translate the decisions on names into pairs of numbers: together, apart."""
        together, apart = (
            [
                (min(a, b), max(a, b))
                for one, other in pairs
                for a in numbers.get(one, ())
                for b in numbers.get(other, ())
                if a != b
            ]
            for pairs in (self.names_same, self.names_not_same)
        )
        return together, apart


def make_decisions(lines: Iterable[Decision]) -> Decisions:
    """Sort decisions by what they are about; of two on one pair or field the later wins."""
    facts: dict[tuple[str, str], str] = {}
    names: dict[tuple[str, str], str] = {}
    made = Decisions()
    for line in lines:
        if line.decision == "value":
            made.values[line.fact or "", line.field or ""] = line.value
            continue
        known, members = (facts, line.facts) if line.facts else (names, line.names)
        for a, b in itertools.combinations(sorted(set(members or ())), 2):
            known.pop((a, b), None)
            known[a, b] = line.decision
    made.facts_same = sorted(pair for pair, kind in facts.items() if kind == "same")
    made.facts_apart = sorted(pair for pair, kind in facts.items() if kind == "not_same")
    made.names_same = sorted(pair for pair, kind in names.items() if kind == "same")
    made.names_not_same = sorted(pair for pair, kind in names.items() if kind == "not_same")
    return made


def read_decisions(path: Path | None) -> Decisions:
    """Read decisions.jsonl; a missing file means that nothing has been decided.

    Raises:
        InputError: naming the line that is not a decision.
    """
    if path is None or not path.exists():
        return Decisions()
    return make_decisions(read_records(path, Decision, stage="merge"))


def read_aliases(path: Path) -> list[Decision]:
    """Read a TOML file of names: `[same]` maps a name to its other names, `[apart]` to those that are not it.

        [same]
        "Meta Platforms" = ["Facebook", "META"]
        [apart]
        "Alphabet" = ["Google"]

    Raises:
        InputError: when the file cannot be read or has another shape.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        kinds: dict[str, Literal["same", "not_same"]] = {"same": "same", "apart": "not_same"}
        return [
            Decision(decision=kinds[table], names=[name, other])
            for table, entries in data.items()
            for name, others in entries.items()
            for other in others
        ]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise InputError(f"{path}: not a file of aliases ({error})") from error


def append_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Add decisions to the end of the file, one synced line each: earlier lines are never touched.

    Raises:
        InputError: when the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            for decision in decisions:
                file.write(dumps(decision.model_dump(mode="json", exclude_none=True)))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
