"""Counts in words."""

from __future__ import annotations

from graph.phrasing import counted, times


def test_one_is_singular_and_thousands_are_separated() -> None:
    assert [counted(number, "search", "searches") for number in (0, 1, 1200)] == [
        "0 searches", "1 search", "1,200 searches",
    ]  # fmt: skip
    assert [times(number) for number in (0, 1, 2)] == ["0 times", "once", "2 times"]
