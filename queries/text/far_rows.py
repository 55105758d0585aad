"""Rows of large tables that are read in no order: each is far away, and waits for memory when it is come to.

Touched beforehand, one read right after the other, the processor waits for ten of them at once: to gather a hundred
takes half of the time.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

LINE: Final = 64
"""So many bytes come from memory at a time."""


def touched(table: npt.NDArray[Any], rows: npt.NDArray[Any]) -> int:
    """Touch rows of a table (n, columns), and return what must be used, or the compiler leaves it out.

    To be compiled.
    """
    total = 0
    step = LINE // table.itemsize
    for i in range(len(rows)):
        for j in range(0, table.shape[1], step):
            total += int(np.int64(table[rows[i], j]))
    return total
