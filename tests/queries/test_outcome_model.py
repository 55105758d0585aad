import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import WrongUse
from queries.outcome_model import fit_outcomes

SENSITIVITY, SPECIFICITY = np.array([0.95, 0.8, 0.9, 0.6]), np.array([0.6, 0.8, 0.9, 0.7])


def judged(seed, units, rate, labelled):
    """Truth, verdicts of four independent judges, and a human (judge 4) who sees the first `labelled` units."""
    rng = np.random.default_rng(seed)
    truth = rng.random(units) < rate
    right = rng.random((units, 4)) < np.where(truth[:, None], SENSITIVITY, SPECIFICITY)
    said = np.where(right, truth[:, None], ~truth[:, None])
    unit = np.append(np.repeat(np.arange(units), 4), np.arange(labelled))
    judge = np.append(np.tile(np.arange(4), units), np.full(labelled, 4))
    return truth, unit, judge, np.append(said.ravel(), truth[:labelled]).astype(int), [False] * 4 + [True]


def test_reliability_of_each_judge_is_found():
    _, *verdicts = judged(1, 1_500, 0.6, 100)
    found = fit_outcomes(*verdicts).reliability
    assert found.sensitivity[:4] == pytest.approx(SENSITIVITY, abs=0.07)
    assert found.specificity[:4] == pytest.approx(SPECIFICITY, abs=0.07)
    assert np.all(found.sensitivity_low < found.sensitivity)


def test_labels_of_people_are_the_measure():
    truth, *verdicts = judged(2, 60, 0.7, 60)
    fit = fit_outcomes(*verdicts)
    assert fit.method == "human labels"
    assert fit.rate == pytest.approx(truth.mean())
    assert fit.success == pytest.approx(truth.astype(float))


def test_the_corrected_interval_covers_and_judges_make_it_narrower():
    inside, narrower = 0, 0
    for seed in range(25):
        _, unit, judge, success, gold = judged(seed, 200, 0.7, 40)
        fit = fit_outcomes(unit, judge, success, gold)
        assert fit.method == "judges corrected by human labels"
        inside += fit.low <= 0.7 <= fit.high
        only = judge == 4
        alone = fit_outcomes(unit[only], np.zeros(40, int), success[only], [True])
        narrower += fit.high - fit.low < alone.high - alone.low
    assert inside >= 22
    assert narrower >= 18


def test_judges_who_all_err_together_are_corrected():
    """Ten copies of one judge who calls 40 % of the failures successes: the rate follows the people."""
    rng = np.random.default_rng(5)
    truth = rng.random(300) < 0.5
    said = truth | (rng.random(300) < 0.4)
    unit = np.append(np.repeat(np.arange(300), 10), np.arange(60))
    judge = np.append(np.tile(np.arange(10), 300), np.full(60, 10))
    success = np.append(np.repeat(said, 10), truth[:60]).astype(int)
    fit = fit_outcomes(unit, judge, success, [False] * 10 + [True])
    assert said.mean() > 0.65
    assert fit.low <= truth.mean() <= fit.high
    assert fit.high < said.mean()


def test_without_people_the_interval_is_that_of_an_unheard_judge():
    _, unit, judge, success, gold = judged(3, 200, 0.7, 0)
    fit = fit_outcomes(unit, judge, success, gold)
    assert fit.method == "judges alone"
    assert fit.labelled == 0
    assert fit.low <= 0.7 <= fit.high
    assert fit.high - fit.low > 0.3


def test_a_few_equal_labels_do_not_make_certainty():
    _, unit, judge, success, gold = judged(4, 100, 0.97, 6)
    assert fit_outcomes(unit, judge, success, gold).low < 0.85


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1_000))
def test_order_of_verdicts_does_not_matter(seed):
    _, unit, judge, success, gold = judged(seed, 20, 0.6, 8)
    order = np.random.default_rng(seed).permutation(len(unit))
    first = fit_outcomes(unit, judge, success, gold)
    second = fit_outcomes(unit[order], judge[order], success[order], gold)
    assert second.rate == pytest.approx(first.rate, abs=1e-9)
    assert second.success == pytest.approx(first.success, abs=1e-9)
    assert 0 <= first.low <= first.rate <= first.high <= 1


def test_wrong_verdicts_are_wrong_use():
    with pytest.raises(WrongUse, match="at least one"):
        fit_outcomes([], [], [], [])
    with pytest.raises(WrongUse, match="0 or 1"):
        fit_outcomes([0], [0], [2], [True])
    with pytest.raises(WrongUse, match="entry in gold"):
        fit_outcomes([0], [3], [1], [True])
