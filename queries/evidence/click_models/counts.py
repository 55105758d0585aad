"""The sufficient statistics of a position-based model: impressions and clicks by item and place.

Counts may be fractions: old evidence weighs less. Integers, and fractions in units of a power of two
(`queries.counting.decay`), add up without rounding, so that partial sums of any days, in any order, give the same
model, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.errors import WrongUse
from graph.vocabulary import MAX_POSITION

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Taught = tuple[npt.ArrayLike, npt.ArrayLike]
"""Impressions and clicks, (rows,) each, that say what all items share: part of a model's own."""

SINGLE_PLACES: Final = 20
"""The first places have an examination of their own; deeper ones share it in bins that grow by a quarter."""
_BIN_GROWTH: Final = 1.25


@dataclass(frozen=True)
class PlaceCounts:
    """One row for each (item, place) that was shown, sorted by item, then place; all arrays (rows,)."""

    item: IntArray
    place: IntArray
    """Index into `place_of_position`: 0 is position 1; deep positions share a place."""
    impressions: FloatArray
    clicks: FloatArray
    items: int
    place_of_position: IntArray
    """(positions,): the place of each position, element 0 for position 1."""
    warnings: tuple[str, ...]

    @property
    def places(self) -> int:
        """Number of places, shown or not."""
        return int(self.place_of_position[-1]) + 1

    @property
    def skips(self) -> FloatArray:
        """Impressions without a click, (rows,)."""
        return self.impressions - self.clicks

    @property
    def shown_items(self) -> IntArray:
        """Items with impressions, sorted."""
        return self.item[np.diff(self.item, prepend=-1) > 0]

    def by_item(self, values: FloatArray) -> FloatArray:
        """Sum a (rows,) array over the places of each item: (items,)."""
        total: FloatArray = np.bincount(self.item, values, self.items).astype(np.float64)
        return total

    def by_place(self, values: FloatArray) -> FloatArray:
        """Sum a (rows,) array over the items of each place: (places,)."""
        total: FloatArray = np.bincount(self.place, values, self.places).astype(np.float64)
        return total

    def of_items(self, chosen: IntArray) -> PlaceCounts:
        """Keep the rows of some items (sorted indices) and number these items from 0."""
        number = np.full(self.items, -1, np.int64)
        number[chosen] = np.arange(len(chosen))
        keep = number[self.item] >= 0
        return PlaceCounts(
            number[self.item[keep]],
            self.place[keep],
            self.impressions[keep],
            self.clicks[keep],
            len(chosen),
            self.place_of_position,
            self.warnings,
        )


def place_counts(
    item: npt.ArrayLike, position: npt.ArrayLike, impressions: npt.ArrayLike, clicks: npt.ArrayLike, items: int = 0
) -> PlaceCounts:
    """Add up rows in any order, split in any way: four (n,) arrays; items count from 0, positions from 1.

    Impossible positions (below 1, above `MAX_POSITION`) and rows without impressions are left out; more clicks
    than impressions count as one click for each impression. All three are said in `warnings`.
    Items are numbered 0 to the highest given, or to `items - 1`.
    """
    i, k = (np.asarray(column).astype(np.int64).ravel() for column in (item, position))
    n, c = (np.asarray(column).astype(np.float64).ravel() for column in (impressions, clicks))
    if not len(i) == len(k) == len(n) == len(c):
        raise WrongUse(
            f"item, position, impressions and clicks must be equally long, not {len(i)}, {len(k)}, {len(n)}, {len(c)}."
        )
    if len(i) and not min(i.min(), n.min(), c.min()) >= 0:
        raise WrongUse("Items, impressions and clicks must not be negative: counts only add up.")
    items = max(items, int(i.max()) + 1 if len(i) else 0)
    possible = (k >= 1) & (k <= MAX_POSITION)
    warnings = _warn_count(n[~possible].sum(), "impressions at impossible positions are left out")
    place_of_position = places_of_positions(int(k[possible].max()) if possible.any() else 1)
    places = int(place_of_position[-1]) + 1
    key, shown, clicked = _sum_by_key(
        i[possible] * places + place_of_position[k[possible] - 1], n[possible], c[possible]
    )
    warnings += _warn_count(clicked[shown == 0].sum(), "clicks without an impression are left out")
    excess = np.maximum(clicked - shown, 0)[shown > 0]
    warnings += _warn_count(excess.sum(), "clicks beyond one for each impression are left out")
    seen = shown > 0
    return PlaceCounts(
        key[seen] // places,
        key[seen] % places,
        shown[seen],
        np.minimum(clicked, shown)[seen],
        items,
        place_of_position,
        warnings,
    )


def places_of_positions(positions: int) -> IntArray:
    """Return the place of the positions 1 to `positions`: each its own up to 20, then bins growing by a quarter.

    >>> places_of_positions(26).tolist()[19:]
    [19, 20, 20, 20, 20, 20, 21]
    """
    position = np.arange(1, positions + 1)
    deep = np.maximum(position - 1, SINGLE_PLACES) / SINGLE_PLACES
    bins = SINGLE_PLACES + np.floor(np.round(np.log(deep) / np.log(_BIN_GROWTH), 9)).astype(np.int64)
    return np.where(position <= SINGLE_PLACES, position - 1, bins).astype(np.int64)


def _sum_by_key(key: IntArray, shown: FloatArray, clicked: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Sort by key and sum the counts of equal keys; rows that are sorted already are taken as they are."""
    if not np.all(key[1:] > key[:-1]):
        order = np.argsort(key, kind="stable")
        key, shown, clicked = key[order], shown[order], clicked[order]
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        key, shown, clicked = key[starts], np.add.reduceat(shown, starts), np.add.reduceat(clicked, starts)
    return key, shown, clicked


def _warn_count(count: float, what: str) -> tuple[str, ...]:
    return (f"{count:,.12g} {what}.",) if count else ()
