"""Why a row is as it is: which pairs of claims and of names made it, and what each sign counted for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealfacts.errors import ConfigError
from dealfacts.merge.clusters import DisjointSets
from dealfacts.merge.corpus import Claim
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.evidence import Part, explain_pair
from dealfacts.merge.flat import show_value
from dealfacts.merge.nodes import Node
from dealfacts.merge.settings import Settings
from dealfacts.merge.table import Merged

_MAX_COMPARED = 200
"""Of a row with more different claims than this only the first are compared with one another."""


@dataclass(frozen=True)
class Edge:
    """Two claims of one row with what spoke for and against their being one deal."""

    facts: tuple[str, str]
    score: float
    parts: tuple[Part, ...]
    decided: bool


@dataclass(frozen=True)
class NameLink:
    """Two names that were taken for one, with what spoke for it."""

    names: tuple[str, str]
    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Explanation:
    """A row explained.

    `claims` are in words; `edges` hold the row together, strongest first; `against` are the pairs within it
    that speak for two deals; `names` the different names taken for one.
    """

    deal_id: str
    claims: tuple[str, ...]
    edges: tuple[Edge, ...]
    against: tuple[Edge, ...]
    names: tuple[NameLink, ...]


def explain(
    merged: Merged, deal_id: str, decisions: Decisions | None = None, settings: Settings | None = None
) -> Explanation:
    """Explain one row.

    Args:
        merged: from `merge_corpus`.
        deal_id: a deal's id, or the start of one.
        decisions: those the merge was made with.
        settings: those the merge was made with.

    Raises:
        ConfigError: when no deal, or more than one, has that id.
    """
    settings, decisions = settings or Settings(), decisions or Decisions()
    found = [row for row in merged.rows if row["id"].startswith(deal_id)]
    if len(found) != 1:
        raise ConfigError(f"{len(found)} deals have an id that starts with {deal_id!r}")
    facts = set(found[0]["fact_ids"])
    nodes = [node for node in merged.nodes if facts.issuperset(node.claims)]
    pairs = sorted(_pairs(nodes, decisions, settings), key=lambda edge: (-edge.score, edge.facts))
    return Explanation(
        found[0]["id"],
        tuple(show_claim(merged, merged.corpus.claims[fact]) for fact in found[0]["fact_ids"]),
        tuple(_spanning(pairs)),
        tuple(sorted((edge for edge in pairs if edge.score <= 0), key=lambda edge: (edge.score, edge.facts))),
        tuple(_name_links(merged, facts)),
    )


def _pairs(nodes: list[Node], decisions: Decisions, settings: Settings) -> Iterator[Edge]:
    same = set(decisions.facts_same)
    for i, a in enumerate(nodes[:_MAX_COMPARED]):
        for b in nodes[i + 1 : _MAX_COMPARED]:
            parts = tuple(explain_pair(a, b, settings.facts))
            decided = any((x, y) in same or (y, x) in same for x in a.claims for y in b.claims)
            yield Edge((a.claims[0], b.claims[0]), sum(value for _, value in parts), parts, decided)


def _spanning(pairs: list[Edge]) -> Iterator[Edge]:
    """Keep the edges that suffice to hold all claims together: what people decided, then the strongest."""
    joined = DisjointSets[str]()
    for edge in sorted(pairs, key=lambda edge: not edge.decided):
        if joined.find(edge.facts[0]) != joined.find(edge.facts[1]):
            joined.union(*edge.facts)
            yield edge


def _name_links(merged: Merged, facts: set[str]) -> Iterator[NameLink]:
    used = {name for fact in facts for _, name in merged.corpus.claims[fact].parties}
    for edge in merged.entities.edges:
        short, long = merged.entities.nodes[edge.short], merged.entities.nodes[edge.long]
        a, b = used.intersection(short.names), used.intersection(long.names)
        if a and b and merged.entities.entity_of[min(a)] == merged.entities.entity_of[min(b)]:
            texts = (merged.corpus.names[min(a)].text, merged.corpus.names[min(b)].text)
            yield NameLink(texts, edge.score, edge.parts)


def show_claim(merged: Merged, claim: Claim) -> str:
    """Write a claim in one line: its article, what it says and when it was reported."""
    article = merged.corpus.articles[claim.article]
    parties = ", ".join(f"{role} {merged.corpus.names[name].text}" for role, name in claim.parties)
    figures = [show_value(figure.raw) for figure in (claim.amount, claim.valuation, claim.stake) if figure]
    figures += [show_value(quantity.raw) for quantity in claim.quantities]
    dates = [f"{role} {date.raw.get('timex')}" for role, date in claim.dates]
    told = "; ".join([f"{claim.type} {claim.status}", parties, *figures, *dates])
    return f"{claim.id} {article.published or 'undated'} {article.lang or 'und'} {claim.article}: {told}"


def format_explanation(explanation: Explanation) -> str:
    """Write an explanation as text, one fact or edge a line."""
    lines = [explanation.deal_id, "", "told by"]
    lines += [f"  {claim}" for claim in explanation.claims]
    for title, edges in (("held together by", explanation.edges), ("against", explanation.against[:20])):
        if edges:
            lines += ["", title]
            lines += [
                f"  {edge.score:+.1f} {edge.facts[0]} = {edge.facts[1]}"
                f"{' (decided)' if edge.decided else ''}: {show_parts(edge.parts)}"
                for edge in edges
            ]
    if explanation.names:
        lines += ["", "names taken for one"]
        lines += [
            f"  {link.score:.2f} {link.names[0]} = {link.names[1]}: {show_parts(link.parts)}"
            for link in explanation.names
        ]
    return "\n".join(lines) + "\n"


def show_parts(parts: tuple[Part, ...]) -> str:
    """Write contributions as `prior -3, object_same +2`."""
    return ", ".join(f"{name} {value:+g}" for name, value in parts)
