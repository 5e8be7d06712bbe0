"""Trees score rows as their nodes say, and come back from bytes unchanged."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealfacts.deals.trees import Forest, Part, pack, unpack


def two_trees() -> Forest:
    """One tree asks about `near` and then `rank`, the other is a leaf."""
    return Forest(
        names=("near", "rank"),
        base=-0.5,
        roots=np.array([0, 5], dtype=np.int32),
        feature=np.array([0, -1, 1, -1, -1, -1], dtype=np.int16),
        threshold=np.array([0.5, 0, 2.5, 0, 0, 0], dtype=np.float32),
        left=np.array([1, 1, 3, 3, 4, 5], dtype=np.int32),
        right=np.array([2, 1, 4, 3, 4, 5], dtype=np.int32),
        value=np.array([0.0, -1.0, 1.0, 2.0, 0.0, 0.25], dtype=np.float32),
    )


@pytest.mark.parametrize(
    ("row", "odds"), [((0.0, 0.0), -1.25), ((1.0, 2.0), 1.75), ((1.0, 3.0), -0.25), ((0.5, 9.0), -1.25)]
)
def test_trees_add_up_the_leaves(row: tuple[float, float], odds: float) -> None:
    (share,) = two_trees().probabilities(np.array([row], dtype=np.float32))
    assert share == pytest.approx(1 / (1 + math.exp(-odds)))


def test_trees_refuse_rows_of_another_width() -> None:
    with pytest.raises(ValueError, match="columns"):
        two_trees().probabilities(np.zeros((3, 5), dtype=np.float32))


def test_trees_no_rows_give_no_shares() -> None:
    assert len(two_trees().probabilities(np.zeros((0, 2), dtype=np.float32))) == 0


def test_trees_score_tables_together_as_alone() -> None:
    forest = two_trees()
    tables = [np.array(rows, dtype=np.float32).reshape(-1, 2) for rows in ([(0, 0), (1, 2)], [], [(1, 3)])]
    together = forest.probabilities_of(tables)
    assert [shares.tolist() for shares in together] == [
        forest.probabilities(rows).tolist() for rows in tables
    ]
    assert forest.probabilities_of([]) == []


def test_trees_score_parts_as_whole_rows() -> None:
    forest = two_trees()
    parts = [
        Part([0], np.array([[0.0], [1.0]], dtype=np.float32), np.array([1, 1, 0])),
        Part([1], np.array([[2.0], [3.0]], dtype=np.float32), np.array([0, 1, 1])),
    ]
    rows = np.array([(1, 2), (1, 3), (0, 3)], dtype=np.float32)
    assert forest.probabilities_in_parts(parts).tolist() == forest.probabilities(rows).tolist()


def test_trees_contributions_lead_from_the_roots_to_the_leaves() -> None:
    forest, row = two_trees(), np.array([1.0, 2.0], dtype=np.float32)
    assert forest.contributions(row) == [("near", 1.0), ("rank", 1.0)]


@given(st.lists(st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)), max_size=20))
def test_trees_come_back_from_bytes(rows: list[tuple[float, float]]) -> None:
    forest = two_trees()
    content = pack({"judge": forest, "slot": forest})
    again = unpack(content)
    table = np.array(rows, dtype=np.float32).reshape(len(rows), 2)
    assert sorted(again) == ["judge", "slot"]
    assert pack(again) == content
    assert (again["slot"].probabilities(table) == forest.probabilities(table)).all()
