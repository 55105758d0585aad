from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.ranking.parts.match_graph import match_graph

NUMBERS = {"full_strength": 0.5, "success_share": 0.6, "half_clients": 10, "half_outcomes": 8}
STRENGTH = {"strength": 0.25, "strength_low": 0.2, "strength_high": 0.3, "effective_n": 40.0}
SUCCESS = {"success_rate": 0.7, "success_low": 0.4, "success_high": 0.9, "success_n": 8.0}


def evidence(**more: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("times_matched", "clients", "intents", "impressions", "clicks"), 30)
    row: dict[str, Any] = {**counts, "successes": 0, "failures": 0, "first_seen": 0, "last_seen": 0}
    return {**row, **dict.fromkeys((*STRENGTH, *SUCCESS)), **more}


def test_without_matches_the_part_is_not_known() -> None:
    assert match_graph(None, NUMBERS).value is None
    assert match_graph(evidence(times_matched=0, **STRENGTH), NUMBERS).value is None


def test_both_halves_by_hand() -> None:
    """Strength .25 of .5 is a half with .4 * 30 / 40 of the weight; success .7 with .6 * 8 / 16."""
    part = match_graph(evidence(**STRENGTH, **SUCCESS), NUMBERS)
    assert part.presence == pytest.approx(0.3 + 0.3)
    assert part.value == pytest.approx(0.5 * 0.5 + 0.5 * 0.7)
    assert part.low == pytest.approx(0.6 - ((0.5 * 0.1) ** 2 + (0.5 * 0.3) ** 2) ** 0.5, abs=1e-6)
    assert part.high == pytest.approx(0.6 + ((0.5 * 0.1) ** 2 + (0.5 * 0.2) ** 2) ** 0.5, abs=1e-6)


def test_without_outcomes_strength_speaks_alone_with_less_weight() -> None:
    part = match_graph(evidence(**STRENGTH), NUMBERS)
    assert (part.value, part.low, part.high, part.presence) == (0.5, 0.4, 0.6, pytest.approx(0.3))


def test_without_exposure_success_speaks_alone() -> None:
    part = match_graph(evidence(**SUCCESS), NUMBERS)
    assert (part.value, part.low, part.high, part.presence) == (0.7, 0.4, 0.9, pytest.approx(0.3))


def test_chosen_but_neither_shown_nor_judged_is_not_known() -> None:
    assert match_graph(evidence(), NUMBERS).value is None


def test_few_clients_carry_little_weight() -> None:
    weights = [match_graph(evidence(**{**STRENGTH, "clients": n}), NUMBERS).presence for n in (1, 2, 10, 1_000)]
    assert weights == pytest.approx([0.4 / 11, 0.4 / 6, 0.2, 0.4 * 1_000 / 1_010], abs=1e-6)


rates = st.floats(0, 1)


@given(st.lists(rates, min_size=3, max_size=3).map(sorted), st.lists(rates, min_size=3, max_size=3).map(sorted))
def test_the_part_stays_in_order(strength: list[float], success: list[float]) -> None:
    given = dict(zip(("strength_low", "strength", "strength_high"), strength, strict=True))
    given |= dict(zip(("success_low", "success_rate", "success_high"), success, strict=True))
    part = match_graph(evidence(**given, success_n=3.0), NUMBERS)
    assert 0 <= (part.low or 0) <= (part.value or 0) <= (part.high or 0) <= 1
    assert 0 < part.presence < 1
