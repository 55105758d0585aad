"""Odds that a hit is the right one, beside the others found and beside "nothing fits", from text and log together.

A conditional logit (McFadden 1974) in which "nothing fits" is one more choice:

    P(i) = exp(u_i) / (Σ_j exp(u_j) + exp(NOTHING)),   u = UTILITIES · traits

So of ten hits that are alike each is right once in ten times at most, whatever their score: that is what differs most
between catalogues, and no score of a single hit says it. The constants are those of `python -m bench.prior_confidence`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

TRAITS: Final = (
    "coverage",  # share of the query's words that the hit holds, weighed by inverse document frequency, 0 to 1
    "meaning",  # these two as in `queries.retrieval.fusion.WITNESSES`
    "log",  # neighbours, asked and wordings, weighed and added up
    "weight",  # log(1 + BM25 score)
    "first",  # 1 for the best hit, else 0
)
UTILITIES: Final = (3.34, 0.66, 5.2, 0.65, 0.72)
"""Of the `TRAITS`."""

NOTHING: Final = 4.74
"""Utility of "nothing fits"."""

COMPETITORS: Final = 40
"""So many of the best hits compete, however many were asked for."""

CERTAIN: Final = 20.0
"""Logarithms of odds end here, on both sides."""


def alone(traits: Matrix) -> Matrix:
    """Return what ln(P / (1 − P)) of hits with traits (n, len(TRAITS)) would be without rivals."""
    odds: Matrix = np.clip(traits @ np.array(UTILITIES) - NOTHING, -CERTAIN, CERTAIN)
    return odds


def anything(alone: Matrix, order: npt.NDArray[np.intp]) -> float:
    """Return ln(P / (1 − P)) that any hit is right; `alone` (n,) as above, `order`: their positions, best first."""
    return _log_sum(alone[order[:COMPETITORS]]) if len(order) else -CERTAIN


def log_odds(traits: Matrix, order: npt.NDArray[np.intp]) -> Matrix:
    """Return ln(P / (1 − P)) of hits with traits (n, len(TRAITS)); `order`: their positions, best first."""
    utilities: Matrix = traits @ np.array(UTILITIES)
    best = order[:COMPETITORS]
    if not len(best):
        return utilities
    likeliest = best[np.argmax(utilities[best])]
    rivals = np.append(utilities[best[best != likeliest]], NOTHING)
    highest = max(float(rivals.max()), float(utilities[likeliest]))
    others = _log_sum(rivals)  # of all but the likeliest: taking that off the sum of all would leave nothing of them
    shares = np.exp(np.minimum(utilities - highest, 0.0))
    rest = np.full(len(utilities), np.exp(others - highest) + shares[likeliest])
    rest[best] -= shares[best]
    rest[likeliest] = 1.0
    odds: Matrix = utilities - highest - np.log(rest)
    odds[likeliest] = utilities[likeliest] - others
    np.clip(odds, -CERTAIN, CERTAIN, out=odds)
    return odds


def _log_sum(values: Matrix) -> float:
    highest = float(values.max())
    return highest + float(np.log(np.exp(values - highest).sum()))
