"""From articles to the table of deals: the order in which the parts of the merge run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dealfacts.merge.clusters import Join
from dealfacts.merge.corpus import Corpus, read_corpus
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.entities import Entities, resolve_names
from dealfacts.merge.evidence import Node
from dealfacts.merge.fold import Folding, fold_deal
from dealfacts.merge.names import name_form
from dealfacts.merge.resolve import group_nodes, make_nodes
from dealfacts.merge.settings import Settings
from dealfacts.merge.stories import find_copies, join_rewrites
from dealfacts.merge.tranches import link_tranches
from dealfacts.records import Article, Deal, Fact

Plain = dict[str, Any]


@dataclass
class Merged:
    """The table with all that was used to make it, so that it can be explained."""

    corpus: Corpus
    entities: Entities
    stories: dict[str, str]
    nodes: list[Node]
    groups: list[list[int]]
    rows: list[Plain]
    joins: list[Join] = field(default_factory=list)
    name_joins: list[Join] = field(default_factory=list)

    @property
    def deals(self) -> list[Deal]:
        """The rows as records."""
        return [Deal.model_validate(row) for row in self.rows]


def merge(
    records: Iterable[Article | Fact | Plain],
    decisions: Decisions | None = None,
    settings: Settings | None = None,
) -> list[Deal]:
    """Fold articles with their facts into one row per deal.

    The order of input does not matter, and giving an article twice changes nothing.

    Args:
        records: articles with `facts` (and `mentions`, which tell persons from companies), or bare facts;
            models or plain dictionaries.
        decisions: what people have decided about pairs of facts, names and values.
        settings: weights and thresholds.

    Returns:
        The deals, sorted by id.

    >>> merge([])
    []
    """
    return merge_corpus(read_corpus(records), decisions, settings).deals


def merge_corpus(
    corpus: Corpus, decisions: Decisions | None = None, settings: Settings | None = None
) -> Merged:
    """Do what `merge` does and keep the steps, for explaining and reviewing."""
    decisions, settings = decisions or Decisions(), settings or Settings()
    joins: list[Join] = []
    name_joins: list[Join] = []
    stories = find_copies({article.id: article.sketch for article in corpus.articles.values()})
    entities = resolve_names(corpus, decisions, settings.names, name_joins.append)
    nodes = make_nodes(corpus, entities, stories, decisions)
    groups = group_nodes(nodes, decisions, settings, joins.append)
    told = [{corpus.claims[c].article for n in group for c in nodes[n].claims} for group in groups]
    stories = join_rewrites(stories, told, corpus.articles)
    folding = Folding(corpus, entities, stories, _labels(corpus, entities), decisions)
    rows = [
        fold_deal([corpus.claims[c] for n in group for c in nodes[n].claims], folding) for group in groups
    ]
    rows.sort(key=lambda row: str(row["id"]))
    link_tranches(rows)
    return Merged(corpus, entities, stories, nodes, groups, rows, joins, name_joins)


def _labels(corpus: Corpus, entities: Entities) -> dict[int, str]:
    """Choose the name to show for each entity: the form most articles use, mixed case before capitals."""
    articles: dict[tuple[int, str], set[str]] = defaultdict(set)
    for claim in corpus.claims.values():
        for _, name in claim.parties:
            articles[entities.of(claim, name), corpus.names[name].text].add(claim.article)
    forms: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for (entity, text), told in articles.items():
        forms[entity].append((text, len(told)))
    return {entity: min(found, key=_label_rank)[0] for entity, found in forms.items()}


def _label_rank(form: tuple[str, int]) -> tuple[int, bool, int, int, str]:
    text, count = form
    return -count, text.isupper(), -len(name_form(text).core), len(text), text
