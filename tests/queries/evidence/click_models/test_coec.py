import numpy as np
import pytest

from queries.evidence.click_models import fit_coec


def test_expected_clicks_are_summed_over_all_positions():
    # position 1: 30 clicks of 100, position 2: 10 of 100
    fit = fit_coec([0, 0, 1, 1], [1, 2, 1, 2], [80, 20, 20, 80], [20, 4, 10, 6])
    assert fit.position_rate == pytest.approx([0.3, 0.1])
    assert fit.expected_clicks == pytest.approx([80 * 0.3 + 20 * 0.1, 20 * 0.3 + 80 * 0.1])
    assert fit.raw == pytest.approx([24 / 26, 16 / 14])


def test_the_prior_pulls_towards_1_and_the_interval_holds_the_ratio():
    fit = fit_coec([0, 1, 2], [1, 1, 1], [1_000, 1_000, 10], [300, 100, 5])
    assert fit.raw[2] > fit.ratio[2] > 1
    assert np.all((fit.low < fit.ratio) & (fit.ratio < fit.high))
    assert fit.high[2] - fit.low[2] > fit.high[0] - fit.low[0]


def test_never_shown_is_not_a_number_raw_and_1_by_prior():
    fit = fit_coec([0], [1], [10], [3], items=2)
    assert np.isnan(fit.raw[1])
    assert fit.ratio[1] == pytest.approx(1.0)


def test_intervals_cover_ratios_drawn_from_the_prior():
    rng = np.random.default_rng(7)
    rate = np.minimum(0.1 * rng.gamma(4, 1 / 4, 2_000), 1)
    impressions = np.full(2_000, 100)
    fit = fit_coec(np.arange(2_000), np.ones(2_000), impressions, rng.binomial(impressions, rate))
    truth = rate / fit.position_rate[0]
    assert 0.93 <= np.mean((fit.low <= truth) & (truth <= fit.high)) <= 0.98


def test_strength_is_a_probability():
    mean, low, high = fit_coec([0, 1], [1, 1], [100, 100], [100, 40]).strength()
    assert np.all((low >= 0) & (low <= mean) & (mean <= high) & (high <= 1))


def test_without_clicks_nothing_is_expected():
    fit = fit_coec([0], [1], [10], [0])
    assert fit.expected_clicks.tolist() == [0.0]
    assert fit.strength()[0].tolist() == [0.0]


def test_the_rates_of_places_are_what_is_taught():
    taught = [80, 20, 20, 80], [20, 4, 10, 6]
    fit = fit_coec([0, 0, 1, 1], [1, 2, 1, 2], [80, 20, 20, 180], [20, 4, 10, 106], taught=taught)
    assert fit.position_rate == pytest.approx([0.3, 0.1])
    assert fit.expected_clicks == pytest.approx([80 * 0.3 + 20 * 0.1, 20 * 0.3 + 180 * 0.1])
