"""The outside check on purchases: dispatches become articles, and the surest purchase answers for each."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.freitag import Scores, Tally, articles_of, surest_purchase

from dealfacts.records import Fact, Money, Party


def fact(kind: str, confidence: float, amount: str | None = None, **roles: str) -> Fact:
    return Fact.model_validate(
        {
            "id": f"f-{kind}", "article_id": "a", "type": kind, "status": "announced",
            "roles": {role: [Party(name=name, mention_ids=[])] for role, name in roles.items()},
            "amount": Money(amount=amount, currency="USD") if amount else None,
            "confidence": confidence, "evidence": [{"start": 0, "end": 1, "text": "A"}],
        }
    )  # fmt: skip


def test_a_dispatch_loses_its_braces_and_keeps_its_day() -> None:
    record = {"id": "x1", "date": "26-MAR-1987 13:00:46.83", "text": "\n{CORVANE} BUYS ORLIN\n"}
    (article,) = articles_of([record])
    assert (article.text, article.published) == ("CORVANE BUYS ORLIN", "1987-03-26")


def test_the_surest_purchase_answers() -> None:
    loan, sure, unsure = fact("debt_financing", 0.9), fact("acquisition", 0.8), fact("merger", 0.5)
    assert surest_purchase([unsure, loan, sure]) is sure
    assert surest_purchase([loan]) is None


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (fact("acquisition", 0.9, "83000000", acquirer="Corvane", target="Orlin Ltd"), {"purchaser", "acquired", "dlramt"}),
        (fact("acquisition", 0.9, "84000000", acquirer="Orlin", target="Corvane Corp"), set()),
        (fact("merger", 0.9, None, partner="Orlin"), {"acquired"}),
        (None, set()),
    ],
)  # fmt: skip
def test_fillers_are_right_that_name_the_same_party_or_sum(found: Fact | None, right: set[str]) -> None:
    scores = Scores()
    template: dict[str, list[list[str | None]]] = {
        "purchaser": [["Corvane Corp", None]],
        "acquired": [["Orlin"]],
        "dlramt": [["83 mln dlrs"]],
    }
    scores.add(template, found)
    assert {slot for slot, tally in scores.slots.items() if tally.right} == right
    assert {slot for slot, tally in scores.slots.items() if tally.gold} == {"purchaser", "acquired", "dlramt"}
    assert scores.without_fact == (found is None)


def test_scores_of_a_tally() -> None:
    assert Tally(gold=4, found=2, right=1).scores() == pytest.approx((0.5, 0.25, 1 / 3))
    assert Tally().scores() == (0.0, 0.0, 0.0)
