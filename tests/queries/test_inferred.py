"""Edges from text alone."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from graph.keys import stable_key
from queries.inferred import MIN_CONFIDENCE, TextMatch, inferred_pairs, match_texts, unanswered
from queries.search_log import read_search_log
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, search


def test_only_searches_without_hits_and_events_are_matched_by_text(engine_over: EngineMaker) -> None:
    tables = ledger(
        searches=[
            search("silent", "a need"),
            search("bare", "a need", kind="bare"),
            search("judged", "a need", kind="judged"),
            search("shown", "a need", hits=["a"]),
            search("clicked", "a need"),
        ],
        events=[event("clicked", "click", "a")],
    )
    with engine_over(tables) as engine:
        log = read_search_log(engine, at(0))
        found = engine.arrow(unanswered(log.searches, log.active))["search_key"].to_pylist()
    assert set(found) == {stable_key("s", "silent"), stable_key("s", "bare")}


def test_matches_below_the_threshold_are_dropped() -> None:
    def match(texts: Sequence[str], limit: int) -> list[list[TextMatch]]:
        assert (list(texts), limit) == (["first", "second"], 3)
        return [[TextMatch("a", MIN_CONFIDENCE), TextMatch("b", MIN_CONFIDENCE - 0.01)], []]

    found = match_texts(pa.table({"text_key": [2, 1], "text": ["second", "first"]}), match)
    assert found.to_pylist() == [{"text_key": 1, "object_key": stable_key("a"), "confidence": MIN_CONFIDENCE}]


def test_pairs_count_people_and_days_and_keep_the_best_confidence(engine_over: EngineMaker) -> None:
    names = ("intent_key", "text_key", "client", "ts_us")
    rows = [(1, 11, 5, at(0)), (1, 11, 5, at(0, 9)), (1, 12, 5, at(1)), (1, 12, 6, None)]
    searches = pa.table(
        {name: pa.array(column, pa.int64()) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )
    matches = pa.table({"text_key": [11, 12], "object_key": [7, 7], "confidence": [0.6, 0.9]})
    with engine_over(ledger()) as engine:
        frame = inferred_pairs(engine.register("searches", searches), engine.register("matches", matches))
        (row,) = engine.arrow(frame).to_pylist()
    assert (row["intent_key"], row["object_key"], row["kind"], row["confidence"]) == (1, 7, "inferred", 0.9)
    assert (row["times_matched"], row["clients"], row["clicks"], row["impressions"]) == (3, 2, 0, 0)
    assert (row["first_us"], row["last_us"]) == (at(0), at(1))
