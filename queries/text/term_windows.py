"""Where the postings of frequent terms are in windows of documents, and what they add there at most.

Of a term that few documents hold this is found as soon as it is asked for; of the others it is kept. They hold four
documents in a window or more, so that all of them take less than half as much room again as the postings.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from queries.text.machine_code import compiled
from queries.text.packed_postings import MOST, Packed

FREQUENT: Final = 4
"""Postings for each window from which on those of a term are kept."""

Numbers = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]


class TermWindows(NamedTuple):
    """Windows of the frequent terms."""

    rows: Shorts
    """The row of each term in what follows (terms,); -1 where it is rare."""
    bounds: Numbers
    """Where the postings of each window begin, and the last ones end (rows, windows + 1)."""
    highest: Shorts
    """What they add there at most, in units (rows, windows)."""


def term_windows(starts: Numbers, documents: Shorts, packed: Packed, size: int, width: int) -> TermWindows:
    """Return the windows of frequent terms, given all postings of `size` documents; `width`: of a window."""
    windows = -(-size // width)
    frequent = np.flatnonzero(np.diff(starts) >= FREQUENT * windows)
    rows = np.full(len(starts) - 1, -1, np.int32)
    rows[frequent] = np.arange(len(frequent))
    bounds = np.empty((len(frequent), windows + 1), np.int64)
    highest = np.zeros((len(frequent), windows), np.int32)
    compiled(_fill)(starts, documents, packed, width, frequent, bounds, highest)
    return TermWindows(rows, bounds, highest)


def _fill(
    starts: Numbers, documents: Shorts, packed: Packed, width: int, terms: Numbers, bounds: Numbers, highest: Shorts
) -> None:
    """Fill in the windows of terms. To be compiled."""
    for i in range(len(terms)):
        windows_of(documents, packed, starts[terms[i]], starts[terms[i] + 1], width, bounds[i], highest[i])


def windows_of(
    documents: Shorts, packed: Packed, first: int, end: int, width: int, bounds: Numbers, highest: Shorts
) -> None:
    """Fill in where the postings of a term begin in each window, and where they end, and what they add there at most.

    The term's are those from place `first` to `end`; `width`: so many documents in a window; `bounds` (windows + 1,);
    `highest` (windows,), zeros before. To be compiled.
    """
    window = 0
    bounds[0] = first
    for place in range(first, end):
        while documents[place] >= (window + 1) * width:
            window += 1
            bounds[window] = place
        highest[window] = max(highest[window], np.int32(packed[place] & MOST))
    bounds[window + 1 :] = end
