"""What was chosen in the same sessions, counted by hand."""

from __future__ import annotations

import pyarrow as pa

from queries.counting.together import of_catalogue
from tests.queries.counting.sessions import together
from tests.queries.ledger_rows import ledger, polars_engine


def test_sessions_are_counted_once_for_each_client_and_pair() -> None:
    counted = together({1: "ab", 2: "ba", 3: "ab", 4: "a", 11: "ab"}, clients=10)
    assert counted.pairs.to_pylist() == [{"left_id": "a", "right_id": "b", "sessions": 4, "clients": 3}]
    assert {row["artifact_id"]: row["sessions"] for row in counted.alone.to_pylist()} == {"a": 5, "b": 4}
    assert counted.sessions == 5


def test_what_the_catalogue_lacks_takes_no_part() -> None:
    chosen = pa.table({"unit": [1, 1], "client": [5, 5], "object_key": [10, 11], "day": [3, 3]})
    with polars_engine(ledger()) as engine:
        numbers = engine.register("numbers", pa.table({"object_key": [11, 12], "number": [0, 1]}))
        rows = engine.arrow(of_catalogue(engine.register("chosen", chosen), numbers)).to_pylist()
    assert [(row["unit"], row["client"], row["number"]) for row in rows] == [(1, 5, 0)]
