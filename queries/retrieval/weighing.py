"""Hits of one need with all that is known of them: the witnesses, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from queries.retrieval.analysis import Query
from queries.retrieval.calibration import Matrix
from queries.retrieval.past_evidence import Evidence, Neighbours
from queries.retrieval.wordings import Terms
from queries.text.encoders.contract import Vectors


@dataclass(frozen=True)
class Need:
    """A query with all that it is compared by."""

    query: Query
    vector: Vectors
    neighbours: Neighbours
    evidence: Evidence
    terms: Terms
    """For comparison with the wordings of past needs."""
    without: Mapping[int, Vectors] = field(default_factory=dict)
    """By document, what is not to count of that for which it was chosen."""
    without_need: tuple[int, Mapping[int, float]] | None = None
    """The past need that is not to count, with its pulls."""


@dataclass(frozen=True)
class Weighed:
    """Hits with all that is known of them, (n,) each; `order` holds their positions, best first."""

    mass: float
    """Of the query."""
    documents: npt.NDArray[np.int64]
    text: Matrix
    cosines: Matrix
    evidence: Matrix
    coverage: Matrix
    """Share of the query's words that each holds."""
    untold: Matrix
    """How much of what each must be told the query leaves out: see `queries.retrieval.parameters`."""
    witnesses: Matrix
    """(n, len(WITNESSES))"""
    score: Matrix
    features: Matrix
    """(n, len(FEATURES))"""
    order: npt.NDArray[np.intp]

    def with_order(self, score: Matrix, features: Matrix, order: npt.NDArray[np.intp]) -> Weighed:
        """Return the same hits in another order."""
        known = (self.documents, self.text, self.cosines, self.evidence, self.coverage, self.untold, self.witnesses)
        return Weighed(self.mass, *known, score, features, order)


def beside(columns: Sequence[Matrix]) -> Matrix:
    """Return columns (n,) as one table (n, columns)."""
    table = np.empty((len(columns[0]), len(columns)))
    for place, column in enumerate(columns):
        table[:, place] = column
    return table


def of_first(owners: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.bool_]:
    """Say of each hit (n,), the best first, whether its owner is among the first `count` owners.

    >>> of_first(np.array([7, 4, 7, 9]), 2).tolist()
    [True, True, True, False]
    """
    every = owners.tolist()
    first = set(list(dict.fromkeys(every))[:count])
    return np.array([owner in first for owner in every], np.bool_)


def finest(owners: Sequence[Hashable], whole: Sequence[bool]) -> list[int]:
    """Return the positions of hits, given the owner of each, and whether it is its owner as a whole: without those as a
    whole of which there is a part.

    >>> finest([7, 4, 7, 9], [True, True, False, False])
    [1, 2, 3]
    """
    hits = list(zip(owners, whole, strict=True))
    in_parts = {owner for owner, as_whole in hits if not as_whole}
    return [place for place, (owner, as_whole) in enumerate(hits) if not as_whole or owner not in in_parts]
