"""Say why a fact was told: its triggers, who was put on which side by which features, and how sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealfacts.deals.events import Event
from dealfacts.deals.facts import confidence_of, make_fact, read_deals
from dealfacts.deals.features import SentenceView, name_features, trigger_features
from dealfacts.deals.folding import Draft, Statement, status_of
from dealfacts.deals.judging import TRUE, judge_features
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.reading import Reading, entity_of
from dealfacts.deals.scorer import Scorer, load_scorers
from dealfacts.errors import DealfactsError
from dealfacts.records import Article

_REASONS = 4


@dataclass(frozen=True)
class Explanation:
    """Why a fact was told, as lines to print."""

    fact_id: str
    lines: list[str]

    def __str__(self) -> str:
        """Return the lines as one text."""
        return "\n".join([self.fact_id, *self.lines])


def explain_fact(article: Article, fact_id: str, scorers: dict[str, Scorer] | None = None) -> Explanation:
    """Read the article again and say what a fact rests on.

    Args:
        article: the article as `find_facts` saw it, with text, lang and mentions.
        fact_id: the id of one of its facts.
        scorers: the weights it was found with; by default the shipped ones.

    Raises:
        DealfactsError: when reading the article again does not give such a fact.
    """
    scorers = scorers or load_scorers()
    told = read_deals(article, scorers)
    for draft in told[1] if told else ():
        assert told is not None
        confidence = confidence_of(told[0], draft, scorers)
        if make_fact(told[0], draft, confidence).id == fact_id:
            return Explanation(fact_id, _lines(told[0], draft, confidence, scorers))
    raise DealfactsError(
        f"article {article.id!r} gives no fact {fact_id!r}; it was found with other mentions or weights"
    )


def _lines(reading: Reading, draft: Draft, confidence: float, scorers: dict[str, Scorer]) -> list[str]:
    status, sure = status_of(draft)
    lines = [f"{draft.type} ({draft.type_share:.0%}), {status} ({sure:.0%}), confidence {confidence:.2f}"]
    for statement in draft.statements:
        lines += _statement_lines(reading, statement, scorers)
    for meaning, (mention, share) in sorted(draft.values.items()):
        lines.append(f"{meaning}: {mention.text!r} at {mention.start} {share:.2f}")
    judge = scorers.get("judge")
    if judge is not None:
        lines.append(f"judged by [{_reasons(judge, list(judge_features(reading, draft)), TRUE)}]")
    return lines


def _statement_lines(reading: Reading, statement: Statement, scorers: dict[str, Scorer]) -> Iterator[str]:
    event, sides = statement.event, concepts()["sides"][statement.type]
    view = SentenceView(reading, event.sentence)
    words = " ".join(event.sentence.tokens[i].word for i in event.trigger.tokens)
    start = event.sentence.tokens[event.trigger.anchor].start
    reasons = _reasons(scorers["trigger"], list(trigger_features(view, event.trigger)), event.type)
    yield f"{words!r} at {start} ({event.trigger.concept}): {event.type} {event.probability:.2f} [{reasons}]"
    for side, parties in sorted(statement.parties.items()):
        for entity, share in parties:
            why = _why(view, event, side, entity, scorers["name"])
            yield f"  {sides.get(side, side)}: {entity} {share:.2f} [{why}]"


def _why(view: SentenceView, event: Event, side: str, entity: str, scorer: Scorer) -> str:
    """Name the features that put a party on its side; one from another sentence fills an open side."""
    for position in event.sentence.names:
        mention = event.sentence.tokens[position].mention
        if mention is not None and entity_of(mention) == entity:
            return _reasons(scorer, list(name_features(view, event.trigger, event.type, position)), side)
    return "named nearby"


def _reasons(scorer: Scorer, features: list[str], label: str) -> str:
    found = scorer.contributions(features, label, _REASONS)
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in found)
