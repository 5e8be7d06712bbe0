"""What `format_value` writes in a language reads back as the same value."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dealfacts.lang import lang_data
from dealfacts.quantities import find_quantities, format_value
from dealfacts.quantities.compile import unit_name
from dealfacts.records import Cardinal, Modifier, Money, Percent, Quantity

LANGUAGES = ["en", "nl", "es", "es-MX"]
# A name that two currencies share ("CFA-frank") is rightly read as neither without more text.
CODES = sorted(
    code
    for code, current in lang_data("_root", "cldr_currencies.json")["codes"].items()
    if current and code not in ("XAF", "XOF")
)
# "Three times" alone counts occasions; only what stands around makes it a multiple.
UNITS = sorted({unit_name(key) for key in lang_data("en", "quantities.toml")["units"]} - {"dimensionless"})
MODIFIERS = st.sampled_from(["exact", "up_to", "at_least", "more_than", "less_than", "about"])

# Sums above one coin: "1 won" and its like need more text than their own name.
cents = st.decimals(min_value="1.01", max_value="999999", places=2)
large = st.integers(min_value=1, max_value=999).flatmap(
    lambda number: st.sampled_from([number * 10**power for power in (3, 5, 6, 7, 9, 10, 12)])
)
amounts = (cents | large).map(str)


def read_back(text: str, language: str) -> list[object]:
    return [span.value for span in find_quantities(text, language)]


@given(amount=amounts, code=st.sampled_from(CODES), modifier=MODIFIERS, language=st.sampled_from(LANGUAGES))
def test_format_money_reads_back(amount: str, code: str, modifier: Modifier, language: str) -> None:
    value = Money(amount=amount, currency=code, modifier=modifier)
    assert read_back(format_value(value, language), language) == [value]


@example(low=1, step=1, power=0, code="GBP", language="nl")  # `1 tot 2 pond` is a weight
@given(
    low=st.integers(min_value=1, max_value=998),
    step=st.integers(min_value=1, max_value=900),
    power=st.sampled_from([0, 3, 6, 9]),
    code=st.sampled_from(["USD", "EUR", "GBP", "NOK", "MXN", "JPY"]),
    language=st.sampled_from(LANGUAGES),
)
def test_format_money_range_reads_back(low: int, step: int, power: int, code: str, language: str) -> None:
    value = Money(amount=None, min=str(low * 10**power), max=str((low + step) * 10**power), currency=code)
    assert read_back(format_value(value, language), language) == [value]


@given(
    number=st.decimals(min_value="-99.99", max_value="999.99", places=2).map(str),
    unit=st.sampled_from(["percent", "point"]),
    modifier=MODIFIERS,
    language=st.sampled_from(LANGUAGES),
)
def test_format_percent_reads_back(number: str, unit: str, modifier: Modifier, language: str) -> None:
    value = Percent.model_validate({"percent": number, "unit": unit, "modifier": modifier})
    assert read_back(format_value(value, language), language) == [value]


@given(
    number=(st.decimals(min_value="0.1", max_value="9999", places=1) | large).map(str),
    unit=st.sampled_from(UNITS),
    language=st.sampled_from(LANGUAGES),
)
def test_format_quantity_reads_back(number: str, unit: str, language: str) -> None:
    value = Quantity(value=number, unit=unit)
    assert read_back(format_value(value, language), language) == [value]


@given(number=st.integers(min_value=2, max_value=10**13).map(str), language=st.sampled_from(LANGUAGES))
def test_format_cardinal_reads_back(number: str, language: str) -> None:
    value = Cardinal(value=number)
    assert read_back(format_value(value, language), language) == [value]


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (Money(amount="100000000000", currency="USD"), "en", "$100 billion"),
        (Money(amount="100000000000", currency="USD"), "nl", "100 miljard dollar"),
        (Money(amount="100000000000", currency="USD"), "es", "100.000 millones de dólares"),
        (Money(amount="100000000000", currency="USD"), "es-MX", "100,000 millones de dólares"),
        (Money(amount="1500000000", currency="EUR", modifier="up_to"), "nl", "maximaal 1,5 miljard euro"),
        (Money(amount="14000000000", currency="NOK"), "en", "14 billion Norwegian kroner"),
        (Money(amount="1000000", currency="EUR"), "es", "1 millón de euros"),
        (Money(amount="118.4", currency="USD", per="share"), "en", "$118.40 a share"),
        (Money(amount="1234567", currency="EUR"), "es", "1.234.567 euros"),
        (
            Money(amount=None, min="5000000000", max="7000000000", currency="EUR"),
            "nl",
            "5 tot 7 miljard euro",
        ),
        (Money(amount=None, min="5000000000", currency="EUR"), "en", "at least €5 billion"),
        (Money(amount="50000000", currency=None), "en", "50 million"),
        (Percent(percent="12.5"), "es", "12,5 %"),
        (Percent(percent="1", unit="point"), "en", "1 percentage point"),
        (Quantity(value="10", unit="gigawatt"), "es", "10 gigavatios"),
        (Quantity(value="2400000000", unit="gallon"), "es", "2.400 millones de galones"),
        (Cardinal(value="700000000"), "nl", "700 miljoen"),
    ],
)
def test_format_writes_local_forms(
    value: Money | Percent | Quantity | Cardinal, language: str, text: str
) -> None:
    assert format_value(value, language) == text
