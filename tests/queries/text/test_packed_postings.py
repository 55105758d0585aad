import numpy as np
import pytest

from queries.text.packed_postings import LEAST_UNIT, MOST, PLACE, packed_postings


@pytest.mark.parametrize("highest", [31.7, 1.0, 1e-9])
def test_what_is_added_is_rounded_up_by_less_than_a_unit(highest: float) -> None:
    added = (np.random.default_rng(3).random(500) * highest).astype(np.float32)
    added[7], added[9] = highest, 0
    documents = np.arange(500, dtype=np.int32)
    packed = packed_postings(documents, added, 64)
    assert (packed >> PLACE).tolist() == (documents % 64).tolist()
    unit = max(float(added.max()) / (int(MOST) - 1), LEAST_UNIT)
    over = (packed & MOST) * unit - added
    assert over.min() > -1e-6 * unit
    assert over.max() < unit
    assert packed[9] & MOST == 0


def test_no_postings() -> None:
    assert len(packed_postings(np.zeros(0, np.int32), np.zeros(0, np.float32), 64)) == 0
