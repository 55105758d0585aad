"""Clicks over expected clicks: how much more often an item is chosen than things in its places usually are.

Zhang & Jones 2007, "Comparing click logs and editorial labels for training query rewriting". Expected clicks are
summed over all positions the item was shown at. Right where shown order and attractiveness are unrelated; where a
good ranker put the best first, the usual rate of a place holds the quality of what stands there, and COEC is
too hard on good items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import gamma as gamma_distribution

from queries.evidence.click_models.counts import FloatArray, PlaceCounts, Taught, place_counts
from queries.evidence.intervals import LEVEL


@dataclass(frozen=True)
class COECFit:
    """Ratios (1 = chosen as often as usual in these places), by item: (items,) arrays."""

    raw: FloatArray
    """Clicks / expected clicks; not a number where nothing was expected."""
    ratio: FloatArray
    """Posterior mean of the ratio under the learnt prior."""
    low: FloatArray
    high: FloatArray
    expected_clicks: FloatArray
    position_rate: FloatArray
    """Click-through of each position, element 0 is position 1: (positions,)."""
    warnings: tuple[str, ...]

    def strength(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Click rate at the place with the highest one, with its interval: three (items,) arrays within 0 and 1."""
        top = float(self.position_rate.max(initial=0.0))
        mean, low, high = (np.clip(column * top, 0.0, 1.0) for column in (self.ratio, self.low, self.high))
        return mean, low, high


def fit_coec(
    item: npt.ArrayLike,
    position: npt.ArrayLike,
    impressions: npt.ArrayLike,
    clicks: npt.ArrayLike,
    *,
    items: int = 0,
    taught: Taught | None = None,
) -> COECFit:
    """Fit to counts in the form of `fit_pbm`: clicks are Poisson(ratio × expected), ratio ~ Gamma(s, s), s learnt.

    What is expected, the click rates of the places, is learnt from `taught` where that was shown there.
    The prior's mean is 1, since all items together get as many clicks as expected. Its strength s (in expected
    clicks) maximises the marginal likelihood, a negative binomial (Efron & Hastie 2016, section 6.1).
    """
    counts = place_counts(item, position, impressions, clicks, items)
    rate = _rates(counts)
    if taught is not None:
        lesson = place_counts(item, position, *taught, counts.items)
        rate = np.where(lesson.by_place(lesson.impressions) > 0, _rates(lesson), rate)
    expected, hits = counts.by_item(counts.impressions * rate[counts.place]), counts.by_item(counts.clicks)
    raw = np.divide(hits, expected, out=np.full(counts.items, np.nan), where=expected > 0)
    strength = _fit_strength(hits, expected)
    shape, scale = strength + hits, 1 / (strength + expected)
    return COECFit(
        raw=raw,
        ratio=shape * scale,
        low=gamma_distribution.ppf((1 - LEVEL) / 2, shape, scale=scale),
        high=gamma_distribution.ppf((1 + LEVEL) / 2, shape, scale=scale),
        expected_clicks=expected,
        position_rate=rate[counts.place_of_position],
        warnings=counts.warnings,
    )


def _rates(counts: PlaceCounts) -> FloatArray:
    """Click rate of each place, 0 where nothing was shown: (places,)."""
    shown = counts.by_place(counts.impressions)
    rate: FloatArray = np.divide(counts.by_place(counts.clicks), shown, out=np.zeros(counts.places), where=shown > 0)
    return rate


def _fit_strength(hits: FloatArray, expected: FloatArray) -> float:
    def cost(log_strength: FloatArray) -> float:
        s = float(np.exp(log_strength[0]))
        evidence = gammaln(s + hits) - gammaln(s) + s * np.log(s) - (s + hits) * np.log(s + expected)
        return -float(evidence.sum()) + 0.05 * float(log_strength[0]) ** 2

    found = minimize(cost, np.zeros(1), method="L-BFGS-B", bounds=[(float(np.log(0.05)), float(np.log(1e4)))])
    return float(np.exp(found.x[0]))
