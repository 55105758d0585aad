import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta as beta_distribution

from bench.simulators import Settings, simulate
from graph.errors import WrongUse
from queries.evidence.click_models import fit_pbm, list_counts
from queries.evidence.intervals import BetaPrior

SMALL = Settings(intents=60, sessions=12_000)


def counts_of(log):
    counts = list_counts(*log.rows())
    return counts.item, counts.position, counts.impressions, counts.clicks


def test_without_position_bias_it_is_the_conjugate_posterior():
    fit = fit_pbm([0, 1, 2], [1, 1, 1], [10, 4, 0], [3, 4, 0], items=4, prior=BetaPrior(1, 2))
    assert fit.attractiveness == pytest.approx([4 / 13, 5 / 7, 1 / 3, 1 / 3], rel=1e-3)
    assert fit.low[0] == pytest.approx(beta_distribution.ppf(0.025, 4, 9), abs=0.005)
    assert fit.high[0] == pytest.approx(beta_distribution.ppf(0.975, 4, 9), abs=0.005)
    assert fit.effective_exposure == pytest.approx([10, 4, 0, 0], abs=0.3)


def test_examination_is_found_and_intervals_cover():
    log = simulate("pbm", 1, SMALL)
    fit = fit_pbm(*counts_of(log))
    truth = log.attractiveness.ravel()
    assert fit.converged
    assert fit.identifiable
    assert fit.examination == pytest.approx(np.arange(1, 11) ** -0.9, rel=0.25)
    assert 0.92 <= np.mean((fit.low <= truth) & (truth <= fit.high)) <= 0.98


def test_the_same_click_rate_deeper_down_is_more_attractive():
    log = simulate("pbm", 2, SMALL)
    item, position, impressions, clicks = counts_of(log)
    new = int(item.max()) + 1
    fit = fit_pbm(
        np.append(item, [new, new + 1]),
        np.append(position, [1, 5]),
        np.append(impressions, [400, 400]),
        np.append(clicks, [40, 40]),
        use_placement=False,
    )
    assert fit.high[new] < fit.low[new + 1]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_any_split_and_order_of_the_rows_gives_the_same_bytes(seed, parts):
    rng = np.random.default_rng(seed)
    item, position = rng.integers(0, 6, 40), rng.integers(1, 5, 40)
    impressions = rng.integers(1, 20, 40)
    clicks = rng.binomial(impressions, 0.3)
    whole = fit_pbm(item, position, impressions, clicks, items=6)
    share = rng.multinomial(1, np.ones(parts) / parts, 40) > 0
    split = [np.concatenate([column * share[:, p] for p in range(parts)]) for column in (impressions, clicks)]
    order = rng.permutation(40 * parts)
    again = fit_pbm(
        np.tile(item, parts)[order], np.tile(position, parts)[order], split[0][order], split[1][order], items=6
    )
    for name in ("examination", "attractiveness", "low", "high", "effective_exposure"):
        assert getattr(whole, name).tobytes() == getattr(again, name).tobytes()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_intervals_hold_the_mean_and_stay_within_0_and_1(seed):
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 30))
    impressions = rng.integers(0, 1_000, rows)
    fit = fit_pbm(rng.integers(0, 8, rows), rng.integers(1, 40, rows), impressions, rng.binomial(impressions, 0.1))
    assert np.all((fit.low >= 0) & (fit.low <= fit.attractiveness))
    assert np.all((fit.attractiveness <= fit.high) & (fit.high <= 1))
    assert np.all((fit.examination > 0) & (fit.examination <= 1))


def test_a_handful_of_items_shown_often_have_narrow_intervals():
    fit = fit_pbm(
        [0, 0, 1, 1, 2, 2], [1, 2] * 3, [9_000, 1_000, 1_000, 9_000, 5_000, 5_000], [900, 50, 180, 770, 500, 250]
    )
    assert np.all(fit.high - fit.low < 0.04)
    assert fit.attractiveness == pytest.approx([0.1, 0.175, 0.1], abs=0.012)


def test_intervals_cover_in_a_world_of_a_hundred_items():
    inside = []
    for seed in range(8):
        log = simulate("pbm", seed, Settings(intents=10, sessions=4_000))
        fit = fit_pbm(*counts_of(log), items=100)
        truth = log.attractiveness.ravel()
        inside.append(np.mean((fit.low <= truth) & (truth <= fit.high)))
    assert 0.93 <= np.mean(inside) <= 0.98


def test_strata_have_priors_of_their_own():
    rng = np.random.default_rng(1)
    stratum = np.repeat([0, 1], 100)
    impressions = np.full(200, 20)
    clicks = rng.binomial(20, np.where(stratum == 0, 0.1, 0.5))
    unseen = fit_pbm(np.arange(200), np.ones(200), impressions, clicks, stratum=np.append(stratum, [0, 1]))
    assert unseen.attractiveness[200] == pytest.approx(0.1, abs=0.04)
    assert unseen.attractiveness[201] == pytest.approx(0.5, abs=0.06)


def test_features_foretell_items_never_shown():
    rng = np.random.default_rng(2)
    feature = rng.standard_normal(302)
    feature[300:] = [-1.5, 1.5]
    chance = 1 / (1 + np.exp(1 - feature))
    impressions = np.full(300, 15)
    fit = fit_pbm(np.arange(300), np.ones(300), impressions, rng.binomial(15, chance[:300]), features=feature[:, None])
    assert fit.attractiveness[300:] == pytest.approx(chance[300:], abs=0.06)


def test_the_most_looked_at_position_need_not_be_the_first():
    rng = np.random.default_rng(4)
    item, position = np.repeat(np.arange(80), 3), np.tile([1, 2, 3], 80)
    alpha = rng.beta(2, 5, 80)
    clicks = rng.binomial(200, alpha[item] * np.array([0.5, 1.0, 0.7])[position - 1])
    fit = fit_pbm(item, position, np.full(240, 200), clicks)
    assert fit.examination == pytest.approx([0.5, 1.0, 0.7], abs=0.05)


def test_all_clicks_at_the_first_place():
    fit = fit_pbm([0, 0, 1, 1], [1, 2, 1, 2], [50, 50, 50, 50], [20, 0, 30, 0])
    assert fit.examination[1] < 0.1
    assert np.all(fit.attractiveness > 0.2)


def test_no_rows_give_the_prior_and_say_so():
    fit = fit_pbm([], [], [], [], items=2, prior=BetaPrior(1, 3))
    assert fit.attractiveness == pytest.approx([0.25, 0.25], rel=0.01)
    assert not fit.identifiable
    assert "There are no impressions." in fit.warnings


def test_strata_of_the_wrong_length_are_wrong_use():
    with pytest.raises(WrongUse, match="stratum has 1 entries for 3 items"):
        fit_pbm([0, 2], [1, 1], [1, 1], [0, 0], stratum=[0])


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1_000))
def test_whole_numbers_and_equal_fractions_give_the_same(seed):
    rng = np.random.default_rng(seed)
    item, position = np.repeat(np.arange(6), 3), np.tile([1, 2, 3], 6)
    impressions = rng.integers(1, 40, 18)
    clicks = rng.binomial(impressions, 0.3)
    whole = fit_pbm(item, position, impressions, clicks)
    parts = fit_pbm(np.tile(item, 4), np.tile(position, 4), np.tile(impressions / 4, 4), np.tile(clicks / 4, 4))
    for name in ("attractiveness", "low", "high", "examination"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_half_the_evidence_says_half_as_much():
    prior = BetaPrior(1, 2)
    fit = fit_pbm([0, 1], [1, 1], [10, 5], [3, 1.5], prior=prior)
    assert fit.attractiveness == pytest.approx([4 / 13, 2.5 / 8], rel=1e-3)
    assert fit.effective_exposure == pytest.approx([10, 5], abs=0.3)


@pytest.mark.parametrize("hits", [50, 2_000])
def test_an_item_chosen_always_at_the_most_looked_at_place_does_not_break_the_fit(hits):
    """A ring of clients makes such items; where a place stands at its bound, no more than certain looks are tried."""
    item, position = [0, 0, 1, 1, 2, 2, 3], [1, 2, 1, 2, 1, 2, 2]
    fit = fit_pbm(item, position, [200] * 6 + [hits], [40, 60, 50, 70, 30, 40, hits])
    assert fit.examination[1] == 1
    assert 0.8 < fit.low[3] < fit.attractiveness[3] < fit.high[3] <= 1


def test_what_does_not_teach_moves_its_own_item_only():
    item, position, impressions, clicks = counts_of(simulate("pbm", 4, SMALL))
    taught = np.append(impressions, 0), np.append(clicks, 0)
    before = fit_pbm(item, position, impressions, clicks)
    after = fit_pbm(
        np.append(item, 7), np.append(position, 9), np.append(impressions, 60), np.append(clicks, 60), taught=taught
    )
    others = np.arange(len(before.attractiveness)) != 7
    assert after.examination == pytest.approx(before.examination)
    assert after.attractiveness[others] == pytest.approx(before.attractiveness[others])
    assert after.attractiveness[7] > before.attractiveness[7] + 0.1


def test_of_too_many_items_the_ones_drawn_teach_whatever_others_there_are(monkeypatch):
    rows = counts_of(simulate("pbm", 4, SMALL))
    draw = np.random.default_rng(1).permutation(600)
    monkeypatch.setattr("queries.evidence.click_models.pbm.MAX_FIT_ROWS", 2_000)
    before = fit_pbm(*rows, draw=draw)
    more = (np.append(600, rows[0]), np.append(1, rows[1]), np.append(50, rows[2]), np.append(50, rows[3]))
    after = fit_pbm(*more, draw=np.append(draw, 1_000))
    assert after.examination == pytest.approx(before.examination, rel=1e-3)
    assert before.examination != pytest.approx(fit_pbm(*rows, draw=-draw).examination, rel=1e-3)
