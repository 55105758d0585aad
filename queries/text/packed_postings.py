"""Postings in 32 bits each: the place of the document in its window, and what is added to its score at most.

A search goes through many times as many postings as it finds documents, so what of them is read counts: half as much as
the documents' numbers and the scores themselves, and sums of whole numbers are the same in any order. What is added is
rounded up to a whole number of units; of the documents that may be among the best the true scores are added up later.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from queries.text.machine_code import compiled

WINDOW: Final = 1 << 13
"""So many documents at a time: their sums take 32 kB. Smaller windows know better what a term adds, but are more."""

PLACE: Final = np.uint32(19)
"""By so many bits a posting is shifted to tell the place of its document."""

MOST: Final = np.uint32((1 << 19) - 1)
"""What is added is in the bits of this number."""

LEAST_UNIT: Final = 1e-6
"""Scores that are nearer to each other count as equal."""

Shorts = npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]
Packed = npt.NDArray[np.uint32]


def packed_postings(documents: Shorts, added: Singles, width: int) -> Packed:
    """Return postings (n,) packed, given all documents and what each adds, 0 or more (n,).

    `width`: of a window, a power of 2.
    """
    unit = max(float(added.max(initial=0)) / (int(MOST) - 1), LEAST_UNIT)
    found = np.empty(len(documents), np.uint32)
    compiled(_pack)(documents, added, width, 1 / unit, found)
    return found


def _pack(documents: Shorts, added: Singles, width: int, units: float, found: Packed) -> None:
    """Fill in `found`; `units`: so many in a score of 1. To be compiled."""
    for i in range(len(found)):
        place = np.uint32(documents[i]) & np.uint32(width - 1)
        found[i] = (place << PLACE) | np.uint32(np.ceil(added[i] * units))
