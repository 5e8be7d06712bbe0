"""What the labels of an article say of its triggers, names and figures."""

from __future__ import annotations

from scripts.deals_data import Example, GoldDeal

from dealfacts.deals.features import types_of
from dealfacts.deals.lexicon import concepts
from dealfacts.deals.network import NONE
from dealfacts.deals.reading import Sentence, Trigger, entity_of
from dealfacts.records import Mention, Money, Percent, Quantity, Timex


def side_of(mention: Mention, deal: GoldDeal) -> str:
    """Return which side of the deal a mention is, or NONE."""
    sides = concepts()["sides"][deal.type]
    names = {mention.text, entity_of(mention)}
    for side, role in sides.items():
        if any(names & party for party in deal.roles.get(role, ())):
            return str(side)
    return NONE


def value_label(mention: Mention, deal: GoldDeal) -> tuple[str | None, str]:
    """Return the scorer a figure belongs to and what it says of the deal."""
    value = mention.value
    if isinstance(value, Money):
        for label, gold in (("amount", deal.amount), ("valuation", deal.valuation)):
            if gold and (value.amount, value.min) == (gold["value"], gold.get("min")):
                return "money", label
        return "money", NONE
    if isinstance(value, Percent):
        same = (
            deal.stake is not None and value.percent is not None and float(value.percent) == float(deal.stake)
        )
        return "percent", "stake" if same else NONE
    if isinstance(value, Quantity):
        same = bool(deal.capacity) and value.value == (deal.capacity or {}).get("value")
        return "quantity", "capacity" if same else NONE
    if isinstance(value, Timex):
        known = {"announced", "completed", "expected_close", "start", "deployment"}
        for role, timex in deal.dates.items():
            if timex == value.timex and role in known:
                return "date", role
        return "date", NONE
    return None, NONE


def expressed_deal(example: Example, sentence: Sentence, trigger: Trigger) -> GoldDeal | str | None:
    """Return the labelled deal a trigger states, None for no deal, or `ignore` where one cannot tell."""
    possible = set(types_of(trigger.concepts))
    fitting = [deal for deal in example.deals if deal.type in possible]
    if example.marks is not None:
        return _marked_deal(example, sentence, trigger, fitting)
    here = [deal for deal in fitting if _states(deal, sentence)]
    if not here:
        named = [deal for deal in fitting if _parties_in(deal, sentence)]
        organisations = [i for i in sentence.names if sentence.tokens[i].word == "<org>"]
        return "ignore" if named or (fitting and not organisations) else None
    return min(here, key=lambda deal: (_distance(deal, sentence, trigger, here), deal.type))


def _marked_deal(
    example: Example, sentence: Sentence, trigger: Trigger, fitting: list[GoldDeal]
) -> GoldDeal | str | None:
    if not example.deals:
        return None
    start, end = sentence.tokens[trigger.tokens[0]].start, sentence.tokens[trigger.tokens[-1]].end
    marks = example.marks or []
    touched = [i for i, (low, high) in enumerate(marks) if start < high and low < end]
    if not touched:
        return "ignore" if fitting else None
    if len(example.deals) == 1:
        return example.deals[0] if fitting else "ignore"
    if len(marks) == len(example.deals) and example.deals[touched[0]] in fitting:
        return example.deals[touched[0]]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return "ignore"
    return min(fitting, key=lambda deal: (_distance(deal, sentence, trigger, fitting), deal.type))


def _parties_in(deal: GoldDeal, sentence: Sentence) -> int:
    return len(
        {
            side_of(sentence.tokens[i].mention, deal)  # type: ignore[arg-type]
            for i in sentence.names
        }
        - {NONE}
    )


def _states(deal: GoldDeal, sentence: Sentence) -> bool:
    if any(low < sentence.end and sentence.start < high for low, high in deal.evidence):
        return True
    return sentence.index == 0 and _parties_in(deal, sentence) >= 2


def _distance(deal: GoldDeal, sentence: Sentence, trigger: Trigger, rivals: list[GoldDeal]) -> int:
    """Measure how near the trigger the parties stand that only this deal has."""
    best = 99
    for position in sentence.names:
        mention = sentence.tokens[position].mention
        assert mention is not None
        if side_of(mention, deal) == NONE:
            continue
        shared = any(side_of(mention, other) != NONE for other in rivals if other is not deal)
        best = min(best, abs(position - trigger.anchor) + (30 if shared else 0))
    return best
