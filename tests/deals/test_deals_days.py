"""A date that is likely a day of a deal gets its likeliest role, also when several roles share its probability."""

from __future__ import annotations

import dataclasses
import math

import pytest
from named_text import figured_article
from stumps import stump

from dealfacts.deals.days import COLUMNS, ROLES, _is_too_late, choose_days
from dealfacts.deals.events import Event
from dealfacts.deals.hypotheses import Hypothesis, Support
from dealfacts.deals.lexicon import lexicon
from dealfacts.deals.reading import Reading, read_article
from dealfacts.deals.slots import Filler
from dealfacts.deals.trees import Forest
from dealfacts.records import Mention, Timex

TEXT = "Acme bought Zeta in 2019."


def reading() -> Reading:
    year = Timex(type="DATE", timex="2019", edtf="2019", start="2019-01-01", end="2020-01-01")
    words = lexicon("en")
    assert words is not None
    return read_article(figured_article(TEXT, [("2019", year)]), "en", words)


def hypothesis(found: Reading) -> Hypothesis:
    sentence = found.sentences[0]
    event = Event(sentence, sentence.triggers[0], 0.9, {"acquisition": 1.0})
    mention = sentence.tokens[sentence.values[0]].mention
    assert mention is not None
    event.values.append((mention, {"none": 1.0}, sentence.index))
    told = Hypothesis("takeover", "Acme", "Zeta", weight=0.9)
    sides = (Filler("Acme", 0.9), Filler("Zeta", 0.9))
    told.support.append(Support(event, 0.9, sides, {"acquisition": 1.0}, 0, 1.0))
    return told


def forest(later: float, sooner: float) -> Forest:
    """Return a forest that gives start and deployment one probability, and the roles before them another."""
    odds = [math.log(share / (1 - share)) for share in (later, sooner)]
    split = stump(COLUMNS, "role", ROLES.index("start") - 0.5, odds=(odds[0] - odds[1]) / 2)
    return dataclasses.replace(split, base=sum(odds) / 2)


@pytest.mark.parametrize(
    ("later", "sooner", "roles"),
    [
        (0.9, 0.01, ["deployment"]),  # a date has one role in a deal
        (0.27, 0.01, ["deployment"]),  # which of the two is open, that it is a day of the deal is not
        (0.15, 0.01, []),
        (0.12, 0.12, []),  # too spread over the roles to name one
    ],
)
def test_days_get_their_likeliest_role(later: float, sooner: float, roles: list[str]) -> None:
    found = reading()
    days = choose_days(found, [hypothesis(found)], [0], ["announced"], forest(later, sooner))
    assert list(days[0]) == roles


@pytest.mark.parametrize(
    ("status", "roles"),
    [("completed", ["completed"]), ("announced", ["deployment"]), ("stalled", ["deployment"])],
)
def test_only_a_closed_deal_has_its_day_of_closing(status: str, roles: list[str]) -> None:
    found = reading()
    odds = [math.log(share / (1 - share)) for share in (0.01, 0.4)]
    from_closing_on = stump(COLUMNS, "role", ROLES.index("completed") - 0.5, odds=(odds[1] - odds[0]) / 2)
    likely = dataclasses.replace(from_closing_on, base=sum(odds) / 2)
    assert list(choose_days(found, [hypothesis(found)], [0], [status], likely)[0]) == roles


@pytest.mark.parametrize(
    ("announced", "completed", "late"),
    [
        (("2025-07-04", "2025-07-05"), ("2021-08-01", "2021-09-01"), True),  # the day of the article
        (("2025-02-03", "2025-02-04"), ("2025-01-31", "2025-02-01"), False),  # told after the weekend
        (("2025-02-03", "2025-02-04"), ("2025-01-01", "2026-01-01"), False),
        (("2020-02-03", "2020-02-04"), ("2021-01-01", "2021-02-01"), False),
        ((None, None), ("2021-01-01", "2021-02-01"), False),
        (("2025-07-04", "2025-07-05"), None, False),
    ],
)
def test_no_deal_is_announced_long_after_it_closed(
    announced: tuple[str | None, str | None], completed: tuple[str, str] | None, late: bool
) -> None:
    held = {"announced": (day(*announced), 0.9)}
    if completed is not None:
        held["completed"] = (day(*completed), 0.9)
    assert _is_too_late(held) is late


def day(start: str | None, end: str | None) -> Mention:
    value = Timex(type="DATE", timex=start or "XXXX", edtf=start, start=start, end=end)
    return Mention(id="m", start=0, end=1, text="x", label="DATE", value=value, stage="t")
