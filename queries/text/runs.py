"""Runs of places in arrays that hold rows of unequal length one after the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def places_of_runs(starts: Places, sizes: Places) -> Places:
    """Return the places of runs, one run after the other: `sizes[i]` places from `starts[i]` on.

    >>> places_of_runs(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist()
    [5, 6, 9, 10, 11]
    """
    places: Places = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))
    return places
