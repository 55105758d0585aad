"""The words of all past needs at once, for the things that are counted of them (`queries.retrieval.past_searches`)."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from queries.retrieval.wordings import MAX_WORDS, TermsOfNeeds
from queries.text.bytes_of_texts import LOWERED
from queries.text.tokens import MAX_WORD_CHARS, STOP_WORDS, stem, words
from queries.text.word_columns import Said, said

Numbers = npt.NDArray[np.int64]


class EachOnce(Said):
    """The words of needs but function words, each once in the order in which they were said."""

    def texts(self) -> list[str]:
        """Return the words of each need as one text."""
        offsets = pa.array(np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts)]), pa.int32())
        lists = pa.ListArray.from_arrays(offsets, pa.array(self.words, pa.string()).take(pa.array(self.numbers)))
        found: list[str] = pc.binary_join(lists, " ").to_pylist()
        return found


class WordsOfNeeds(NamedTuple):
    """Words of the texts of needs, function words among them (n,): which, in which text, of which need."""

    words: list[str]
    numbers: Numbers
    texts: Numbers
    needs: Numbers
    total: int
    """How many needs there are."""

    def each_once(self) -> EachOnce:
        """Return the words of each need that stand for it."""
        telling = np.array([word not in STOP_WORDS for word in self.words], np.bool_)[self.numbers]
        numbers, needs = self.numbers[telling], self.needs[telling]
        _, first = np.unique(needs * max(len(self.words), 1) + numbers, return_index=True)
        kept = np.sort(first)
        return EachOnce(self.words, numbers[kept], np.bincount(needs[kept], minlength=self.total).astype(np.int64))

    def terms(self) -> TermsOfNeeds:
        """Return the terms of each need, as `queries.retrieval.wordings.terms_of` gives them for each of its texts."""
        starts = np.searchsorted(self.texts, self.texts)
        read = np.arange(len(self.texts)) - starts < MAX_WORDS
        texts, needs = self.texts[read], self.needs[read]
        stems = stem(self.words)
        known = {term: number for number, term in enumerate(dict.fromkeys(stems))}
        spelled = list(known)
        terms = np.array([known[term] for term in stems], np.int64)[self.numbers[read]]
        together = texts[1:] == texts[:-1]
        pairs, places = np.unique((terms[:-1] * len(spelled) + terms[1:])[together], return_inverse=True)
        neighbours = [f"{spelled[pair // len(spelled)]} {spelled[pair % len(spelled)]}" for pair in pairs.tolist()]
        hashes = np.concatenate([_hashes(spelled)[terms], _hashes(neighbours)[places]])
        whose = np.concatenate([needs, needs[1:][together]]).astype(np.uint64)
        every = np.unique((whose << np.uint64(32)) | hashes)
        sizes = np.bincount((every >> np.uint64(32)).astype(np.int64), minlength=self.total)
        return TermsOfNeeds(every & np.uint64(0xFFFFFFFF), np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]))


def words_of_needs(texts: pa.StringArray, needs: Numbers, total: int) -> WordsOfNeeds:
    """Return the words of texts (n,), each of one of so many needs (n,), ascending."""
    found = said(texts, lambda text: words(text, stop_words=True), LOWERED)
    short = np.array([len(word) <= MAX_WORD_CHARS for word in found.words], np.bool_)[found.numbers]
    of_text = np.repeat(np.arange(len(needs)), found.counts)[short]
    return WordsOfNeeds(found.words, found.numbers[short], of_text, needs[of_text], total)


def _hashes(terms: list[str]) -> npt.NDArray[np.uint64]:
    return np.array([crc32(term.encode()) for term in terms], np.uint64)
