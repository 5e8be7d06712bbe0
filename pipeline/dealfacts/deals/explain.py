"""Say why a fact was told: its triggers, who was put on which side by which features, and how sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealfacts.deals.drafting import Draft, status_of
from dealfacts.deals.events import Event
from dealfacts.deals.facts import MIN_CONFIDENCE, find_hypotheses, make_fact, read_deals
from dealfacts.deals.features import SentenceView, name_features, trigger_features
from dealfacts.deals.groups import slots_of
from dealfacts.deals.hypotheses import Support
from dealfacts.deals.judging import FOREST, judged_rows
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.model import DealModel, load_model
from dealfacts.deals.reading import Reading, entity_of
from dealfacts.deals.scorer import Scorer
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


def explain_fact(article: Article, fact_id: str, model: DealModel | None = None) -> Explanation:
    """Read the article again and say what a fact rests on.

    Args:
        article: the article as `find_facts` saw it, with text, lang and mentions.
        fact_id: the id of one of its facts.
        model: the model it was found with; by default the shipped one.

    Raises:
        DealfactsError: when reading the article again does not give such a fact.
    """
    model = model or load_model()
    # The threshold shapes which facts exclude each other, so it is that of `find_facts` first.
    for threshold in (MIN_CONFIDENCE, 0.0):
        told = read_deals(article, model, threshold)
        for draft, confidence in told[1] if told else ():
            assert told is not None
            if make_fact(told[0], draft, confidence).id == fact_id:
                return Explanation(fact_id, _lines(told[0], draft, confidence, model))
    raise DealfactsError(
        f"article {article.id!r} gives no fact {fact_id!r}; it was found with other mentions or weights"
    )


def _lines(reading: Reading, draft: Draft, confidence: float, model: DealModel) -> list[str]:
    status, sure = status_of(draft)
    lines = [f"{draft.type} ({draft.type_share:.0%}), {status} ({sure:.0%}), confidence {confidence:.2f}"]
    for support in sorted(draft.support, key=lambda each: -each.weight):
        lines += _statement_lines(reading, draft, support, model.scorers)
    for meaning, (mention, share) in sorted(draft.values.items()):
        lines.append(f"{meaning}: {mention.text!r} at {mention.start} {share:.2f}")
    lines.append(f"judged by [{_judged_by(reading, draft, model)}]")
    return lines


def _judged_by(reading: Reading, draft: Draft, model: DealModel) -> str:
    """Name what moved the judge most, with the change in log-odds."""
    events, hypotheses = find_hypotheses(reading, model)
    sought = draft.hypothesis
    place = next(
        number
        for number, each in enumerate(hypotheses)
        if (each.group, each.first, each.second) == (sought.group, sought.first, sought.second)
    )
    moved = model.forests[FOREST].contributions(judged_rows(reading, events, hypotheses)[place], _REASONS)
    return ", ".join(f"{name} {change:+.2f}" for name, change in moved)


def _statement_lines(
    reading: Reading, draft: Draft, support: Support, scorers: dict[str, Scorer]
) -> Iterator[str]:
    event, sides = support.event, concepts()["sides"][draft.type]
    view = SentenceView(reading, event.sentence)
    words = " ".join(event.sentence.tokens[i].word for i in event.trigger.tokens)
    start = event.sentence.tokens[event.trigger.anchor].start
    reasons = _reasons(scorers["trigger"], list(trigger_features(view, event.trigger)), event.type)
    yield f"{words!r} at {start} ({event.trigger.concept}): {event.type} {event.probability:.2f} [{reasons}]"
    for side, filler in zip(slots_of(draft.hypothesis.group), support.fillers, strict=False):
        name = sides.get(side, side)
        if filler.entity is None:
            yield f"  {name}: not named {filler.share:.2f}"
        else:
            why = _why(view, event, side, filler.entity, scorers["name"])
            yield f"  {name}: {filler.entity} {filler.share:.2f} [{why}]"


def _why(view: SentenceView, event: Event, side: str, entity: str, scorer: Scorer) -> str:
    """Name the features that put a party on its side; one from another sentence fills an open side."""
    for position in event.sentence.names:
        mention = event.sentence.tokens[position].mention
        if mention is not None and entity_of(mention) == entity:
            return _reasons(scorer, list(name_features(view, event.trigger, event.type, position)), side)
    return "named elsewhere, fills the open side best"


def _reasons(scorer: Scorer, features: list[str], label: str) -> str:
    found = scorer.contributions(features, label, _REASONS)
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in found)
