"""How sure a deal is: what its statements, parties and figures add up to."""

from __future__ import annotations

from collections.abc import Iterator

from dealfacts.deals.folding import Draft
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.reading import Reading

TRUE = "true"
FALSE = "false"


def judge_features(reading: Reading, draft: Draft) -> Iterator[str]:
    """Describe a draft for the scorer that tells real deals from false ones."""
    kind = draft.type
    probabilities = sorted((event.probability for event in draft.events), reverse=True)
    best = draft.statements[0]
    for statement in draft.statements:
        if statement.strength > best.strength:
            best = statement
    yield f"type={kind}"
    yield f"p={_tenth(probabilities[0])}"
    yield f"p={_tenth(probabilities[0])}|{kind}"
    yield f"p2={_tenth(probabilities[1]) if len(probabilities) > 1 else '-'}"
    yield f"n={min(len(probabilities), 5)}"
    yield f"sentences={min(len({event.sentence.index for event in draft.events}), 4)}"
    yield f"share={_tenth(draft.type_share)}"
    yield f"own={best.own}|{kind}"
    yield f"concept={best.event.trigger.concept}"
    yield f"concept={best.event.trigger.concept}|{kind}"
    yield f"words={' '.join(best.event.sentence.tokens[i].word for i in best.event.trigger.tokens)}"
    table = concepts()["triggers"]
    yield f"generic={all(table[event.trigger.concept].get('generic', False) for event in draft.events)}"
    yield f"headline={any(event.sentence.headline for event in draft.events)}"
    yield f"early={min(4, *(event.sentence.index for event in draft.events))}"
    filled = "".join(sorted(draft.sides))
    yield f"sides={filled}|{kind}"
    for side, entities in sorted(draft.sides.items()):
        support = max(draft.support[entity] for entity in entities)
        yield f"support={side}|{_tenth(min(support, 1.0))}"
        yield f"support={side}|{_tenth(min(support / sum(probabilities), 1.0))}|mean"
        yield f"count={side}|{min(len(entities), 3)}|{kind}"
        for entity in entities[:2]:
            yield f"label={side}|{_label(draft, entity)}|{kind}"
            yield f"rank={side}|{min(reading.rank.get(entity, 9), 4)}"
            yield f"title={side}|{entity in reading.headline_entities}"
            yield f"own={side}|{any(entity in event.sides for event in draft.events)}|{kind}"
    for meaning in ("amount", "valuation", "stake", "capacity"):
        held = draft.values.get(meaning)
        yield f"{meaning}={_tenth(held[1]) if held else '-'}"
        yield f"{meaning}={held is not None}|{kind}"
    for concept in sorted(
        {c for found in best.event.sentence.concepts_at.values() for c in found if c[0] in "cs"}
    ):
        yield f"near={concept}"
    yield "bias"


def _tenth(share: float) -> str:
    return str(int(share * 10))


def _label(draft: Draft, entity: str) -> str:
    labels = [m.label for event in draft.events for m in event.mentions.get(entity, ())]
    return max(sorted(set(labels)), key=labels.count) if labels else "-"
