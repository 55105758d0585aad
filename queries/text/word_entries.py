"""Which words stand in which rows? The structure of a sparse matrix, made from long lists of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Numbers = npt.NDArray[np.int64]


class Entries(NamedTuple):
    """Which words rows hold, by row and then by word."""

    words: list[str]
    """Those that stand in any row, in alphabetical order: the columns."""
    starts: Numbers
    """Where each row begins, and where the last ends (rows + 1,)."""
    columns: Numbers
    entry: Numbers
    """The entry that each of the words given belongs to."""

    def matrix(self, values: npt.NDArray[Any]) -> Any:
        """Return a CSR matrix (rows, words) from the value of each entry."""
        shape = (len(self.starts) - 1, max(1, len(self.words)))
        return sparse.csr_matrix((values.astype(np.float64), self.columns, self.starts), shape=shape)

    def counts(self) -> Any:
        """Return how often each row holds each word, as a CSR matrix (rows, words)."""
        return self.matrix(np.bincount(self.entry, minlength=len(self.columns)))


def entries(words: Sequence[str], numbers: Numbers, rows: Numbers, count: int) -> Entries:
    """Return which of `count` rows hold which words: `words[numbers[i]]` stands in row `rows[i]`.

    >>> found = entries(["b", "a", "c", "a"], np.array([1, 0, 3]), np.array([0, 0, 2]), 3)
    >>> found.words, found.counts().toarray().tolist()
    (['a', 'b'], [[1.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    """
    spelled = sorted({words[number] for number in np.unique(numbers).tolist()})
    column = {word: place for place, word in enumerate(spelled)}
    of_word = np.array([column.get(word, -1) for word in words], np.int64)
    width = max(1, len(spelled))
    held, entry = np.unique(rows * width + of_word[numbers], return_inverse=True)
    row, columns = np.divmod(held, width)
    return Entries(spelled, np.searchsorted(row, np.arange(count + 1)), columns, entry)
