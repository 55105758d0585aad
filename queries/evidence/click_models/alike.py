"""Items with the same counts have the same posterior: so each kind of item is integrated once.

Most things were shown a few times, in few places, with no choice or one: of a large log's items only a small part
differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.evidence.click_models.counts import FloatArray, IntArray, PlaceCounts


@dataclass(frozen=True)
class Alike:
    """Items put together to kinds: equal counts at equal places, equal features, one stratum."""

    first: IntArray
    """The first item of each kind, ascending: (kinds,)."""
    kind: IntArray
    """The kind of each item, as an index into `first`: (items,)."""

    @property
    def times(self) -> FloatArray:
        """How many items are of each kind: (kinds,)."""
        return np.bincount(self.kind, minlength=len(self.first)).astype(np.float64)


def alike(counts: PlaceCounts, features: FloatArray, stratum: IntArray) -> Alike:
    """Find the kinds of items; `features` (items, features), `stratum` (items,).

    Rows are numbered by what they say. Items with as many rows are compared by the numbers of their rows, in order.
    """
    row = _numbered(counts.place, counts.impressions, counts.clicks)
    beside = _numbered(stratum, *features.T)
    rows = np.bincount(counts.item, minlength=counts.items)
    starts = np.cumsum(rows) - rows
    kind, kinds = np.zeros(counts.items, np.int64), 0
    for length in np.unique(rows):
        those = np.flatnonzero(rows == length)
        said = row[starts[those][:, None] + np.arange(length)]
        kind[those] = kinds + _numbered(beside[those], *said.T)
        kinds = int(kind.max()) + 1
    return _in_order(kind)


def _in_order(kind: IntArray) -> Alike:
    """Number the kinds by their first items."""
    _, first, number = np.unique(kind, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return Alike(first[order].astype(np.int64), place[number])


def _numbered(*columns: FloatArray | IntArray) -> IntArray:
    """Give equal rows of equally long columns equal numbers, from 0: (n,)."""
    order = np.lexsort(columns)
    differs = np.zeros(len(order), np.bool_)
    for column in columns:
        differs[1:] |= column[order[1:]] != column[order[:-1]]
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(differs)
    return number
