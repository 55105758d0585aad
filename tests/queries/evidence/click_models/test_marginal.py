"""Quadrature against a fine grid: an independent way to the same integrals."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta as beta_distribution

from queries.evidence.click_models.counts import place_counts
from queries.evidence.click_models.marginal import Prior, first_positions, posterior, usual_depth

EXAMINATION = np.array([1.0, 0.5, 0.2])
CASES = [
    ([0], [0], 1.0, 2.0),
    ([20, 10, 5], [4, 1, 0], 1.0, 2.0),
    ([3, 0, 7], [0, 0, 0], 0.5, 4.0),
    ([5, 5, 5], [5, 5, 2], 2.0, 2.0),
    ([5_000, 3_000, 100], [40, 10, 0], 1.0, 50.0),
]


def integrate(impressions, clicks, a, b):
    """Evidence and posterior mean by adaptive integration over attractiveness."""
    impressions, clicks = np.array(impressions), np.array(clicks)
    gamma = EXAMINATION[: len(clicks)]
    scale = 0.0

    def log_likelihood(alpha):
        return float(np.sum(clicks * np.log(alpha * gamma) + (impressions - clicks) * np.log1p(-alpha * gamma)))

    scale = max(log_likelihood(alpha) for alpha in np.linspace(0.0005, 0.9995, 2_000))

    def density(alpha, power):
        return alpha**power * np.exp(log_likelihood(alpha) - scale) * beta_distribution.pdf(alpha, a, b)

    edges = [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9, 1]
    total, first = (
        sum(quad(density, low, high, args=(power,))[0] for low, high in pairwise(edges)) for power in (0, 1)
    )
    return np.log(total) + scale, first / total


@pytest.mark.parametrize(("impressions", "clicks", "a", "b"), CASES)
def test_evidence_and_mean_agree_with_adaptive_integration(impressions, clicks, a, b):
    places = list(range(1, len(clicks) + 1))
    counts = place_counts([0] * len(clicks), places, impressions, clicks, items=1)
    log_examination = np.log(EXAMINATION[: counts.places])
    known = posterior(counts, log_examination, Prior(np.array([a]), np.array([b])), None)
    log_evidence, mean = integrate(impressions, clicks, a, b)
    assert known.log_evidence[0] == pytest.approx(log_evidence, abs=0.02)
    assert known.expect(known.node)[0] == pytest.approx(mean, rel=0.01)


def test_usual_depth_is_the_mean_log_position():
    counts = place_counts([0, 0, 1], [1, 4, 8], [1, 1, 7], [0, 0, 0], items=3)
    assert usual_depth(counts) == pytest.approx([np.log(4) / 2, np.log(8), (np.log(2) + np.log(8)) / 2])


def test_first_positions_of_places():
    counts = place_counts([0], [30], [1], [0])
    assert first_positions(counts.place_of_position)[-3:].tolist() == [20, 21, 26]
