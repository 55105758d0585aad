"""How much does old evidence weigh? Half as much for every half-life, counted on the log's own clock.

Exponential forgetting is the power prior of Ibrahim & Chen 2000, "Power prior distributions for regression models": an
old observation enters the likelihood with a power below 1, so rates follow what people choose now, and the less there
is of late, the wider their intervals. What is displayed as a count (times matched, clicks) never decays.

Days are put together to periods, so that counts stay integers until they are weighed. Weights are rounded to
multiples of `UNIT`: then sums of weighed counts have no rounding error below 2^33, in whatever order they are added.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

PERIOD_DAYS: Final = 90
"""Days of one period, counted from 1970-01-01: about a quarter of a year."""
UNDATED_PERIOD: Final = -1
"""Period of what has no time."""
HALF_LIFE_PERIODS: Final = 2
"""After so many periods (180 days) evidence weighs half: how long descriptions of models and servers stay true."""
UNIT: Final = 2.0**-20
"""Weights are multiples of this; what is older than about ten years weighs nothing."""

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def period_weights(period: IntArray) -> FloatArray:
    """Return the weight of each period, (n,) in and out: 1 for the newest of them, half of it a half-life before.

    The clock is that of the log: one that ended keeps its newest evidence at weight 1. What is undated weighs like the
    oldest that is dated, or 1 if nothing is.

    >>> period_weights(np.array([40, 38, 36, -1])).tolist()
    [1.0, 0.5, 0.25, 0.25]
    """
    dated = period[period != UNDATED_PERIOD]
    if not len(dated):
        return np.ones(len(period))
    age = dated.max() - np.where(period == UNDATED_PERIOD, dated.min(), period)
    weights: FloatArray = np.round(2.0 ** (-age / HALF_LIFE_PERIODS) / UNIT) * UNIT
    return weights
