"""Read figures written in digits: 1.234,5 and 1,234.5 and 12,34,567, by the habit of the text."""

from __future__ import annotations

import re
from decimal import Decimal

CLOCK = re.compile(r"\d{1,2}[.:]\d\d\Z")
"""What may be a time of day or a date."""
MAX_DIGITS = 28
"""A longer row of digits is a serial number, not a quantity."""

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'’·٬")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*\Z")
_APOSTROPHE_DECIMAL = re.compile(r"['’](?=\d{1,2}\Z)")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?\Z")


def separators(figure: str) -> tuple[str, str | None]:
    """Tell what a figure shows about the habit of its writer.

    Returns:
        The figure without spaces, and the decimal mark it proves (`.` or `,`), or None when it
        proves nothing ("3.350", "12").
    """
    if "'" in figure or "’" in figure:
        # "6'4" has decimals, "1'250'000" has groups.
        figure = _APOSTROPHE_DECIMAL.sub("," if "." in figure else ".", figure)
    figure = figure.translate(_SPACES)
    points, commas = figure.count("."), figure.count(",")
    if points and commas:
        return figure, "." if figure.rfind(".") > figure.rfind(",") else ","
    mark = "." if points else "," if commas else ""
    if not mark:
        return figure, None
    if points + commas > 1:
        return figure, "," if mark == "." else "."
    whole, _, rest = figure.partition(mark)
    if len(rest) == 3 and len(whole) <= 3 and whole.strip("0"):
        return figure, None
    return figure, mark


def proven_decimal(figure: str) -> str | None:
    """Return the decimal mark that a figure proves its writer to use, or None."""
    if len(figure) > MAX_DIGITS or (figure.count(".") > 1 and not _GROUPED.match(figure)):
        return None  # a serial number, a version or a date
    if "'" in figure or "’" in figure:
        return None
    return separators(figure)[1]


def grouping_decimal(figure: str) -> str | None:
    """Return the decimal mark of a writer who uses the one mark of a figure for groups."""
    return "," if "." in figure else "." if "," in figure else None


def read_digits(figure: str, decimal: str, *, grouped: bool = False) -> Decimal | None:
    """Read a figure in digits.

    Args:
        figure: digits with their points, commas and spaces.
        decimal: the decimal mark to go by where the figure leaves it open.
        grouped: an open figure ("3.350") is a whole number whatever the habit.

    Returns:
        The number, or None when the figure is no number (a version, a serial number).

    >>> read_digits("1.234,5", ".")
    Decimal('1234.5')
    """
    if len(figure) > MAX_DIGITS:
        return None
    figure, proven = separators(figure)
    if figure.isdigit():
        return Decimal(figure)
    if proven is None:
        mark = "." if "." in figure else ","
        whole = grouped or mark != decimal
        return Decimal(figure.replace(mark, "" if whole else "."))
    if _INDIAN.match(figure):
        return Decimal(figure.replace(",", ""))
    group = "," if proven == "." else "."
    head, _, tail = figure.partition(proven)
    if proven in tail or group in tail:
        return None
    if group in head and not _GROUPED.match(head):
        return None
    return Decimal(head.replace(group, "") + ("." + tail if tail else ""))
