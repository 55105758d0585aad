from __future__ import annotations

import pytest

from queries.ranking.parts.value import clip, known, log_share, not_known


def test_log_share_is_half_at_the_square_root_and_one_at_the_top() -> None:
    assert log_share(99, 9_999) == pytest.approx(0.5)
    assert log_share(0, 9_999) == 0
    assert log_share(9_999, 9_999) == log_share(10**9, 9_999) == 1


def test_a_known_part_is_cut_to_zero_and_one_and_kept_in_order() -> None:
    part = known(1.2, 1.3, 0.5)
    assert (part.value, part.low, part.high) == (1.0, 1.0, 1.0)


def test_an_unknown_part_says_why_and_carries_its_whole_weight() -> None:
    part = not_known("no date is stated", sources=["a"])
    assert (part.value, part.low, part.high, part.presence) == (None, None, None, 1.0)
    assert part.inputs == {"not_known": "no date is stated", "sources": ["a"]}


def test_numbers_are_cut_to_zero_and_one() -> None:
    assert [clip(number) for number in (-1, 0.25, 7)] == [0, 0.25, 1]
    assert log_share(-5, 9) == 0
