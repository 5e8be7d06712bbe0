"""The error page: every deal missed, invented or misread, each in its context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from dealfacts.evaluate.deals import differences
from dealfacts.evaluate.gold import GoldArticle, GoldDeal, GoldMoney
from dealfacts.evaluate.mentions import found_spans, gold_spans, overlapping
from dealfacts.evaluate.scoring import Evaluation, Judged
from dealfacts.jsonl import atomic_output
from dealfacts.records import Fact, Money

CONTEXT_CHARS = 90
MAX_MENTION_ERRORS = 2000
"""A page with more rows than this is slow to open; the counts stay complete."""


@dataclass(frozen=True)
class DealError:
    """A deal that was missed, invented or misread, with the text that states it."""

    kind: str
    article_id: str
    language: str
    fields: list[str]
    labelled: str
    found: str
    context: list[str]


@dataclass(frozen=True)
class MentionError:
    """A name, figure or date that was missed, invented or misread."""

    kind: str
    article_id: str
    language: str
    label: str
    before: str
    text: str
    after: str
    value: str


def deal_errors(judged: Judged) -> Iterator[DealError]:
    """Return what went wrong with the deals of one article: missed, misread, then invented ones."""
    article, facts = judged.gold, judged.found.facts or []
    pairs = {pair.gold: pair for pair in judged.pairs}
    for number, deal in enumerate(article.gold.deals):
        pair = pairs.get(number)
        if pair is None and deal.core:
            yield _deal_error("missed", article, [], deal, None)
        elif pair is not None and (fields := differences(deal, facts[pair.fact], judged.found)):
            kind = "misread" if pair.matched else "parties differ"
            yield _deal_error(kind, article, fields, deal, facts[pair.fact])
    paired = {pair.fact for pair in judged.pairs}
    for number, fact in enumerate(facts):
        if number not in paired:
            yield _deal_error("invented", article, [], None, fact)


def _deal_error(
    kind: str, article: GoldArticle, fields: list[str], deal: GoldDeal | None, fact: Fact | None
) -> DealError:
    return DealError(
        kind=kind,
        article_id=article.id,
        language=article.lang,
        fields=fields,
        labelled=describe_deal(deal) if deal else "",
        found=describe_fact(fact) if fact else "",
        context=_context(article.text, deal, fact),
    )


def _context(text: str | None, deal: GoldDeal | None, fact: Fact | None) -> list[str]:
    if deal is None:
        return [evidence.text for evidence in fact.evidence] if fact else []
    if isinstance(deal.evidence, str):
        return [deal.evidence]
    return [text[start:end] for start, end in deal.evidence] if text else []


def describe_deal(deal: GoldDeal) -> str:
    """Write a labelled deal on one line."""
    fields = [f"{role}: {', '.join(names[0] for names in parties)}" for role, parties in deal.roles.items()]
    fields += _given("amount", _gold_money(deal.amount)) + _given("valuation", _gold_money(deal.valuation))
    fields += _given("stake", f"{deal.stake}%" if deal.stake else "")
    fields += [f"{role} {timex}" for role, timex in deal.dates.items()]
    return " · ".join([deal.type, deal.status, *fields, *([] if deal.core else ["background"])])


def describe_fact(fact: Fact) -> str:
    """Write a found fact on one line."""
    fields = [f"{role}: {', '.join(party.name for party in parties)}" for role, parties in fact.roles.items()]
    fields += _given("amount", _found_money(fact.amount)) + _given("valuation", _found_money(fact.valuation))
    fields += _given("stake", f"{fact.stake.percent}%" if fact.stake and fact.stake.percent else "")
    fields += [f"{role} {date.timex}" for role, date in fact.dates.items()]
    return " · ".join([fact.type, fact.status, *fields, f"confidence {fact.confidence:.2f}"])


def _given(field: str, value: str) -> list[str]:
    return [f"{field} {value}"] if value else []


def _gold_money(money: GoldMoney | None) -> str:
    return (
        _money(money.value, money.currency, money.modifier or "exact", (money.min, money.max))
        if money
        else ""
    )


def _found_money(money: Money | None) -> str:
    return _money(money.amount, money.currency, money.modifier, (money.min, money.max)) if money else ""


def _money(
    amount: str | None, currency: str | None, modifier: str, bounds: tuple[str | None, str | None]
) -> str:
    number = f"{int(amount):,}" if amount and amount.isdigit() else amount or f"{bounds[0]}..{bounds[1]}"
    return f"{'' if modifier == 'exact' else modifier + ' '}{number} {currency}"


def mention_errors(judged: Judged) -> Iterator[MentionError]:
    """Return the mentions of one article that were missed, invented or given another value."""
    labelled, claimed = gold_spans(judged.gold), found_spans(judged.found, judged.gold.gold.labels)
    text = judged.gold.text or ""
    for label in sorted({span.label for span in (*labelled, *claimed)}):
        gold = [span for span in labelled if span.label == label]
        found = [span for span in claimed if span.label == label]
        pairs = overlapping(gold, found)
        rows = [
            ("misread", one, f"{one.value} / {other.value}")
            for one, other in pairs
            if one.value != other.value
        ]
        rows += [
            ("missed", span, span.value or "") for span in gold if all(span is not one for one, _ in pairs)
        ]
        rows += [
            ("invented", span, span.value or "") for span in found if all(span is not o for _, o in pairs)
        ]
        for kind, span, value in sorted(rows, key=lambda row: row[1].start):
            yield MentionError(
                kind=kind,
                article_id=judged.gold.id,
                language=judged.gold.lang,
                label=label,
                before=text[max(0, span.start - CONTEXT_CHARS) : span.start],
                text=text[span.start : span.end],
                after=text[span.end : span.end + CONTEXT_CHARS],
                value=value,
            )


def write_error_page(evaluation: Evaluation, path: Path) -> None:
    """Write one self-contained HTML page with every miss in context."""
    environment = Environment(
        loader=PackageLoader("dealfacts.evaluate"), autoescape=select_autoescape(), trim_blocks=True
    )
    scored_mentions = any(measure.stage == "mentions" for measure in evaluation.measures)
    mentions = [each for one in evaluation.judged for each in mention_errors(one)] if scored_mentions else []
    page = environment.get_template("errors.html").render(
        digest=evaluation.gold_digest,
        articles=evaluation.articles,
        deals=[each for one in evaluation.judged for each in deal_errors(one)],
        mentions=mentions[:MAX_MENTION_ERRORS],
        mention_total=len(mentions),
    )
    with atomic_output(path) as file:
        file.write(page.encode())
