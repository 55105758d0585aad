"""In which row of a table some documents stand, where the table holds only those that were ever chosen."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

Documents = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]

UNKNOWN: Final = -1


class RowsOfDocuments:
    """Rows by document number: a look-up instead of a search, which takes 20 of them in a table of a million."""

    def __init__(self, documents: Documents) -> None:
        """`documents` (n,): that of each row, ascending."""
        self._documents = documents

    @cached_property
    def _rows(self) -> Rows:
        """The row of every document up to the last one that has one, and `UNKNOWN` for those behind it."""
        rows = np.full(int(self._documents[-1]) + 2 if len(self._documents) else 1, UNKNOWN, np.int32)
        rows[self._documents] = np.arange(len(self._documents))
        return rows

    def of(self, documents: Documents) -> Rows:
        """Return the row of each of some documents (n,), `UNKNOWN` where it has none.

        >>> RowsOfDocuments(np.array([2, 5])).of(np.array([5, 0, 9, 2])).tolist()
        [1, -1, -1, 0]
        """
        found: Rows = self._rows[np.minimum(documents, len(self._rows) - 1)]
        return found
