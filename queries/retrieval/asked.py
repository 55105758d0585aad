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
from queries.retrieval.rows_of_documents import RowsOfDocuments
from queries.text.encoders.contract import BUILT_IN, Vectors, open_encoder
from queries.text.far_rows import touched
from queries.text.index_files import map_array
from queries.text.machine_code import compiled
from queries.text.sparse_values import is_large

PRIOR: Final = 1.0
"""Length of a sum of needs that counts half; a mean choice has 1."""

_SINGLE: Final = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
"""The value of each number of 16 bits: NumPy reckons it in twice the time."""

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
        self._rows = RowsOfDocuments(map_array(folder / _DOCUMENTS))
        self._sums: npt.NDArray[np.float16] = map_array(folder / _SUMS)
        self._large = is_large(self._sums)

    def of(self, query: Vectors, documents: Documents, without: Mapping[int, Vectors] | None = None) -> Matrix:
        """Return how near a query's vector is to what documents were chosen for (n,), 0 for those never chosen.

        `without`: by document number, what is taken off its sum first.
        """
        found = np.zeros(len(documents))
        rows = self._rows.of(documents)
        known = np.flatnonzero(rows >= 0)
        if not len(known):
            return found
        sums = self._sums_at(rows[known])
        if without:
            for row, document in enumerate(documents[known].tolist()):
                if document in without:
                    sums[row] -= without[document]
        lengths = np.sqrt(np.add.reduce(sums * sums, axis=1))
        found[known] = np.maximum(sums @ query, 0) / (lengths + PRIOR)
        return found

    def _sums_at(self, rows: npt.NDArray[np.int32]) -> Vectors:
        """Return the sums of some rows (n, dimensions)."""
        stored = self._sums.view(np.uint16)
        if not self._large:
            found: Vectors = _SINGLE.take(stored[rows])
            return found
        made = np.empty((len(rows), stored.shape[1]), np.float32)
        compiled(_widened)(stored, rows, made, made.view(np.uint32))
        return made


def _widened(
    stored: npt.NDArray[np.uint16], rows: npt.NDArray[np.int32], made: Vectors, bits: npt.NDArray[np.uint32]
) -> int:
    """Fill `made` (n, dimensions) with the rows of numbers of 16 bits; `bits`: the same as whole numbers.

    With its bits in their places such a number is 2 ** -112 times what it says. To be compiled: several at a time,
    if everything has 32 bits. What is returned says nothing.
    """
    total = touched(stored, rows)
    for i in range(len(rows)):
        source, target, values = stored[rows[i]], bits[i], made[i]
        for j in range(len(target)):
            value = np.uint32(source[j])
            sign, rest = value & np.uint32(0x8000), value & np.uint32(0x7FFF)
            target[j] = (sign << np.uint32(16)) | (rest << np.uint32(13))
        for j in range(len(values)):
            values[j] *= np.float32(2.0**112)
    return total
