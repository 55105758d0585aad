"""Bounds of rows, held against sorted lists."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.text import row_bounds as module
from queries.text.row_bounds import row_bounds


@given(
    rows=st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=6), max_size=6),
    limit=st.integers(1, 4),
    at_once=st.sampled_from([1, 5, 100]),
)
def test_the_bound_is_the_last_of_the_largest(rows: list[list[float]], limit: int, at_once: int) -> None:
    starts = np.cumsum([0, *map(len, rows)])
    with patch.object(module, "VALUES_AT_ONCE", at_once):
        found = row_bounds(np.array([value for row in rows for value in row]), starts, limit)
    assert found.tolist() == [sorted(row)[-limit] if len(row) > limit else -np.inf for row in rows]
