import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import WrongUse
from queries.evidence.outcome_model import BIAS_SPREAD, RELIABILITY_PRIOR, fit_outcomes

SENSITIVITY, SPECIFICITY = np.array([0.95, 0.8, 0.9, 0.6]), np.array([0.6, 0.8, 0.9, 0.7])


def judged(seed, units, rate, labelled):
    """Truth of some units, what people say of the first `labelled`, and the votes of four independent judges."""
    rng = np.random.default_rng(seed)
    truth = rng.random(units) < rate
    right = rng.random((units, 4)) < np.where(truth[:, None], SENSITIVITY, SPECIFICITY)
    votes = np.where(np.where(right, truth[:, None], ~truth[:, None]), 1, -1)
    label = np.where(np.arange(units) < labelled, truth.astype(float), np.nan)
    return truth, label, votes


def fitted(label, votes):
    return fit_outcomes(label, votes, np.ones(len(label), int))


def test_reliability_of_each_judge_is_found():
    _, label, votes = judged(1, 1_500, 0.6, 100)
    found = fitted(label, votes).reliability
    assert found.sensitivity == pytest.approx(SENSITIVITY, abs=0.07)
    assert found.specificity == pytest.approx(SPECIFICITY, abs=0.07)
    assert np.all(found.sensitivity_low < found.sensitivity)
    assert found.compared.tolist() == [1_500] * 4


def test_labels_of_people_stand():
    truth, label, votes = judged(2, 60, 0.7, 60)
    verdicts = fitted(label, votes).read(label, votes)
    assert verdicts.labelled.all()
    assert verdicts.chance == pytest.approx(truth.astype(float))


def test_equal_patterns_may_be_counted_together():
    _, label, votes = judged(3, 400, 0.6, 50)
    rows = np.column_stack([np.nan_to_num(label, nan=2), votes])
    distinct, things = np.unique(rows, axis=0, return_counts=True)
    some = np.where(distinct[:, 0] == 2, np.nan, distinct[:, 0])
    order = np.lexsort(rows.T[::-1])
    alone, together = fitted(label[order], votes[order]), fit_outcomes(some, distinct[:, 1:], things)
    assert together.reliability.sensitivity == pytest.approx(alone.reliability.sensitivity, abs=1e-9)
    assert together.bias == pytest.approx(alone.bias, abs=1e-6)
    assert together.bias_sd == pytest.approx(alone.bias_sd, abs=1e-6)


def test_judges_who_all_err_together_are_corrected():
    """Ten copies of one judge who calls 40 % of the failures successes: people show how far they are off."""
    rng = np.random.default_rng(5)
    truth = rng.random(300) < 0.5
    said = truth | (rng.random(300) < 0.4)
    votes = np.tile(np.where(said, 1, -1)[:, None], 10)
    label = np.where(np.arange(300) < 100, truth.astype(float), np.nan)
    model = fitted(label, votes)
    assert model.bias < 0
    chance = model.read(np.full(300, np.nan), votes).chance
    assert chance.mean() < said.mean()


def test_bias_is_as_wide_as_judges_differ_until_people_label():
    _, label, votes = judged(6, 200, 0.7, 0)
    unlabelled = fitted(label, votes)
    assert (unlabelled.bias, unlabelled.bias_sd) == (0.0, BIAS_SPREAD)
    assert not unlabelled.met.any()
    spreads = []
    for labelled in (3, 30, 150):
        _, label, votes = judged(6, 200, 0.7, labelled)
        spreads.append(fitted(label, votes).bias_sd)
    assert BIAS_SPREAD > spreads[0] > spreads[1] > spreads[2]


def test_a_source_that_was_never_compared_keeps_the_prior():
    votes = np.array([[1, 0], [-1, 0], [1, 0]])
    model = fit_outcomes([np.nan] * 3, votes, [50, 20, 10])
    assert model.reliability.compared.tolist() == [0, 0]
    assert model.reliability.sensitivity == pytest.approx([RELIABILITY_PRIOR.mean] * 2)
    chance = model.read([np.nan] * 2, np.array([[1, 0], [-1, 0]])).chance
    assert chance[1] < 0.35 < 0.9 < chance[0]


def test_a_word_is_checked_if_people_judged_what_its_source_judged():
    votes = np.array([[1, 0], [1, 0], [0, 1]])
    model = fit_outcomes([1, np.nan, np.nan], votes, [5, 5, 5])
    assert model.met.tolist() == [True, False]
    assert model.read([np.nan] * 3, np.array([[1, 0], [0, 1], [1, 1]])).checked.tolist() == [True, False, True]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1_000))
def test_all_results_are_probabilities(seed):
    rng = np.random.default_rng(seed)
    votes = rng.integers(-1, 2, (20, 3))
    label = rng.choice([0, 1, np.nan], 20)
    model = fit_outcomes(label, votes, rng.integers(1, 50, 20))
    chance = model.read(label, votes).chance
    assert np.all((chance >= 0) & (chance <= 1))
    assert 0 < model.bias_sd <= BIAS_SPREAD


def test_nothing_said():
    model = fit_outcomes([], np.zeros((0, 1)), [])
    assert (model.bias, model.bias_sd) == (0.0, BIAS_SPREAD)
    assert model.reliability.compared.tolist() == [0]


def test_wrong_votes_are_wrong_use():
    with pytest.raises(WrongUse, match="as many labels"):
        fit_outcomes([1], np.zeros((2, 1)), [1, 1])
    with pytest.raises(WrongUse, match="A vote is"):
        fit_outcomes([1], [[2]], [1])
    with pytest.raises(WrongUse, match="A vote is"):
        fit_outcomes([0.5], [[1]], [1])
