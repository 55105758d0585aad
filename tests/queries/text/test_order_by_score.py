import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.text.order_by_score import sort_by_score


@given(st.lists(st.tuples(st.sampled_from([0.5, 1.0, 2.0]), st.integers(0, 9)), max_size=60, unique=True))
def test_places_are_sorted_by_score_and_number(hits: list[tuple[float, int]]) -> None:
    order = np.arange(len(hits))
    sort_by_score(order, np.array([score for score, _ in hits]), np.array([number for _, number in hits], np.int32))
    assert [hits[i] for i in order] == sorted(hits, key=lambda hit: (-hit[0], hit[1]))
