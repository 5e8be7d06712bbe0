"""The merge's own view of the articles: small claims instead of full records.

A million facts must fit in memory, so equal values are held once and parties are numbers into a
table of names.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import BaseModel

from dealfacts.merge.stories import Sketch, sketch
from dealfacts.merge.values import Interval, Sum, read_interval, read_percent, read_quantity, read_sum
from dealfacts.records import Article, Fact, Money, Percent, Quantity, Timex

SIDES = {
    "target": "object",
    "investee": "object",
    "borrower": "object",
    "issuer": "object",
    "licensor": "object",
    "supplier": "object",
    "acquirer": "source",
    "investor": "source",
    "lead_investor": "source",
    "lender": "source",
    "licensee": "source",
    "customer": "source",
    "seller": "seller",
    "partner": "partner",
}
"""Which side of a deal a role stands on, whatever the deal's type: the source pays, the object gets."""
_KINDS = {"PERSON": "P", "GPE": "G", "LOC": "G", "ORG": "O", "PRODUCT": "O"}

Plain = dict[str, Any]


@dataclass(slots=True)
class ArticleInfo:
    """What the merge keeps of an article; `day` is the ordinal of its date of publication."""

    id: str
    day: int | None
    published: str | None
    lang: str | None
    sketch: Sketch | None


@dataclass(slots=True)
class Claim:
    """One fact: parties as (role, name number), values shared between equal claims."""

    id: str
    article: str
    type: str
    status: str
    parties: tuple[tuple[str, int], ...]
    amount: Sum | None
    valuation: Sum | None
    stake: Sum | None
    quantities: tuple[Sum, ...]
    dates: tuple[tuple[str, Interval], ...]


@dataclass(slots=True)
class NameEntry:
    """A surface form of a party with its kind (P person, G place, O organisation or unknown)."""

    text: str
    kind: str


@dataclass
class Corpus:
    """All claims of a set of articles, in no particular order; adding the same fact twice adds it once."""

    articles: dict[str, ArticleInfo] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    names: list[NameEntry] = field(default_factory=list)
    aliases: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(short form, full form) -> the articles that use both for one party."""
    _name_numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _values: dict[tuple[str, bytes], Any] = field(default_factory=dict)
    _dates: dict[tuple[tuple[str, int], ...], tuple[tuple[str, Interval], ...]] = field(default_factory=dict)
    _kept: dict[Any, Any] = field(default_factory=dict)

    def add_article(self, article: Article | Plain) -> None:
        """Take over what the merge needs of one article and its facts."""
        record = article.model_dump(mode="json") if isinstance(article, Article) else article
        if record["id"] in self.articles:
            return
        published = self._one(record.get("published"))
        self.articles[record["id"]] = ArticleInfo(
            record["id"],
            _ordinal(published),
            published,
            self._one(record.get("lang")),
            sketch(record.get("text") or "", record.get("boilerplate") or ()),
        )
        facts = record.get("facts") or ()
        mentions = {mention["id"]: mention for mention in record.get("mentions") or ()} if facts else {}
        seen_aliases: set[tuple[str, str]] = set()
        for fact in facts:
            self.add_fact(fact, mentions, seen_aliases)
        self.aliases.update(seen_aliases)

    def add_fact(
        self,
        fact: Fact | Plain,
        mentions: dict[str, Plain] | None = None,
        aliases: set[tuple[str, str]] | None = None,
    ) -> None:
        """Take over one fact; `mentions` of its article tell persons and places from companies."""
        record = fact.model_dump(mode="json") if isinstance(fact, Fact) else fact
        if record["id"] in self.claims:
            return
        article = self.articles.get(record["article_id"])
        if article is None:
            article = ArticleInfo(record["article_id"], None, None, None, None)
            self.articles[article.id] = article
        parties = []
        for role, players in record["roles"].items():
            for player in players:
                named_by = player.get("mention_ids") or ()
                texts = [mentions[m] for m in named_by if m in mentions] if mentions else []
                parties.append((role, self._name_number(player["name"], _kind(texts))))
                if aliases is not None:
                    _collect_aliases(player["name"], texts, aliases)
        dates = [(role, self._shared("date", value)) for role, value in (record.get("dates") or {}).items()]
        quantities = [self._shared("quantity", quantity) for quantity in record.get("quantities") or ()]
        self.claims[record["id"]] = Claim(
            record["id"],
            article.id,
            self._one(record["type"]),
            self._one(record["status"]),
            self._one(tuple(dict.fromkeys(parties))),
            self._shared("sum", record.get("amount")),
            self._shared("sum", record.get("valuation")),
            self._shared("percent", record.get("stake")),
            tuple(quantities),
            self._dates.setdefault(tuple((role, id(value)) for role, value in dates), tuple(dates)),
        )

    def _one(self, value: Any) -> Any:
        """Return the one object kept for all values equal to this."""
        return self._kept.setdefault(value, value)

    def _name_number(self, text: str, kind: str) -> int:
        number = self._name_numbers.setdefault((text, kind), len(self.names))
        if number == len(self.names):
            self.names.append(NameEntry(text, kind))
        return number

    def _shared(self, kind: str, value: Plain | None) -> Any:
        if value is None:
            return None
        key = (kind, orjson.dumps(value))
        found = self._values.get(key)
        if found is None:
            model, reader = _VALUES[kind]
            # Through the model, so that a value reads the same whether it came as a record or as plain JSON.
            full = model.model_validate(value).model_dump(mode="json")
            found = self._values.setdefault((kind, orjson.dumps(full)), reader(full))
            self._values[key] = found
        return found


_VALUES: dict[str, tuple[type[BaseModel], Callable[[Plain], Any]]] = {
    "sum": (Money, read_sum),
    "percent": (Percent, read_percent),
    "quantity": (Quantity, read_quantity),
    "date": (Timex, read_interval),
}


def read_corpus(records: Iterable[Article | Fact | Plain]) -> Corpus:
    """Read articles with their facts, or bare facts, into a corpus.

    Args:
        records: articles or facts, as models or as plain dictionaries, in any order.
    """
    corpus = Corpus()
    for record in records:
        is_fact = isinstance(record, Fact) or (isinstance(record, dict) and "article_id" in record)
        if is_fact:
            corpus.add_fact(record)  # type: ignore[arg-type]
        else:
            corpus.add_article(record)  # type: ignore[arg-type]
    return corpus


def _ordinal(day: str | None) -> int | None:
    if not day:
        return None
    try:
        return datetime.date.fromisoformat(day[:10]).toordinal()
    except ValueError:
        return None


def _kind(mentions: Sequence[Plain]) -> str:
    if not mentions:
        return "O"
    kinds = Counter(_KINDS.get(mention["label"], "O") for mention in mentions if mention["label"] in _KINDS)
    return min(kinds, key=lambda kind: (-kinds[kind], kind)) if kinds else "O"


def _collect_aliases(name: str, mentions: Sequence[Plain], aliases: set[tuple[str, str]]) -> None:
    for mention in mentions:
        value = mention.get("value") or {}
        if value.get("kind", "name") == "name" and mention["text"] != name and len(mention["text"]) >= 2:
            aliases.add((mention["text"], name))
