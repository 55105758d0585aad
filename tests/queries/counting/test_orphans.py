"""Searches made up for events that carry a query text."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from graph.keys import stable_key
from queries.counting.orphans import adopt_orphans
from tests.queries.ledger_rows import DAY, at

COLUMNS = ("content_hash", "search_key", "query_text", "ts_us", "client_key", "session_key", "event_date")


def orphans(*rows: tuple[Any, ...]) -> pa.Table:
    types = (pa.int64(), pa.int64(), pa.string(), pa.int64(), pa.int64(), pa.int64(), pa.string())
    schema = pa.schema(list(zip(COLUMNS, types, strict=True)))
    dated = [(*row, "undated" if row[3] is None else f"day {row[3] // DAY}") for row in rows]
    return pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in dated], schema)


def test_events_of_one_search_share_the_earliest_text() -> None:
    adopted = adopt_orphans(orphans((1, 77, "later text", at(1), 5, None), (2, 77, "Early text!", at(0), 5, None)))
    assert adopted.searches.num_rows == 1
    assert adopted.searches["text_key"].to_pylist() == [stable_key("early text")]
    assert adopted.searches["ts_us"].to_pylist() == [at(0)]
    assert adopted.texts.to_pylist() == [{"text_key": stable_key("early text"), "text": "early text"}]
    assert sorted(adopted.events["content_hash"].to_pylist()) == [1, 2]
    first, second = (f"day {time // DAY}" for time in (at(0), at(1)))
    assert adopted.dates() == {(first, first), (first, second)}


def test_nameless_events_share_a_search_by_client_session_day_and_text() -> None:
    rows = [
        (1, None, "a text", at(0, 1), 5, 6),
        (2, None, "A  text", at(0, 9), 5, 6),
        (3, None, "a text", at(1), 5, 6),
        (4, None, "a text", at(0), 9, 6),
        (5, None, "other text", at(0), 5, 6),
        (6, None, "a text", None, 5, 6),
    ]
    adopted = adopt_orphans(orphans(*rows))
    key_of = dict(
        zip(adopted.events["content_hash"].to_pylist(), adopted.events["search_key"].to_pylist(), strict=True)
    )
    assert key_of[1] == key_of[2]
    assert len(set(key_of.values())) == 5


def test_texts_without_words_are_not_adopted() -> None:
    adopted = adopt_orphans(orphans((1, 7, " ?! ", at(0), 5, None)))
    assert adopted.searches.num_rows == adopted.events.num_rows == adopted.texts.num_rows == 0
