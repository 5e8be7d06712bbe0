"""Grow the trees of the deal finder on what its scorers say of labelled articles they have not seen."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scripts.deals_data import Example, GoldDeal
from scripts.deals_labels import expressed_deal
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-not-found,unused-ignore]

from dealfacts.deals import amounts, choosing, context, days, judging, parting, sellers, slots, stakes
from dealfacts.deals.amounts import amount_rows, claims_of, times_told
from dealfacts.deals.choosing import apart_rows, marks_of, may_be_same
from dealfacts.deals.context import context_rows, weigh_again
from dealfacts.deals.days import Candidate, dates_of, day_rows
from dealfacts.deals.drafting import Draft, draft_of
from dealfacts.deals.encoder import Encoder
from dealfacts.deals.events import Event, fill_all, find_events
from dealfacts.deals.facts import make_fact
from dealfacts.deals.groups import group_of, group_shares, sides_to_fill
from dealfacts.deals.hypotheses import Hypothesis, hypotheses_of
from dealfacts.deals.judging import judged_rows
from dealfacts.deals.lexicon import concepts, lexicon
from dealfacts.deals.network import Network
from dealfacts.deals.parting import parting_rows, partings_of
from dealfacts.deals.reading import Reading, entity_of, read_article
from dealfacts.deals.salience import Salience, salience_of
from dealfacts.deals.scorer import Scorer
from dealfacts.deals.slots import rank_fillers, slot_of
from dealfacts.deals.trees import Forest, Rows
from dealfacts.evaluate.agreement import same_date, same_stake, same_sum
from dealfacts.evaluate.deals import FAMILY, fact_claim, gold_claim, shared_parties, sides_agree
from dealfacts.evaluate.gold import GoldDeal as LabelledDeal
from dealfacts.records import Timex


class Reader(NamedTuple):
    """What reads single statements: the scorers, and the network with the encoder that it sees with."""

    scorers: dict[str, Scorer]
    network: Network
    encoder: Encoder


GROWING = {
    context.FOREST: {"max_iter": 200, "learning_rate": 0.06, "max_leaf_nodes": 16, "min_samples_leaf": 25},
    slots.FOREST: {"max_iter": 200, "learning_rate": 0.07, "max_leaf_nodes": 16, "min_samples_leaf": 25},
    judging.FOREST: {
        "max_iter": 350, "learning_rate": 0.035, "max_leaf_nodes": 12, "min_samples_leaf": 20,
        "max_features": 0.3,
    },
    choosing.FOREST: {"max_iter": 120, "learning_rate": 0.07, "max_leaf_nodes": 10, "min_samples_leaf": 20},
    parting.FOREST: {"max_iter": 120, "learning_rate": 0.07, "max_leaf_nodes": 10, "min_samples_leaf": 20},
    days.FOREST: {"max_iter": 150, "learning_rate": 0.07, "max_leaf_nodes": 12, "min_samples_leaf": 20},
    stakes.FOREST: {"max_iter": 100, "learning_rate": 0.07, "max_leaf_nodes": 10, "min_samples_leaf": 20},
    sellers.FOREST: {"max_iter": 100, "learning_rate": 0.07, "max_leaf_nodes": 10, "min_samples_leaf": 20},
    amounts.FOREST: {"max_iter": 120, "learning_rate": 0.07, "max_leaf_nodes": 10, "min_samples_leaf": 20},
}  # fmt: skip
"""How each forest is grown; chosen by cross-validation on the development articles."""
FOLDS = 3
"""Forests learn from what earlier forests say of articles of a fold that these have not seen."""
MAX_DEPTH = 8
L2 = 5.0
_MIN_STATED = 0.02
_LEAST_TOLD = 0.3
"""How sure a hypothesis must be for the trees that tell deals apart to learn from it."""
_MIN_WEIGHT = 0.03
"""Least weight of a right hypothesis for its sums to be learnt from."""


@dataclass
class Seen:
    """A labelled article with the statements that scorers found which had not seen it."""

    example: Example
    fold: int
    reader: Reader
    reading: Reading
    events: list[Event]
    salience: Salience
    hypotheses: list[Hypothesis] = field(default_factory=list)
    matches: list[list[LabelledDeal]] = field(default_factory=list)
    """Of each hypothesis, the labelled deals that it is right about."""
    shares: list[float] = field(default_factory=list)
    """How sure each hypothesis is."""


@dataclass
class Table:
    """Rows of numbers with their labels and folds."""

    rows: list[Rows] = field(default_factory=list)
    labels: list[bool] = field(default_factory=list)
    folds: list[int] = field(default_factory=list)

    def add(self, rows: Rows, labels: list[bool], fold: int) -> None:
        """Add the labelled rows of one thing."""
        self.rows.append(rows)
        self.labels += labels
        self.folds += [fold] * len(labels)

    def grow(self, name: str, columns: tuple[str, ...], leave_out: int | None = None) -> Forest:
        """Grow a forest on all rows but those of one fold."""
        keep = np.array(self.folds) != (-1 if leave_out is None else leave_out)
        return grow(np.concatenate(self.rows)[keep], np.array(self.labels)[keep], name, columns)


def grow_forests(gold: Iterable[Example], reader_of: Callable[[Example], Reader]) -> dict[str, Forest]:
    """Grow the forests on labelled articles.

    Args:
        gold: the labelled articles.
        reader_of: what reads the statements of an article and has not seen it.
    """
    seen = [_see(example, reader_of(example)) for example in gold]
    weighed = _context_table(seen)
    for number in range(FOLDS):
        forest = weighed.grow(context.FOREST, context.COLUMNS, number)
        for each in (one for one in seen if one.fold == number):
            fill_all(weigh_again(each.reading, each.events, forest), each.reader.scorers, each.reader.network)
            each.salience = salience_of(each.reading, each.events)
    filled = _slot_table(seen)
    by_fold = [filled.grow(slots.FOREST, slots.COLUMNS, number) for number in range(FOLDS)]
    for each in seen:
        each.hypotheses = hypotheses_of(each.events, rank_fillers(each.salience, by_fold[each.fold]))
        each.matches = [_matching(each, hypothesis) for hypothesis in each.hypotheses]
    judged = _judge_table(seen)
    for number in range(FOLDS):
        judge = judged.grow(judging.FOREST, judging.COLUMNS, number)
        for each in (one for one in seen if one.fold == number):
            each.shares = judging.judge(each.reading, each.events, each.hypotheses, judge)
    return {
        context.FOREST: weighed.grow(context.FOREST, context.COLUMNS),
        slots.FOREST: filled.grow(slots.FOREST, slots.COLUMNS),
        judging.FOREST: judged.grow(judging.FOREST, judging.COLUMNS),
        choosing.FOREST: _apart_table(seen).grow(choosing.FOREST, choosing.COLUMNS),
        parting.FOREST: _parting_table(seen).grow(parting.FOREST, parting.COLUMNS),
        days.FOREST: _day_table(seen).grow(days.FOREST, days.COLUMNS),
        amounts.FOREST: _amount_table(seen).grow(amounts.FOREST, amounts.COLUMNS),
        stakes.FOREST: _stake_table(seen).grow(stakes.FOREST, stakes.COLUMNS),
        sellers.FOREST: _seller_table(seen).grow(sellers.FOREST, sellers.COLUMNS),
    }


def _see(example: Example, reader: Reader) -> Seen:
    language = example.article.lang or ""
    words = lexicon(language)
    assert words is not None
    reading = read_article(example.article, language, words, reader.encoder)
    events = find_events(reading, reader.scorers, reader.network)
    # The trees' folds are drawn apart from the readers': these may leave only one of theirs to grow on.
    fold = zlib.crc32(f"trees {example.group}".encode()) % FOLDS
    return Seen(example, fold, reader, reading, events, salience_of(reading, events))


def _context_table(seen: list[Seen]) -> Table:
    """Label each group that a statement may mean by the deal it is labelled to state."""
    table = Table()
    for each in seen:
        for number, group, row in context_rows(each.reading, each.events):
            event = each.events[number]
            deal = expressed_deal(each.example, event.sentence, event.trigger)
            if not isinstance(deal, str):
                right = deal is not None and group_of()[deal.type] == group
                table.add(np.array([row], dtype=np.float32), [right], each.fold)
    return table


def _slot_table(seen: list[Seen]) -> Table:
    """Label the candidates for the main sides of every statement that states a labelled deal."""
    table = Table()
    for each in seen:
        for event in each.events:
            deal = expressed_deal(each.example, event.sentence, event.trigger)
            if deal is None or isinstance(deal, str):
                continue
            group = group_of()[deal.type]
            share = group_shares(event).get(group, 0.0)
            if share < _MIN_STATED:
                continue
            for side in sides_to_fill(group):
                slot = slot_of(each.salience, event, group, side, share)
                right = _names_on(deal, side)
                labels = [name in right or _alias_in(event, name, right) for name in slot.names]
                table.add(slot.rows, labels, each.fold)
    return table


def _names_on(deal: GoldDeal, side: str) -> set[str]:
    wanted = {side, "L"} if side == "A" else {side}
    roles = [role for each, role in concepts()["sides"][deal.type].items() if each in wanted]
    return {name for role in roles for party in deal.roles.get(role, ()) for name in party}


def _alias_in(event: Event, name: str, names: set[str]) -> bool:
    return any(mention.text in names for mention in event.mentions.get(name, ()))


def _judge_table(seen: list[Seen]) -> Table:
    table = Table()
    for each in seen:
        if each.hypotheses:
            labels = [bool(deals) for deals in each.matches]
            table.add(judged_rows(each.reading, each.events, each.hypotheses), labels, each.fold)
    return table


def _matching(each: Seen, hypothesis: Hypothesis) -> list[LabelledDeal]:
    """Return the labelled deals that a hypothesis is right about."""
    assert each.example.gold is not None
    fact = make_fact(each.reading, _with_likely_seller(draft_of(hypothesis)), 1.0)
    claim = fact_claim(fact, each.example.article)
    return [
        deal
        for deal in each.example.gold.gold.deals
        if FAMILY[deal.type] == FAMILY[fact.type]
        and shared_parties(gold_claim(deal), claim)
        and sides_agree(gold_claim(deal), claim)
    ]


def _with_likely_seller(draft: Draft) -> Draft:
    """Name the seller by its best statement alone: the trees that choose it are grown after the judge's."""
    shares = {
        filler.entity: filler.share
        for support in sorted(draft.support, key=lambda each: each.weight)
        for filler in support.further.get(sellers.SIDE, ())
        if filler.entity is not None and filler.entity not in draft.hypothesis.parties
    }
    likely = max(shares, key=lambda name: (shares[name], name), default=None)
    if likely is not None and shares[likely] >= sellers.MIN_SELLER:
        draft.sides.setdefault(sellers.SIDE, []).append(likely)
    return draft


def _apart_table(seen: list[Seen]) -> Table:
    """Label a hypothesis beside one that is told: right about a deal that nothing told is right about."""
    table = Table()
    for each in seen:
        chosen: list[int] = []
        found: set[int] = set()
        order = sorted(range(len(each.hypotheses)), key=lambda i: (-each.shares[i], i))
        for index in order:
            if each.shares[index] < _LEAST_TOLD:
                break
            hypothesis, deals = each.hypotheses[index], {id(deal) for deal in each.matches[index]}
            told = [
                other
                for other in chosen
                if marks_of(hypothesis) & marks_of(each.hypotheses[other])
                and may_be_same(each.hypotheses[other], hypothesis)
            ]
            right = bool(deals - found)
            if told:
                rows = apart_rows(each.reading, each.hypotheses, each.shares, index, told, chosen)
                table.add(rows, [right] * len(told), each.fold)
            if right or not told:
                chosen.append(index)
                # Of several deals between the same parties one is told by one hypothesis.
                found |= deals
    return table


def _parting_table(seen: list[Seen]) -> Table:
    """Label a second sum of a hypothesis that is right about several deals: the amount of one of them."""
    table = Table()
    for each in seen:
        told = times_told(each.reading)
        for _, hypothesis, deals in _right(each):
            partings = partings_of(hypothesis)
            labels = [
                len(deals) > 1
                and any(
                    same_sum(deal.amount, way.other.value) and not same_sum(deal.amount, way.main.value)
                    for deal in deals
                    if deal.amount is not None
                )
                for way in partings
            ]
            if partings:
                table.add(parting_rows(each.reading, hypothesis, partings, told), labels, each.fold)
    return table


def _amount_table(seen: list[Seen]) -> Table:
    table = Table()
    for each in seen:
        claims, told = claims_of(each.hypotheses), times_told(each.reading)
        for number, hypothesis, deals in _right(each):
            mentions, rows = amount_rows(each.reading, hypothesis, number, claims, told)
            labels = [
                deals[0].amount is not None and any(same_sum(deal.amount, mention.value) for deal in deals)  # type: ignore[arg-type]
                for mention in mentions
            ]
            table.add(rows, labels, each.fold)
    return table


def _stake_table(seen: list[Seen]) -> Table:
    table = Table()
    for each in seen:
        claims = stakes.claims_of(each.hypotheses)
        for number, hypothesis, deals in _right(each):
            mentions, rows = stakes.stake_rows(each.reading, hypothesis, number, claims)
            labels = [
                any(deal.stake is not None and same_stake(deal.stake, mention.value) for deal in deals)  # type: ignore[arg-type]
                for mention in mentions
            ]
            table.add(rows, labels, each.fold)
    return table


def _seller_table(seen: list[Seen]) -> Table:
    table = Table()
    for each in seen:
        right = list(_right(each))
        places = sellers.places_of(each.hypotheses, [number for number, _, _ in right])
        for number, hypothesis, deals in right:
            names, rows = sellers.seller_rows(each.reading, hypothesis, number, places)
            wanted = {name for deal in deals for party in deal.roles.get("seller", ()) for name in party}
            aliases = {name: {name, *_namings(each, name)} for name in names}
            table.add(rows, [bool(aliases[name] & wanted) for name in names], each.fold)
    return table


def _namings(each: Seen, name: str) -> set[str]:
    return {mention.text for mention in each.reading.names if entity_of(mention) == name}


def _day_table(seen: list[Seen]) -> Table:
    table = Table()
    for each in seen:
        right = list(_right(each))
        dates = dates_of(each.reading, [hypothesis for _, hypothesis, _ in right])
        for place, (_, _, deals) in enumerate(right):
            candidates, rows = day_rows(dates, place)
            labels = [_is_day(deals[0], candidate) for candidate in candidates]
            table.add(rows, labels, each.fold)
    return table


def _is_day(deal: LabelledDeal, candidate: Candidate) -> bool:
    labelled = {str(role): timex for role, timex in deal.dates.items()}.get(candidate.role)
    value = candidate.mention.value
    return labelled is not None and isinstance(value, Timex) and same_date(labelled, value)


def _right(each: Seen) -> Iterator[tuple[int, Hypothesis, list[LabelledDeal]]]:
    for number, (hypothesis, deals) in enumerate(zip(each.hypotheses, each.matches, strict=True)):
        if deals and hypothesis.weight >= _MIN_WEIGHT:
            yield number, hypothesis, deals


def grow(rows: Rows, labels: NDArray[np.bool_], name: str, columns: tuple[str, ...]) -> Forest:
    """Grow a forest with scikit-learn and flatten it."""
    model = HistGradientBoostingClassifier(
        **GROWING[name], max_depth=MAX_DEPTH, l2_regularization=L2, early_stopping=False, random_state=0
    )
    model.fit(rows, labels)
    return flatten(model, columns)


def flatten(model: HistGradientBoostingClassifier, columns: tuple[str, ...]) -> Forest:
    """Lay the trees of a fitted model behind one another; children of a leaf are the leaf itself."""
    trees = [iteration[0].nodes for iteration in model._predictors]
    starts = np.concatenate([[0], np.cumsum([len(nodes) for nodes in trees])[:-1]]).astype(np.int32)
    nodes = np.concatenate(trees)
    offset = np.repeat(starts, [len(each) for each in trees]).astype(np.int32)
    leaf = nodes["is_leaf"].astype(bool)
    own = np.arange(len(nodes), dtype=np.int32)
    return Forest(
        names=columns,
        base=float(model._baseline_prediction.ravel()[0]),
        roots=starts,
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int16),
        threshold=np.where(leaf, 0.0, nodes["num_threshold"]).astype(np.float32),
        left=np.where(leaf, own, nodes["left"] + offset).astype(np.int32),
        right=np.where(leaf, own, nodes["right"] + offset).astype(np.int32),
        value=_values(nodes, leaf, offset),
    )


def _values(
    nodes: NDArray[np.void], leaf: NDArray[np.bool_], offset: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Return the leaves' values, and for inner nodes the mean over the examples below them."""
    values = nodes["value"].astype(np.float64)
    for number in range(len(nodes) - 1, -1, -1):
        if not leaf[number]:
            left, right = (int(nodes[side][number]) + int(offset[number]) for side in ("left", "right"))
            weights = nodes["count"][[left, right]].astype(np.float64)
            values[number] = (weights * values[[left, right]]).sum() / weights.sum()
    return values.astype(np.float32)
