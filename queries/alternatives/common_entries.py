"""Which columns two rows of a sparse matrix both hold, for many pairs of rows in one go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

IntArray = npt.NDArray[np.int64]

ENTRIES_AT_ONCE: Final = 4_000_000
"""Entries that are compared in one go: rows differ much in how many they have."""


class Common(NamedTuple):
    """What pairs of rows have in common, one value for each pair and column, ordered by these."""

    pair: IntArray
    column: IntArray
    mine: IntArray
    """Where the entry of the pair's first row stands among the matrix's entries."""
    its: IntArray
    """The same of its second row."""


def common_entries(matrix: Any, left: IntArray, right: IntArray) -> Common:
    """Return the columns that the rows `left[i]` and `right[i]` of a CSR matrix both hold, for every i.

    Columns must be in order within each row (`has_sorted_indices`).
    """
    found = [common._replace(pair=first + common.pair) for first, common in in_portions(matrix, left, right)]
    return Common(*map(np.concatenate, zip(*found, strict=True))) if found else Common(*[np.zeros(0, np.int64)] * 4)


def in_portions(matrix: Any, left: IntArray, right: IntArray) -> Iterator[tuple[int, Common]]:
    """Yield the same for portions of the pairs, with the first pair of each portion, from which its pairs count."""
    sizes = np.diff(matrix.indptr)
    place = 1 + np.arange(len(matrix.indices))  # a product that is 0 would be left out
    places, ones = (
        sparse.csr_matrix((each, matrix.indices, matrix.indptr), matrix.shape) for each in (place, np.ones_like(place))
    )
    for part in _portions(sizes[left] + sizes[right]):
        yield part.start, _common(places, ones, left[part], right[part])


def _common(places: Any, ones: Any, left: IntArray, right: IntArray) -> Common:
    """Multiply entries with ones, which the library does in one pass over both rows: what is left is of both."""
    mine = places[left].multiply(ones[right])
    its = ones[left].multiply(places[right])
    pair = np.repeat(np.arange(len(left)), np.diff(mine.indptr))
    return Common(pair, mine.indices.astype(np.int64), mine.data - 1, its.data - 1)


def _portions(entries: npt.NDArray[np.integer[Any]]) -> Iterator[slice]:
    """Cut pairs into portions of about `ENTRIES_AT_ONCE` matrix entries, or one pair if it has more."""
    ends = np.cumsum(entries, dtype=np.int64)
    start = 0
    while start < len(ends):
        before = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + ENTRIES_AT_ONCE, side="right")))
        yield slice(start, end)
        start = end
