import numpy as np
import pytest
from scipy.stats import beta

from queries.evidence.intervals import BetaPrior
from queries.evidence.outcome_model import fit_outcomes
from queries.evidence.success import STRATUM_OUTCOMES, cases_of, success_rates, usual_rates

NOBODY = np.nan
PRIOR = BetaPrior(1.0, 1.0)


def rates(label, votes, things, of=None, prior=PRIOR):
    """Fit to patterns and rate all of them together, or those of one thing `of`."""
    votes = np.array(votes)
    model = fit_outcomes(label, votes, things)
    cases = cases_of(model.read(label, votes), np.array(of or things, float), np.zeros(len(things), int), 1)
    return tuple(float(column[0]) for column in success_rates(cases, model, prior))


def test_of_labels_alone_it_is_the_beta_posterior():
    rate, low, high = rates([1, 0], [[0], [0]], [7, 3])
    assert rate == pytest.approx(8 / 12)
    assert (low, high) == pytest.approx((beta.ppf(0.025, 8, 4), beta.ppf(0.975, 8, 4)))


def test_a_source_nobody_checked_is_believed_with_a_wide_interval():
    people, calls = rates([1, 0], [[0], [0]], [60, 30]), rates([NOBODY, NOBODY], [[1], [-1]], [60, 30])
    assert calls[0] == pytest.approx(people[0], abs=0.05)
    assert calls[2] - calls[1] > 2 * (people[2] - people[1])


def test_labels_make_the_interval_of_a_source_narrower():
    votes = [[1], [-1], [1], [-1], [1], [-1]]
    label = [1, 0, 0, 1, NOBODY, NOBODY]
    unchecked = rates(label[4:], votes[4:], [200, 100])
    checked = rates(label, votes, [40, 20, 3, 2, 200, 100], of=[0, 0, 0, 0, 200, 100])
    assert checked[2] - checked[1] < 0.7 * (unchecked[2] - unchecked[1])


def test_a_judge_who_flatters_is_brought_down_by_people():
    """He calls half of the failures successes: he says 75 %, people 50 %."""
    votes, label = [[1], [1], [-1], [1], [-1]], [1, 0, 0, NOBODY, NOBODY]
    rate, low, high = rates(label, votes, [40, 20, 20, 300, 100], of=[0, 0, 0, 300, 100])
    assert low < 0.5 < high
    assert rate < 0.65


@pytest.mark.parametrize("labelled", [0, 15, 60])
def test_intervals_cover_what_people_would_say(labelled):
    inside = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        truth = rng.random(150) < 0.7
        right = rng.random((150, 3)) < np.where(truth[:, None], [0.95, 0.8, 0.9], [0.6, 0.8, 0.7])
        votes = np.where(np.where(right, truth[:, None], ~truth[:, None]), 1, -1)
        label = np.where(np.arange(150) < labelled, truth.astype(float), NOBODY)
        _, low, high = rates(label, votes, np.ones(150, int), prior=BetaPrior(0.5, 0.5))
        inside += low <= truth.mean() <= high
    assert inside >= 37


def test_old_cases_may_weigh_less():
    whole, half = (rates([1, 0], [[0], [0]], [6, 2], of=of) for of in ([6, 2], [3, 1]))
    assert half[0] == pytest.approx(4 / 6)
    assert half[2] - half[1] > whole[2] - whole[1]


def test_things_borrow_from_each_other():
    """A single success of one thing among many that mostly fail is no certainty."""
    label, votes = np.array([1.0, 0.0]), np.zeros((2, 1))
    model = fit_outcomes(label, votes, [40, 160])
    thing = np.repeat(np.arange(21), 2)
    weight = np.append(np.tile([2.0, 8.0], 20), [1.0, 0.0])
    cases = cases_of(model.read(np.tile(label, 21), np.tile(votes, (21, 1))), weight, thing, 21)
    rate, low, high = success_rates(cases, model)
    assert rate[20] < 0.4
    assert low[20] < 0.2 < rate[20] < high[20]


def test_the_usual_rate_is_that_of_the_stratum_once_enough_is_known_of_it():
    successes, heard = np.array([900.0, 0.0, 1.0, 0.0]), np.array([1000.0, 0.0, 10.0, 0.0])
    well_known, _, hardly_known, _ = usual_rates(successes, heard, np.array([0, 0, 1, 1]))
    overall = (901 + 1) / (1010 + 2)
    assert well_known == pytest.approx(0.9, abs=0.01)
    assert hardly_known == pytest.approx((1 + STRATUM_OUTCOMES * overall) / (10 + STRATUM_OUTCOMES))


def test_one_stratum_is_the_rate_of_all_things_together():
    successes, heard = np.array([3.0, 1.0]), np.array([4.0, 4.0])
    assert usual_rates(successes, heard, np.zeros(2, int)).tolist() == pytest.approx(
        [(4 + STRATUM_OUTCOMES * 0.5) / (8 + STRATUM_OUTCOMES)] * 2
    )
