import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta as beta_distribution

from queries.evidence.intervals import (
    BetaPrior,
    beta_interval,
    effective_sample_size,
    fit_beta_prior,
    probability_greater,
)


def test_the_prior_that_made_the_rates_is_found():
    rng = np.random.default_rng(1)
    trials = rng.integers(5, 60, 3_000)
    prior = fit_beta_prior(rng.binomial(trials, rng.beta(2, 6, 3_000)), trials)
    assert prior.mean == pytest.approx(0.25, abs=0.01)
    assert prior.strength == pytest.approx(8, rel=0.15)


def test_intervals_under_the_learnt_prior_cover():
    rng = np.random.default_rng(2)
    trials = rng.integers(0, 20, 4_000)
    truth = rng.beta(1, 9, 4_000)
    hits = rng.binomial(trials, truth)
    _, low, high = beta_interval(hits, trials, fit_beta_prior(hits, trials))
    assert 0.935 <= np.mean((low <= truth) & (truth <= high)) <= 0.965


def test_groups_without_data_or_hits_stay_defined():
    assert fit_beta_prior([], []) == BetaPrior(1.0, 1.0)
    assert fit_beta_prior([0, 0], [0, 0]) == BetaPrior(1.0, 1.0)
    assert 0 < fit_beta_prior([0, 0], [500, 500]).mean < 0.01
    assert 0.99 < fit_beta_prior([500, 500], [500, 500]).mean < 1


def test_jeffreys_interval_of_three_in_ten():
    mean, low, high = beta_interval([3], [10])
    assert mean[0] == pytest.approx(3.5 / 11)
    assert (low[0], high[0]) == pytest.approx((0.0927, 0.6059), abs=5e-4)  # Brown, Cai & DasGupta 2001, table 5


@settings(max_examples=10, deadline=None)
@given(st.floats(0.3, 80), st.floats(0.3, 80), st.floats(0.3, 80), st.floats(0.3, 80))
def test_probability_greater_against_integration(a, b, c, d):
    expected = quad(
        lambda q: beta_distribution.cdf(beta_distribution.ppf(q, a, b), c, d), 0, 1, limit=200, points=[0.01, 0.99]
    )[0]
    assert probability_greater(a, b, c, d) == pytest.approx(expected, abs=0.004)


@given(st.floats(0.5, 50), st.floats(0.5, 50))
def test_equal_rates_beat_each_other_half_of_the_time(a, b):
    assert probability_greater(a, b, a, b) == pytest.approx(0.5, abs=0.003)


def test_effective_sample_size_of_one_heavy_weight():
    assert effective_sample_size([100, 1, 1]) == pytest.approx(102**2 / 10_002)
    assert effective_sample_size([]) == 0.0
