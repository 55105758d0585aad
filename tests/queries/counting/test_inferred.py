"""Edges from text alone."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pyarrow as pa

from graph.keys import stable_key
from queries.counting.inferred import MIN_CONFIDENCE, TextMatch, inferred_pairs, match_texts, unanswered
from queries.counting.search_log import day_of
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, search
from tests.queries.logs import intents_of, whole_log


def test_only_searches_without_hits_and_events_are_matched_by_text(engine_over: EngineMaker) -> None:
    tables = ledger(
        searches=[
            search("silent", "a need", client="silent", ts_us=at(0, 1)),
            search("again", "a need", client="silent", ts_us=at(0, 9)),
            search("bare", "a need", client="bare", kind="bare"),
            search("judged", "a need", client="judged", kind="judged"),
            search("shown", "a need", client="shown", hits=["a"]),
            search("clicked", "a need", client="clicked"),
        ],
        events=[event("clicked", "click", "a")],
    )
    with engine_over(tables) as engine:
        log = whole_log(engine, at(1))
        found = engine.arrow(unanswered(intents_of(engine, log), log.active)).to_pylist()
    assert {row["client"]: (row["first_us"], row["last_us"]) for row in found} == {
        stable_key("client", "silent"): (at(0, 1), at(0, 9)),
        stable_key("client", "bare"): (None, None),
    }


def test_matches_below_the_threshold_are_dropped() -> None:
    def match(texts: Sequence[str], limit: int) -> list[list[TextMatch]]:
        assert (list(texts), limit) == (["first", "second"], 3)
        return [[TextMatch("a", MIN_CONFIDENCE), TextMatch("b", MIN_CONFIDENCE - 0.01)], []]

    found = match_texts(pa.table({"text_key": [2, 1], "text": ["second", "first"]}), match)
    assert found.to_pylist() == [{"text_key": 1, "object_key": stable_key("a"), "confidence": MIN_CONFIDENCE}]


def test_pairs_count_people_and_days_and_keep_the_best_confidence(engine_over: EngineMaker) -> None:
    names = ("intent_key", "text_key", "client", "ts_us", "agent")
    rows = [(1, 11, 5, at(0), 0), (1, 11, 5, at(0, 9), 0), (1, 12, 5, at(1), 0), (1, 12, 6, None, 1)]
    searches = pa.table(
        {name: pa.array(column, pa.int64()) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )
    matches = pa.table({"text_key": [11, 12], "object_key": [7, 7], "confidence": [0.6, 0.9]})
    with engine_over(ledger()) as engine:
        silent = engine.register("searches", searches).with_columns(day_of(nw.col("ts_us")).alias("day"))
        silent = silent.with_columns(first_us=nw.col("ts_us"), last_us=nw.col("ts_us"))
        frame = inferred_pairs(silent, engine.register("matches", matches))
        (row,) = engine.arrow(frame).to_pylist()
    assert (row["intent_key"], row["object_key"], row["kind"], row["confidence"]) == (1, 7, "inferred", 0.9)
    assert (row["times_matched"], row["clients"], row["clicks"], row["impressions"]) == (3, 2, 0, 0)
    assert (row["agent_times_matched"], row["agent_clients"]) == (1, 1)
    assert (row["first_us"], row["last_us"]) == (at(0), at(1))
