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
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.keys import stable_key
from queries.text.best_documents import candidates_at_once
from queries.text.best_of_each import Asked, Kept, Stored, best_of_each, of_each
from queries.text.index_files import map_array, map_columns
from queries.text.machine_code import compiled
from queries.text.packed_postings import WINDOW, packed_postings
from queries.text.sparse_values import is_large, sparse_values, summed
from queries.text.term_windows import term_windows

KEYS: Final = "term_keys.npy"
TERMS: Final = "terms.arrow"
COUNTS: Final = "term_counts.npy"
STARTS: Final = "term_starts.npy"
DOCUMENTS: Final = "term_documents.npy"
ADDED: Final = "term_added.npy"

_REMEMBERED: Final = 100_000
"""So many terms are looked up once."""

Numbers = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float64]


class Sought(NamedTuple):
    """Terms whose best documents are wanted, and how many."""

    terms: Sequence[str]
    weights: Sequence[float]
    """Of the terms, for `Best.held`."""
    limit: int


class Best(NamedTuple):
    """Documents (n,), the best first."""

    numbers: Numbers
    scores: Matrix
    """Rounded to 6 decimals, so that the order in which they are added up does not show."""
    held: Matrix
    """What the terms that each holds weigh together."""


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

        `allowed`: for every document whether it may be found.
        """
        return self.best_of_each([Sought(terms, [1.0] * len(terms), limit)], allowed)[0]

    def best_of_each(self, sought: Sequence[Sought], allowed: npt.NDArray[np.bool_] | None = None) -> list[Best]:
        """Return what `best` does, for each of several queries."""
        given = _EVERY if allowed is None else allowed
        return self._by_windows(sought, given) if self.large else [self._at_once(each, given) for each in sought]

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

    def _at_once(self, sought: Sought, allowed: npt.NDArray[np.bool_]) -> Best:
        """Return the best documents by array operations over all that hold any of the terms."""
        numbers = self._numbers(sought.terms)
        found = candidates_at_once(self._starts, self._documents, numbers, allowed).astype(np.int64)
        shares = self._shares(numbers, found)
        scores = summed(shares, self.large)
        best = np.argsort(-scores, kind="stable")[: sought.limit]
        return Best(found[best], scores[best], np.array(sought.weights) @ (shares[:, best] > 0))

    def _by_windows(self, sought: Sequence[Sought], allowed: npt.NDArray[np.bool_]) -> list[Best]:
        """Return the best documents of each query by compiled code."""
        stored, kept = self._prepared
        limits = np.array([max(0, min(each.limit, self._size)) for each in sought], np.int64)
        room = int(limits.sum())
        found = Best(np.empty(room, np.int64), np.empty(room), np.empty(room))
        counts = np.empty(len(sought), np.int64)
        if not hasattr(self._memory, "room"):
            every = self._size + 1
            self._memory.room = (
                *(np.empty(WINDOW, np.int32), np.empty(WINDOW + 1, np.int32)),
                *(np.empty(every, np.int32), np.empty(every, np.int32)),
            )
        asked = self._known(sought)
        compiled(best_of_each)(stored, kept, asked, limits, allowed, self._memory.room, *found, counts)
        begins = (np.cumsum(limits) - limits).tolist()
        parts = [slice(begin, begin + count) for begin, count in zip(begins, counts.tolist(), strict=True)]
        return [Best(found.numbers[part], found.scores[part], found.held[part]) for part in parts]

    def scores_of_each(self, sought: Sequence[Sought], documents: Sequence[Numbers]) -> list[Best]:
        """Return for each query some documents as they are given, with their scores, 0 where no term is held."""
        if not self.large:
            return [self._scored(each, wanted) for each, wanted in zip(sought, documents, strict=True)]
        wanted, wanted_ends = np.concatenate(documents), np.cumsum([0, *map(len, documents)])
        scores, held = np.empty(len(wanted)), np.empty(len(wanted))
        compiled(of_each)(*self._prepared, self._known(sought), WINDOW, wanted, wanted_ends, scores, held)
        parts = [slice(*ends) for ends in pairwise(wanted_ends.tolist())]
        return [Best(one, scores[part], held[part]) for one, part in zip(documents, parts, strict=True)]

    def _scored(self, sought: Sought, documents: Numbers) -> Best:
        shares = self.shares(sought.terms, documents)
        return Best(documents, summed(shares), np.array(sought.weights) @ (shares > 0))

    def _known(self, sought: Sequence[Sought]) -> Asked:
        """Return the terms of queries that any document holds."""
        terms = self._numbers([term for each in sought for term in each.terms])
        weights = np.array([weight for each in sought for weight in each.weights], np.float64)
        known = terms >= 0
        ends = np.cumsum([0, *[len(each.terms) for each in sought]])
        return terms[known], weights[known], np.concatenate([np.zeros(1, np.int64), np.cumsum(known)])[ends]

    @cached_property
    def _prepared(self) -> tuple[Stored, Kept]:
        """All postings, packed, and the windows of frequent terms: who asks first makes them."""
        packed = packed_postings(self._documents, self._added, WINDOW)
        windows = term_windows(self._starts, self._documents, packed, self._size, WINDOW)
        return (self._starts, self._documents, self._added, packed), (windows.rows, windows.bounds, windows.highest)


_EVERY: Final = np.zeros(0, np.bool_)
