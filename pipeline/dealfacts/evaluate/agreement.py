"""When a labelled value and a found one agree: sums of money, percentages, quantities and dates."""

from __future__ import annotations

from decimal import Decimal

from dealfacts.evaluate.gold import GoldMoney, GoldQuantity
from dealfacts.records import Money, Percent, Quantity, Timex

VAGUE_SPREAD = 5
"""A gold range whose ends differ by more than this factor is a vague sum ("tens of millions")."""


def same_sum(gold: GoldMoney | None, found: Money | None) -> bool:
    """Tell whether two sums agree in value and currency; no sum agrees with no sum.

    A gold currency of null accepts any. Ranges agree when both ends do; vague sums when the lower
    end does, since where "tens of millions" stops is a matter of taste.

    >>> same_sum(GoldMoney(value="5", currency="EUR"), Money(amount="5", currency="EUR", modifier="about"))
    True
    """
    if gold is None or found is None:
        return gold is None and found is None
    if gold.currency is not None and gold.currency != found.currency:
        return False
    if gold.value is not None:
        return found.amount is not None and Decimal(gold.value) == Decimal(found.amount)
    if found.amount is not None or not _same_number(gold.min, found.min):
        return False
    vague = (
        gold.min is not None
        and gold.max is not None
        and (Decimal(gold.max) > VAGUE_SPREAD * Decimal(gold.min))
    )
    return vague or gold.max is None or _same_number(gold.max, found.max)


def same_sum_and_modifier(gold: GoldMoney | None, found: Money | None) -> bool:
    """Tell whether two sums agree in value, currency and modifier (which ranges do not have)."""
    if gold is None or found is None or gold.value is None:
        return same_sum(gold, found)
    return same_sum(gold, found) and (gold.modifier or "exact") == found.modifier


def same_stake(gold: str | None, found: Percent | None) -> bool:
    """Tell whether two stakes agree; none agrees with none."""
    return _same_number(gold, found.percent if found else None)


def same_capacity(gold: GoldQuantity | None, found: list[Quantity]) -> bool:
    """Tell whether the labelled capacity is among the quantities found; without one anything agrees."""
    if gold is None:
        return True
    return any(_same_number(gold.value, each.value) and gold.unit == each.unit for each in found)


def _same_number(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return Decimal(one) == Decimal(other)


def plain_date(timex: str, mod: str | None = None) -> str:
    """Write a date so that the two ways of naming the same stretch of time are one.

    "The end of 2027" may be labelled `2027-Q4` or found as `2027` with the modifier END; labels know no
    hours (`2025-03-19TEV`) and call a fiscal year by its number (`FY2024`); other modifiers narrow
    nothing that labels tell apart.

    >>> plain_date("2027", "END")
    '2027-Q4'
    """
    timex = timex.partition("T")[0].removeprefix("FY") if timex[:1] != "P" else timex
    if len(timex) == 4 and timex.isdigit() and mod in ("START", "END"):
        return f"{timex}-Q{1 if mod == 'START' else 4}"
    return timex


def same_date(gold: str, found: Timex) -> bool:
    """Tell whether a labelled TIMEX3 value and a found date mean the same time."""
    return gold in (found.timex, plain_date(found.timex, found.mod))
