from pathlib import Path

import numpy as np
import pytest

from queries.retrieval import asked as tested
from queries.retrieval.asked import PRIOR, Asked, write_asked
from queries.text.encoders.token_table import token_table
from tests.queries.small_catalogue import choices


def test_a_document_is_near_to_what_it_was_chosen_for(tmp_path: Path) -> None:
    write_asked(tmp_path, ["sharpen photos", "read a contract"], choices({3: 1.0, 5: 2.0}, {5: 1.0}))
    asked = Asked(tmp_path)
    photo, contract = token_table().encode(["sharpen photos", "read a contract"])
    assert asked.of(photo, np.array([3, 4])) == pytest.approx([1 / (1 + PRIOR), 0], abs=1e-3)
    both = 2 * photo + contract
    assert asked.of(contract, np.array([5]))[0] == pytest.approx(
        both @ contract / (np.linalg.norm(both) + PRIOR), abs=1e-3
    )


def test_a_past_search_can_be_left_out(tmp_path: Path) -> None:
    write_asked(tmp_path, ["sharpen photos"], choices({3: 1.5}))
    vector = token_table().encode(["sharpen photos"])[0]
    assert Asked(tmp_path).of(vector, np.array([3]), {3: 1.5 * vector})[0] == pytest.approx(0, abs=1e-3)


def test_without_a_log_nothing_was_asked(tmp_path: Path) -> None:
    write_asked(tmp_path, [], choices())
    assert Asked(tmp_path).of(np.ones(256, np.float32), np.array([0, 1])).tolist() == [0, 0]


def test_compiled_code_widens_every_number_as_numpy_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    np.save(tmp_path / tested._DOCUMENTS, np.arange(256))
    np.save(tmp_path / tested._SUMS, np.where(np.isfinite(every), every, np.float16(0)).reshape(256, 256))
    at_once = Asked(tmp_path)
    monkeypatch.setattr(tested, "is_large", lambda values: True)
    rows = np.arange(255, -1, -1, dtype=np.int32)
    assert Asked(tmp_path)._sums_at(rows).tobytes() == at_once._sums_at(rows).tobytes()
