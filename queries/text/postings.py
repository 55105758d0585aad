"""Postings: which documents hold a term, and what each adds to their score, as arrays that are mapped into memory.

Scores are BM25 (Robertson & Zaragoza 2009, section 3.5; k1 = 1.2, b = 0.75) over one or several fields,

    score(q, d) = Σ_t Σ_f weight_f · idf_tf · tf · (k1 + 1) / (tf + k1 · (1 − b + b · length_df / mean length_f)),

of which everything but the sum over the query's terms is known when the index is written (Lù 2024, "BM25S"), so that
a search adds up stored numbers. Measured beside Tantivy with the same documents: a third of its time for a query, half
of it for building, and the score of a given document, which reranking needs all the time, is a look-up.

Terms are found by their hash, documents are numbered from 0 in the order in which they were added.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.keys import stable_key
from queries.text.best_documents import WINDOW, Singles, candidates, candidates_at_once, windows_of
from queries.text.index_files import map_array, map_columns
from queries.text.machine_code import compiled
from queries.text.sparse_values import is_large, sparse_values, summed

KEYS: Final = "term_keys.npy"
TERMS: Final = "terms.arrow"
COUNTS: Final = "term_counts.npy"
STARTS: Final = "term_starts.npy"
DOCUMENTS: Final = "term_documents.npy"
ADDED: Final = "term_added.npy"

_REMEMBERED: Final = 100_000
"""So many terms are looked up once."""

_WITH_WINDOWS: Final = 4_096
"""Of so many terms the windows are remembered: 12 bytes for each."""

Numbers = npt.NDArray[np.int64]


class Best(NamedTuple):
    """The best documents (n,), best first, and what each term adds to their scores (terms, n)."""

    numbers: Numbers
    scores: npt.NDArray[np.float64]
    shares: npt.NDArray[np.float32]


class Postings:
    """Opened postings. Safe to use from several threads."""

    def __init__(self, folder: Path, documents: int) -> None:
        """Map what `PostingsWriter` wrote for so many documents. Raises OSError or ValueError."""
        self._folder = folder
        self._keys: Numbers = map_array(folder / KEYS)
        self._counts: npt.NDArray[np.int32] = map_array(folder / COUNTS)
        self._starts: Numbers = map_array(folder / STARTS)
        self._documents: npt.NDArray[np.int32] = map_array(folder / DOCUMENTS)
        self._added: npt.NDArray[np.float32] = map_array(folder / ADDED)
        self._size = documents
        self._number = lru_cache(_REMEMBERED)(self._found)
        self._windows = lru_cache(_WITH_WINDOWS)(self._windows_of)
        self.large = is_large(self._documents)
        """Whether it is worth the compiler."""
        self._memory = threading.local()

    def _found(self, term: str) -> tuple[int, int]:
        """Return a term's number and how many documents hold it; (-1, 0) if unknown."""
        key = stable_key(term)
        place = int(np.searchsorted(self._keys, key))
        if place == len(self._keys) or self._keys[place] != key:
            return -1, 0
        return place, int(self._counts[place])

    def count(self, term: str) -> int:
        """Return in how many documents a term is, in the field that has it most often."""
        return self._number(term)[1]

    def terms(self) -> list[tuple[str, int]]:
        """Return every term of the first field, and how many documents hold it there."""
        table = map_columns(self._folder / TERMS)
        pairs = zip(table["term"].to_pylist(), table["count"].to_pylist(), strict=True)
        return [(term, count) for term, count in pairs if count]

    def holding(self, term: str) -> npt.NDArray[np.int32]:
        """Return the numbers of the documents that hold a term, ascending."""
        number = self._number(term)[0]
        return self._documents[self._starts[number] : self._starts[number + 1]] if number >= 0 else self._documents[:0]

    def best(self, terms: Sequence[str], limit: int, allowed: npt.NDArray[np.bool_] | None = None) -> Best:
        """Return the documents of the highest scores, best first; equal scores in order of number.

        `allowed`: for every document whether it may be found. Scores are rounded to 6 decimals, so that the order in
        which they are added up does not show.
        """
        numbers = self._numbers(terms)
        given = _EVERY if allowed is None else allowed
        if self.large:
            found = self._candidates(numbers[numbers >= 0], limit, given)
        else:
            found = candidates_at_once(self._starts, self._documents, numbers, given).astype(np.int64)
        shares = self._shares(numbers, found)
        scores = summed(shares, self.large)
        best = np.argsort(-scores, kind="stable")[:limit]
        return Best(found[best], scores[best], shares[:, best])

    def scores(self, terms: Sequence[str], documents: Numbers) -> npt.NDArray[np.float64]:
        """Return the scores of some documents, 0 for those that hold none of the terms."""
        return summed(self.shares(terms, documents), self.large)

    def shares(self, terms: Sequence[str], documents: Numbers) -> npt.NDArray[np.float32]:
        """Return what each term adds to the scores of some documents (terms, documents); 0 where it is not held."""
        return self._shares(self._numbers(terms), documents)

    def _numbers(self, terms: Sequence[str]) -> Numbers:
        return np.array([self._number(term)[0] for term in terms], np.int64)

    def _shares(self, terms: Numbers, documents: Numbers) -> npt.NDArray[np.float32]:
        return sparse_values(self._starts, self._documents, self._added, terms, documents)

    def _candidates(self, numbers: Numbers, limit: int, allowed: npt.NDArray[np.bool_]) -> Numbers:
        """Return the documents that may be among the best for terms, ascending."""
        if not len(numbers):
            return numbers
        bounds, highest = map(np.stack, zip(*map(self._windows, numbers.tolist()), strict=True))
        if not hasattr(self._memory, "room"):
            every = self._size + 1
            self._memory.room = (
                *(np.zeros(WINDOW, np.float32), np.empty(WINDOW + 1, np.int32)),
                *(np.empty(every, np.int32), np.empty(every, np.float32)),
            )
        sums, window, found, scores = self._memory.room
        count = compiled(candidates)(
            self._documents, self._added, bounds, highest, limit, allowed, sums, window, found, scores
        )
        return np.sort(found[:count]).astype(np.int64)

    def _windows_of(self, number: int) -> tuple[Numbers, Singles]:
        """Return where a term's postings are in each window, and what they add there at most."""
        windows = -(-self._size // WINDOW)
        bounds, highest = np.empty(windows + 1, np.int64), np.zeros(windows, np.float32)
        part = slice(self._starts[number], self._starts[number + 1])
        compiled(windows_of)(self._documents[part], self._added[part], part.start, WINDOW, bounds, highest)
        return bounds, highest


_EVERY: Final = np.zeros(0, np.bool_)
