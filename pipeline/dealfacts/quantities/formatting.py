"""Write values in a language's own form: `$100 billion`, `100 miljard dollar`, `100.000 millones`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache, partial
from typing import Any

from dealfacts.lang import lang_data
from dealfacts.quantities.compile import lexicon, unit_name
from dealfacts.quantities.context import decimal_of, primary_language
from dealfacts.records import Cardinal, Money, Percent, Quantity

MAX_SCALED_PLACES = 2
"""More decimals than this before a scale are written out in full: three could be read as thousands."""


def format_value(value: Money | Percent | Quantity | Cardinal, language: str) -> str:
    """Write a value in a language's own form, with its modifier; `find_quantities` reads it back the same.

    Args:
        value: any value of `find_quantities`.
        language: BCP 47; the region sets the decimal mark (`es-MX`).

    Raises:
        ConfigError: when there is no data for the language.

    >>> format_value(Money(amount="100000000000", currency="USD"), "es")
    '100.000 millones de dólares'
    """
    writer = _Writer(language)
    text = writer.write(value)
    if isinstance(value, Money) and value.per and (per := writer.form["per"].get(value.per)):
        text = f"{text} {per}"
    modifier = value.modifier
    if modifier == "exact" and _has_least_only(value):
        modifier = "at_least"
    return text if modifier == "exact" else str(writer.form["modifiers"][modifier].format(text=text))


def _has_least_only(value: Money | Percent | Quantity | Cardinal) -> bool:
    return value.min is not None and value.max is None


class _Writer:
    """Writes values in one language."""

    def __init__(self, language: str) -> None:
        self.code = primary_language(language)
        self.decimal, _ = decimal_of(language, lexicon(self.code), None)
        self.group = "," if self.decimal == "." else "."
        self.form: dict[str, Any] = lang_data(self.code, "quantities.toml")["format"]

    def write(self, value: Money | Percent | Quantity | Cardinal) -> str:
        """Write a value without its modifier."""
        match value:
            case Money():
                return self._ends(value.amount, value, partial(self._money, currency=value.currency))
            case Percent():
                return self._ends(value.percent, value, partial(self._percent, unit=value.unit))
            case Quantity():
                return self._ends(value.value, value, partial(self._quantity, unit=value.unit))
        return self._ends(value.value, value, lambda number: self.number(number)[0])

    def _ends(
        self, exact: str | None, value: Money | Percent | Quantity | Cardinal, write: Callable[[Decimal], str]
    ) -> str:
        """Write one number, or the two ends of a range: what both ends share is written once."""
        if exact is not None:
            return write(Decimal(exact))
        ends = [Decimal(end) for end in (value.min, value.max) if end is not None]
        texts = [write(end) for end in ends]
        if len(ends) < 2:
            return "".join(texts)
        shared = self._shared(texts[0], texts[1])
        return str(self.form["range"].format(low=texts[0].removesuffix(shared), high=texts[1]))

    def _shared(self, low: str, high: str) -> str:
        """Return the words that both ends of a range close with: the scale, the currency, the unit."""
        one, two = low.split(" "), high.split(" ")
        count = 0
        while count < min(len(one), len(two)) - 1 and one[-1 - count] == two[-1 - count]:
            count += 1
        # A sign before the figure belongs to its scale: "$5 billion to $7 billion".
        return "" if not low[0].isdigit() or not count else " " + " ".join(one[-count:])

    def plain(self, number: Decimal, *, cents: bool = False) -> str:
        """Write a number in digits with the marks of the language."""
        text = f"{number:,f}"
        whole, _, rest = text.partition(".")
        if cents and len(rest) == 1:
            rest += "0"
        whole = whole.replace(",", self.group)
        return f"{whole}{self.decimal}{rest}" if rest else whole

    def number(self, number: Decimal, *, cents: bool = False) -> tuple[str, bool]:
        """Write a number with the scale the language would name; return it and whether there is one."""
        number = Decimal(f"{number.normalize():f}")
        for scale, one, more in self.form["scales"]:
            if abs(number) >= Decimal(scale):
                short = (number / Decimal(scale)).normalize()
                places = -int(short.as_tuple().exponent)
                if places <= MAX_SCALED_PLACES:
                    short = Decimal(f"{short:f}")
                    return f"{self.plain(short)} {one if short == 1 else more}", True
        return self.plain(number, cents=cents), False

    def _money(self, number: Decimal, currency: str | None) -> str:
        text, is_scaled = self.number(abs(number), cents=True)
        sign = "-" if number < 0 else ""
        if currency is None:
            return sign + text
        if symbol := self.form["symbols"].get(currency):
            return f"{sign}{symbol}{text}"
        pattern = self.form["money_scaled" if is_scaled else "money"]
        one, more = _currency_names(self.code, currency)
        return sign + str(pattern.format(number=text, currency=one if abs(number) == 1 else more))

    def _percent(self, number: Decimal, unit: str) -> str:
        text = self.plain(number)
        if unit == "percent":
            return str(self.form["percent"].format(number=text))
        one, more = self.form["point"]
        return str((one if abs(number) == 1 else more).format(number=text))

    def _quantity(self, number: Decimal, unit: str) -> str:
        text, is_scaled = self.number(number)
        one, more = _unit_names(self.code, unit)
        name = one if abs(number) == 1 or self.form.get("unit_singular") else more
        return str(self.form["quantity_scaled" if is_scaled else "quantity"].format(number=text, unit=name))


@cache
def _currency_names(language: str, currency: str) -> tuple[str, str]:
    """Return what one and several of a currency are called; the code itself where nothing is known."""
    names = lang_data(language, "quantities.toml")["format"]["names"].get(currency)
    names = names or lang_data(language, "cldr_currencies.json")["display"].get(currency)
    return (names[0], names[1]) if names else (currency, currency)


@cache
def _unit_names(language: str, unit: str) -> tuple[str, str]:
    """Return what one and several of a unit are called: words first, else the symbol."""
    data = lang_data(language, "quantities.toml")
    if own := data["format"]["units"].get(unit):
        return own[0], own[1]
    for key, forms in data["units"].items():
        if unit_name(key) == unit:
            return forms[0], forms[1] if len(forms) > 1 else forms[0]
    for symbol, name in lang_data("_root", "quantities.toml")["units"].items():
        if name == unit:
            return symbol, symbol
    return unit, unit
