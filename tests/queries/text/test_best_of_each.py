"""That the best are those of all documents is shown in `test_postings`, by hypothesis."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.text.best_of_each import _of_document, _sort


@given(st.lists(st.tuples(st.sampled_from([0.5, 1.0, 2.0]), st.integers(0, 9)), max_size=60, unique=True))
def test_places_are_sorted_by_score_and_number(hits: list[tuple[float, int]]) -> None:
    order = np.arange(len(hits))
    _sort(order, np.array([score for score, _ in hits]), np.array([number for _, number in hits], np.int32))
    assert [hits[i] for i in order] == sorted(hits, key=lambda hit: (-hit[0], hit[1]))


def test_a_document_is_told_by_its_postings() -> None:
    documents, added = np.array([1, 4, 4, 6], np.int32), np.array([0.5, 0.25, 0.125, 9.0], np.float32)
    begins, ends, weights = np.array([0, 2, 4]), np.array([2, 4, 4]), np.array([1.0, 2.0, 4.0])
    assert _of_document(documents, added, begins, ends, 4, weights) == (0.375, 3.0)
    assert _of_document(documents, added, begins, ends, 6, weights) == (9.0, 2.0)
    assert _of_document(documents, added, begins, ends, 5, weights) == (0.0, 0.0)
