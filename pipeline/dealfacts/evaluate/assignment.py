"""Pair up two lists so that the summed score is as high as it can be."""

from __future__ import annotations

from collections.abc import Sequence


def best_assignment(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pair rows with columns one to one, for the highest total score.

    The Hungarian method with potentials, cubic in the longer side (Kuhn 1955; the shortest-path form
    of Jonker and Volgenant 1987). Pairs that score nothing are left out.

    Args:
        scores: a rectangular table, rows by columns, none negative.

    Returns:
        The chosen (row, column) pairs with a positive score, by row.

    >>> best_assignment([[3, 2], [3, 0]])
    [(0, 1), (1, 0)]
    """
    rows = len(scores)
    columns = len(scores[0]) if rows else 0
    if not columns:
        return []
    if rows > columns:
        flipped = best_assignment([[scores[row][column] for row in range(rows)] for column in range(columns)])
        return sorted((row, column) for column, row in flipped)
    owner = _shortest_augmenting_paths([[-score for score in row] for row in scores])
    pairs = [(row, column) for column, row in enumerate(owner) if row >= 0 and scores[row][column] > 0]
    return sorted(pairs)


def _shortest_augmenting_paths(costs: list[list[float]]) -> list[int]:
    """Return the row that owns each column (-1 for none) in a cheapest full assignment of the rows."""
    rows, columns = len(costs), len(costs[0])
    row_price, column_price = [0.0] * rows, [0.0] * (columns + 1)
    owner = [-1] * (columns + 1)  # the last column is the place a new row starts from
    for row in range(rows):
        owner[columns], column = row, columns
        slack, previous = [float("inf")] * columns, [columns] * columns
        tree: list[int] = []
        while owner[column] >= 0:
            tree.append(column)
            current = owner[column]
            open_columns = [j for j in range(columns) if j not in tree]
            for j in open_columns:
                reduced = costs[current][j] - row_price[current] - column_price[j]
                if reduced < slack[j]:
                    slack[j], previous[j] = reduced, column
            column = min(open_columns, key=slack.__getitem__)
            step = slack[column]
            for j in tree:
                row_price[owner[j]] += step
                column_price[j] -= step
            for j in open_columns:
                slack[j] -= step
        while column != columns:
            owner[column] = owner[previous[column]]
            column = previous[column]
    return owner[:columns]
