"""Shares of a whole by name, such as how likely each type of deal is."""

from __future__ import annotations

from collections.abc import Mapping


def likeliest(shares: Mapping[str, float]) -> str:
    """Return the name with the largest share, of equal ones the last in the alphabet.

    >>> likeliest({"merger": 0.4, "ipo": 0.2, "acquisition": 0.4})
    'merger'
    """
    return max(shares, key=lambda name: (shares[name], name))
