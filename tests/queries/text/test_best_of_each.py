"""That the best are those of all documents is shown in `test_postings`, by hypothesis."""

import numpy as np

from queries.text.best_of_each import _of_document


def test_a_document_is_told_by_its_postings() -> None:
    documents, added = np.array([1, 4, 4, 6], np.int32), np.array([0.5, 0.25, 0.125, 9.0], np.float32)
    begins, ends, weights = np.array([0, 2, 4]), np.array([2, 4, 4]), np.array([1.0, 2.0, 4.0])
    assert _of_document(documents, added, begins, ends, 4, weights) == (0.375, 3.0)
    assert _of_document(documents, added, begins, ends, 6, weights) == (9.0, 2.0)
    assert _of_document(documents, added, begins, ends, 5, weights) == (0.0, 0.0)
