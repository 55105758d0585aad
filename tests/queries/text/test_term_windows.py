import numpy as np

from queries.text.packed_postings import PLACE
from queries.text.term_windows import FREQUENT, term_windows, windows_of

DOCUMENTS = np.array([0, 1, 2, 3, 4, 5, 8, 9, 9, 2, 7], np.int32)
"""Of a term in 8 documents, of one in one, and of one in two."""
PACKED = np.arange(1, 12, dtype=np.uint32) | (np.uint32(5) << PLACE)
STARTS = np.array([0, 8, 9, 11])


def test_windows_of_frequent_terms_are_kept() -> None:
    rows, bounds, highest = term_windows(STARTS, DOCUMENTS, PACKED, size=10, width=5)
    assert FREQUENT * 2 == 8
    assert rows.tolist() == [0, -1, -1]
    assert bounds.tolist() == [[0, 5, 8]]
    assert highest.tolist() == [[5, 8]]


def test_windows_without_postings_end_where_they_begin() -> None:
    bounds, highest = np.empty(5, np.int64), np.zeros(4, np.int32)
    windows_of(DOCUMENTS, PACKED, 9, 11, 3, bounds, highest)
    assert bounds.tolist() == [9, 10, 10, 11, 11]
    assert highest.tolist() == [10, 0, 11, 0]
