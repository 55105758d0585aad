from itertools import product

import numpy as np
import pytest
from scipy import stats

from queries.retrieval.paired_bootstrap import RESAMPLES, paired_difference

FIRST = (0.9, 0.6, 0.7, 1.0, 0.8)
SECOND = (0.5, 0.7, 0.3, 0.4, 0.75)


def test_equal_to_all_resamples_there_are() -> None:
    """Five queries give 5^5 resamples: the whole bootstrap distribution can be counted."""
    differences = np.subtract(FIRST, SECOND)
    means = np.array([differences[list(drawn)].mean() for drawn in product(range(5), repeat=5)])
    found = paired_difference(FIRST, SECOND)
    assert found.difference == pytest.approx(differences.mean())
    assert [found.low, found.high] == pytest.approx(np.percentile(means, [2.5, 97.5]), abs=0.02)
    assert found.p_value == pytest.approx(2 * np.mean(means <= 0), abs=0.01)


def test_of_many_queries_it_is_the_paired_t_test() -> None:
    random = np.random.default_rng(3)
    second = random.random(400)
    first = second + random.normal(0.01, 0.1, 400)
    found = paired_difference(first.tolist(), second.tolist())
    student = stats.ttest_rel(first, second)
    interval = student.confidence_interval(0.95)
    assert [found.low, found.high] == pytest.approx([interval.low, interval.high], abs=0.002)
    assert found.p_value == pytest.approx(student.pvalue, abs=0.02)


def test_exchanged_configurations_change_the_sign() -> None:
    found, other = paired_difference(FIRST, SECOND), paired_difference(SECOND, FIRST)
    assert other.difference == pytest.approx(-found.difference)
    assert [other.low, other.high] == pytest.approx([-found.high, -found.low])
    assert other.p_value == pytest.approx(found.p_value)


def test_equal_configurations_do_not_differ() -> None:
    found = paired_difference(FIRST, FIRST)
    assert (found.difference, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_better_everywhere_is_as_sure_as_the_resamples_allow() -> None:
    assert paired_difference([0.9, 0.8, 0.95] * 10, [0.1, 0.2, 0.3] * 10).p_value == 2 / (RESAMPLES + 1)


def test_nothing_to_compare() -> None:
    assert np.isnan(paired_difference([], []).difference)
    with pytest.raises(ValueError, match="zip"):
        paired_difference([1.0], [])
