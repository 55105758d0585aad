from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking.rank_draws import FEWEST_DRAWS, MOST_DRAWS, KnownParts, _points, intervals, score_draws

NAN = float("nan")


def interval_of(parts: list[tuple[float, float, float]], weights: list[float]) -> tuple[float, float]:
    value, low, high = (np.array([[part[end] for part in parts]]) for end in range(3))
    lower, upper = intervals(score_draws(KnownParts(value, low, high, np.ones_like(value)), np.array([weights])))
    return float(lower[0]), float(upper[0])


def test_one_part_has_its_own_range() -> None:
    assert interval_of([(0.5, 0.4, 0.7)], [1.0]) == pytest.approx((40, 70), abs=0.3)


def test_five_parts_add_up_in_the_square() -> None:
    """Each half width is 20 points of a fifth: 4 points; five of them: 4 sqrt(5)."""
    low, high = interval_of([(0.5, 0.3, 0.7)] * 5, [0.2] * 5)
    assert (low, high) == pytest.approx((50 - 4 * 5**0.5, 50 + 4 * 5**0.5), abs=0.8)


def test_a_part_that_nobody_knows_lies_anywhere() -> None:
    assert interval_of([(0.5, 0.5, 0.5), (NAN, NAN, NAN)], [0.8, 0.2]) == pytest.approx((40.5, 59.5), abs=0.1)


def test_an_unknown_part_is_drawn_from_the_known_ones() -> None:
    """A thousand others have .3: hardly any draw is left for the open values."""
    value = np.array([[0.3]] * 1000 + [[NAN]])
    low, high = intervals(score_draws(KnownParts(value, value, value, np.ones((1001, 1))), np.ones((1001, 1))))
    assert (low[-1], high[-1]) == (30, 30)


def test_a_part_of_half_presence_is_half_known() -> None:
    """Half of the part is .3 like those of a thousand others; the other half is .9."""
    value = np.array([[0.3]] * 1000 + [[0.9]])
    presence = np.array([[1.0]] * 1000 + [[0.5]])
    low, high = intervals(score_draws(KnownParts(value, value, value, presence), np.ones((1001, 1))))
    assert (low[-1], high[-1]) == pytest.approx((60, 60))


unit = st.floats(0, 1)


@given(st.lists(st.tuples(unit, unit, unit).map(sorted), min_size=2, max_size=2), st.floats(0, 0.5))
def test_who_is_at_least_as_good_in_every_part_has_at_least_as_good_an_interval(
    parts: list[list[float]], better_by: float
) -> None:
    worse = np.array(parts)
    better = np.minimum(worse + better_by, 1)
    value, low, high = (np.stack([worse[:, end], better[:, end]]) for end in (1, 0, 2))
    lower, upper = intervals(score_draws(KnownParts(value, low, high, np.ones((2, 2))), np.full((2, 2), 0.5)))
    assert lower[1] >= lower[0] - 1e-9
    assert upper[1] >= upper[0] - 1e-9


@pytest.mark.parametrize(("artifacts", "draws"), [(1, MOST_DRAWS), (100_000, 256), (10**9, FEWEST_DRAWS)])
def test_many_artifacts_get_fewer_draws(artifacts: int, draws: int) -> None:
    assert _points(artifacts, 5).shape == (draws, 5)
