"""That the best are those of all documents is shown in `test_postings`, by hypothesis."""

import numpy as np

from queries.text.best_of_each import _of_document


def test_a_document_is_told_by_its_postings() -> None:
    added, weights = np.array([0.5, 0.25, 0.125, 9.0], np.float32), np.array([1.0, 2.0, 4.0])
    assert _of_document(added, np.array([1, 2, -1]), weights) == (0.375, 3.0)
    assert _of_document(added, np.array([-1, 3, -1]), weights) == (9.0, 2.0)
    assert _of_document(added, np.array([-1, -1, -1]), weights) == (0.0, 0.0)
