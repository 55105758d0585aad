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
    "untold",  # how much of what the best hit must be told is left out: `queries.retrieval.parameters`
    "first",  # 1 for the best hit, else 0
)
UTILITIES: Final = (3.34, 0.66, 5.2, 0.65, -6.0, 0.72)
"""Of the `TRAITS`."""

NOTHING: Final = 4.74
"""Utility of "nothing fits"."""

COMPETITORS: Final = 40
"""So many of the best hits compete, however many were asked for."""

CERTAIN: Final = 20.0
"""Logarithms of odds end here, on both sides."""


def traits(coverage: Matrix, meaning: Matrix, from_log: Matrix, text: Matrix, untold: float, score: Matrix) -> Matrix:
    """Return the `TRAITS` of hits (n, len(TRAITS)), at least one; `text` (n,): BM25. May be compiled.

    What the best hit lacks speaks for "nothing fits" and not for its rivals: of functions that were offered for a need
    those that take more values are right no less often.
    """
    found = np.empty((len(score), 6))
    found[:, 0], found[:, 1], found[:, 2] = coverage, meaning, from_log
    found[:, 3], found[:, 4], found[:, 5] = np.log1p(text), untold, score == score.max()
    return found


def utilities(traits: Matrix) -> Matrix:
    """Return u of hits with traits (n, len(TRAITS))."""
    found: Matrix = traits @ np.array(UTILITIES)
    return found


def log_odds(worth: Matrix, order: npt.NDArray[np.intp]) -> tuple[Matrix, Matrix]:
    """Return ln(P / (1 − P)) of hits (n,), at least one, and what it would be without rivals (n,).

    `worth` (n,): their u; `order`: their positions, best first. May be compiled.
    """
    best = order[:COMPETITORS]
    rivals = worth[best]
    likeliest = best[np.argmax(rivals)]
    rivals[np.argmax(rivals)] = NOTHING
    next_best = rivals.max()
    others = next_best + np.log(np.exp(rivals - next_best).sum())  # of all but the likeliest: taking that off the sum
    highest = max(next_best, worth[likeliest])  # of all would leave nothing of them
    shares = np.exp(np.minimum(worth - highest, 0.0))
    rest = np.full(len(worth), np.exp(others - highest) + shares[likeliest])
    rest[best] -= shares[best]
    rest[likeliest] = 1.0
    odds = worth - highest - np.log(rest)
    odds[likeliest] = worth[likeliest] - others
    alone = np.minimum(np.maximum(worth - NOTHING, -CERTAIN), CERTAIN)
    return np.minimum(np.maximum(odds, -CERTAIN), CERTAIN), alone


def anything(alone: Matrix, order: npt.NDArray[np.intp]) -> float:
    """Return ln(P / (1 − P)) that any hit is right; `alone` (n,): that of each alone, `order`: as in `log_odds`."""
    rivals = alone[order[:COMPETITORS]]
    if not len(rivals):
        return -CERTAIN
    highest = float(rivals.max())
    return highest + float(np.log(np.exp(rivals - highest).sum()))
