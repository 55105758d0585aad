"""Whether one configuration of the search is better than another on the same queries, or was only lucky with them.

Paired bootstrap (Efron & Tibshirani 1993, chapters 13 and 15; for retrieval Sakai 2006, SIGIR): the differences of the
two configurations, query by query, are drawn again with replacement, and the mean taken each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from scipy import stats

RESAMPLES: Final = 9_999
_QUERIES_A_STEP: Final = 2_000_000
"""Values drawn at a time; bounds the memory."""


class Difference(msgspec.Struct, frozen=True):
    """How much better a configuration is than another."""

    difference: float
    """Mean over the queries; positive if the first is better."""
    low: float
    high: float
    """95 % interval (percentiles)."""
    p_value: float
    """Two-sided: how often a difference at least as large would come about if there were none."""


def paired_difference(first: Sequence[float], second: Sequence[float], seed: int = 1) -> Difference:
    """Compare the values of two configurations (n,), query by query; raises ValueError if they are not as many.

    Without any query all is NaN; with one, or with differences all equal, the interval is a point.
    """
    differences = np.array([a - b for a, b in zip(first, second, strict=True)])
    if not len(differences):
        return Difference(*[float("nan")] * 4)
    mean = float(differences.mean())
    if np.ptp(differences) == 0:
        return Difference(mean, mean, mean, float(mean == 0))
    found = stats.bootstrap(
        (differences,), np.mean, n_resamples=RESAMPLES, method="percentile",
        batch=max(1, _QUERIES_A_STEP // len(differences)), rng=np.random.default_rng(seed),
    )  # fmt: skip
    drawn = found.bootstrap_distribution
    least = min(np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0))
    p_value = min(1.0, 2 * (least + 1) / (RESAMPLES + 1))  # the sample itself is counted (Davison & Hinkley 1997)
    interval = found.confidence_interval
    return Difference(mean, float(interval.low), float(interval.high), p_value)
