"""What was shown, where, and what was chosen of it."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from graph.keys import stable_key
from queries.counting.exposures import NOWHERE, added_up
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, search
from tests.queries.logs import PERIOD, counts_of


def shown(engine_over: EngineMaker, **rows: Any) -> dict[tuple[str, int], tuple[int, int]]:
    """(object, position) -> (impressions, clicks); objects are named a, b, c."""
    names = {stable_key(name): name for name in "abc"}
    with engine_over(ledger(**rows)) as engine:
        found = counts_of(engine, at(100)).shown
        return {
            (names[row["object_key"]], row["position"]): (row["impressions"], row["clicks"])
            for row in engine.arrow(found).to_pylist()
        }


def test_lists_of_hits_are_exposures_by_position(engine_over: EngineMaker) -> None:
    found = shown(
        engine_over,
        searches=[search("1", "a need", hits=["a", "b"]), search("2", "a need", hits=["b", "a"])],
        events=[event("1", "click", "a"), event("2", "click", "a"), event("2", "click", "c")],
    )
    assert found == {("a", 1): (1, 1), ("b", 2): (1, 0), ("b", 1): (1, 0), ("a", 2): (1, 1)}


def test_impression_events_replace_the_list_of_hits(engine_over: EngineMaker) -> None:
    found = shown(
        engine_over,
        searches=[search("1", "a need", hits=["a", "b", "c"])],
        events=[
            event("1", "impression", "b", position=4),
            event("1", "impression", "b", position=2),
            event("1", "impression", "c"),
        ],
    )
    assert found == {("b", 2): (1, 0), ("c", NOWHERE): (1, 0)}


def test_an_object_twice_in_a_list_was_shown_once_at_its_better_place(engine_over: EngineMaker) -> None:
    assert shown(engine_over, searches=[search("1", "a need", hits=["b", "a", "b"])]) == {
        ("b", 1): (1, 0),
        ("a", 2): (1, 0),
    }


def test_only_the_record_that_counts_shows_anything(engine_over: EngineMaker) -> None:
    found = shown(
        engine_over,
        searches=[
            search("1", "a need", hits=["a"], ts_us=at(0)),
            search("1", "a need", hits=["b"], ts_us=at(1)),
            search("2", "a need", hits=["c"], actor="bot"),
        ],
    )
    assert found == {("a", 1): (1, 0)}


def test_a_click_many_times_is_one_click(engine_over: EngineMaker) -> None:
    found = shown(
        engine_over,
        searches=[search("1", "a need", hits=["a"])],
        events=[event("1", "click", "a", ts_us=at(0, second)) for second in range(5)],
    )
    assert found == {("a", 1): (1, 1)}


def test_counts_of_parts_of_a_log_add_up(engine_over: EngineMaker) -> None:
    one, other = search("1", "a need", hits=["a"], ts_us=at(0)), search("2", "a need", hits=["a"], ts_us=at(1))
    with engine_over(ledger(searches=[one, other])) as engine:
        shown = counts_of(engine, at(100)).shown
        twice = engine.arrow(added_up(nw.concat([shown, shown]))).to_pylist()
    (row,) = twice
    assert (row["position"], row["period"], row["impressions"], row["clicks"]) == (1, PERIOD, 4, 0)
    assert (row["asked_impressions"], row["first_us"], row["last_us"]) == (4, at(0), at(1))
