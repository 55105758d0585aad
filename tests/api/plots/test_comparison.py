"""The bars of a comparison."""

from __future__ import annotations

from math import exp, log

import pytest

from api.plots.comparison import _chosen, _ranks
from tests.api.answers import side


def test_the_share_chosen_over_the_other_and_its_interval_come_from_theta() -> None:
    """theta = ln 3 is three of four; its ends are those of theta, which is not symmetric in shares."""
    duel = {"theta": log(3), "error": 0.5, "total": {"probability": 0.99}}
    [(_, [bar])] = list(_chosen({"head_to_head": duel}))
    odds = [share / (100 - share) for share in (bar.low, bar.value, bar.high)]
    assert odds == pytest.approx([3 * exp(-0.98), 3, 3 * exp(0.98)], rel=1e-3)
    assert list(_chosen({"head_to_head": {**duel, "theta": None}})) == list(_chosen({"head_to_head": None})) == []


def test_what_is_not_known_of_a_side_has_no_bar() -> None:
    bare = side(rank=None, low=None, high=None)
    bare["parts"][0]["value"] = None
    rows = dict(_ranks({"a": side(), "b": bare}))
    assert [bar.of for bar in rows["Rank"]] == ["a"]
