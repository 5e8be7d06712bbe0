"""From articles to the table of deals: the order in which the parts of the merge run."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dealfacts.merge.clusters import NearMisses
from dealfacts.merge.corpus import Corpus, read_corpus
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.entities import Entities, resolve_names
from dealfacts.merge.fold import Folding, fold_deal, fold_inputs
from dealfacts.merge.memory import (
    Memory,
    load_memory,
    memory_key,
    node_digests,
    row_digest,
    save_memory,
)
from dealfacts.merge.names import name_form
from dealfacts.merge.nodes import Node, make_nodes
from dealfacts.merge.resolve import Grouping, Known, group_nodes
from dealfacts.merge.settings import Settings
from dealfacts.merge.stories import find_copies, join_rewrites
from dealfacts.merge.tranches import link_tranches
from dealfacts.records import Article, Deal, Fact

Plain = dict[str, Any]


@dataclass
class Merged:
    """The table with all that was used to make it, so that it can be explained and added to."""

    corpus: Corpus
    entities: Entities
    stories: dict[str, str]
    nodes: list[Node]
    grouping: Grouping
    rows: list[Plain]
    joins: NearMisses
    key: str
    digests: list[str]
    """Of all that each row was folded from, in the order of `rows`."""

    @property
    def deals(self) -> list[Deal]:
        """The rows as records."""
        return [Deal.model_validate(row) for row in self.rows]

    def memory(self) -> Memory:
        """Return what the next run needs so as not to do this one's work again."""
        nodes = node_digests(self.nodes, self.entities.ids)
        parts = [[[nodes[n] for n in group] for group in part] for part in self.grouping.parts]
        rows = {
            digest: {name: value for name, value in row.items() if name != "related"}
            for digest, row in zip(self.digests, self.rows, strict=True)
        }
        return Memory(self.key, parts, rows)


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


def merge_with_memory(
    records: Iterable[Article | Fact | Plain],
    path: Path,
    decisions: Decisions | None = None,
    settings: Settings | None = None,
) -> Merged:
    """Do what `merge` does, sparing the work that an earlier run over part of these records has done.

    Args:
        records: all articles, old and new.
        path: the file that one run leaves for the next; made if there is none, replaced at the end.
        decisions: what people have decided; after new ones everything is weighed again.
        settings: weights and thresholds; likewise.

    Raises:
        InputError: when the file is damaged.
    """
    merged = merge_corpus(read_corpus(records), decisions, settings, load_memory(path))
    save_memory(path, merged.memory())
    return merged


def merge_corpus(
    corpus: Corpus,
    decisions: Decisions | None = None,
    settings: Settings | None = None,
    memory: Memory | None = None,
) -> Merged:
    """Do what `merge` does and keep the steps, for explaining, reviewing and adding to.

    Args:
        corpus: from `read_corpus`.
        decisions: what people have decided.
        settings: weights and thresholds.
        memory: of an earlier run over part of these articles: what it settled and nothing new touches is
            taken over. The table is the same as without.
    """
    decisions, settings = decisions or Decisions(), settings or Settings()
    key = memory_key(decisions, settings)
    if memory is not None and memory.key != key:
        memory = None
    with _collector_paused():
        return _merge(corpus, decisions, settings, key, memory)


def _merge(
    corpus: Corpus, decisions: Decisions, settings: Settings, key: str, memory: Memory | None
) -> Merged:
    joins = NearMisses(settings.review_items)
    stories = find_copies({article.id: article.sketch for article in corpus.articles.values()})
    entities = resolve_names(corpus, decisions, settings.names)
    nodes = make_nodes(corpus, entities, stories, decisions)
    known = Known(memory.parts, node_digests(nodes, entities.ids)) if memory else None
    grouping = group_nodes(nodes, decisions, settings, joins, known)
    told = [[corpus.claims[c].article for n in group for c in nodes[n].claims] for group in grouping.groups]
    stories = join_rewrites(stories, told, corpus.articles)
    folding = Folding(corpus, entities, stories, _labels(corpus, entities), decisions)
    folded = []
    for group in grouping.groups:
        claims = [corpus.claims[c] for n in group for c in nodes[n].claims]
        digest = row_digest(fold_inputs(claims, folding))
        row = memory.rows.get(digest) if memory else None
        folded.append((row if row is not None else fold_deal(claims, folding), digest))
    folded.sort(key=lambda pair: str(pair[0]["id"]))
    rows = [row for row, _ in folded]
    link_tranches(rows)
    return Merged(
        corpus, entities, stories, nodes, grouping, rows, joins, key, [digest for _, digest in folded]
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the search for reference cycles: the merge makes millions of objects and no cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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
