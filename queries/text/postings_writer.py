"""Writing postings: texts become terms word by word, each word once; the rest is arithmetic on arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.keys import KeyCache
from queries.text.index_files import write_columns
from queries.text.postings import ADDED, COUNTS, DOCUMENTS, KEYS, STARTS, TERMS, Numbers
from queries.text.runs import places_of_runs
from queries.text.word_columns import Runs, Said

K1: Final = 1.2
B: Final = 0.75

Analysis = Callable[[list[str]], list[str | None]]
"""Gives the term of each of some words; None for a word that is left out."""

_MOST: Final = 65_535


class _Part(NamedTuple):
    """Some documents, term by term: which terms (terms,), how many of the documents hold each (terms,)."""

    terms: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int32]
    documents: npt.NDArray[np.int32]
    """Those that hold the first term, ascending, then those that hold the next one (n,)."""
    counts: list[npt.NDArray[Any]]
    """For each field, how often the term is said in it (n,); whole numbers of 8 or 16 bits."""


class PostingsWriter:
    """Gathers words of documents and writes their postings."""

    def __init__(
        self,
        analysis: Analysis,
        weights: Sequence[float] = (1.0,),
        *,
        telling: Callable[[str], float] = lambda _: 1.0,
        b: float = B,
    ) -> None:
        """`weights`: how much each field counts; `telling`: how much a term counts beside its rarity."""
        self._analysis = analysis
        self._weights = weights
        self._telling = telling
        self._b = b
        self._terms: dict[str, int] = {}
        self._term_of_word: dict[str, int] = {}
        self._parts: list[_Part] = []
        self._lengths: list[list[Numbers]] = [[] for _ in weights]
        self.documents = 0

    def terms_of(self, said: Said) -> Runs:
        """Return the numbers of the terms of words, as many for each text as it has words that are not left out."""
        terms = self._numbers(said.words)[said.numbers]
        kept = terms >= 0
        texts = np.repeat(np.arange(len(said.counts)), said.counts)[kept]
        return Runs(terms[kept], np.bincount(texts, minlength=len(said.counts)).astype(np.int64))

    def add(self, *fields: Sequence[Runs]) -> None:
        """Add documents: for each field the terms of its texts, all as `terms_of` gives them, together one text."""
        documents = len(fields[0][0].counts)
        shift = max(documents, 1).bit_length()
        bits = (len(fields) - 1).bit_length()
        found = []
        for place, runs in enumerate(fields):
            self._lengths[place].append(np.sum([each.counts for each in runs], axis=0, dtype=np.int64))
            for each in runs:
                holders = np.repeat(np.arange(documents), each.counts)
                found.append((((each.numbers << shift) | holders) << bits) | place)
        self._parts.append(_part(np.sort(np.concatenate(found)), shift, bits, len(fields), self.documents))
        self.documents += documents

    def _numbers(self, words: list[str]) -> Numbers:
        """Return the number of each word's term, -1 where it has none."""
        found = list(map(self._term_of_word.get, words))
        missing = [place for place, number in enumerate(found) if number is None]
        terms = self._analysis([words[place] for place in missing])
        for place, term in zip(missing, terms, strict=True):
            number = -1 if term is None else self._terms.setdefault(term, len(self._terms))
            found[place] = self._term_of_word[words[place]] = number
        return np.array(found, np.int64)

    def write(self, folder: Path) -> None:
        """Write the postings into a folder, once: what was gathered is let go meanwhile."""
        folder.mkdir(parents=True, exist_ok=True)
        terms = list(self._terms)
        keys = np.array(KeyCache().keys(terms), np.int64)
        sizes = self._zeros()
        for part in self._parts:
            sizes[part.terms] += part.sizes
        order = np.argsort(keys)
        order = order[sizes[order] > 0]  # terms that were asked for and then not added
        counts = np.array([self._counts(field) for field in range(len(self._weights))])[:, order]
        starts, documents, added = self._postings(order, sizes)
        np.save(folder / KEYS, keys[order])
        np.save(folder / COUNTS, counts.max(axis=0).astype(np.int32))
        np.save(folder / STARTS, starts)
        np.save(folder / DOCUMENTS, documents)
        np.save(folder / ADDED, added)
        ordered = pa.array([terms[i] for i in order.tolist()], pa.string())
        write_columns(folder / TERMS, pa.table({"term": ordered, "count": counts[0]}))

    def _postings(
        self, order: Numbers, sizes: Numbers
    ) -> tuple[Numbers, npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Return where each term begins, and all documents and what is added, the terms in this order.

        Part by part: the postings of a part are in order of term and document, so each goes behind those before it.
        """
        starts = np.cumsum(np.concatenate([[0], sizes[order]]))
        documents, added = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
        filled = np.zeros_like(sizes)
        filled[order] = starts[:-1]
        telling = np.array([self._telling(term) for term in self._terms], np.float64)
        weighing = [self._weighing(field, telling) for field in range(len(self._weights))]
        while self._parts:
            part = self._parts.pop(0)
            places = places_of_runs(filled[part.terms], part.sizes.astype(np.int64))
            documents[places] = part.documents
            added[places] = sum(weigh(part) for weigh in weighing)
            filled[part.terms] += part.sizes
        return starts, documents, added

    def _weighing(self, field: int, telling: npt.NDArray[np.float64]) -> Callable[[_Part], npt.NDArray[np.float64]]:
        """Return what gives the scores that a field adds to the postings of a part (n,)."""
        held = self._counts(field)
        rarity = self._weights[field] * telling * np.log(1 + (self.documents - held + 0.5) / (held + 0.5))
        lengths = np.concatenate([self._zeros()[:0], *self._lengths[field]])
        damping = K1 * (1 - self._b + self._b * lengths / max(float(lengths.sum()) / max(self.documents, 1), 1e-9))

        def weigh(part: _Part) -> npt.NDArray[np.float64]:
            counts = part.counts[field].astype(np.int64)
            found: npt.NDArray[np.float64] = counts * (K1 + 1) / (counts + damping[part.documents])
            found *= np.repeat(rarity[part.terms], part.sizes)
            return found

        return weigh

    def _counts(self, field: int) -> Numbers:
        """Return how many documents hold each term in a field."""
        held = self._zeros()
        for part in self._parts:
            before = np.concatenate([np.zeros(1, np.int64), np.cumsum(part.counts[field] > 0)])
            ends = np.cumsum(part.sizes)
            held[part.terms] += before[ends] - before[ends - part.sizes]
        return held

    def _zeros(self) -> Numbers:
        return np.zeros(len(self._terms), np.int64)


def _part(said: Numbers, shift: int, bits: int, fields: int, first: int) -> _Part:
    """Return a part, given every time that a term is said, (term << shift | document) << bits | field, ascending.

    `first`: the number of the first document.
    """
    pairs = said >> bits
    begins = np.flatnonzero(np.diff(pairs, prepend=-1))
    held = pairs[begins]
    terms = held >> shift
    of_terms = np.flatnonzero(np.diff(terms, prepend=-1))
    each = [(said & ((1 << bits) - 1)) == field for field in range(fields)]
    counts = [np.minimum(np.add.reduceat(one, begins, dtype=np.int64), _MOST) if len(said) else held for one in each]
    kind = np.uint8 if max(int(found.max(initial=0)) for found in counts) < 1 << 8 else np.uint16
    return _Part(
        terms[of_terms].astype(np.int32),
        np.diff(np.append(of_terms, len(held))).astype(np.int32),
        ((held & ((1 << shift) - 1)) + first).astype(np.int32),
        [found.astype(kind) for found in counts],
    )
