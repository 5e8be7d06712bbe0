import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealfacts.merge import merge, merge_corpus, read_corpus
from dealfacts.merge.fold import _classes
from dealfacts.merge.values import Sum, read_sum
from dealfacts.records import Article

Plain = dict[str, Any]
DATA = Path(__file__).parents[1] / "data" / "merge"
Make = Callable[..., Plain]


@pytest.fixture(scope="module")
def letter_of_intent(article: Make) -> list[Plain]:
    """Five papers on one letter of intent: two languages, two dates of announcement, twelve other deals."""
    rows = [json.loads(line) for line in (DATA / "letter_of_intent.jsonl").read_text("utf-8").splitlines()]
    return [article(row["id"], *row["facts"], published=row["published"], lang=row["lang"]) for row in rows]


def _b_cubed(rows: list[Plain], truth: dict[str, str]) -> tuple[float, float]:
    """B-cubed precision and recall (Bagga and Baldwin 1998)."""
    found = {fact: row["id"] for row in rows for fact in row["fact_ids"]}
    both = Counter((found[fact], deal) for fact, deal in truth.items())
    sizes, deals = Counter(found.values()), Counter(truth.values())
    precision = sum(n * n / sizes[row] for (row, _), n in both.items()) / len(truth)
    return precision, sum(n * n / deals[deal] for (_, deal), n in both.items()) / len(truth)


def test_table_letter_of_intent_is_one_row_of_thirteen(letter_of_intent: list[Plain]) -> None:
    deals = merge(letter_of_intent)
    assert len(deals) == 13
    [letter] = [deal for deal in deals if deal.n_articles == 5]
    assert letter.amount is not None
    assert (letter.amount.amount, letter.amount.modifier) == ("100000000000", "up_to")
    assert [quantity.value for quantity in letter.quantities] == ["10"]
    assert (letter.status, letter.languages) == ("stalled", ["en", "nl"])
    [conflict] = letter.conflicts
    assert conflict.field == "dates.announced"
    assert [value.value["timex"] for value in conflict.values] == ["2025-09", "2025-11"]
    assert letter.dates["announced"].timex == "2025-09"


def test_table_later_status_wins_and_lookbacks_do_not_undo_it(article: Make) -> None:
    roles = {"acquirer": ["Telúrica"], "target": ["Veldkom"]}
    told = [
        ("rumoured", "2025-01-17"),
        ("announced", "2025-03-20"),
        ("completed", "2025-11-04"),
        ("announced", "2026-02-01"),
    ]
    articles = [
        article(f"a{n}", {"status": status, "roles": roles}, published=day)
        for n, (status, day) in enumerate(told)
    ]
    [deal] = merge(articles)
    assert deal.status == "completed"
    assert [(change.status, change.date) for change in deal.status_history] == told
    assert (deal.first_reported, deal.last_reported) == ("2025-01-17", "2026-02-01")


def test_table_copies_of_a_story_count_once(article: Make) -> None:
    agency = " ".join(f"word{n} says the agency in line {n % 7}" for n in range(60))
    other = " ".join(f"another {n} paper wrote its own {n * 3} lines" for n in range(60))
    roles = {"acquirer": ["Telúrica"], "target": ["Veldkom"]}
    wrong, right = {"roles": roles, "amount": "4100000000 EUR"}, {"roles": roles, "amount": "4600000000 EUR"}
    articles = [article(f"copy{n}", wrong, text=agency + f" Copy {n}.") for n in range(4)]
    articles += [article("own1", right, text=other), article("own2", right, text=other[::-1])]
    [deal] = merge(articles)
    assert (deal.n_articles, deal.n_stories) == (6, 3)
    assert deal.amount is not None
    assert deal.amount.amount == "4600000000"
    [conflict] = deal.conflicts
    assert [len(value.fact_ids) for value in conflict.values] == [2, 4]


def test_table_more_precise_beats_vaguer(article: Make) -> None:
    roles = {"acquirer": ["Telúrica"], "target": ["Veldkom"]}
    vague = {"roles": roles, "amount": "~4600000000 EUR", "dates": {"announced": "2025-03"}}
    precise = {"roles": roles, "amount": "4620000000 EUR", "dates": {"announced": "2025-03-19"}}
    [deal] = merge([article("a1", vague), article("a2", vague), article("a3", precise)])
    assert deal.amount is not None
    assert (deal.amount.amount, deal.dates["announced"].timex) == ("4620000000", "2025-03-19")
    assert deal.conflicts == []


def test_table_a_dated_month_beats_one_of_an_unknown_year(article: Make) -> None:
    roles = {"investor": ["Telúrica"], "investee": ["Veldkom"]}
    open_year = {
        "roles": roles,
        "type": "investment",
        "amount": "5000000 EUR",
        "dates": {"announced": "XXXX-11"},
    }
    dated = {"roles": roles, "type": "investment", "amount": "5000000 EUR", "dates": {"announced": "2025-09"}}
    [deal] = merge([article("a1", open_year), article("a2", dated)])
    assert deal.dates["announced"].timex == "2025-09"
    assert [conflict.field for conflict in deal.conflicts] == ["dates.announced"]


def test_table_a_bound_belongs_to_its_own_figure() -> None:
    def told(number: str, modifier: str) -> tuple[Sum, str]:
        return read_sum(
            {"amount": number, "currency": "USD", "modifier": modifier, "min": None, "max": None}
        ), number

    given = [told("10", "exact"), told("100", "up_to"), told("100", "exact"), told("100", "more_than")]
    claims = [SimpleNamespace(id=f"f{n}") for n in range(len(given))]
    groups = _classes([(value, claim) for (value, _), claim in zip(given, claims, strict=True)])  # type: ignore[misc]
    assert sorted(sorted(claim.id for claim in group.claims) for group in groups) == [
        ["f0"],
        ["f1", "f2", "f3"],
    ]


def test_table_every_cell_names_its_facts(told_stories: tuple[list[Plain], dict[str, str]]) -> None:
    for row in merge_corpus(read_corpus(told_stories[0])).rows:
        facts = set(row["fact_ids"])
        filled = {name for name in ("amount", "valuation", "stake", "status") if row[name]}
        filled |= {f"dates.{role}" for role in row["dates"]}
        assert filled <= row["support"].keys()
        assert all(support and facts.issuperset(support) for support in row["support"].values())
        for conflict in row["conflicts"]:
            assert len(conflict["values"]) >= 2
            assert all(facts.issuperset(value["fact_ids"]) for value in conflict["values"])


def test_table_buyers_of_rumours_give_way_to_those_of_the_deal(article: Make) -> None:
    rumour = {"status": "in_talks", "roles": {"acquirer": ["KKR", "GIC"], "target": ["Straits Towers"]}}
    done = {"status": "completed", "roles": {"acquirer": ["KKR"], "target": ["Straits Towers"]}}
    [deal] = merge([article("a1", rumour), article("a2", done, published="2026-02-01")])
    assert [party.name for party in deal.roles["acquirer"]] == ["KKR"]
    assert [(c.field, [v.value for v in c.values]) for c in deal.conflicts] == [
        ("roles.acquirer", ["KKR", "GIC"])
    ]


def test_table_told_twice_in_one_article_is_one_deal(article: Make) -> None:
    invests = {"type": "investment", "roles": {"investor": ["Corvane"], "investee": ["Lumenry"]}}
    partners = {"type": "partnership", "roles": {"partner": ["Lumenry", "Corvane"]}}
    sums = {"amount": "<=40000000000 USD"}
    [deal] = merge([article("a1", invests | sums, partners | sums)])
    assert deal.type == "investment"
    assert len(merge([article("a1", invests | sums, partners)])) == 2


def test_table_tranche_is_tied_to_its_whole(article: Make) -> None:
    roles = {"investor": ["Corvane"], "investee": ["Lumenry"]}
    whole = {"type": "investment", "roles": roles, "amount": "<=40000000000 USD"}
    part = {"type": "investment", "status": "completed", "roles": roles, "amount": "5000000000 USD"}
    deals = merge([article("a1", whole), article("a2", whole, part, published="2026-03-01")])
    relations = {related.relation for deal in deals for related in deal.related}
    assert (len(deals), relations) == (2, {"has_tranche", "tranche_of"})


def test_table_stories_over_time(told_stories: tuple[list[Plain], dict[str, str]]) -> None:
    articles, truth = told_stories
    precision, recall = _b_cubed(merge_corpus(read_corpus(articles)).rows, truth)
    assert precision >= 0.99
    assert recall >= 0.985


def test_table_one_article_in_three_languages_gives_the_same_rows(
    told_stories: tuple[list[Plain], dict[str, str]],
) -> None:
    articles, _ = told_stories
    where = {f: row["id"] for row in merge_corpus(read_corpus(articles)).rows for f in row["fact_ids"]}
    rows: dict[str, dict[str, list[str]]] = {}
    for told in articles:
        story, lang = told["id"].rsplit("-", 1)
        rows.setdefault(story, {})[lang] = [where[fact["id"]] for fact in told["facts"]]
    differing = [story for story, by_lang in rows.items() if len(set(map(tuple, by_lang.values()))) > 1]
    assert differing == []


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_table_does_not_depend_on_order_or_repetition(
    told_stories: tuple[list[Plain], dict[str, str]], rng: random.Random
) -> None:
    articles = list(told_stories[0])
    expected = merge_corpus(read_corpus(articles)).rows
    shuffled = articles + rng.sample(articles, 50)
    rng.shuffle(shuffled)
    assert merge_corpus(read_corpus(shuffled)).rows == expected


def test_table_takes_models_and_plain_records_alike(letter_of_intent: list[Plain]) -> None:
    models = [Article.model_validate(record) for record in letter_of_intent]
    assert merge(models) == merge(letter_of_intent)
    facts = [fact for model in models for fact in model.facts or ()]
    assert len(merge(facts)) <= len(facts)


def test_table_ids_are_those_of_the_smallest_fact(told_stories: tuple[list[Plain], dict[str, str]]) -> None:
    for row in merge_corpus(read_corpus(told_stories[0])).rows:
        assert row["id"] == "d-" + min(row["fact_ids"]).removeprefix("f-")
        assert row["fact_ids"] == sorted(row["fact_ids"])
