import numpy as np
import pytest

from graph.errors import WrongUse
from queries.evidence.click_models import fit_ips
from queries.evidence.intervals import BetaPrior


def test_equal_propensities_give_the_click_rate():
    fit = fit_ips([0] * 10 + [1] * 10, [0.5] * 20, [1] * 4 + [0] * 16, prior=BetaPrior(1, 1))
    assert fit.effective_exposure == pytest.approx([10, 10])
    assert fit.rate == pytest.approx([5 / 12, 1 / 12])
    assert fit.unbiased == pytest.approx([4 * 2 / 20, 0])
    assert fit.clipping.clipped == 0
    assert fit.clipping.weight_kept == 1.0


def test_a_context_that_was_shown_rarely_counts_more():
    """Item 0 is good for the many (80 %, shown rarely) and bad for the few it was mostly shown to."""
    rng = np.random.default_rng(1)
    many = rng.random(40_000) < 0.8
    shown = rng.random(40_000) < np.where(many, 0.1, 0.9)
    clicked = rng.random(40_000) < np.where(many, 0.5, 0.1)
    propensity = np.where(many, 0.1, 0.9)[shown]
    fit = fit_ips(np.zeros(shown.sum(), int), propensity, clicked[shown])
    assert clicked[shown].mean() < 0.26
    assert fit.rate[0] == pytest.approx(0.8 * 0.5 + 0.2 * 0.1, abs=0.03)
    assert fit.effective_exposure[0] < shown.sum()


def test_one_click_of_a_heavy_weight_is_one_click():
    """Item 0 was clicked where it is rarely shown, item 1 where it mostly is, item 2 nowhere."""
    item, propensity = np.repeat([0, 1, 2], 100), np.tile([0.01] + [1.0] * 99, 3)
    clicked = np.zeros(300, int)
    clicked[[0, 199]] = 1
    fit = fit_ips(item, propensity, clicked, clip=100, prior=BetaPrior(1, 1))
    usual = 199**2 / (100**2 + 99)
    assert fit.effective_exposure == pytest.approx([199 / 100, usual, usual])
    hits = fit.rate * (fit.effective_exposure + 2) - 1
    assert hits == pytest.approx([1, usual / 199, 0])


def test_intervals_cover_where_some_impressions_weigh_much_more():
    inside = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        rate, item = rng.beta(1, 50, 60), np.repeat(np.arange(60), 200)
        fit = fit_ips(item, np.exp(-np.abs(rng.standard_normal(len(item)))), rng.random(len(item)) < rate[item])
        inside.append(np.mean((fit.low <= rate) & (rate <= fit.high)))
    assert 0.93 <= np.mean(inside) <= 0.975


def test_clipping_is_reported():
    fit = fit_ips([0, 0, 0, 1], [0.5, 0.5, 0.001, 0.5], [0, 1, 1, 0], clip=10)
    assert fit.clipping.clipped == 1
    assert fit.clipping.clicks_clipped == 1
    assert fit.clipping.largest_weight == pytest.approx(1_000)
    assert fit.clipping.weight_kept == pytest.approx(16 / 1_006)


@pytest.mark.parametrize("propensity", [0.0, -0.1, 1.5, float("nan")])
def test_impossible_propensities_are_wrong_use(propensity):
    with pytest.raises(WrongUse, match="not in"):
        fit_ips([0], [propensity], [1])


def test_no_impressions():
    fit = fit_ips([], [], [], items=2)
    assert fit.effective_exposure.tolist() == [0, 0]
    assert np.all(fit.high - fit.low > 0.9)
