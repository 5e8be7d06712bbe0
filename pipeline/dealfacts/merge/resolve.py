"""Which claims are one deal: equal claims into nodes, nodes into buckets, pairs of a bucket into groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dealfacts.merge.clusters import DisjointSets, Join, Links, agglomerate, by_part
from dealfacts.merge.corpus import SIDES, Claim, Corpus
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.entities import Entities
from dealfacts.merge.evidence import Node, score_pair, translated
from dealfacts.merge.settings import Settings

_SAME_REPORT_DAYS = 45
"""Equal claims further apart than this start as two nodes: the same words can tell of a new deal."""
_MAX_PARTIES = 6
_NEAR_MISS = -2.0
_LENDING = frozenset({"debt_financing"})
_TRADE = frozenset({"licensing", "supply_contract"})


def make_nodes(
    corpus: Corpus, entities: Entities, stories: dict[str, str], decisions: Decisions
) -> list[Node]:
    """Collect equal claims into nodes, sorted by their smallest claim id."""
    alike: dict[tuple[Any, ...], list[Claim]] = defaultdict(list)
    alone = decisions.facts_named
    for claim_id in sorted(corpus.claims):
        claim = corpus.claims[claim_id]
        alike[_signature(claim, entities, claim.id if claim.id in alone else "")].append(claim)
    days = _report_days(corpus, stories)
    nodes = [
        _make_node(run, signature, days, stories)
        for signature, claims in alike.items()
        for run in _split_in_time(claims, days)
    ]
    for node in nodes:
        _add_languages(node, corpus, entities)
    return sorted(nodes, key=lambda node: node.claims[0])


def _add_languages(node: Node, corpus: Corpus, entities: Entities) -> None:
    node.languages = frozenset(lang for article in node.articles if (lang := corpus.articles[article].lang))
    for side, parties in (("object", node.objects), ("source", node.sources)):
        if words := frozenset(word for party in parties for word in entities.glosses.get(party, ())):
            node.glosses[side] = words


def _signature(claim: Claim, entities: Entities, own: str) -> tuple[Any, ...]:
    sides: dict[str, set[int]] = {"object": set(), "source": set(), "seller": set(), "partner": set()}
    for role, name in claim.parties:
        if not entities.descriptive[name]:
            sides[SIDES[role]].add(entities.of(claim, name))
    return (
        claim.type,
        claim.status,
        *(frozenset(sides[side]) for side in ("object", "source", "seller", "partner")),
        # Equal values are one object, so their identity will do for grouping.
        id(claim.amount),
        id(claim.valuation),
        id(claim.stake),
        tuple(id(quantity) for quantity in claim.quantities),
        tuple((role, id(value)) for role, value in claim.dates),
        own,
    )


def _report_days(corpus: Corpus, stories: dict[str, str]) -> dict[str, int | None]:
    """Give each article its day; one without takes the first day of its story."""
    first: dict[str, int] = {}
    for article in corpus.articles.values():
        story = stories.get(article.id, article.id)
        if article.day is not None:
            first[story] = min(article.day, first.get(story, article.day))
    return {
        article.id: article.day if article.day is not None else first.get(stories.get(article.id, article.id))
        for article in corpus.articles.values()
    }


def _split_in_time(claims: list[Claim], days: dict[str, int | None]) -> Iterator[list[Claim]]:
    """Split equal claims where nothing was reported for some weeks; undated ones go with the first."""
    ordered = sorted(claims, key=lambda claim: (days[claim.article] or 0, claim.id))
    run: list[Claim] = []
    last: int | None = None
    for claim in ordered:
        day = days[claim.article]
        if run and day is not None and last is not None and day - last > _SAME_REPORT_DAYS:
            yield run
            run = []
        run.append(claim)
        last = day if day is not None else last
    yield run


def _make_node(
    claims: list[Claim], signature: tuple[Any, ...], days: dict[str, int | None], stories: dict[str, str]
) -> Node:
    first = claims[0]
    articles = {claim.article for claim in claims}
    known = [day for article in articles if (day := days[article]) is not None]
    return Node(
        claims=sorted(claim.id for claim in claims),
        articles=articles,
        stories={stories.get(article, article) for article in articles},
        type=first.type,
        status=first.status,
        objects=signature[2],
        sources=signature[3],
        sellers=signature[4],
        partners=signature[5],
        amount=first.amount,
        valuation=first.valuation,
        stake=first.stake,
        quantities=first.quantities,
        dates=dict(first.dates),
        first_day=min(known, default=None),
        last_day=max(known, default=None),
    )


def candidate_pairs(nodes: list[Node], settings: Settings) -> Iterator[tuple[int, int]]:
    """Yield the pairs of nodes that share a key: two parties, or the one party that both tell of.

    A bucket with many nodes is searched only among neighbours in time and in amount, so the number of
    pairs grows linearly.
    """
    buckets: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        for key in _keys(node):
            buckets[key].append(number)
    for key, bucket in buckets.items():
        if len(bucket) > 1:
            yield from _pairs_in(bucket, nodes, settings, one_sided=key[0] == "one")


def _keys(node: Node) -> Iterator[tuple[Any, ...]]:
    """Name the buckets of a node: each pair of its parties, and each party it may be about alone."""
    objects, sources, partners, sellers = (
        sorted(side)[:_MAX_PARTIES] for side in (node.objects, node.sources, node.partners, node.sellers)
    )
    pairs = {(min(a, b), max(a, b)) for a in objects for b in sources}
    pairs |= {(min(a, b), max(a, b)) for a in partners for b in (*partners, *objects, *sources) if a != b}
    for pair in pairs:
        yield ("two", *pair)
    for seller in sellers:
        for source in sources:
            yield ("sold", seller, source)
        if not sources:
            yield ("one", "seller", seller)
    group = "lending" if node.type in _LENDING else "trade" if node.type in _TRADE else "equity"
    for party in objects or partners:
        yield ("one", group, party)
    if not objects and not partners and not sellers:
        for source in sources:
            yield ("one", group, "source", source)


def _pairs_in(
    bucket: list[int], nodes: list[Node], settings: Settings, one_sided: bool
) -> Iterator[tuple[int, int]]:
    if len(bucket) <= settings.bucket_all_pairs:
        for i, a in enumerate(bucket):
            for b in bucket[i + 1 :]:
                if not one_sided or _may_join(nodes[a], nodes[b]):
                    yield a, b
        return
    window = settings.bucket_window
    by_day = sorted(bucket, key=lambda n: (nodes[n].first_day or 0, nodes[n].claims[0]))
    by_sum = sorted(
        (n for n in bucket if nodes[n].amount is not None),
        key=lambda n: (_amount_of(nodes[n]), nodes[n].first_day or 0, nodes[n].claims[0]),
    )
    for ordered in (by_day, by_sum):
        for i, a in enumerate(ordered):
            for b in ordered[i + 1 : i + 1 + window]:
                if not one_sided or _may_join(nodes[a], nodes[b]):
                    yield min(a, b), max(a, b)


def _amount_of(node: Node) -> float:
    amount = node.amount
    return 0.0 if amount is None else amount.number if amount.number is not None else amount.low


def _may_join(a: Node, b: Node) -> bool:
    """Tell whether nodes that share one party can be one deal: not if both name others as the second."""
    if a.type == b.type == "funding_round":
        return True
    return not (a.sources and b.sources) or bool(a.sources & b.sources) or translated(a, b, "source")


def group_nodes(
    nodes: list[Node],
    decisions: Decisions,
    settings: Settings,
    report: Callable[[Join], None],
) -> list[list[int]]:
    """Group nodes into deals.

    Args:
        nodes: from `make_nodes`.
        decisions: what people have said about facts; it wins.
        settings: weights and sizes.
        report: told of each join and of each pair of groups left apart, by node number.

    Returns:
        Lists of node numbers, one a deal.
    """
    scores = _score_candidates(nodes, settings)
    node_of = {claim: number for number, node in enumerate(nodes) for claim in node.claims}
    together = _numbered(decisions.facts_same, node_of)
    apart = _numbered(decisions.facts_apart, node_of)
    parts = DisjointSets[int]()
    for pair in [pair for pair, score in scores.items() if score > 0] + together:
        parts.union(*pair)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(nodes)):
        members[parts.find(number)].append(number)
    inside: dict[int, dict[tuple[int, int], float]] = defaultdict(dict)
    for pair, score in scores.items():
        if parts.find(pair[0]) == parts.find(pair[1]):
            inside[parts.find(pair[0])][pair] = score
        elif score > _NEAR_MISS:
            report(Join(score, False, *pair))
    joined, barred = by_part(together, parts), by_part(apart, parts)
    groups = [numbers for numbers in members.values() if len(numbers) == 1]
    for part, numbers in members.items():
        if len(numbers) > 1:
            _score_rest(numbers, nodes, inside[part], settings)
            links = Links(inside[part], joined.get(part, ()), barred.get(part, ()), settings.facts.veto)
            groups += agglomerate(numbers, links, report)
    return groups


def _score_candidates(nodes: list[Node], settings: Settings) -> dict[tuple[int, int], float]:
    scores: dict[tuple[int, int], float] = {}
    for pair in candidate_pairs(nodes, settings):
        if pair not in scores:
            scores[pair] = score_pair(nodes[pair[0]], nodes[pair[1]], settings.facts)
    return scores


def _score_rest(
    numbers: list[int], nodes: list[Node], scores: dict[tuple[int, int], float], settings: Settings
) -> None:
    """Score the pairs of a small part that no bucket proposed: a vague claim must not tie rivals together."""
    if len(numbers) > settings.part_all_pairs:
        return
    for i, a in enumerate(numbers):
        for b in numbers[i + 1 :]:
            if (a, b) not in scores:
                scores[a, b] = score_pair(nodes[a], nodes[b], settings.facts)


def _numbered(pairs: Iterable[tuple[str, str]], node_of: dict[str, int]) -> list[tuple[int, int]]:
    found = {
        (min(node_of[a], node_of[b]), max(node_of[a], node_of[b]))
        for a, b in pairs
        if a in node_of and b in node_of and node_of[a] != node_of[b]
    }
    return sorted(found)
