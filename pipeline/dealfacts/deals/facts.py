"""Make Fact records from the deals read off one article."""

from __future__ import annotations

from typing import Any

from dealfacts.deals.amounts import FOREST as AMOUNT
from dealfacts.deals.amounts import choose_amounts
from dealfacts.deals.choosing import FOREST as APART
from dealfacts.deals.choosing import choose
from dealfacts.deals.context import FOREST as CONTEXT
from dealfacts.deals.context import weigh_again
from dealfacts.deals.days import FOREST as DAY
from dealfacts.deals.days import ROLES, choose_days
from dealfacts.deals.drafting import Draft, draft_of, settle_values, status_of
from dealfacts.deals.events import Event, fill_all, find_events
from dealfacts.deals.groups import group_of
from dealfacts.deals.hypotheses import Hypothesis, hypotheses_of
from dealfacts.deals.judging import FOREST as JUDGE
from dealfacts.deals.judging import judge
from dealfacts.deals.lexicon import concepts, lexicon
from dealfacts.deals.model import DealModel, load_model
from dealfacts.deals.parting import FOREST as PARTING
from dealfacts.deals.parting import part
from dealfacts.deals.reading import Reading, entity_of, read_article
from dealfacts.deals.salience import salience_of
from dealfacts.deals.sellers import FOREST as SELLER
from dealfacts.deals.sellers import name_sellers
from dealfacts.deals.slots import FOREST as SLOT
from dealfacts.deals.slots import rank_fillers
from dealfacts.deals.sources import attribution_of, binding_of
from dealfacts.deals.stakes import FOREST as STAKE
from dealfacts.deals.stakes import choose_stakes
from dealfacts.records import Article, Evidence, Fact, Party, Timex, content_id

MIN_CONFIDENCE = 0.4
"""A fact is told when it is at least this sure; chosen on the development articles for the best F1."""


def find_facts(
    article: Article, model: DealModel | None = None, threshold: float | None = None
) -> list[Fact]:
    """Find the deals an article tells of.

    Args:
        article: with `text`, `lang` and `mentions`; `published` and `boilerplate` are used if there.
        model: another model than the shipped one.
        threshold: least confidence of a fact; by default MIN_CONFIDENCE.

    Returns:
        One fact a deal, in the order of their first evidence; none when the language has no data.
    """
    told = read_deals(article, model or load_model(), MIN_CONFIDENCE if threshold is None else threshold)
    if told is None:
        return []
    reading, drafts = told
    facts = [make_fact(reading, draft, confidence) for draft, confidence in drafts]
    return sorted(_without_paler(_without_repeats(facts)), key=lambda fact: (fact.evidence[0].start, fact.id))


def read_deals(
    article: Article, model: DealModel, threshold: float
) -> tuple[Reading, list[tuple[Draft, float]]] | None:
    """Read an article and draft the deals it tells, each with how sure it is; None in an unknown language."""
    words = lexicon((article.lang or "").split("-", maxsplit=1)[0])
    if words is None:
        return None
    reading = read_article(article, words.language, words)
    events, hypotheses = find_hypotheses(reading, model)
    shares = judge(reading, events, hypotheses, model.forests[JUDGE])
    chosen = choose(reading, hypotheses, shares, threshold, model.forests[APART])
    hypotheses, chosen, shares = part(reading, hypotheses, chosen, shares, model.forests[PARTING])
    amounts = choose_amounts(reading, hypotheses, chosen, model.forests[AMOUNT])
    stakes = choose_stakes(reading, hypotheses, chosen, model.forests[STAKE])
    drafts = [draft_of(hypotheses[index]) for index in chosen]
    statuses = [status_of(draft)[0] for draft in drafts]
    days = choose_days(reading, hypotheses, chosen, statuses, model.forests[DAY])
    name_sellers(reading, hypotheses, chosen, drafts, model.forests[SELLER])
    for index, draft in zip(chosen, drafts, strict=True):
        if index in amounts:
            draft.values["amount"] = amounts[index]
        if index in stakes:
            draft.values["stake"] = stakes[index]
        draft.values.update(days.get(index, {}))
    settle_values(drafts)
    return reading, [(draft, shares[index]) for index, draft in zip(chosen, drafts, strict=True)]


def find_hypotheses(reading: Reading, model: DealModel) -> tuple[list[Event], list[Hypothesis]]:
    """Find the statements of deals in an article and the hypotheses they support."""
    events = find_events(reading, model.scorers, model.network)
    fill_all(weigh_again(reading, events, model.forests[CONTEXT]), model.scorers, model.network)
    fillers = rank_fillers(salience_of(reading, events), model.forests[SLOT])
    return events, hypotheses_of(events, fillers)


def _without_repeats(facts: list[Fact]) -> list[Fact]:
    """Keep one of the facts that tell the same deal of the same parties: the one with most figures."""
    kept: dict[tuple[object, ...], list[Fact]] = {}
    for fact in sorted(facts, key=lambda each: (-len(_figures(each)), -each.confidence, each.id)):
        roles = {role: sorted(party.name for party in parties) for role, parties in fact.roles.items()}
        alike = kept.setdefault((fact.type, *((role, *roles[role]) for role in sorted(roles))), [])
        if not any(_agree(fact, other) for other in alike):
            alike.append(fact)
    return [fact for alike in kept.values() for fact in alike]


def _figures(fact: Fact) -> dict[str, Any]:
    told = {"amount": fact.amount, "valuation": fact.valuation, "stake": fact.stake}
    return {meaning: value for meaning, value in told.items() if value is not None}


def _agree(fact: Fact, other: Fact) -> bool:
    """Tell whether no figure of a fact contradicts another's."""
    mine, theirs = _figures(fact), _figures(other)
    return all(theirs.get(meaning, value) == value for meaning, value in mine.items())


def _without_paler(facts: list[Fact]) -> list[Fact]:
    """Leave out the facts that tell no more than a surer one."""
    naming: dict[str, list[Fact]] = {}
    for fact in facts:
        for name in _names(fact):
            naming.setdefault(name, []).append(fact)
    return [
        fact for fact in facts if not any(_tells_no_more(fact, other) for other in naming[min(_names(fact))])
    ]


def _tells_no_more(fact: Fact, other: Fact) -> bool:
    """Tell whether a fact is a paler telling of another deal between the same parties.

    Of another kind of deal it is only if it has no figure and is less sure.
    """
    if fact is other or not _names(fact) <= _names(other):
        return False
    if group_of()[fact.type] != group_of()[other.type]:
        return not _figures(fact) and fact.confidence < other.confidence
    mine, theirs = _figures(fact), _figures(other)
    return _richness(fact) < _richness(other) and all(
        theirs.get(meaning) == value for meaning, value in mine.items()
    )


def _richness(fact: Fact) -> tuple[int, int, float, str]:
    return len(_figures(fact)), len(_names(fact)), fact.confidence, fact.id


def _names(fact: Fact) -> set[str]:
    return {party.name for parties in fact.roles.values() for party in parties}


def make_fact(reading: Reading, draft: Draft, confidence: float) -> Fact:
    """Write a draft as a Fact record."""
    article = reading.article
    names = concepts()["sides"][draft.type]
    roles = {
        names[side]: [_party(reading, draft, entity) for entity in entities]
        for side, entities in sorted(draft.sides.items())
        if side in names
    }
    status, _ = status_of(draft)
    values = {meaning: mention.value for meaning, (mention, _) in draft.values.items()}
    spans = sorted({(event.sentence.start, event.sentence.end) for event in draft.events})
    parties = sorted(f"{role}={party.name}" for role, held in roles.items() for party in held)
    return Fact.model_validate(
        {
            "id": content_id("f", article.id, draft.type, *parties, *(f"{s}-{e}" for s, e in spans)),
            "article_id": article.id,
            "type": draft.type,
            "status": status,
            "roles": roles,
            "amount": values.get("amount"),
            "valuation": values.get("valuation"),
            "stake": values.get("stake"),
            "quantities": [values["capacity"]] if "capacity" in values else [],
            "dates": {role: _day(values[role]) for role in ROLES if role in values},
            "binding": binding_of(draft),
            "attribution": attribution_of(reading, draft),
            "confidence": round(confidence, 3),
            "triggers": [_trigger(event) for event in draft.events],
            "evidence": [Evidence(start=s, end=e, text=article.text[s:e]) for s, e in spans],
        }
    )


def _day(value: Any) -> Any:
    """Take the day of a point in time: a deal is announced on a day, not `last night`."""
    if isinstance(value, Timex) and value.type == "TIME" and value.start:
        return value.model_copy(update={"type": "DATE", "timex": value.start, "edtf": value.start})
    return value


def _trigger(event: Event) -> dict[str, Any]:
    """Write where a trigger stands and what it speaks of, as the trace of a fact."""
    tokens = [event.sentence.tokens[index] for index in event.trigger.tokens]
    return {"start": tokens[0].start, "end": tokens[-1].end, "concept": event.trigger.concept}


def _party(reading: Reading, draft: Draft, entity: str) -> Party:
    """Write a party with its mentions beside the deal's triggers, or else the one nearest to the deal."""
    ids = {mention.id for event in draft.events for mention in event.mentions.get(entity, ())}
    if not ids:
        start = min(event.sentence.start for event in draft.events)
        named = [mention for mention in reading.names if entity_of(mention) == entity]
        nearest = sorted(named, key=lambda mention: (abs(mention.start - start), mention.start))
        ids = {mention.id for mention in nearest[:1]}
    return Party(name=entity, mention_ids=sorted(ids, key=lambda key: (len(key), key)))
