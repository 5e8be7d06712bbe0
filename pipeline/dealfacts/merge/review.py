"""What a person had best look at: the joins and splits the merge was least sure of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dealfacts.merge.decisions import Decision, Decisions
from dealfacts.merge.evidence import Part, explain_pair
from dealfacts.merge.explain import show_claim, show_parts
from dealfacts.merge.settings import Settings
from dealfacts.merge.table import Merged


@dataclass(frozen=True)
class Question:
    """Are these two one? `same` is what the merge thinks, `score` how sure it is (0 is not at all).

    `about` is facts or names; `pair` holds two fact ids or two names, `shown` the two in words.
    """

    about: Literal["facts", "names"]
    same: bool
    score: float
    pair: tuple[str, str]
    shown: tuple[str, str]
    parts: tuple[Part, ...]

    def decide(self, same: bool, by: str | None = None, at: str | None = None) -> Decision:
        """Make the answer a line for decisions.jsonl."""
        kind: Literal["same", "not_same"] = "same" if same else "not_same"
        if self.about == "facts":
            return Decision(decision=kind, facts=list(self.pair), by=by, at=at)
        return Decision(decision=kind, names=list(self.pair), by=by, at=at)


def review(
    merged: Merged,
    limit: int = 20,
    decisions: Decisions | None = None,
    settings: Settings | None = None,
) -> list[Question]:
    """List what the merge was least sure of, least sure first; what people decided is not asked again.

    Args:
        merged: from `merge_corpus`.
        limit: how many questions at most.
        decisions: those already made.
        settings: those the merge was made with.
    """
    settings, decisions = settings or Settings(), decisions or Decisions()
    answered = {
        frozenset(pair)
        for pairs in (
            decisions.facts_same,
            decisions.facts_apart,
            decisions.names_same,
            decisions.names_not_same,
        )
        for pair in pairs
    }
    asked: dict[frozenset[str], Question] = {}
    for question in (*_about_facts(merged, settings), *_about_names(merged, settings)):
        key = frozenset(question.pair)
        if key not in answered and (key not in asked or abs(question.score) < abs(asked[key].score)):
            asked[key] = question
    return sorted(asked.values(), key=lambda q: (abs(q.score), q.about, q.pair))[:limit]


def _about_facts(merged: Merged, settings: Settings) -> Iterator[Question]:
    group_of = {node: number for number, group in enumerate(merged.grouping.groups) for node in group}
    for join in merged.joins.nearest(settings.review_items):
        a, b = merged.nodes[join.a], merged.nodes[join.b]
        facts = (a.claims[0], b.claims[0])
        claims = merged.corpus.claims
        yield Question(
            "facts",
            group_of[join.a] == group_of[join.b],
            join.score,
            facts,
            (show_claim(merged, claims[facts[0]]), show_claim(merged, claims[facts[1]])),
            tuple(explain_pair(a, b, settings.facts)),
        )


def _about_names(merged: Merged, settings: Settings) -> Iterator[Question]:
    entities, names = merged.entities, merged.corpus.names
    for edge in entities.edges:
        score = edge.score - settings.names.threshold
        short, long = entities.nodes[edge.short].names[0], entities.nodes[edge.long].names[0]
        texts = (names[short].text, names[long].text)
        if abs(score) <= 1 and texts[0] != texts[1]:
            same = entities.entity_of[short] == entities.entity_of[long]
            # Scores of names run over about one unit, those of facts over several.
            yield Question("names", same, 4 * score, texts, texts, edge.parts)


def format_question(question: Question) -> str:
    """Write a question as text."""
    verdict = "taken for one" if question.same else "kept apart"
    return (
        f"{verdict} ({question.score:+.2f}): {show_parts(question.parts)}\n"
        f"  {question.shown[0]}\n  {question.shown[1]}\n"
    )
