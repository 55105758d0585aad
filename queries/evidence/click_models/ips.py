"""Inverse propensity scoring: where the chance of showing is known, each impression counts as much as it is rare.

Horvitz & Thompson 1952; self-normalised form: Swaminathan & Joachims 2015, "The self-normalized estimator for
counterfactual learning". Weights are clipped, and the report says how much that took away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.errors import WrongUse
from queries.evidence.click_models.counts import FloatArray
from queries.evidence.intervals import BetaPrior, beta_interval, fit_beta_prior


@dataclass(frozen=True)
class ClippingReport:
    """What clipping did to the weights."""

    clip: float
    """Largest weight allowed."""
    clipped: int
    """Impressions whose weight was cut."""
    largest_weight: float
    """Before clipping."""
    weight_kept: float
    """Sum of weights after / before clipping; 1 means that clipping changed nothing and added no bias."""
    clicks_clipped: int


@dataclass(frozen=True)
class IPSFit:
    """Click rate of each item as if it had been shown at random: (items,) arrays."""

    rate: FloatArray
    """Posterior mean of the self-normalised rate."""
    low: FloatArray
    high: FloatArray
    unbiased: FloatArray
    """Σ weight · click / number of impressions of all items: unbiased if nothing was clipped."""
    effective_exposure: FloatArray
    """Impressions of equal weight that would say as much: see `fit_ips`."""
    prior: BetaPrior
    clipping: ClippingReport


def fit_ips(
    item: npt.ArrayLike,
    propensity: npt.ArrayLike,
    clicked: npt.ArrayLike,
    *,
    clip: float | None = None,
    items: int = 0,
    prior: BetaPrior | None = None,
) -> IPSFit:
    """Estimate from impressions: three (n,) arrays; propensity is P(this item was shown here), in (0, 1].

    `clip` is the largest weight; None: √n times the mean weight (Ionides 2008, "Truncated importance sampling").
    Raises WrongUse if a propensity is outside (0, 1].

    The effective exposure is Σw / u, where u is how much one click weighs. Where clicks fall anywhere that is Σw² / Σw
    (Kish 1965). Where those that came weigh more, it is Σw² / Σw over the clicks, as in Fay & Feuer 1997, "Confidence
    intervals for directly standardized rates": one click of weight 100 is one click, and not a hundred. The prior is
    learnt from Kish's exposure alone: the other one depends on the clicks, and would make the usual rate too small.
    """
    i, p = np.asarray(item, np.int64), np.asarray(propensity, np.float64)
    hit = np.asarray(clicked, np.float64)
    if len(p) and not (np.all(p > 0) and np.all(p <= 1)):
        raise WrongUse("A propensity is not in (0, 1]: what cannot be shown cannot be reweighted; leave it out.")
    full = 1 / p
    limit = clip if clip is not None else float(np.sqrt(max(len(p), 1)) * full.mean()) if len(p) else 1.0
    weight = np.minimum(full, limit)
    items = max(items, int(i.max(initial=-1)) + 1)
    total, square = np.bincount(i, weight, items), np.bincount(i, weight**2, items)
    clicks = np.bincount(i, weight * hit, items)
    anywhere = np.divide(square, total, out=np.ones(items), where=total > 0)
    of_clicks = np.divide(np.bincount(i, weight**2 * hit, items), clicks, out=np.zeros(items), where=clicks > 0)
    rate = np.divide(clicks, total, out=np.zeros(items), where=total > 0)
    used = prior or fit_beta_prior(rate * total / anywhere, total / anywhere)
    exposure = total / np.maximum(anywhere, of_clicks)
    mean, low, high = beta_interval(rate * exposure, exposure, used)
    return IPSFit(mean, low, high, clicks / max(len(p), 1), exposure, used, _clipping(full, weight, hit, limit))


def _clipping(full: FloatArray, weight: FloatArray, hit: FloatArray, limit: float) -> ClippingReport:
    cut = full > weight
    return ClippingReport(
        clip=limit,
        clipped=int(cut.sum()),
        largest_weight=float(full.max(initial=0.0)),
        weight_kept=float(weight.sum() / full.sum()) if len(full) else 1.0,
        clicks_clipped=int(hit[cut].sum()),
    )
