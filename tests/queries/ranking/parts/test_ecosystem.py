from __future__ import annotations

import math

import pytest

from queries.ranking.parts.ecosystem import ecosystem
from tests.queries.ranking.parts.in_order import in_order


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
