"""What past searches like a query chose: shares of the neighbours, see `queries.retrieval.past_searches`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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


def evidence_of(
    neighbours: Sequence[Neighbours],
    starts: Numbers,
    documents: npt.NDArray[np.int32],
    pulls: npt.NDArray[np.float32],
) -> list[Evidence]:
    """Return what the neighbours of each of some queries chose, reckoned for all queries side by side.

    All edges are given by intent: `documents` and `pulls`, from `starts[intent]` on.
    """
    if not neighbours:
        return []
    intents = np.concatenate([each.intents for each in neighbours])
    weights = [each.similarities**2 for each in neighbours]
    shares = np.concatenate([each / (each.sum() + PRIOR) for each in weights])
    first = starts[intents]
    sizes = starts[intents + 1] - first
    rows = places_of_runs(first, sizes)
    chosen, chosen_by = documents[rows].astype(np.int64), np.repeat(intents, sizes)
    keys, offsets, ends = _apart(chosen, sizes, list(map(len, weights)))
    found, places = np.unique(keys, return_inverse=True)
    scores = np.bincount(places, pulls[rows] * np.repeat(shares, sizes), len(found)).astype(np.float64).round(9)
    bounds = found.searchsorted(offsets).tolist()
    parts = zip(offsets, pairwise(bounds), pairwise(ends), strict=False)
    return [
        Evidence(found[low:high] - offset, scores[low:high], chosen[begin:end], chosen_by[begin:end])
        for offset, (low, high), (begin, end) in parts
    ]


def evidence_for(evidence: Sequence[Evidence], documents: Numbers, counts: Sequence[int]) -> Matrix:
    """Return for each of some queries the evidence for so many documents (n,), 0 where the log is silent.

    `documents` (n,): those of one query after the other.
    """
    wanted, known = _told_apart(counts, documents, [each.documents for each in evidence])
    if not len(known):
        return np.zeros(len(documents))
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    scores = np.concatenate([each.scores for each in evidence])
    return np.where(known[places] == wanted, scores[places], 0.0)


def intents_for(evidence: Sequence[Evidence], documents: Numbers, counts: Sequence[int]) -> list[tuple[int, ...]]:
    """Return for each of the documents, as `evidence_for` takes them, the intents that chose it, most similar first."""
    if not len(documents):
        return []
    wanted, chosen = _told_apart(counts, documents, [each.chosen for each in evidence])
    order = np.argsort(wanted)
    places = order[np.minimum(np.searchsorted(wanted, chosen, sorter=order), len(order) - 1)]
    held = np.flatnonzero(wanted[places] == chosen)
    intents = np.concatenate([each.chosen_by for each in evidence])[held]
    found: list[list[int]] = [[] for _ in range(len(documents))]
    for place, intent in zip(places[held].tolist(), intents.tolist(), strict=True):
        found[place].append(intent)
    return list(map(tuple, found))


def _told_apart(counts: Sequence[int], documents: Numbers, others: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """Return documents of queries (n,), so many of each, and others (m,), by numbers that tell queries apart."""
    theirs = np.concatenate(others)
    offsets = (max(int(documents.max(initial=0)), int(theirs.max(initial=0))) + 1) * np.arange(len(counts))
    return documents + np.repeat(offsets, counts), theirs + np.repeat(offsets, list(map(len, others)))


def _apart(chosen: Numbers, sizes: Numbers, counts: Sequence[int]) -> tuple[Numbers, list[int], list[int]]:
    """Return the documents chosen (m,) with an offset added that tells queries apart, the offsets, and where each ends.

    `sizes` (n,): how many each neighbour chose; `counts`: how many neighbours each query has.
    """
    span = int(chosen.max(initial=0)) + 1
    if len(counts) == 1:
        return chosen, [0, span], [0, len(chosen)]
    queries = np.repeat(np.repeat(np.arange(len(counts)), counts), sizes)
    every = np.arange(len(counts) + 1)
    return chosen + span * queries, (span * every).tolist(), queries.searchsorted(every).tolist()
