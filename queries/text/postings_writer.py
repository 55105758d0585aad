"""Writing postings: texts become terms word by word, each word once; the rest is arithmetic on arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import KeyCache
from queries.text.index_files import write_columns
from queries.text.postings import ADDED, COUNTS, DOCUMENTS, KEYS, STARTS, TERMS, Numbers
from queries.text.runs import places_of_runs

K1: Final = 1.2
B: Final = 0.75

Analysis = Callable[[list[str]], list[str | None]]
"""Gives the term of each of some words; None for a word that is left out."""

_DOCUMENT_BITS: Final = 32
_MOST: Final = 65_535


class _Part(NamedTuple):
    """Some documents: their pairs term << 32 | document, ascending (n,), and how often each is said (fields, n)."""

    pairs: Numbers
    counts: npt.NDArray[np.uint16]


def split(texts: Sequence[str]) -> pa.ListArray:
    """Return the words of texts, which white space separates."""
    return pc.ascii_split_whitespace(pa.array(texts, pa.string()))


class PostingsWriter:
    """Gathers texts of documents and writes their postings."""

    def __init__(self, analysis: Analysis, weights: Sequence[float] = (1.0,)) -> None:
        """`weights`: how much each field counts."""
        self._analysis = analysis
        self._weights = weights
        self._terms: dict[str, int] = {}
        self._term_of_word: dict[str, int] = {}
        self._parts: list[_Part] = []
        self._lengths: list[list[Numbers]] = [[] for _ in weights]
        self.documents = 0

    def add(self, *fields: pa.ListArray) -> None:
        """Add documents: for each field their words."""
        found = []
        for lengths, said in zip(self._lengths, fields, strict=True):
            terms, documents = self._terms_of(said)
            lengths.append(np.bincount(documents, minlength=len(said)))
            found.append((terms << _DOCUMENT_BITS) | (documents + self.documents))
        pairs, inverse = np.unique(np.concatenate(found), return_inverse=True)
        of_fields = np.split(inverse, np.cumsum([len(each) for each in found])[:-1])
        counts = [np.minimum(np.bincount(places, minlength=len(pairs)), _MOST) for places in of_fields]
        self._parts.append(_Part(pairs, np.array(counts, np.uint16)))
        self.documents += len(fields[0])

    def _terms_of(self, said: pa.ListArray) -> tuple[Numbers, Numbers]:
        """Return the numbers of the terms in texts, and the text of each (n,)."""
        words = pc.list_flatten(said).dictionary_encode()
        terms = self._numbers(words.dictionary.to_pylist())[words.indices.to_numpy()]
        kept = terms >= 0
        return terms[kept], pc.list_parent_indices(said).to_numpy()[kept]

    def _numbers(self, words: list[str]) -> Numbers:
        """Return the number of each word's term, -1 where it has none."""
        new = [word for word in words if word not in self._term_of_word]
        for word, term in zip(new, self._analysis(new), strict=True):
            self._term_of_word[word] = -1 if term is None else self._terms.setdefault(term, len(self._terms))
        return np.array([self._term_of_word[word] for word in words], np.int64)

    def write(self, folder: Path) -> None:
        """Write the postings into a folder, once: what was gathered is let go meanwhile."""
        folder.mkdir(parents=True, exist_ok=True)
        terms = list(self._terms)
        keys = np.array(KeyCache().keys(terms), np.int64)
        order = np.argsort(keys)
        counts = np.array([self._counts(field) for field in range(len(self._weights))])[:, order]
        starts, documents, added = self._postings(order)
        np.save(folder / KEYS, keys[order])
        np.save(folder / COUNTS, counts.max(axis=0).astype(np.int32))
        np.save(folder / STARTS, starts)
        np.save(folder / DOCUMENTS, documents)
        np.save(folder / ADDED, added)
        ordered = pa.array([terms[i] for i in order.tolist()], pa.string())
        write_columns(folder / TERMS, pa.table({"term": ordered, "count": counts[0]}))

    def _postings(self, order: Numbers) -> tuple[Numbers, npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Return where each term begins, and all documents and what is added, the terms in this order.

        Part by part: the pairs of a part are in order of term and document, so each goes behind those before it.
        """
        sizes = sum((self._sizes(part.pairs) for part in self._parts), self._zeros())
        starts = np.cumsum(np.concatenate([[0], sizes[order]]))
        documents, added = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
        filled = self._zeros()
        filled[order] = starts[:-1]
        weighing = [self._weighing(field) for field in range(len(self._weights))]
        while self._parts:
            part = self._parts.pop(0)
            new = self._sizes(part.pairs)
            places = places_of_runs(filled, new)
            documents[places] = _documents(part.pairs)
            added[places] = sum(weigh(part) for weigh in weighing)
            filled += new
        return starts, documents, added

    def _weighing(self, field: int) -> Callable[[_Part], npt.NDArray[np.float64]]:
        """Return what gives the scores that a field adds to the pairs of a part (n,)."""
        held = self._counts(field)
        rarity = self._weights[field] * np.log(1 + (self.documents - held + 0.5) / (held + 0.5))
        lengths = np.concatenate([self._zeros()[:0], *self._lengths[field]])
        damping = K1 * (1 - B + B * lengths / max(float(lengths.sum()) / max(self.documents, 1), 1e-9))

        def weigh(part: _Part) -> npt.NDArray[np.float64]:
            counts = part.counts[field]
            found: npt.NDArray[np.float64] = counts * (K1 + 1) / (counts + damping[_documents(part.pairs)])
            found *= rarity[_terms(part.pairs)]
            return found

        return weigh

    def _counts(self, field: int) -> Numbers:
        """Return how many documents hold each term in a field."""
        return sum((self._sizes(part.pairs[part.counts[field] > 0]) for part in self._parts), self._zeros())

    def _sizes(self, pairs: Numbers) -> Numbers:
        return np.bincount(_terms(pairs), minlength=len(self._terms))

    def _zeros(self) -> Numbers:
        return np.zeros(len(self._terms), np.int64)


def _terms(pairs: Numbers) -> Numbers:
    return pairs >> _DOCUMENT_BITS


def _documents(pairs: Numbers) -> Numbers:
    return pairs & ((1 << _DOCUMENT_BITS) - 1)
