"""Nodes: claims that say exactly the same, taken together, so that each statement is weighed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dealfacts.merge.corpus import SIDES, Claim, Corpus
from dealfacts.merge.decisions import Decisions
from dealfacts.merge.entities import Entities
from dealfacts.merge.values import Interval, Sum

CONTROL = frozenset({"acquisition", "merger", "divestiture", "asset_purchase", "joint_venture", "ipo"})
"""Deals that two parties do once, so that a changed price is no sign of another deal."""
_SAME_REPORT_DAYS = 45
"""Equal claims further apart than this start as two nodes: the same words can tell of a new deal."""
_NONE: Mapping[str, frozenset[str]] = {}


@dataclass(slots=True)
class Node:
    """Claims that say exactly the same about the same parties at about the same time.

    `first_day` and `last_day` are when they were reported; parties are entity numbers.
    """

    claims: list[str]
    articles: tuple[str, ...]
    stories: tuple[str, ...]
    type: str
    status: str
    objects: frozenset[int]
    sources: frozenset[int]
    sellers: frozenset[int]
    partners: frozenset[int]
    amount: Sum | None
    valuation: Sum | None
    stake: Sum | None
    quantities: tuple[Sum, ...]
    dates: Mapping[str, Interval]
    first_day: int | None
    last_day: int | None
    languages: frozenset[str]
    glosses: Mapping[str, frozenset[str]]
    """Side -> common words of institutions in the names there ("ministry"), where there are any."""

    @property
    def everyone(self) -> frozenset[int]:
        """All parties but sellers."""
        return self.objects | self.sources | self.partners

    @property
    def once(self) -> bool:
        """Whether the same parties would hardly do such a deal twice."""
        return self.type in CONTROL


def make_nodes(
    corpus: Corpus, entities: Entities, stories: Mapping[str, str], decisions: Decisions
) -> list[Node]:
    """Collect equal claims into nodes, sorted by their smallest claim id."""
    alike: dict[tuple[Any, ...], list[Claim]] = defaultdict(list)
    alone = decisions.facts_named
    kept: dict[Any, Any] = {}
    for claim_id in sorted(corpus.claims):
        claim = corpus.claims[claim_id]
        alike[_signature(claim, entities, claim.id if claim.id in alone else "", kept)].append(claim)
    maker = _Maker(corpus, entities, stories)
    nodes = [
        maker.make(run, signature)
        for signature, claims in alike.items()
        for run in maker.split_in_time(claims)
    ]
    return sorted(nodes, key=lambda node: node.claims[0])


def _signature(claim: Claim, entities: Entities, own: str, kept: dict[Any, Any]) -> tuple[Any, ...]:
    sides: dict[str, list[int]] = {"object": [], "source": [], "seller": [], "partner": []}
    for role, name in claim.parties:
        if not entities.descriptive[name]:
            sides[SIDES[role]].append(entities.of(claim, name))
    return (
        claim.type,
        claim.status,
        *(kept.setdefault(party, party) for party in map(frozenset, sides.values())),
        # Equal values are one object, so their identity will do for grouping.
        id(claim.amount),
        id(claim.valuation),
        id(claim.stake),
        tuple(map(id, claim.quantities)),
        id(claim.dates),
        own,
    )


class _Maker:
    """Makes nodes of one corpus, holding equal parts of them once."""

    def __init__(self, corpus: Corpus, entities: Entities, stories: Mapping[str, str]) -> None:
        self._corpus = corpus
        self._entities = entities
        self._stories = stories
        self._days = _report_days(corpus, stories)
        self._dates: dict[int, dict[str, Interval]] = {}
        self._languages: dict[frozenset[str], frozenset[str]] = {}

    def split_in_time(self, claims: list[Claim]) -> Iterator[list[Claim]]:
        """Split equal claims where nothing was reported for some weeks; undated ones go with the first."""
        if len(claims) == 1:
            yield claims
            return
        days = self._days
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

    def make(self, claims: list[Claim], signature: tuple[Any, ...]) -> Node:
        """Make the node of claims with one signature."""
        first = claims[0]
        articles = tuple(sorted({claim.article for claim in claims}))
        stories = tuple(sorted({self._stories.get(article, article) for article in articles}))
        known = [day for article in articles if (day := self._days[article]) is not None]
        told = frozenset(lang for a in articles if (lang := self._corpus.articles[a].lang))
        glosses = {
            side: words
            for side, parties in (("object", signature[2]), ("source", signature[3]))
            if (words := frozenset(word for p in parties for word in self._entities.glosses.get(p, ())))
        }
        return Node(
            claims=sorted(claim.id for claim in claims),
            articles=articles,
            stories=articles if stories == articles else stories,
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
            dates=self._dates.setdefault(id(first.dates), dict(first.dates)),
            first_day=min(known, default=None),
            last_day=max(known, default=None),
            languages=self._languages.setdefault(told, told),
            glosses=glosses or _NONE,
        )


def _report_days(corpus: Corpus, stories: Mapping[str, str]) -> dict[str, int | None]:
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
