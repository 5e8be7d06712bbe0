"""Facts that no honest article gives must not break the merge, nor slow it down."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.merge import merge, merge_corpus, read_corpus, write_outputs

Plain = dict[str, Any]


@pytest.mark.parametrize("number", ["9" * 400, "0", "-5", "0." + "0" * 300 + "1", "1"])
def test_hostile_numbers(number: str, article: Callable[..., Plain], tmp_path: Path) -> None:
    roles = {"acquirer": ["Telúrica"], "target": ["Veldkom"]}
    odd = {"roles": roles, "amount": {"amount": number, "currency": "EUR"}, "stake": {"percent": number}}
    told = [article("a1", odd), article("a2", {"roles": roles, "amount": "5 EUR"})]
    deals = merge(told)
    assert sum(len(deal.fact_ids) for deal in deals) == 2
    write_outputs(tmp_path, told, deals)


@pytest.mark.parametrize(
    "timex", ["", "9999", "0000-00", "2025-13", "2025-W60", "XXXX-99", "PRESENT_REF", "2025-Q9"]
)
def test_hostile_dates(timex: str, article: Callable[..., Plain]) -> None:
    roles = {"acquirer": ["Telúrica"], "target": ["Veldkom"]}
    facts = [
        {"roles": roles, "dates": {"announced": timex}},
        {"roles": roles, "dates": {"announced": "2025-09"}},
    ]
    told = [
        article(f"a{n}", fact, published=day)
        for n, (fact, day) in enumerate(zip(facts, ("not a day", None), strict=True))
    ]
    assert sum(len(deal.fact_ids) for deal in merge(told)) == 2


@given(st.lists(st.text(max_size=30), min_size=2, max_size=8))
@settings(max_examples=60, deadline=None)
def test_hostile_names(article: Callable[..., Plain], names: list[str]) -> None:
    told = [
        article(f"a{n}", {"roles": {"acquirer": [name], "target": names[:1]}}) for n, name in enumerate(names)
    ]
    rows = merge_corpus(read_corpus(told)).rows
    assert sum(len(row["fact_ids"]) for row in rows) == len(told)


def test_hostile_long_names_are_quick(article: Callable[..., Plain]) -> None:
    long = [" ".join(f"{chr(97 + n)}{i}" for i in range(2000)) for n in range(20)]
    told = [
        article(f"a{n}", {"roles": {"acquirer": [name], "target": ["Veldkom"]}})
        for n, name in enumerate(long)
    ]
    started = time.process_time()
    merge(told)
    assert time.process_time() - started < 2


def test_hostile_crowd_in_one_bucket_costs_linear_time(article: Callable[..., Plain]) -> None:
    def seconds(size: int) -> float:
        told = [
            article(
                f"a{n}",
                {
                    "type": "investment",
                    "roles": {"investor": ["Corvane"], "investee": ["Lumenry"]},
                    "amount": f"{n + 1} EUR",
                },
                published=f"20{n % 20:02d}-01-01",
            )
            for n in range(size)
        ]
        started = time.process_time()
        merge_corpus(read_corpus(told))
        return time.process_time() - started

    seconds(200)
    assert seconds(2000) < 14 * seconds(500) + 0.5


def test_hostile_party_is_both_sides(article: Callable[..., Plain]) -> None:
    told = [
        article("a1", {"roles": {"acquirer": ["Veldkom"], "target": ["Veldkom"]}}),
        article("a2", {"roles": {}}),
    ]
    assert len(merge(told)) == 2
