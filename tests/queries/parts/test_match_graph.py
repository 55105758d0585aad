from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from queries.intervals import BetaPrior
from queries.parts.match_graph import match_graph, pooled_success

NUMBERS = {"full_strength": 0.5, "success_share": 0.6}
FLAT = BetaPrior(4.0, 4.0)


def evidence(**more: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("times_matched", "clients", "intents", "impressions", "clicks"), 5)
    row: dict[str, Any] = {**counts, "successes": 0, "failures": 0, "first_seen": 0, "last_seen": 0}
    return {**row, "strength": None, "strength_low": None, "strength_high": None, **more}


def test_without_matches_the_part_is_not_known() -> None:
    assert match_graph(None, FLAT, NUMBERS).value is None
    assert match_graph(evidence(times_matched=0, strength=0.3), FLAT, NUMBERS).value is None


def test_both_halves_by_hand() -> None:
    """Strength .25 of .5 is a half; (4 + 6) / (8 + 8) succeed: .4 x .5 + .6 x .625."""
    row = evidence(strength=0.25, strength_low=0.2, strength_high=0.3, successes=6, failures=2)
    part = match_graph(row, FLAT, NUMBERS)
    assert part.value == pytest.approx(0.4 * 0.5 + 0.6 * 0.625)
    low, high = beta.ppf([0.025, 0.975], 10, 6)
    assert part.low == pytest.approx(part.value - ((0.4 * 0.1) ** 2 + (0.6 * (0.625 - low)) ** 2) ** 0.5, abs=1e-6)
    assert part.high == pytest.approx(part.value + ((0.4 * 0.1) ** 2 + (0.6 * (high - 0.625)) ** 2) ** 0.5, abs=1e-6)


def test_without_outcomes_the_value_is_strength_and_the_range_wider() -> None:
    strength = {"strength": 0.25, "strength_low": 0.2, "strength_high": 0.3}
    part = match_graph(evidence(**strength), FLAT, NUMBERS)
    assert part.value == 0.5
    assert (part.low, part.high) == (pytest.approx(0.4 * 0.4), pytest.approx(0.4 * 0.6 + 0.6))


def test_without_exposure_the_value_is_success() -> None:
    part = match_graph(evidence(successes=6, failures=2), FLAT, NUMBERS)
    assert part.value == pytest.approx(0.625)
    assert part.low is not None
    assert part.low < 0.625 * 0.6


def test_chosen_but_neither_shown_nor_judged_is_not_known() -> None:
    assert match_graph(evidence(), FLAT, NUMBERS).value is None


def test_the_pool_decides_where_there_are_few_outcomes() -> None:
    prior = pooled_success(successes=98, failures=0, prior_outcomes=8)
    assert prior.mean == pytest.approx(0.99)
    assert prior.strength == pytest.approx(8)
    assert pooled_success(0, 0, 8).mean == 0.5


rates = st.floats(0, 1)


@given(st.lists(rates, min_size=3, max_size=3).map(sorted), st.integers(0, 50), st.integers(0, 50))
def test_the_part_stays_in_order(strength: list[float], successes: int, failures: int) -> None:
    low, middle, high = strength
    row = evidence(strength=middle, strength_low=low, strength_high=high, successes=successes, failures=failures)
    part = match_graph(row, FLAT, NUMBERS)
    assert 0 <= (part.low or 0) <= (part.value or 0) <= (part.high or 0) <= 1
