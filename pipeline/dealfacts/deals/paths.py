"""Paths through a sentence's dependencies: how a name or figure hangs together with a trigger.

Paths of relations between a predicate and its argument are the classic feature of semantic role labelling
(Gildea and Jurafsky, 2002).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from dealfacts.deals.syntax import Arcs

_MOST = 5
"""Relations that a path may have; longer ones are all alike."""
_LISTING = frozenset({"conj", "appos", "flat", "compound"})
_BY_PREPOSITION = frozenset({"obl", "nmod", "obl:agent"})
_CLAUSES = frozenset({"advcl", "ccomp", "parataxis", "csubj"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj"})
_ALSO_RELATIVE = frozenset({"that"})
"""Words that are relative pronouns where they are the subject of a clause behind a noun."""


@dataclass(frozen=True)
class DependencyPath:
    """The way from a trigger to a token: up to the word above both, then down."""

    start: int
    """The trigger's own word."""
    up: tuple[str, ...]
    down: tuple[str, ...]
    top: int
    """The word above both: the trigger's own, where the token hangs below it."""

    @cached_property
    def whole(self) -> str:
        """The relations on the way, or `far`."""
        return _written(self.up, self.down)

    @cached_property
    def short(self) -> str:
        """The way without the steps inside lists and names."""
        up, down = ([step for step in way if step not in _LISTING] for way in (self.up, self.down))
        return _written(up, down)

    @property
    def clauses(self) -> int:
        """How many borders of clauses lie on the way, at most 3; those of clauses behind nouns left out."""
        return min(3, sum(step in _CLAUSES for step in (*self.up, *self.down)))


def _written(up: Sequence[str], down: Sequence[str]) -> str:
    return f"{'^'.join(up)}/{'.'.join(down)}" if len(up) + len(down) <= _MOST else "far"


class Structure:
    """The dependencies of a sentence, seen from its triggers.

    Args:
        arcs: of the sentence; tokens beyond them hang from nothing.
        words: of the sentence.
        function: what a word does as a preposition, or the word itself.
        relatives: words that open relative clauses.
    """

    def __init__(
        self, arcs: Arcs, words: Sequence[str], function: Callable[[str], str], relatives: frozenset[str]
    ) -> None:
        self.arcs = arcs
        self.words = words
        self._function = function
        self._relatives = relatives | _ALSO_RELATIVE
        self._steps: dict[int, str] = {}

    def head_of(self, tokens: Sequence[int]) -> int | None:
        """Return the word of a phrase on which its other words hang; None where nothing is parsed."""
        known = [token for token in tokens if token < len(self.arcs.heads)]
        inside = set(known)
        return next((t for t in known if self.arcs.heads[t] not in inside), known[0] if known else None)

    def above(self, token: int) -> int | None:
        """Return the head of a token, if it has one."""
        if token >= len(self.arcs.heads) or self.arcs.heads[token] < 0:
            return None
        return self.arcs.heads[token]

    def path(self, start: int, end: int) -> DependencyPath | None:
        """Return the way from one token to another; None where they do not hang together."""
        if max(start, end) >= len(self.arcs.heads):
            return None
        up, down = self.arcs.upwards(start), self.arcs.upwards(end)
        above = set(down)
        top = next((token for token in up if token in above), None)
        if top is None:
            return None
        return DependencyPath(
            start,
            tuple(self.step(token) for token in up[: up.index(top)]),
            tuple(self.step(token) for token in reversed(down[: down.index(top)])),
            top,
        )

    def step(self, token: int) -> str:
        """Return the relation of a token to its head, with its preposition or the kind of its clause."""
        if token not in self._steps:
            self._steps[token] = self._step(token)
        return self._steps[token]

    def _step(self, token: int) -> str:
        relation = self.arcs.relations[token]
        if relation in _BY_PREPOSITION:
            case = next(
                (c for c in self.arcs.children.get(token, ()) if self.arcs.relations[c] == "case"), None
            )
            return f"{relation}>{self._function(self.words[case]) if case is not None else '-'}"
        if relation.startswith("acl"):
            return f"acl>{self.subject(token)}"
        return relation

    def subject(self, token: int) -> str:
        """Say what the subject of a clause is: `relative` or `other` with its relation, or `none`."""
        for child in self.arcs.children.get(token, ()):
            relation = self.arcs.relations[child]
            if relation in _SUBJECTS:
                kind = "relative" if self.words[child] in self._relatives else "other"
                return f"{kind}:{relation}"
        return "none"

    def is_passive(self, token: int) -> bool:
        """Tell whether a verb has a passive auxiliary or subject."""
        relations = {self.arcs.relations[child] for child in self.arcs.children.get(token, ())}
        return not relations.isdisjoint({"aux:pass", "nsubj:pass", "expl:pass"})
