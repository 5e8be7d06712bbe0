"""Add up rows of a table for many things at once, each described by its own list of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dealfacts.deals.packing import UNKNOWN

Array = NDArray[np.float32]


def sum_rows(table: Array, listed: Sequence[Sequence[int]]) -> Array:
    """Return one row for each list: the sum of the rows of the table that it names, or zeros.

    >>> sum_rows(np.eye(3, dtype=np.float32), [[0, 2], [], [1]]).tolist()
    [[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    sums = np.empty((len(listed), table.shape[1]), dtype=np.float32)
    by_length: dict[int, list[int]] = {}
    for number, rows in enumerate(listed):
        by_length.setdefault(len(rows), []).append(number)
    # Lists of one length make a matrix of rows, and are added up together.
    for numbers in by_length.values():
        sums[numbers] = table[np.array([listed[number] for number in numbers], dtype=np.intp)].sum(axis=1)
    return sums


def sum_keys(table: Array, rows: Mapping[str, int], listed: Iterable[Sequence[str]]) -> Array:
    """Return one row for each list of keys: the sum of their rows of the table."""
    known = rows.get
    return sum_rows(table, [[known(key, UNKNOWN) for key in keys] for keys in listed])
