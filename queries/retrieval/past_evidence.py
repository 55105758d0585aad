"""What past searches like a query chose: shares of the neighbours, see `queries.retrieval.past_searches`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from queries.text.runs import places_of_runs

PRIOR: Final = 0.3
"""Similarity (squared) that a log must bring before it counts half."""

Numbers = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.float64]


class Neighbours(NamedTuple):
    """Past intents like a query, (n,) each, most similar first."""

    intents: npt.NDArray[np.int64]
    """Numbers of the intents."""
    similarities: npt.NDArray[np.float64]
    """Between 0 and 1."""


@dataclass(frozen=True)
class Evidence:
    """What a log says for a query."""

    documents: npt.NDArray[np.int64]
    """Numbers of the documents it speaks for, ascending (n,)."""
    scores: npt.NDArray[np.float64]
    """Evidence of each, 0 to 2 (n,)."""
    chosen: npt.NDArray[np.int64]
    """The documents chosen by every neighbour, one after the other (m,), each with its intent in `chosen_by` (m,)."""
    chosen_by: npt.NDArray[np.int64]

    def of(self, documents: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return the evidence for some documents, 0 where the log is silent."""
        if not len(self.documents):
            return np.zeros(len(documents))
        places = np.minimum(np.searchsorted(self.documents, documents), len(self.documents) - 1)
        return np.where(self.documents[places] == documents, self.scores[places], 0.0)

    def intents(self, documents: Sequence[int]) -> list[tuple[int, ...]]:
        """Return for each of some documents the intents that chose it, most similar first."""
        found: dict[int, list[int]] = {document: [] for document in documents}
        for document, intent in zip(self.chosen.tolist(), self.chosen_by.tolist(), strict=True):
            if document in found:
                found[document].append(intent)
        return [tuple(found[document]) for document in documents]


def evidence_of(
    neighbours: Neighbours, starts: Numbers, documents: npt.NDArray[np.int32], pulls: npt.NDArray[np.float32]
) -> Evidence:
    """Return what neighbours chose, given all edges: `documents` and `pulls` by intent, from `starts[intent]` on."""
    weights = neighbours.similarities**2
    first = starts[neighbours.intents]
    sizes = starts[neighbours.intents + 1] - first
    rows = places_of_runs(first, sizes)
    chosen = documents[rows].astype(np.int64)
    parts = pulls[rows] * (np.repeat(weights, sizes) / (weights.sum() + PRIOR))
    found, places = np.unique(chosen, return_inverse=True)
    scores = np.bincount(places, weights=parts, minlength=len(found)).astype(np.float64).round(9)
    return Evidence(found, scores, chosen, np.repeat(neighbours.intents, sizes))
