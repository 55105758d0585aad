"""Whether a document is right more often than what is known of its hits says: some are right for nearly all that finds
them, of others that look the same each is right for one need only.

An intercept for every document in the logistic regression of `queries.retrieval.calibration`, as the odds of a random
effect (Gelman & Hill 2007, "Data analysis using regression and multilevel/hierarchical models", chapter 12): largest
posterior probability under a Gaussian prior around 0, the other weights as they were fitted. So who was found twice
keeps nearly the odds of all, who was found a hundred times has a record of his own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Documents = npt.NDArray[np.int64]

PRECISION: Final = 3.0
"""Inverse variance of the prior: catalogues with a log lost least by 2 to 4."""

LEAST: Final = 0.01
"""Log odds that are nearer to 0 are left out."""

_STEPS: Final = 30


def own_records(logits: Matrix, right: npt.NDArray[np.bool_], counts: Matrix, documents: Documents) -> dict[int, float]:
    """Return by document what is added to its log odds.

    (n,) each, of hits of past needs: the log odds as fitted, whether right, how often each counts, whose they are.

    >>> hits = np.zeros(40), np.arange(40) < 30, np.ones(40)
    >>> own_records(*hits, np.repeat([7, 9], 20))
    {7: 1.361}
    """
    known, places = np.unique(documents, return_inverse=True)
    added = np.zeros(len(known))
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(logits + added[places], -30, 30)))
        slope = np.bincount(places, counts * (right - likely), len(known)) - PRECISION * added
        curvature = np.bincount(places, counts * likely * (1 - likely), len(known)) + PRECISION
        added += np.clip(slope / curvature, -1, 1)
    return {
        document: each
        for document, each in zip(known.tolist(), added.round(3).tolist(), strict=True)
        if abs(each) > LEAST
    }
