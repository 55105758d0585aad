"""That the best are found is shown in `test_postings`, by hypothesis."""

import numpy as np
import pytest

from queries.text import best_documents
from queries.text.best_documents import candidates, place_in_window, place_of
from queries.text.packed_postings import PLACE

DOCUMENTS = np.array([3, 8, 9, 40, 63], np.int32)
PACKED = (DOCUMENTS.astype(np.uint32) << PLACE) | np.array([7, 1, 2, 3, 4], np.uint32)


def test_places_of_documents() -> None:
    for document in range(64):
        expected = DOCUMENTS.tolist().index(document) if document in DOCUMENTS else -1
        assert place_of(DOCUMENTS, 0, 5, document) == place_in_window(PACKED, 0, 5, document) == expected
    assert place_of(DOCUMENTS, 2, 2, 9) == place_in_window(PACKED, 2, 2, 9) == -1


def test_sums_are_put_back_before_what_was_passed_over_reaches_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """A term that decides is held by the first document of each window, in the last one by the second, which a term
    that all hold has been added to before, for nothing."""
    monkeypatch.setattr(best_documents, "NONE", np.int32(-300))
    windows = 60
    rare = (np.array([*[0] * (windows - 1), 1], np.uint32) << PLACE) | np.uint32(100)
    frequent = np.concatenate([(np.arange(4, dtype=np.uint32) << PLACE) | np.uint32(6)] * windows)
    packed = np.concatenate([rare, frequent])
    bounds = np.array([np.arange(windows + 1), windows + 4 * np.arange(windows + 1)])
    highest = np.array([[100] * windows, [6] * windows], np.int32)
    room = np.empty(4, np.int32), np.empty(5, np.int32), np.empty(200, np.int32), np.empty(200, np.int32)
    count = candidates(packed, bounds, highest, 1, np.zeros(0, np.bool_), *room)
    assert room[2][:count].tolist() == [*[4 * at for at in range(windows - 1)], 4 * (windows - 1) + 1]
