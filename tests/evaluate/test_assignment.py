from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dealfacts.evaluate.assignment import best_assignment

Table = list[list[int]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    return draw(
        st.lists(
            st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )


def best_by_trying(table: Table) -> int:
    rows, columns = len(table), len(table[0])
    if rows > columns:
        table = [[row[column] for row in table] for column in range(columns)]
        rows, columns = columns, rows
    return max(
        sum(table[row][column] for row, column in enumerate(chosen))
        for chosen in itertools.permutations(range(columns), rows)
    )


@given(tables())
def test_assignment_total_is_the_best_possible(table: Table) -> None:
    pairs = best_assignment(table)
    assert sum(table[row][column] for row, column in pairs) == best_by_trying(table)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


def test_assignment_leaves_worthless_pairs_out() -> None:
    assert best_assignment([[0, 0], [0, 5]]) == [(1, 1)]


def test_assignment_of_nothing_is_nothing() -> None:
    assert best_assignment([]) == []
    assert best_assignment([[]]) == []
