"""Make Fact records from the drafts of one article."""

from __future__ import annotations

from functools import cache

from dealfacts.deals.events import find_events
from dealfacts.deals.folding import Draft, fold, status_of
from dealfacts.deals.lexicon import concepts, lexicon
from dealfacts.deals.reading import Reading, read_article
from dealfacts.deals.scorer import Scorer, load_scorers
from dealfacts.records import (
    Article,
    Evidence,
    Fact,
    Party,
    content_id,
)

MIN_CONFIDENCE = 0.5
_DATE_ROLES = ("announced", "completed", "expected_close", "start", "deployment")


def find_facts(
    article: Article, scorers: dict[str, Scorer] | None = None, threshold: float | None = None
) -> list[Fact]:
    """Find the deals an article tells of.

    Args:
        article: with `text`, `lang` and `mentions`; `published` and `boilerplate` are used if there.
        scorers: other weights than the shipped ones.
        threshold: least confidence of a fact; by default MIN_CONFIDENCE.

    Returns:
        One fact a deal, in the order of their first evidence; none when the language has no data.
    """
    words = lexicon((article.lang or "").split("-")[0])
    if words is None:
        return []
    reading = read_article(article, words.language, words)
    drafts = fold(find_events(reading, scorers or load_scorers()))
    least = MIN_CONFIDENCE if threshold is None else threshold
    facts = [
        fact for draft in drafts if (fact := _fact(reading, draft)) is not None and fact.confidence >= least
    ]
    return sorted(facts, key=lambda fact: (fact.evidence[0].start, fact.id))


@cache
def _required() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Per type, the sets of sides any of which makes a deal worth telling."""
    both = (("A", "T"),)
    return {
        "acquisition": (("A", "T"), ("A", "S"), ("T", "S")),
        "asset_purchase": (("A", "T"), ("A", "S")),
        "divestiture": (("S",), ("T",)),
        "equity_stake": both,
        "investment": (("A", "T"), ("L", "T")),
        "funding_round": (("T",),),
        "debt_financing": (("T",),),
        "ipo": (("T",),),
        "licensing": (("A", "S"),),
        "supply_contract": (("A", "S"),),
        "merger": (("P",),),
        "partnership": (("P",),),
        "joint_venture": (("P",),),
    }


def _complete(draft: Draft) -> bool:
    sides = draft.sides
    if "P" in concepts()["sides"][draft.type] and len(sides.get("P", ())) < 2:
        return False
    return any(all(sides.get(side) for side in need) for need in _required()[draft.type])


def _fact(reading: Reading, draft: Draft) -> Fact | None:
    if not _complete(draft):
        return None
    article = reading.article
    names = concepts()["sides"][draft.type]
    roles = {
        names[side]: [_party(draft, entity) for entity in entities]
        for side, entities in sorted(draft.sides.items())
        if side in names
    }
    status, _ = status_of(draft)
    values = {meaning: mention.value for meaning, (mention, _) in draft.values.items()}
    spans = sorted({(event.sentence.start, event.sentence.end) for event in draft.events})
    evidence = [Evidence(start=s, end=e, text=article.text[s:e]) for s, e in spans]
    parties = [f"{role}={party.name}" for role, held in roles.items() for party in held]
    return Fact(
        id=content_id("f", article.id, draft.type, *sorted(parties), *(f"{s}-{e}" for s, e in spans)),
        article_id=article.id,
        type=draft.type,
        status=status,
        roles=roles,
        amount=values.get("amount"),
        valuation=values.get("valuation"),
        stake=values.get("stake"),
        quantities=[values["capacity"]] if "capacity" in values else [],
        dates={role: values[role] for role in _DATE_ROLES if role in values},
        confidence=round(draft.probability, 3),
        evidence=evidence,
    )


def _party(draft: Draft, entity: str) -> Party:
    ids = {mention.id for event in draft.events for mention in event.mentions.get(entity, ())}
    return Party(name=entity, mention_ids=sorted(ids, key=lambda key: (len(key), key)))
