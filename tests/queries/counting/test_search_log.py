"""Which searches and events count."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pyarrow as pa

from graph.keys import stable_key
from queries.counting.indexing import index_log
from queries.counting.search_log import SearchLog, day_of, read_search_log
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import DAY, at, event, ledger, search


def searches_of(log: SearchLog, engine: Any) -> dict[int, dict[str, Any]]:
    return {row["search_key"]: row for row in engine.arrow(log.searches).to_pylist()}


def test_bots_future_and_wordless_searches_do_not_count(engine_over: EngineMaker) -> None:
    tables = ledger(
        searches=[
            search("kept", "upscale image", ts_us=at(1)),
            search("undated", "upscale image"),
            search("bot", "upscale image", actor="bot", ts_us=at(1)),
            search("later", "upscale image", ts_us=at(3)),
            search("wordless", "?!", ts_us=at(1)),
        ]
    )
    with engine_over(tables) as engine:
        index = index_log(engine, at(2))
        log = read_search_log(engine, index)
        assert set(searches_of(log, engine)) == {stable_key("s", "kept"), stable_key("s", "undated")}
        assert index.report["bot_searches"] == 1
        assert index.report["future_searches"] == 1
        assert index.report["searches_without_words"] == 1


def test_of_several_records_of_a_search_the_earliest_counts(engine_over: EngineMaker) -> None:
    tables = ledger(
        searches=[
            search("1", "second text", ts_us=at(1, 9)),
            search("1", "first text", ts_us=at(1, 2)),
            search("1", "undated text"),
            search("2", "only text", ts_us=at(1)),
        ]
    )
    with engine_over(tables) as engine:
        index = index_log(engine, at(2))
        log = read_search_log(engine, index)
        found = searches_of(log, engine)
        assert found[stable_key("s", "1")]["text_key"] == stable_key("first text")
        assert len(found) == 2
        assert sorted(log.texts["text"].to_pylist()) == ["first text", "only text"]


def test_equally_early_records_are_decided_by_text_then_by_their_place(engine_over: EngineMaker) -> None:
    smaller, larger = sorted(["one text", "two texts"], key=stable_key)
    tables = ledger(
        searches=[
            search("1", larger, ts_us=at(1), source_row=1),
            search("1", smaller, hits=["a"], ts_us=at(1), source_row=9, content_hash=101),
            search("1", smaller, hits=["b"], ts_us=at(1), source_row=8, content_hash=102),
        ]
    )
    with engine_over(tables) as engine:
        index = index_log(engine, at(2))
        log = read_search_log(engine, index)
        (row,) = searches_of(log, engine).values()
        assert [hit["object_key"] for hit in row["shown"]] == [stable_key("b")]


def test_events_of_unknown_searches_are_counted_and_adopted_only_with_a_text(engine_over: EngineMaker) -> None:
    tables = ledger(
        searches=[search("1", "known", ts_us=at(1)), search("bot", "known", actor="bot", ts_us=at(1))],
        events=[
            event("1", "click", "a"),
            event("bot", "click", "a"),  # its search is known, though left out
            event("lost", "click", "a"),
            event("told", "click", "a", query_text="Told text", client="ann", ts_us=at(1)),
            event("1", "login", "a"),  # no evidence
        ],
    )
    with engine_over(tables) as engine:
        index = index_log(engine, at(2))
        log = read_search_log(engine, index)
        assert index.report["orphan_events"] == 2
        assert index.report["adopted_events"] == 1
        adopted = searches_of(log, engine)[stable_key("s", "told")]
        assert adopted["text_key"] == stable_key("told text")
        assert adopted["client_key"] == stable_key("client", "ann")
        assert adopted["shown"] is None


def test_an_empty_ledger_gives_an_empty_log(engine_over: EngineMaker) -> None:
    with engine_over(ledger()) as engine:
        index = index_log(engine, at(0))
        log = read_search_log(engine, index)
        assert searches_of(log, engine) == {}
        assert log.texts.num_rows == 0
        assert set(index.report.values()) == {0}


def test_days_are_whole_days_in_utc(engine_over: EngineMaker) -> None:
    times = pa.table({"ts_us": pa.array([0, DAY - 1, DAY, None, -1], pa.int64())})
    with engine_over(ledger()) as engine:
        frame = engine.register("times", times).with_columns(day_of(nw.col("ts_us")).alias("day"))
        rows = {row["ts_us"]: row["day"] for row in engine.arrow(frame).to_pylist()}
    assert rows == {0: 0, DAY - 1: 0, DAY: 1, None: -1, -1: -1}
