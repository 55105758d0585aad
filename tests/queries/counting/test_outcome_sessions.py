"""Outcomes that name a session which two applications have."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa
import pytest

from queries.counting.outcome_sessions import is_ambiguous, sessions_of, with_sessions

INTS = ("search_key", "session_key", "bare_session_key")


def frame(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], columns: list[str]) -> Any:
    schema = pa.schema([(column, pa.int64() if column in INTS else pa.string()) for column in columns])
    connection.register(f"{name}_arrow", pa.Table.from_pylist(rows, schema=schema))
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_arrow")
    return nw.from_native(connection.table(name))


SESSION = ["application", "bare_session_key", "session_key"]
OUTCOME = ["source", "search_key", "session_key", "bare_session_key", "judge"]


def resolved(sessions: list[tuple[str | None, int, int]], outcomes: list[dict[str, Any]]) -> list[Any]:
    connection = duckdb.connect()
    rows = [dict(zip(SESSION, values, strict=True)) for values in sessions]
    searches = frame(connection, "searches", rows, SESSION)
    events = frame(connection, "events", rows[:1], SESSION)
    told = frame(connection, "outcomes", outcomes, OUTCOME)
    found = with_sessions(told, sessions_of(searches, events, told)).collect("pyarrow").to_native().to_pylist()
    return sorted(((row["judge"], row["session_key"]) for row in found), key=str)


def test_the_application_with_most_of_the_files_sessions_is_meant() -> None:
    log = [("tools", 1, 11), ("tools", 2, 12), ("web", 1, 21), ("web", 3, 23)]
    outcomes = [
        {"source": "f", "bare_session_key": 1, "judge": "a"},
        {"source": "f", "bare_session_key": 2, "judge": "b"},
    ]
    assert resolved(log, outcomes) == [("a", 11), ("b", 12)]


def test_where_two_are_even_nothing_is_guessed() -> None:
    log = [("tools", 1, 11), ("web", 1, 21)]
    assert resolved(log, [{"source": "f", "bare_session_key": 1, "judge": "a"}]) == [("a", None)]


def test_files_are_told_apart() -> None:
    log = [("tools", 1, 11), ("tools", 2, 12), ("web", 1, 21), ("web", 3, 23)]
    outcomes = [
        {"source": "f", "bare_session_key": 2, "judge": "a"},
        {"source": "g", "bare_session_key": 3, "judge": "b"},
        {"source": "g", "bare_session_key": 1, "judge": "c"},
    ]
    assert resolved(log, outcomes) == [("a", 12), ("b", 23), ("c", 21)]


@pytest.mark.parametrize(
    "outcome",
    [{"session_key": 99, "bare_session_key": 1}, {"search_key": 5, "bare_session_key": 1}],
    ids=["application given", "search given"],
)
def test_what_is_known_stays(outcome: dict[str, Any]) -> None:
    found = resolved([("tools", 1, 11)], [{"source": "f", "judge": "a", **outcome}])
    assert found == [("a", outcome.get("session_key"))]


def test_an_application_without_a_name_is_one_too() -> None:
    assert resolved([(None, 1, 11)], [{"source": "f", "bare_session_key": 1, "judge": "a"}]) == [("a", 11)]


def test_unknown_sessions_are_ambiguous() -> None:
    rows = pa.Table.from_pylist([{"search_key": None, "session_key": None}, {"search_key": 1, "session_key": None}])
    assert nw.from_native(rows).select(is_ambiguous().alias("x")).to_native()["x"].to_pylist() == [True, False]
