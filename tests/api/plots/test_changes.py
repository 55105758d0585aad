"""Labels of changed ranks."""

from __future__ import annotations

from itertools import pairwise

from api.plots.changes import spread


def test_labels_keep_their_order_and_their_distance() -> None:
    values = [5.0, 1.0, 1.1, 1.2, 9.0]
    found = spread(values, 1.0)
    in_order = [height for _, height in sorted(zip(values, found, strict=True))]
    assert all(high - low >= 1.0 - 1e-9 for low, high in pairwise(in_order))
    assert found[4] == 9.0
