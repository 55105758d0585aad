"""How large must a value be to be among the largest of its row? For all rows of a sparse matrix at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

VALUES_AT_ONCE: Final = 2_000_000
"""Rows are laid side by side, all as long as the longest of those that are looked at together."""


def row_bounds(values: npt.NDArray[np.float64], starts: npt.NDArray[np.integer[Any]], limit: int) -> Any:
    """Return the `limit`-th largest value of each row, minus infinity for rows that have no more than so many.

    Row i has the values from `starts[i]` to `starts[i + 1]`, as in a CSR matrix.

    >>> row_bounds(np.array([0.1, 0.3, 0.2, 0.5]), np.array([0, 3, 4]), 2).tolist()
    [0.2, -inf]
    """
    sizes = np.diff(starts).astype(np.int64)
    found = np.full(len(sizes), -np.inf)
    longer = np.flatnonzero(sizes > limit)
    for rows in _portions(longer[np.argsort(sizes[longer], kind="stable")], sizes):
        width = sizes[rows[-1]]
        places = starts[rows][:, None] + np.arange(width)
        laid = values[np.minimum(places, len(values) - 1)]
        laid[np.arange(width) >= sizes[rows][:, None]] = -np.inf
        found[rows] = np.partition(laid, width - limit, axis=1)[:, width - limit]
    return found


def _portions(rows: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Cut rows, the shortest first, into portions of at most `VALUES_AT_ONCE` values (with what fills them), or one."""
    while len(rows):
        room = np.searchsorted(sizes[rows] * np.arange(1, len(rows) + 1), VALUES_AT_ONCE, side="right")
        count = max(1, int(room))
        yield rows[:count]
        rows = rows[count:]
