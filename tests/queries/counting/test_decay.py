import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.counting.decay import UNIT, period_weights

PERIODS = st.lists(st.integers(-1, 400), min_size=1, max_size=30).map(lambda values: np.array(values, np.int64))


def test_evidence_weighs_half_after_a_half_life():
    assert period_weights(np.array([10, 8, 6])).tolist() == [1.0, 0.5, 0.25]


def test_undated_evidence_weighs_like_the_oldest():
    assert period_weights(np.array([-1, 10, 8])).tolist() == [0.5, 1.0, 0.5]
    assert period_weights(np.array([-1, -1])).tolist() == [1.0, 1.0]


def test_nothing_weighs_nothing():
    assert period_weights(np.array([], np.int64)).tolist() == []


@given(PERIODS)
def test_weights_are_whole_units_between_0_and_1(periods):
    weights = period_weights(periods)
    assert weights.max() == 1
    assert np.all((weights >= 0) & (weights / UNIT == np.round(weights / UNIT)))


@given(PERIODS, st.integers(1, 20))
def test_only_the_age_counts(periods, later):
    moved = np.where(periods == -1, -1, periods + later)
    assert np.array_equal(period_weights(moved), period_weights(periods))
