from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking.parts.freshness import DAY_US, freshness
from tests.queries.ranking.parts.in_order import in_order

NOW_US = 1_000 * DAY_US


def test_freshness_halves_with_the_half_life() -> None:
    part = freshness({"updated_at": NOW_US - 100 * DAY_US}, NOW_US, 100, 2.0)
    assert part.value == 0.5
    assert (part.low, part.high) == (0.25, pytest.approx(math.sqrt(0.5), abs=1e-6))


def test_a_date_after_now_is_today_and_said() -> None:
    part = freshness({"updated_at": NOW_US + DAY_US}, NOW_US, 100, 1.25)
    assert part.value == 1
    assert "warning" in part.inputs


def test_no_date_no_freshness() -> None:
    assert freshness({"updated_at": None}, NOW_US, 100, 1.25).value is None


@given(st.integers(-(10**4), 10**6), st.floats(1, 5_000), st.floats(1, 3))
def test_freshness_stays_between_zero_and_one(age_days: int, half_life: float, factor: float) -> None:
    assert in_order(freshness({"updated_at": NOW_US - age_days * DAY_US}, NOW_US, half_life, factor))
