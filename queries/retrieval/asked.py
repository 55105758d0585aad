"""What documents were chosen for: the mean meaning of the needs that led to each.

The vectors of past searches that chose a document are added up, each as often as its pull says, and how near a query
is to the sum says how near it is to what the document was good for:

    asked(q, d) = q · s_d / (|s_d| + PRIOR),   s_d = Σ_i pull_id · v_i

(Rocchio 1971's centroids, damped, so that one choice counts half.) Unlike the neighbours of
`queries.retrieval.past_searches` it holds for wordings that share no word with any past search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from queries.retrieval.meaning import Documents, Matrix, spoken_all
from queries.retrieval.past_pulls import Choices
from queries.text.encoders.contract import BUILT_IN, Vectors, open_encoder
from queries.text.index_files import map_array

PRIOR: Final = 1.0
"""Length of a sum of needs that counts half; a mean choice has 1."""

_SINGLE: Final = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
"""The value of each number of 16 bits: looked up in half the time that it takes to reckon."""

_STEP: Final = 20_000
_DOCUMENTS: Final = "asked_documents.npy"
_SUMS: Final = "asked_sums.npy"


def write_asked(folder: Path, texts: Sequence[str], choices: Choices, encoder: str = BUILT_IN) -> None:
    """Write the sums for all documents that the past intents with these texts led to."""
    opened = open_encoder(encoder)
    documents, places = np.unique(choices.documents, return_inverse=True)
    weights = choices.pulls.astype(np.float32)
    chosen = sparse.csr_array((weights, (places, choices.intents)), shape=(len(documents), len(texts)))
    vectors = np.empty((len(texts), opened.dimensions), np.float32)
    for start in range(0, len(texts), _STEP):
        vectors[start : start + _STEP] = opened.encode(spoken_all(texts[start : start + _STEP]))
    sums = np.empty((len(documents), opened.dimensions), np.float16)
    for start in range(0, len(documents), _STEP):  # as numbers of 32 bits all of them would take twice the room
        sums[start : start + _STEP] = chosen[start : start + _STEP] @ vectors
    np.save(folder / _DOCUMENTS, documents)
    np.save(folder / _SUMS, sums)


class Asked:
    """Opened sums. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._documents: npt.NDArray[np.int64] = map_array(folder / _DOCUMENTS)
        self._sums: npt.NDArray[np.float16] = map_array(folder / _SUMS)

    def of(self, query: Vectors, documents: Documents, without: Mapping[int, Vectors] | None = None) -> Matrix:
        """Return how near a query's vector is to what documents were chosen for (n,), 0 for those never chosen.

        `without`: by document number, what is taken off its sum first.
        """
        found = np.zeros(len(documents))
        if not len(self._documents) or not len(documents):
            return found
        places = np.minimum(np.searchsorted(self._documents, documents), len(self._documents) - 1)
        known = np.flatnonzero(self._documents[places] == documents)
        sums = _SINGLE.take(self._sums[places[known]].view(np.uint16))
        if without:
            for row, document in enumerate(documents[known].tolist()):
                if document in without:
                    sums[row] -= without[document]
        lengths = np.sqrt(np.add.reduce(sums * sums, axis=1))
        found[known] = np.maximum(sums @ query, 0) / (lengths + PRIOR)
        return found
