"""Scores, order and features of weighed hits. The steps are written so that both NumPy and the compiler take them: a
search of a large catalogue has no time to go array by array.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from queries.retrieval.calibration import FEATURES
from queries.retrieval.odds import UTILITIES, log_odds, traits, utilities
from queries.text.machine_code import compiled
from queries.text.order_by_score import sort_by_score

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

SIBLINGS: Final = 0.3
"""How much the best hit of the same artifact counts beside a hit's own score."""


def with_siblings(fused: Matrix, owners: Numbers, by_owner: Numbers) -> Matrix:
    """Mix every hit's fused score (n,) with the best of its artifact: who serves a need serves what goes with it.

    `owners` (n,): the number of each hit's artifact; `by_owner` (n,): the hits, those of one owner together. May be
    compiled.
    """
    count, first = len(owners), 0
    best = np.zeros(count)
    while first < count:
        end, highest = first, 0.0
        while end < count and owners[by_owner[end]] == owners[by_owner[first]]:
            highest = max(highest, fused[by_owner[end]])
            end += 1
        best[by_owner[first:end]] = highest
        first = end
    return (fused + SIBLINGS * best) / (1 + SIBLINGS)


def leads(fused: Matrix) -> Matrix:
    """Return how far each hit is ahead of the best other one (n,); negative for all but the first. May be compiled."""
    if len(fused) < 2:
        return np.zeros(len(fused))
    others = fused.copy()
    others[np.argmax(fused)] = -np.inf
    first, second = fused.max(), others.max()
    ahead: Matrix = np.where(fused == first, first - second, fused - first)
    return ahead


def order_hits_of_each(
    ends: Numbers,
    witnesses: Matrix,
    weights: Matrix,
    owners: Numbers,
    documents: Numbers,
    masses: Matrix,
    coverage: Matrix,
    untold: Matrix,
    text: Matrix,
    large: bool,
) -> tuple[Matrix, Numbers, Matrix]:
    """Return what `order_hits` does for several queries with `masses` (queries,).

    All hits (n,), those of one query after the other, which end at `ends` (queries + 1,); orders are within a query.
    """
    score, order = np.empty(len(documents)), np.empty(len(documents), np.int64)
    features = np.zeros((len(documents), len(FEATURES)))
    if large:
        compiled(_order_hits_of_each)(
            ends, witnesses, weights, np.array(UTILITIES), owners, documents, masses, coverage, untold, text,
            score, order, features,
        )  # fmt: skip
        return score, order, features
    for (first, end), mass in zip(pairwise(ends.tolist()), masses.tolist(), strict=True):
        part = slice(first, end)
        score[part], order[part], features[part] = order_hits(
            witnesses[part], weights, owners[part], documents[part], mass, coverage[part], untold[part], text[part],
            large,
        )  # fmt: skip
    return score, order, features


def order_hits(
    witnesses: Matrix,
    weights: Matrix,
    owners: Numbers,
    documents: Numbers,
    mass: float,
    coverage: Matrix,
    untold: Matrix,
    text: Matrix,
    large: bool,
) -> tuple[Matrix, Numbers, Matrix]:
    """Return score (n,), order (n,) and features (n, len(FEATURES)) as the class `Weighed` describes them.

    `witnesses` (n, len(WITNESSES)) with their `weights`; `owners`, `documents`, `coverage`, `untold`, `text` (n,):
    what is known of each hit. `large`: whether to take the steps by compiled code, in a fifth of the time once the
    compiler has been started.
    """
    if large:
        return order_hits_of_each(
            np.array([0, len(documents)]), witnesses, weights, owners, documents, np.array([mass]), coverage, untold,
            text, large,
        )  # fmt: skip
    from_log = witnesses[:, 2:] @ weights[2:]
    fused = with_siblings(witnesses @ weights, owners, np.argsort(owners, kind="stable"))
    score = np.rint(fused * (mass * 1e6)) / 1e6
    order = np.lexsort((documents, -score))
    features = np.zeros((len(documents), len(FEATURES)))
    if len(order):
        worth = utilities(traits(coverage, witnesses[:, 1], from_log, text, untold[order[0]], score))
        features[:, 0], features[:, 1] = log_odds(worth, order)
        features[:, 2:5], features[:, 5] = witnesses[:, 2:], leads(fused)
    return score, order, features


def _order_hits_of_each(
    ends: Numbers,
    witnesses: Matrix,
    weights: Matrix,
    utilities: Matrix,
    owners: Numbers,
    documents: Numbers,
    masses: Matrix,
    coverage: Matrix,
    untold: Matrix,
    text: Matrix,
    score: Matrix,
    order: Numbers,
    features: Matrix,
) -> None:
    """Fill in score, order and features as `order_hits_of_each` returns them, these zeros before. To be compiled."""
    for i in range(len(masses)):
        part = slice(ends[i], ends[i + 1])
        order[part] = np.arange(ends[i + 1] - ends[i])
        _order_hits(
            *(witnesses[part], weights, utilities, owners[part], documents[part], masses[i], coverage[part]),
            *(untold[part], text[part], score[part], order[part], features[part]),
        )


def _order_hits(
    witnesses: Matrix,
    weights: Matrix,
    utilities: Matrix,
    owners: Numbers,
    documents: Numbers,
    mass: float,
    coverage: Matrix,
    untold: Matrix,
    text: Matrix,
    score: Matrix,
    order: Numbers,
    features: Matrix,
) -> None:
    """Fill in score (n,), order (n,), 0 to n before, and features (n, len(FEATURES)), zeros before. To be compiled."""
    by_owner = order.copy()
    sort_by_score(by_owner, -owners.astype(np.float64), order)
    fused = with_siblings(_weighed_up(witnesses, weights), owners, by_owner)
    score[:] = np.rint(fused * (mass * 1e6)) / 1e6
    sort_by_score(order, score, documents)
    if len(order):
        from_log = _weighed_up(witnesses[:, 2:], weights[2:])
        found = traits(coverage, witnesses[:, 1], from_log, text, untold[order[0]], score)
        features[:, 0], features[:, 1] = log_odds(_weighed_up(found, utilities), order)
        features[:, 2:5], features[:, 5] = witnesses[:, 2:], leads(fused)


def _weighed_up(columns: Matrix, weights: Matrix) -> Matrix:
    """Return the weighed sums (n,) of columns (n, columns)."""
    found = np.zeros(len(columns))
    for j in range(len(weights)):
        found += columns[:, j] * weights[j]
    return found
