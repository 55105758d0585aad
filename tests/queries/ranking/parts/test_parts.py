"""The parts without a module of their own here are checked by hand, one number at a time."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking.parts.adoption import adoption
from queries.ranking.parts.ecosystem import ecosystem
from queries.ranking.parts.freshness import DAY_US, freshness
from queries.ranking.parts.value import PartValue, known, log_share

FULL = {"stars": 9_999.0, "likes": 99.0}
NOW_US = 1_000 * DAY_US


def in_order(part: PartValue) -> bool:
    return part.value is not None and 0 <= (part.low or 0) <= part.value <= (part.high or 0) <= 1


def test_log_share_is_half_at_the_square_root_and_one_at_the_top() -> None:
    assert log_share(99, 9_999) == pytest.approx(0.5)
    assert log_share(0, 9_999) == 0
    assert log_share(9_999, 9_999) == log_share(10**9, 9_999) == 1


def test_a_known_part_is_cut_to_zero_and_one_and_kept_in_order() -> None:
    part = known(1.2, 1.3, 0.5)
    assert (part.value, part.low, part.high) == (1.0, 1.0, 1.0)


def test_adoption_is_the_mean_of_the_figures() -> None:
    """Figures of 1/2 and 1: squares of their distances 2/16, and of a single figure's doubt (0.1 / 1.96)^2."""
    part = adoption({"stars": 99, "likes": 99}, FULL, 0.1)
    half = 1.96 * math.sqrt((0.1 / 1.96) ** 2 + 2 / 16) / 2
    assert part.value == 0.75
    assert part.low == pytest.approx(0.75 - half, abs=1e-4)
    assert part.high == 1.0
    assert part.inputs["figures"] == {"stars": 99, "likes": 99}


def test_figures_that_agree_are_surer_than_one() -> None:
    part = adoption({"stars": 99, "likes": 9}, FULL, 0.1)
    assert (part.value, part.low, part.high) == (0.5, 0.45, 0.55)


def test_a_single_figure_has_the_stated_half_width() -> None:
    part = adoption({"stars": 99, "likes": None}, FULL, 0.1)
    assert (part.value, part.low, part.high) == (0.5, 0.4, 0.6)


def test_zero_stars_is_a_figure_and_no_figure_is_not_zero() -> None:
    assert adoption({"stars": 0}, FULL, 0.1).value == 0
    missing = adoption({"stars": None}, FULL, 0.1)
    assert (missing.value, missing.low, missing.high) == (None, None, None)
    assert "not_known" in missing.inputs


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


def test_ecosystem_by_hand() -> None:
    full = {"named_by": 3.0, "shares_concepts_with": 15.0}
    part = ecosystem({"named_by": 1, "shares_concepts_with": 3}, full, ["other"])
    assert part.value == pytest.approx((math.log(2) / math.log(4) + math.log(4) / math.log(16)) / 2)
    assert in_order(part)
    assert part.inputs["named_by"] == ["other"]


def test_a_count_of_nobody_may_be_up_to_three() -> None:
    """With n = 0 the mean of a Poisson count is at most -log(0.025) = 3.69, at 97.5 %."""
    part = ecosystem({"named_by": 0, "shares_concepts_with": None}, {"named_by": 99.0}, [])
    assert (part.value, part.low) == (0.0, 0.0)
    assert part.high == pytest.approx(math.log(1 - math.log(0.025)) / math.log(100), abs=1e-6)


def test_counts_that_cannot_be_known_are_left_out() -> None:
    full = {"named_by": 3.0, "shares_concepts_with": 15.0}
    assert ecosystem({"named_by": 3, "shares_concepts_with": None}, full, []).value == 1
    assert ecosystem({"named_by": None, "shares_concepts_with": None}, full, []).value is None


@given(st.dictionaries(st.sampled_from(sorted(FULL)), st.integers(0, 10**12)), st.floats(0, 1))
def test_adoption_stays_between_zero_and_one(figures: dict[str, Any], width: float) -> None:
    part = adoption(figures, FULL, width)
    assert in_order(part) if figures else part.value is None


@given(st.integers(-(10**4), 10**6), st.floats(1, 5_000), st.floats(1, 3))
def test_freshness_stays_between_zero_and_one(age_days: int, half_life: float, factor: float) -> None:
    assert in_order(freshness({"updated_at": NOW_US - age_days * DAY_US}, NOW_US, half_life, factor))
