"""What two artifacts say of themselves in common, in one line: the words that weigh most, the rarest tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Any, Final

import numpy as np
from scipy import sparse

from graph.phrasing import some_of
from queries.alternatives.common_entries import IntArray, common_entries
from queries.alternatives.purposes import Catalogue, Said, purpose_tags
from queries.text.similarity import FloatArray

SHOWN: Final = 3
"""Words, tags, or names of other kinds that a line gives."""
_MIN_WORD: Final = 3
"""Shorter words say little in a list without their sentence."""

_ALIKE: Final = "described in words of like meaning, or like what is most like it"


class SharedWords:
    """Words and tags of one catalogue. Artifacts are given by their place in it."""

    def __init__(self, catalogue: Catalogue) -> None:
        own = [(row, catalogue.capabilities_of(place)) for place, row in enumerate(catalogue.artifacts)]
        self._tags = [dict.fromkeys(purpose_tags(*each)) for each in own]
        self._tag_use = Counter(tag for tags in self._tags for tag in tags)
        self._weights = _word_weights([said.worths for said in catalogue.said])
        self._written, self._spoken = _as_written(catalogue.said)
        self._long_enough = np.array([len(word) >= _MIN_WORD for word in self._spoken])

    def lines(self, left: IntArray, right: IntArray, similarities: FloatArray) -> Iterator[str]:
        """Yield for pairs of artifacts, and how alike each is, what both speak of and are tagged."""
        pairs = zip(self._words(left, right), left.tolist(), right.tolist(), similarities.tolist(), strict=True)
        for (first, count), a, b, similarity in pairs:
            said = [f"both speak of {some_of(first, SHOWN, count)}"] if first else []
            if tags := self._tags[a].keys() & self._tags[b].keys():
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


def _word_weights(worths: Sequence[Mapping[str, float]]) -> Any:
    """Return the weights of `queries.text.similarity.tfidf_of_counts`, but for the rows' lengths.

    CSR matrix (artifacts, words), the words in alphabetical order.
    """
    use = Counter(word for found in worths for word in found)
    rarity = {word: 1 + log((1 + len(worths)) / (1 + use[word])) for word in sorted(use)}
    column = {word: place for place, word in enumerate(rarity)}
    starts = np.cumsum([0, *map(len, worths)])
    columns = np.fromiter((column[word] for found in worths for word in sorted(found)), np.int64, starts[-1])
    ordered = ((found[word], rarity[word]) for found in worths for word in sorted(found))
    weights = ((1 + log(worth) if worth > 1 else worth) * rare for worth, rare in ordered)
    values = np.fromiter(weights, np.float64, starts[-1])
    return sparse.csr_matrix((values, columns, starts), shape=(len(worths), max(1, len(column))))


def _as_written(said: Sequence[Said]) -> tuple[IntArray, list[str]]:
    """Return how each entry of `_word_weights` is first written by its artifact, as a place in the list returned.

    The first place, of no word, is that of what stands in tags alone: it is none of the words that are said.
    """
    places = {"": 0}
    written = [
        places.setdefault(each.written.get(root, ""), len(places)) for each in said for root in sorted(each.worths)
    ]
    return np.array(written, np.int64), list(places)
