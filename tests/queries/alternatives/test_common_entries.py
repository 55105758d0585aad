"""What two rows of a sparse matrix share, held against Python's sets."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from queries.alternatives import common_entries as module
from queries.alternatives.common_entries import common_entries, in_portions

ROWS = [{0: 1.0, 2: 2.0}, {}, {0: 3.0, 1: 4.0, 2: 5.0}, {1: 6.0}]


def matrix_of(rows: list[dict[int, float]], columns: int = 3) -> sparse.csr_matrix:
    starts = np.cumsum([0, *map(len, rows)])
    entries = [entry for row in rows for entry in sorted(row.items())]
    indices, values = (np.array([entry[i] for entry in entries]) for i in (0, 1))
    return sparse.csr_matrix((values, indices, starts), shape=(len(rows), columns))


def test_each_shared_column_comes_with_where_it_stands_in_both_rows() -> None:
    found = common_entries(matrix_of(ROWS), np.array([0, 1, 2, 3]), np.array([2, 0, 3, 3]))
    assert found.pair.tolist() == [0, 0, 2, 3]
    assert found.column.tolist() == [0, 2, 1, 1]
    assert found.mine.tolist() == [0, 1, 3, 5]
    assert found.its.tolist() == [2, 4, 5, 5]


@pytest.mark.parametrize("pairs", [[], [0]])
def test_nothing_is_shared_by_no_pairs_or_empty_rows(pairs: list[int]) -> None:
    left, right = np.array(pairs, np.int64), np.array(pairs, np.int64) + 1
    assert [len(each) for each in common_entries(matrix_of(ROWS), left, right)] == [0, 0, 0, 0]


@given(
    rows=st.lists(st.dictionaries(st.integers(0, 5), st.just(1.0), max_size=6), min_size=1, max_size=6),
    at_once=st.integers(1, 20),
    data=st.data(),
)
def test_columns_are_those_of_both_sets_in_any_portions(
    rows: list[dict[int, float]], at_once: int, data: st.DataObject
) -> None:
    matrix = matrix_of(rows, 6)
    place = st.integers(0, len(rows) - 1)
    pairs = data.draw(st.lists(st.tuples(place, place), max_size=12))
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    with patch.object(module, "ENTRIES_AT_ONCE", at_once):
        found = common_entries(matrix, left, right)
        portions = [first for first, _ in in_portions(matrix, left, right)]
    expected = [(i, column) for i, (a, b) in enumerate(pairs) for column in sorted(rows[a].keys() & rows[b].keys())]
    assert list(zip(found.pair.tolist(), found.column.tolist(), strict=True)) == expected
    assert (matrix.indices[found.mine] == found.column).all()
    assert (matrix.indices[found.its] == found.column).all()
    assert portions == sorted(set(portions))
