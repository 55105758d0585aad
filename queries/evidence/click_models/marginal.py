"""The likelihood of examinations when every attractiveness is unknown: integrated out, not maximised.

Estimating one attractiveness for each item together with the examinations is inconsistent when items are many
and rarely shown (Neyman & Scott 1948, "Consistent estimates based on partially consistent observations").
So attractiveness is a random effect, α_i ~ Beta(S·m_i, S·(1-m_i)), with logit m_i = intercept + its stratum's
offset + slope · x_i, where x_i is how deep the item is usually shown: without it, a ranker that shows good
items first would be taken for examination (Mundlak 1978, "On the pooling of time series and cross section data").
Integrals are by adaptive Gauss-Hermite quadrature on the logit scale (Pinheiro & Bates 1995).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import betaln, digamma, expit

from queries.evidence.click_models.counts import FloatArray, IntArray, PlaceCounts

NODES: Final = 15
_NODE, _NODE_WEIGHT = np.polynomial.hermite.hermgauss(NODES)
_LOG_WEIGHT: Final = np.log(_NODE_WEIGHT) + _NODE**2
_BELOW_ONE: Final = 1 - 1e-12
_SCORING_STEPS: Final = 12
_LARGEST_STEP: Final = 2.0
_CLOSE: Final = 1e-3
"""In standard deviations of the posterior."""


@dataclass(frozen=True)
class Prior:
    """Beta prior of each item: (items,) arrays; `hits` and `misses` are pseudo-counts above zero."""

    hits: FloatArray
    misses: FloatArray


@dataclass(frozen=True)
class Posterior:
    """What is known of each item after its own clicks, given examinations and prior. (items, NODES) or (items,)."""

    log_evidence: FloatArray
    """Log probability of the item's clicks, attractiveness integrated out."""
    node: FloatArray
    """Attractiveness at the quadrature nodes."""
    log_node: FloatArray
    """Its logarithm."""
    log_rest: FloatArray
    """Log of 1 - attractiveness at the nodes."""
    weight: FloatArray
    """Posterior probability of the nodes; each row adds up to 1."""
    centre: FloatArray
    """Mode on the logit scale: where to start next time."""

    def expect(self, values: FloatArray) -> FloatArray:
        """Posterior mean of a function given at the nodes, (items, NODES): (items,)."""
        mean: FloatArray = np.einsum("ij,ij->i", self.weight, values)
        return mean


def posterior(counts: PlaceCounts, log_examination: FloatArray, prior: Prior, start: FloatArray | None) -> Posterior:
    """Integrate over each item's attractiveness, examinations (places,) and prior given."""
    clicks = counts.by_item(counts.clicks)
    gamma = np.exp(log_examination)[counts.place]
    centre, scale = _mode_and_scale(counts, gamma, prior, clicks, start)
    theta = centre[:, None] + np.sqrt(2) * scale[:, None] * _NODE
    alpha = expit(theta)
    log_alpha, log_rest = -np.logaddexp(0, -theta), -np.logaddexp(0, theta)
    log_density = (prior.hits + clicks)[:, None] * log_alpha + prior.misses[:, None] * log_rest
    log_density += _sum_rows(
        counts, counts.skips[:, None] * np.log1p(-gamma[:, None] * alpha[counts.item] * _BELOW_ONE)
    )
    log_density += _LOG_WEIGHT
    top = log_density.max(axis=1)
    weight = np.exp(log_density - top[:, None])
    total = weight.sum(axis=1)
    log_evidence = (
        np.log(total)
        + top
        + np.log(np.sqrt(2) * scale)
        - betaln(prior.hits, prior.misses)
        + counts.by_item(counts.clicks * log_examination[counts.place])
    )
    return Posterior(log_evidence, alpha, log_alpha, log_rest, weight / total[:, None], centre)


def _mode_and_scale(
    counts: PlaceCounts, gamma: FloatArray, prior: Prior, clicks: FloatArray, start: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Find each posterior's mode on the logit scale by Fisher scoring, and its standard deviation there.

    An item that has come close enough stays where it is, so no result depends on which other items there are.
    """
    looked = counts.by_item(counts.impressions * gamma)
    strength = prior.hits + prior.misses
    if start is None:
        rate = np.clip((prior.hits + clicks) / (strength + looked), 1e-6, 1 - 1e-6)
        theta = np.log(rate / (1 - rate))
    else:
        theta = start
    moving, found = np.ones(counts.items, np.bool_), np.ones(counts.items)
    for _ in range(_SCORING_STEPS):
        alpha = expit(theta)
        here = alpha[counts.item]
        unclicked = 1 - gamma * here * _BELOW_ONE
        odds = counts.by_item(counts.skips * gamma * here / unclicked)
        slope = (prior.hits + clicks) * (1 - alpha) - prior.misses * alpha - (1 - alpha) * odds
        information = strength * alpha * (1 - alpha)
        information += (1 - alpha) ** 2 * counts.by_item(counts.impressions * gamma * here / unclicked)
        found = np.where(moving, information, found)
        step = np.where(moving, np.clip(slope / information, -_LARGEST_STEP, _LARGEST_STEP), 0.0)
        theta = theta + step
        moving &= np.abs(step * np.sqrt(information)) >= _CLOSE
        if not moving.any():
            break
    return theta, 1 / np.sqrt(found)


def skip_odds(counts: PlaceCounts, log_examination: FloatArray, weight: FloatArray, node: FloatArray) -> FloatArray:
    """Weighted sum over an item's nodes of αγ / (1 - αγ), the slope of -log(1 - αγ) in log γ, by row: (rows,)."""
    chance = np.exp(log_examination)[counts.place][:, None] * node[counts.item] * _BELOW_ONE
    odds: FloatArray = np.einsum("ij,ij->i", weight[counts.item], chance / (1 - chance))
    return odds


def prior_slopes(known: Posterior, prior: Prior) -> tuple[FloatArray, FloatArray]:
    """Derivatives of the log evidence in each item's prior hits and misses: two (items,) arrays."""
    whole = digamma(prior.hits + prior.misses)
    hits = known.expect(known.log_node) - digamma(prior.hits) + whole
    misses = known.expect(known.log_rest) - digamma(prior.misses) + whole
    return hits, misses


def _sum_rows(counts: PlaceCounts, values: FloatArray) -> FloatArray:
    """Sum (rows, n) over each item's rows, which lie together: (items, n)."""
    total = np.zeros((counts.items, values.shape[1]))
    if len(values):
        starts = np.flatnonzero(np.diff(counts.item, prepend=-1))
        total[counts.item[starts]] = np.add.reduceat(values, starts, axis=0)
    return total


def usual_depth(counts: PlaceCounts) -> FloatArray:
    """How deep each item is usually shown: mean log position of its impressions; the items' mean if never. (items,)"""
    shown = counts.by_item(counts.impressions)
    depth = np.log(first_positions(counts.place_of_position)[counts.place])
    mean = np.divide(counts.by_item(counts.impressions * depth), shown, out=np.zeros(counts.items), where=shown > 0)
    usual: FloatArray = np.where(shown > 0, mean, mean[shown > 0].mean() if (shown > 0).any() else 0.0)
    return usual


def first_positions(place_of_position: IntArray) -> FloatArray:
    """The first position of each place, counted from 1: (places,)."""
    return (np.flatnonzero(np.diff(place_of_position, prepend=-1)) + 1).astype(np.float64)
