from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.text.runs import places_of_runs


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 5))))
def test_runs_are_those_of_ranges(runs: list[tuple[int, int]]) -> None:
    starts, sizes = (np.array([run[which] for run in runs], np.int64) for which in (0, 1))
    assert places_of_runs(starts, sizes).tolist() == [
        place for start, size in runs for place in range(start, start + size)
    ]
