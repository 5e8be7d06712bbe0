"""Score purchases on Freitag's Corporate Acquisitions: Reuters dispatches of 1987 with slots filled by hand.

    python -m benchmarks.freitag DATA/deals/freitag-dev.jsonl

A dispatch tells of one purchase, so the surest fact about a purchase or stake answers for it. A filler is
right when it names the same party as a labelled one (names compared as in `dealfacts evaluate`), or, for
`dlramt`, is the same sum. The dispatches are for evaluation alone and are not part of the project.
"""

from __future__ import annotations

import argparse
import datetime
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dealfacts import Article, load
from dealfacts.evaluate.names import match_parties
from dealfacts.quantities import find_quantities
from dealfacts.records import Fact, Money, Role

TYPES = ("acquisition", "merger", "divestiture", "asset_purchase", "equity_stake", "investment")
ROLES: dict[str, tuple[Role, ...]] = {
    "purchaser": ("acquirer", "investor", "partner"),
    "acquired": ("target", "investee", "partner"),
    "seller": ("seller",),
}
AMOUNT = "dlramt"
SLOTS = (*ROLES, AMOUNT)


@dataclass
class Tally:
    """How many fillers a slot has by hand, how many were found, and how many of each are right."""

    gold: int = 0
    found: int = 0
    right: int = 0

    def scores(self) -> tuple[float, float, float]:
        """Return precision, recall and F1."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.gold if self.gold else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


@dataclass
class Scores:
    """The tallies of all slots."""

    slots: dict[str, Tally] = field(default_factory=lambda: {slot: Tally() for slot in SLOTS})
    without_fact: int = 0

    def add(self, template: Mapping[str, Sequence[Sequence[str | None]]], fact: Fact | None) -> None:
        """Count one dispatch.

        Args:
            template: slot to its fillers, each a list of wordings.
            fact: what answers for it.
        """
        self.without_fact += fact is None
        roles = fact.roles if fact else {}
        for slot, tally in self.slots.items():
            wanted = [[each for each in wordings if each] for wordings in template.get(slot, ())]
            wanted = [wordings for wordings in wanted if wordings]
            if slot == AMOUNT:
                self._add_sum(tally, wanted, fact)
                continue
            names = [[party.name] for role in ROLES[slot] for party in roles.get(role, ())]
            tally.gold += len(wanted)
            tally.found += len(names)
            tally.right += len(match_parties(wanted, names))

    def _add_sum(self, tally: Tally, wanted: list[list[str]], fact: Fact | None) -> None:
        sums = {_plain(value) for wordings in wanted for value in _sums(wordings)}
        amount = fact.amount if fact else None
        tally.gold += bool(sums)
        tally.found += amount is not None
        tally.right += amount is not None and _plain(amount) in sums


def _sums(wordings: Iterable[str]) -> Iterator[Money]:
    for wording in wordings:
        for found in find_quantities(wording, "en"):
            if isinstance(found.value, Money):
                yield found.value


def _plain(value: Money) -> tuple[str | None, str | None]:
    return value.amount or value.max or value.min, value.currency


def articles_of(records: Iterable[Mapping[str, Any]]) -> Iterator[Article]:
    """Make an article of each dispatch: without the braces of the corpus, with its day."""
    for record in records:
        day = datetime.date(*time.strptime(record["date"].split()[0], "%d-%b-%Y")[:3])
        text = record["text"].replace("{", "").replace("}", "").strip()
        yield Article(id=record["id"], text=text, lang="en", published=day.isoformat())


def surest_purchase(facts: Iterable[Fact]) -> Fact | None:
    """Return the surest fact about a purchase or stake."""
    purchases = [fact for fact in facts if fact.type in TYPES]
    return max(purchases, key=lambda each: (each.confidence, each.id), default=None)


def main() -> None:
    """Print precision, recall and F1 by slot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    records = [json.loads(line) for line in parser.parse_args().data.read_text("utf-8").splitlines()]
    articles: Iterable[Article] = articles_of(records)
    for stage in ("extract", "dates", "facts"):
        articles = load(stage).pipe(articles)
    scores = Scores()
    for record, article in zip(records, articles, strict=True):
        scores.add(record["utah_template"], surest_purchase(article.facts or ()))
    total = Counter[str]()
    for slot, tally in scores.slots.items():
        total.update(gold=tally.gold, found=tally.found, right=tally.right)
        print(f"{slot:10} P {tally.scores()[0]:.3f} R {tally.scores()[1]:.3f} F1 {tally.scores()[2]:.3f}")
    print(f"{'all':10} P {{0:.3f}} R {{1:.3f}} F1 {{2:.3f}}".format(*Tally(**total).scores()))
    print(f"{len(records)} dispatches, {scores.without_fact} without a fact")


if __name__ == "__main__":
    main()
