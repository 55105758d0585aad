import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.text import sparse_values as tested
from queries.text.sparse_values import sparse_values, summed

STARTS = np.array([0, 3, 3, 4])
"""Row 0 has three values, row 1 none, row 2 one."""
COLUMNS = np.array([2, 5, 9, 5], np.int32)
VALUES = np.array([0.25, 0.5, 1.0, 2.0], np.float32)


@pytest.fixture(params=["at once", "compiled"])
def every_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested, "FEW", 0 if request.param == "compiled" else 10**9)


@pytest.mark.usefixtures("every_way")
def test_values_of_rows_and_columns() -> None:
    found = sparse_values(STARTS, COLUMNS, VALUES, np.array([0, -1, 1, 2]), np.array([9, 1, 5, 10]))
    assert found.tolist() == [[1.0, 0, 0.5, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 2.0, 0]]
    assert sparse_values(STARTS, COLUMNS, VALUES, np.array([0]), np.zeros(0, np.int64)).shape == (1, 0)
    assert sparse_values(STARTS, COLUMNS, VALUES, np.zeros(0, np.int64), np.array([5])).shape == (0, 1)


@given(st.lists(st.sets(st.integers(0, 40)), min_size=1, max_size=5), st.lists(st.integers(0, 41), unique=True))
def test_compiled_code_finds_the_same(held: list[set[int]], wanted: list[int]) -> None:
    columns = np.array([column for row in held for column in sorted(row)], np.int32)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(list(map(len, held)))])
    values = np.arange(1, len(columns) + 1, dtype=np.float32)
    asked = np.arange(-1, len(held)), np.array(wanted, np.int64)
    at_once = sparse_values(starts, columns, values, *asked)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tested, "FEW", 0)
        assert sparse_values(starts, columns, values, *asked).tolist() == at_once.tolist()
    assert np.count_nonzero(at_once) == sum(column in row for row in held for column in wanted)


@pytest.mark.parametrize("large", [False, True])
def test_sums_are_rounded(large: bool) -> None:
    values = np.array([[0.5, 0.125, 0], [1.0, 2**-20, 0]], np.float32)
    assert summed(values, large).tolist() == [1.5, 0.125001, 0.0]
    assert summed(values[:0], large).tolist() == [0.0, 0.0, 0.0]
