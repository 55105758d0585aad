from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking.parts.adoption import adoption
from tests.queries.ranking.parts.in_order import in_order

FULL = {"stars": 9_999.0, "likes": 99.0}


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


@given(st.dictionaries(st.sampled_from(sorted(FULL)), st.integers(0, 10**12)), st.floats(0, 1))
def test_adoption_stays_between_zero_and_one(figures: dict[str, Any], width: float) -> None:
    part = adoption(figures, FULL, width)
    assert in_order(part) if figures else part.value is None
