"""A sum goes to the deal that it is most likely the amount of, and to one deal only."""

from __future__ import annotations

import numpy as np
import pytest
from named_text import figured_article
from stumps import stump

from dealfacts.deals.amounts import COLUMNS, amount_rows, choose_amounts, claims_of, times_told
from dealfacts.deals.events import Event
from dealfacts.deals.hypotheses import Hypothesis, Support
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import Reading, read_article
from dealfacts.deals.slots import Filler
from dealfacts.records import Money

TEXT = "Acme bought Zeta for $5 million. Iota sold Eta for $7 million, or $7 million in cash."


def reading(
    amounts: tuple[str | None, str | None, str | None] = ("5000000", "7000000", "7000000"),
) -> Reading:
    sums = [Money(amount=amount, currency="USD") for amount in amounts]
    surfaces = ("$5 million", "$7 million", "$7 million")
    article = figured_article(TEXT, zip(surfaces, sums, strict=True))
    words = lexicon("en")
    assert words is not None
    return read_article(article, "en", words)


def hypothesis(found: Reading, sentence: int, shares: dict[str, float], weight: float = 0.9) -> Hypothesis:
    """A takeover told in one sentence, with how likely each sum is its amount."""
    place = found.sentences[sentence]
    event = Event(place, place.triggers[0], 0.9, {"acquisition": 1.0})
    for each in found.sentences:
        for position in each.values:
            mention = each.tokens[position].mention
            assert mention is not None
            share = shares.get(mention.id, 0.0)
            event.values.append((mention, {"amount": share, "none": 1 - share}, each.index))
    fillers = (Filler(f"Buyer{sentence}", 0.9), Filler(f"Target{sentence}", 0.9))
    told = Hypothesis("takeover", fillers[0].entity, fillers[1].entity, weight=weight)
    told.support.append(Support(event, weight, fillers, {"acquisition": 1.0}, 0, 1.0))
    return told


def test_amounts_rows_say_what_statements_say() -> None:
    found = reading()
    told = [hypothesis(found, 0, {"m0": 0.8, "m1": 0.3}), hypothesis(found, 1, {"m1": 0.9})]
    mentions, rows = amount_rows(found, told[0], 0, claims_of(told), times_told(found))
    assert [mention.id for mention in mentions] == ["m0", "m1", "m2"]
    held = {name: rows[:, place].tolist() for place, name in enumerate(COLUMNS)}
    assert held["share here"] == pytest.approx([0.8, 0, 0])
    assert held["share from elsewhere"] == pytest.approx([0, 0.3, 0])
    assert held["is first"] == [1, 0, 0]
    assert held["times told"] == [1, 2, 2]
    assert held["sums in sentence"] == [1, 2, 2]
    assert held["strongest rival claim"] == pytest.approx([0, 0.9 * 0.9, 0])


def test_amounts_claims_count_less_from_another_sentence() -> None:
    found = reading()
    claims = claims_of([hypothesis(found, 0, {"m0": 0.5, "m1": 0.5})])
    assert claims["m0"][0] > claims["m1"][0] > 0


def test_amounts_one_sum_goes_to_one_deal() -> None:
    found = reading()
    told = [hypothesis(found, 1, {"m1": 0.9}), hypothesis(found, 1, {"m1": 0.9})]
    chosen = choose_amounts(found, told, [0, 1], stump(COLUMNS, "share here"))
    assert {index: mention.id for index, (mention, _) in chosen.items()} == {0: "m1"}


@pytest.mark.parametrize(("odds", "expect"), [(1.0, {0: "m1", 1: "m2"}), (0.5, {0: "m1"})])
def test_amounts_the_same_sum_again_has_to_be_likelier(odds: float, expect: dict[int, str]) -> None:
    found = reading()
    told = [hypothesis(found, 1, {"m1": 0.9}), hypothesis(found, 1, {"m2": 0.9})]
    chosen = choose_amounts(found, told, [0, 1], stump(COLUMNS, "share here", odds=odds))
    assert {index: mention.id for index, (mention, _) in chosen.items()} == expect


@pytest.mark.parametrize(
    ("twin", "expect"), [("equity", {1: "m1"}), ("debt", {1: "m1"}), ("alliance", {0: "m1"})]
)
def test_amounts_a_partnership_leaves_its_sum_to_what_one_partner_pays(
    twin: str, expect: dict[int, str]
) -> None:
    found = reading()
    told = [hypothesis(found, 1, {"m1": 0.9}), hypothesis(found, 1, {"m1": 0.8})]
    told[0].group, told[1].group = "alliance", twin
    told[0].support[0].types.clear()
    told[0].support[0].types["partnership"] = 1.0
    chosen = choose_amounts(found, told, [0, 1], stump(COLUMNS, "share here"))
    assert {index: mention.id for index, (mention, _) in chosen.items()} == expect


def test_amounts_unlikely_sums_are_left_out() -> None:
    found = reading()
    assert choose_amounts(found, [hypothesis(found, 0, {"m0": 0.1})], [0], stump(COLUMNS, "share here")) == {}


@pytest.mark.parametrize("amount", [None, "-5000000", "0", "1" + "0" * 30])
def test_amounts_odd_sizes_are_numbers(amount: str | None) -> None:
    found = reading((amount, "7000000", "7000000"))
    told = [hypothesis(found, 0, {"m0": 0.8})]
    _, rows = amount_rows(found, told[0], 0, claims_of(told), times_told(found))
    assert np.isfinite(rows).all()
