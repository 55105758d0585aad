"""What two artifacts say of themselves in common, in one line: the words that weigh most, the rarest tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log
from typing import Any, Final

import numpy as np
from scipy import sparse

from graph.phrasing import some_of
from queries.alternatives.common_entries import IntArray, common_entries
from queries.alternatives.purposes import Catalogue
from queries.text.similarity import FloatArray

SHOWN: Final = 3
"""Words, tags, or names of other kinds that a line gives."""
_MIN_WORD: Final = 3
"""Shorter words say little in a list without their sentence."""

_ALIKE: Final = "described in words of like meaning, or like what is most like it"


class SharedWords:
    """Words and tags of one catalogue. Artifacts are given by their place in it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._tags = [dict.fromkeys(tags) for tags in catalogue.tags]
        self._tag_use = Counter(tag for tags in self._tags for tag in tags)
        self._weights = _word_weights(catalogue.words.worths)
        self._written, self._spoken = catalogue.words.written, catalogue.words.words
        self._long_enough = np.array([len(word) >= _MIN_WORD for word in self._spoken])

    def lines(self, left: IntArray, right: IntArray, similarities: FloatArray) -> Iterator[str]:
        """Yield for pairs of artifacts, and how alike each is, what both speak of and are tagged."""
        pairs = zip(self._words(left, right), left.tolist(), right.tolist(), similarities.tolist(), strict=True)
        for (first, count), a, b, similarity in pairs:
            said = [f"both speak of {some_of(first, SHOWN, count)}"] if first else []
            mine, its = self._tags[a], self._tags[b]
            if mine and its and (tags := mine.keys() & its.keys()):
                rarest = sorted(tags, key=lambda tag: (self._tag_use[tag], tag))
                said.append(f"both tagged {some_of(rarest, SHOWN)}")
            yield f"{'; '.join(said) or _ALIKE} (similarity {similarity:.2f})"

    def _words(self, left: IntArray, right: IntArray) -> Iterator[tuple[list[str], int]]:
        """Yield the first of the words that both say, by weight and then by the alphabet, and how many there are."""
        common = common_entries(self._weights, left, right)
        mine, its = self._written[common.mine], self._written[common.its]
        word = np.where(mine > 0, mine, its)
        said = self._long_enough[word]
        weight = (self._weights.data[common.mine] * self._weights.data[common.its])[said]
        ordered = word[said][np.lexsort((-weight, common.pair[said]))].tolist()
        start = 0
        for count in np.bincount(common.pair[said], minlength=len(left)).tolist():
            yield [self._spoken[each] for each in ordered[start : start + min(SHOWN, count)]], count
            start += count


def _word_weights(worths: Any) -> Any:
    """Return the weights of `queries.text.similarity.tfidf_of_matrix`, but for the rows' lengths: a matrix like it.

    Logarithms are those of the C library, number by number.
    """
    count, use = worths.shape[0], np.bincount(worths.indices, minlength=worths.shape[1])
    rarity = np.array([1 + log((1 + count) / (1 + each)) for each in use.tolist()])
    distinct, which = np.unique(worths.data, return_inverse=True)
    loudness = np.array([1 + log(worth) if worth > 1 else worth for worth in distinct.tolist()])
    return sparse.csr_matrix((loudness[which] * rarity[worths.indices], worths.indices, worths.indptr), worths.shape)
