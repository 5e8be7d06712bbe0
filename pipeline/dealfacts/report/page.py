"""From deals and articles to report.html."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dealfacts.jsonl import atomic_output
from dealfacts.quantities import format_value
from dealfacts.records import Article, Deal, Fact, Money, Percent, Quantity, Sentence
from dealfacts.report.highlight import Mark, Piece, cut
from dealfacts.report.order import by_weight
from dealfacts.report.sides import sides

MAX_DEALS = 2_000
"""A page with more rows is slow to open; the tables hold them all."""

_ENGLISH = "en"


@dataclass(frozen=True)
class EvidenceView:
    """One fact of one article: what it claims and the sentences it claims it in."""

    article: Article
    fact: Fact
    claim: str
    quotes: list[tuple[list[Piece], str | None, bool]]
    """Pieces of the sentence, its English reading, and whether that reading is doubtful."""


@dataclass(frozen=True)
class ConflictView:
    """A field in dispute: each value with the articles that give it."""

    field: str
    values: list[tuple[str, str]]


@dataclass(frozen=True)
class DealView:
    """One row of the page and what unfolds under it."""

    deal: Deal
    active: list[str]
    other: list[str]
    amount: str
    details: list[tuple[str, str]]
    date: str
    conflicts: list[ConflictView]
    evidence: list[EvidenceView]
    search: str


def write_report(
    path: Path, deals: Sequence[Deal], articles: Sequence[Article], title: str = "Deal facts"
) -> None:
    """Write the report: one HTML file that needs nothing else, with all text escaped.

    Args:
        path: the file to write; it appears only when it is whole.
        deals: the merged deals; the page shows those most reported first, then the largest.
        articles: the articles with the facts that the deals were made from.
        title: the heading of the page.
    """
    environment = Environment(
        loader=PackageLoader("dealfacts.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["words"] = lambda text: text.replace("_", " ")
    page = environment.get_template("report.html.j2").render(
        title=title,
        summary=_summary(deals, articles),
        types=sorted({deal.type for deal in deals}),
        statuses=sorted({deal.status for deal in deals}),
        languages=sorted({language for deal in deals for language in deal.languages}),
        deals=_views(by_weight(deals)[:MAX_DEALS], articles),
        left_out=max(0, len(deals) - MAX_DEALS),
    )
    with atomic_output(path) as file:
        file.write(page.encode())


def _summary(deals: Sequence[Deal], articles: Sequence[Article]) -> list[tuple[str, str]]:
    languages = Counter(article.lang or "und" for article in articles)
    return [
        (f"{len(deals):,}", "deals"),
        (f"{sum(len(article.facts or ()) for article in articles):,}", "facts"),
        (f"{len(articles):,}", "articles"),
        (f"{sum(bool(deal.conflicts) for deal in deals):,}", "deals with conflicts"),
        (", ".join(f"{code} {count:,}" for code, count in sorted(languages.items())), "languages"),
    ]


def _views(deals: Sequence[Deal], articles: Sequence[Article]) -> list[DealView]:
    facts = {fact.id: (article, fact) for article in articles for fact in article.facts or ()}
    return [_view(deal, facts) for deal in deals]


def _view(deal: Deal, facts: Mapping[str, tuple[Article, Fact]]) -> DealView:
    active, other = sides(deal.roles)
    told = [facts[fact_id] for fact_id in deal.fact_ids if fact_id in facts]
    told.sort(key=lambda pair: (pair[0].published or "9999", pair[0].id, pair[1].id))
    conflicts = [_conflict(conflict.field, conflict.values, facts) for conflict in deal.conflicts]
    date = deal.dates.get("announced") or deal.dates.get("completed")
    aliases = [alias for parties in deal.roles.values() for party in parties for alias in party.aliases]
    titles = [article.title or "" for article, _ in told]
    return DealView(
        deal=deal,
        active=active,
        other=other,
        amount=show(deal.amount) if deal.amount else "",
        details=_details(deal),
        date=date.timex if date else "",
        conflicts=conflicts,
        evidence=[_evidence(article, fact) for article, fact in told],
        search=" ".join([*active, *other, *aliases, *titles, deal.type, deal.status, deal.id]).casefold(),
    )


def _details(deal: Deal) -> list[tuple[str, str]]:
    """List the fields of a deal that have a value, as label and text."""
    rows = [
        (role.replace("_", " "), "; ".join(_with_aliases(party) for party in parties))
        for role, parties in deal.roles.items()
    ]
    for label, value in (("amount", deal.amount), ("valuation", deal.valuation), ("stake", deal.stake)):
        if value is not None:
            rows.append((label, show(value)))
    rows += [("capacity", show(quantity)) for quantity in deal.quantities]
    rows += [(role.replace("_", " "), show_timex(value)) for role, value in deal.dates.items()]
    return rows


def _with_aliases(party: Any) -> str:
    aliases = [alias for alias in party.aliases if alias != party.name]
    return f"{party.name} (also {', '.join(aliases)})" if aliases else str(party.name)


def _conflict(field: str, values: Sequence[Any], facts: Mapping[str, tuple[Article, Fact]]) -> ConflictView:
    told = []
    for value in values:
        sources = {label(facts[fact_id][0]) for fact_id in value.fact_ids if fact_id in facts}
        told.append((show(value.value), ", ".join(sorted(sources))))
    return ConflictView(field_label(field), told)


def field_label(field: str) -> str:
    """Name a field in words: `announced` for `dates.announced`."""
    return field.rpartition(".")[2].replace("_", " ")


def label(article: Article) -> str:
    """Name an article in few words: its source or id, and its date."""
    return (
        f"{article.source or article.id} ({article.published})"
        if article.published
        else article.source or article.id
    )


def _evidence(article: Article, fact: Fact) -> EvidenceView:
    marks = [Mark(m.start, m.end, m.label) for m in article.mentions or ()]
    quotes = [
        (
            cut(article.text, span.start, span.end, marks),
            span.translation or _translation(article, span.start, span.end),
            _is_doubtful(article, span.start, span.end),
        )
        for span in fact.evidence
    ]
    return EvidenceView(article=article, fact=fact, claim=_claim(fact), quotes=quotes)


def _translation(article: Article, start: int, end: int) -> str | None:
    return " ".join(sentence.text for sentence in _translated(article, start, end)) or None


def _is_doubtful(article: Article, start: int, end: int) -> bool:
    """Tell whether the stage marked any of the sentences' translations as suspect."""
    found = _translated(article, start, end)
    return any((sentence.model_extra or {}).get("quality") == "suspect" for sentence in found)


def _translated(article: Article, start: int, end: int) -> list[Sentence]:
    if article.translation is None:
        return []
    return [s for s in article.translation.sentences if s.start < end and start < s.end]


def _claim(fact: Fact) -> str:
    """Say in a line what an article claims: type, status, amount and dates."""
    parts = [fact.type.replace("_", " "), fact.status.replace("_", " ")]
    parts += [show(value) for value in (fact.amount, fact.stake, *fact.quantities) if value is not None]
    parts += [f"{role.replace('_', ' ')} {value.timex}" for role, value in fact.dates.items()]
    if fact.attribution.source:
        parts.append(f"reported by {fact.attribution.source}")
    return " · ".join(parts)


def show(value: Any) -> str:
    """Write any value of a deal for reading: records, plain values and the dicts of conflicts."""
    if isinstance(value, Money | Percent | Quantity):
        return format_value(value, _ENGLISH)
    if isinstance(value, Mapping):
        return _show_mapping(value)
    if isinstance(value, list | tuple):
        return ", ".join(show(item) for item in value)
    return str(value).replace("_", " ")


def _show_mapping(value: Mapping[str, Any]) -> str:
    if "timex" in value:
        return str(value["timex"])
    for model in (Money, Percent, Quantity):
        if set(model.model_fields) >= set(value) and {"currency", "percent", "unit"} & set(value):
            try:
                return format_value(model.model_validate(dict(value)), _ENGLISH)
            except ValueError:
                continue
    return ", ".join(f"{key} {show(item)}" for key, item in value.items() if item is not None)


def show_timex(value: Any) -> str:
    """Write a date with the days it stands for, where its value does not say them."""
    approximate = {"START": "early ", "MID": "mid ", "END": "late ", "APPROX": "about "}.get(
        value.mod or "", ""
    )
    return f"{approximate}{value.timex}"
