"""In which words documents were asked for: BM25 over the needs that led to each, as if they were a text of its own.

Terms are stems and pairs of neighbouring stems, function words among them ("how much does"). A need counts as often as
its pull says, so a term's frequency is the evidence behind it and no count of clicks:

    tf(t, d) = Σ_i pull_id · [t in need i]

Score and weights of terms as in BM25 (Robertson & Zaragoza 2009, section 3.5; k1 1.2, b 0.75), with the documents that
were ever chosen as the collection; divided by the weight of all terms of the query, so that a query unlike any need
gets 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from queries.retrieval.past_pulls import Choices
from queries.retrieval.rows_of_documents import RowsOfDocuments
from queries.text.index_files import map_array
from queries.text.machine_code import compiled
from queries.text.runs import places_of_runs
from queries.text.sparse_values import sparse_values
from queries.text.tokens import stem_of, words

K1: Final = 1.2
B: Final = 0.75
MAX_WORDS: Final = 200
"""Of longer texts the beginning is read."""

Terms = npt.NDArray[np.uint64]
"""Hashes of 32 bits of the terms of a text, ascending, each once."""

Documents = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float64]

Stored = tuple[
    int,
    npt.NDArray[np.float32],
    npt.NDArray[np.int64],
    npt.NDArray[np.uint32],
    npt.NDArray[np.float32],
    npt.NDArray[np.uint32],
    Documents,
    npt.NDArray[np.int32],
    float,
]
"""How many documents were chosen; their lengths, rows, terms held and counts; all terms, where those with the same
first bits begin, how many documents hold each; and the mean length."""

_MANY: Final = 20_000
"""So many terms of documents are looked up by compiled code, once the compiler has been started."""

_BUCKET_BITS: Final = 16

_REMEMBERED: Final = 100_000
"""So many words are hashed once."""

_ARRAYS: Final = ("documents", "lengths", "rows", "held", "counts", "terms", "frequencies", "starts", "needs")


def terms_of(text: str) -> Terms:
    """Return the terms of a text: its stems and the pairs of neighbours.

    >>> len(terms_of("resize the image")), len(terms_of(""))
    (5, 0)
    """
    stems = list(map(_hashed, words(text, stop_words=True)[:MAX_WORDS]))
    hashes = {hashed for hashed, _ in stems}
    hashes.update([crc32(second, hashed) for (hashed, _), (_, second) in pairwise(stems)])
    found = np.fromiter(hashes, np.uint64, len(hashes))
    found.sort()
    return found


@lru_cache(_REMEMBERED)
def _hashed(word: str) -> tuple[int, bytes]:
    """Return the hash of a word's stem, and what comes after the stem before it: the hash of both goes on from its."""
    term = stem_of(word).encode()
    return crc32(term), b" " + term


class TermsOfNeeds(NamedTuple):
    """Terms of past needs, ascending and each once for a need (n,), and where each need's begin (needs + 1,)."""

    terms: Terms
    starts: Documents


def write_wordings(folder: Path, needs: TermsOfNeeds, choices: Choices) -> None:
    """Write the terms of documents into a folder: of all wordings of every past need that led to one."""
    sizes = np.diff(needs.starts)[choices.intents]
    places = places_of_runs(needs.starts[choices.intents], sizes)
    documents = np.repeat(choices.documents.astype(np.uint64), sizes)
    keys, inverse = np.unique(_keys(documents, needs.terms[places]), return_inverse=True)
    counts = np.bincount(inverse, np.repeat(choices.pulls, sizes), len(keys))
    chosen, owners = np.unique(keys >> np.uint64(32), return_inverse=True)
    held = keys & np.uint64(0xFFFFFFFF)
    terms, frequencies = np.unique(held, return_counts=True)
    rows = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(owners, minlength=len(chosen)))])
    arrays = (
        *(chosen.astype(np.int64), np.bincount(owners, counts, len(chosen)).astype(np.float32)),
        *(rows, held.astype(np.uint32), counts.astype(np.float32)),
        *(terms.astype(np.uint32), frequencies.astype(np.int32)),
        *(needs.starts, needs.terms.astype(np.uint32)),
    )
    for name, array in zip(_ARRAYS, arrays, strict=True):
        np.save(_file(folder, name), array)


def _keys(documents: Terms, terms: Terms) -> Terms:
    keys: Terms = (documents << np.uint64(32)) | terms
    return keys


def _file(folder: Path, name: str) -> Path:
    return folder / f"wording_{name}.npy"


class Wordings:
    """Opened terms of documents. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        opened = {name: map_array(_file(folder, name)) for name in _ARRAYS}
        self._documents: Documents = opened["documents"]
        self._lengths: npt.NDArray[np.float32] = opened["lengths"]
        self._rows: npt.NDArray[np.int64] = opened["rows"]
        self._held: npt.NDArray[np.uint32] = opened["held"]
        self._counts: npt.NDArray[np.float32] = opened["counts"]
        self._terms: npt.NDArray[np.uint32] = opened["terms"]
        self._frequencies: npt.NDArray[np.int32] = opened["frequencies"]
        self._starts: npt.NDArray[np.int64] = opened["starts"]
        self._needs: npt.NDArray[np.uint32] = opened["needs"]
        self._row_of = RowsOfDocuments(self._documents)
        self._mean_length = float(self._lengths.mean()) if len(self._lengths) else 1.0

    @cached_property
    def _buckets(self) -> Documents:
        """Where the terms begin that have the same first bits, and the last of them end: hashes are spread evenly."""
        firsts = np.arange((1 << _BUCKET_BITS) + 1) << (32 - _BUCKET_BITS)
        return np.searchsorted(self._terms, firsts).astype(np.int64)

    def of(self, query: Terms, documents: Documents, without: tuple[int, Mapping[int, float]] | None = None) -> Matrix:
        """Return how much of a query's terms the needs held that chose documents (n,), 0 for those never chosen.

        `without`: a past need, and how strongly it led to documents, that are to count as not there.
        """
        if len(self._held) >= _MANY and without is None:
            return self.of_each([query], documents, np.array([0, len(documents)]))
        found = np.zeros(len(documents))
        known, owners = _positions(self._documents, documents)
        held, frequencies = self._frequencies_of(query)
        if not len(known) or not len(held):
            return found
        weights = np.log1p((len(self._documents) - frequencies + 0.5) / (frequencies + 0.5))
        query = query[held]  # terms that no need holds only weigh
        counts = sparse_values(self._rows, self._held, self._counts, owners, query.astype(np.uint32)).astype(np.float64)
        lengths = self._lengths[owners].astype(np.float64)
        if without is not None:
            own = self._needs[self._starts[without[0]] : self._starts[without[0] + 1]]
            pulls = np.array([without[1].get(document, 0.0) for document in documents[known].tolist()])
            counts = np.maximum(counts - pulls[:, None] * np.isin(query, own), 0)
            lengths = np.maximum(lengths - pulls * len(own), 0)
        damping = K1 * (1 - B + B * lengths / self._mean_length)[:, None]
        found[known] = (counts * (K1 + 1) / (counts + damping)) @ weights[held] / weights.sum()
        return found

    def of_each(self, queries: Sequence[Terms], documents: Documents, ends: Documents) -> Matrix:
        """Return what `of` does for several queries (n,): documents for one after the other, which end at `ends`."""
        if len(self._held) < _MANY:
            parts = zip(queries, pairwise(ends.tolist()), strict=True)
            return np.concatenate([self.of(query, documents[slice(*part)]) for query, part in parts])
        found = np.zeros(len(documents))
        stored: Stored = (
            *(len(self._documents), self._lengths, self._rows, self._held, self._counts, self._terms),
            *(self._buckets, self._frequencies, self._mean_length),
        )
        compiled(_of_each)(
            stored, np.concatenate(queries).astype(np.uint32), np.cumsum([0, *map(len, queries)]),
            self._row_of.of(documents), ends, found,
        )  # fmt: skip
        return found

    def _frequencies_of(self, query: Terms) -> tuple[npt.NDArray[np.intp], Matrix]:
        """Return which terms of a query any need holds, and how many documents hold each of all its terms (terms,)."""
        held, places = _positions(self._terms, query.astype(np.uint32))
        frequencies = np.zeros(len(query))
        frequencies[held] = self._frequencies[places]
        return held, frequencies


def _of_each(
    stored: Stored,
    queries: npt.NDArray[np.uint32],
    query_ends: Documents,
    owners: npt.NDArray[np.int32],
    ends: Documents,
    found: Matrix,
) -> float:
    """Fill `found` (n,) as `Wordings.of_each` returns it. To be compiled; what is returned says nothing."""
    total = 0.0
    for i in range(len(ends) - 1):
        part = slice(ends[i], ends[i + 1])
        query = queries[query_ends[i] : query_ends[i + 1]]
        total += _of_many(stored, query, owners[part], found[part])
    return total


def _of_many(
    stored: Stored,
    query: npt.NDArray[np.uint32],
    owners: npt.NDArray[np.int32],
    found: Matrix,
) -> float:
    """Fill `found` (n,) as `Wordings.of` returns it. To be compiled; what is returned says nothing."""
    chosen, lengths, rows, held, counts, terms, buckets, frequencies, mean_length = stored
    total = 0.0
    for i in range(len(owners)):  # all are far away: see `queries.text.far_rows`
        if owners[i] >= 0 and rows[owners[i]] < len(held):
            total += lengths[owners[i]] + held[rows[owners[i]]] + counts[rows[owners[i]]]
    known = np.zeros(len(query), np.bool_)
    weights = np.zeros(len(query))
    for t in range(len(query)):
        bucket = np.int64(query[t] >> np.uint32(32 - _BUCKET_BITS))
        place, end = buckets[bucket], buckets[bucket + 1]
        place += np.searchsorted(terms[place:end], query[t])
        known[t] = place < end and terms[place] == query[t]
        holders = frequencies[place] if known[t] else 0
        weights[t] = np.log1p((chosen - holders + 0.5) / (holders + 0.5))
    every = weights.sum()
    for i in range(len(owners) if every > 0 else 0):
        row = owners[i]
        if row < 0:
            continue
        damping = K1 * (1 - B + B * lengths[row] / mean_length)
        place, end = rows[row], rows[row + 1]
        for t in range(len(query)):  # both are ascending
            if not known[t]:
                continue
            place += np.searchsorted(held[place:end], query[t])
            if place < end and held[place] == query[t]:
                found[i] += weights[t] * counts[place] * (K1 + 1) / (counts[place] + damping)
        found[i] /= every
    return total


def _positions(
    ascending: npt.NDArray[np.generic], wanted: npt.NDArray[np.generic]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return which of the wanted values there are, and where in an ascending array."""
    if not len(ascending):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    places = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    held = np.flatnonzero(ascending[places] == wanted)
    return held, places[held]
