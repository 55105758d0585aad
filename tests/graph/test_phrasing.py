"""Counts in words."""

from __future__ import annotations

import pytest

from graph.phrasing import counted, some_of, times, told_apart, with_id


def test_one_is_singular_and_thousands_are_separated() -> None:
    assert [counted(number, "search", "searches") for number in (0, 1, 1200)] == [
        "0 searches", "1 search", "1,200 searches",
    ]  # fmt: skip
    assert [times(number) for number in (0, 1, 2)] == ["0 times", "once", "2 times"]


@pytest.mark.parametrize(
    ("names", "total", "said"),
    [
        ([], None, ""),
        (["a"], None, "a"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c", "d"], None, "a, b, c and 1 more"),
        (["a", "b", "c"], 7, "a, b, c and 4 more"),
        (["a", "b"], 2, "a and b"),
    ],
)
def test_of_many_names_the_first_are_said_and_the_others_counted(
    names: list[str], total: int | None, said: str
) -> None:
    assert some_of(names, 3, total) == said


def test_things_of_one_name_are_told_apart_by_their_ids() -> None:
    assert told_apart(("Beam", "acme/beam"), ("Ahoy", "ahoy")) == ("Beam", "Ahoy")
    assert told_apart(("Beam", "acme/beam"), ("beam", "zed/beam")) == ("Beam (acme/beam)", "beam (zed/beam)")
    assert with_id("Beam (acme/beam)", "acme/beam") == "Beam (acme/beam)"
