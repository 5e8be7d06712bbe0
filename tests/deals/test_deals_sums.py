"""Rows of a table add up for many things at once as they do for each alone."""

from __future__ import annotations

import numpy as np

from dealfacts.deals.sums import sum_rows


def test_sums_are_those_of_each_list_alone() -> None:
    draw = np.random.default_rng(3)
    table = draw.normal(size=(50, 6)).astype(np.float32)
    listed = [draw.integers(0, 50, size=count).tolist() for count in (3, 0, 17, 3, 1)]
    expected = [table[rows].sum(axis=0) if rows else np.zeros(6) for rows in listed]
    np.testing.assert_array_equal(sum_rows(table, listed), np.array(expected, dtype=np.float32))


def test_sums_of_nothing_are_no_rows() -> None:
    assert sum_rows(np.ones((3, 2), dtype=np.float32), []).shape == (0, 2)
