"""Rows of an analyst's query as table and as CSV."""

import csv
from datetime import UTC, datetime

import pyarrow as pa

from api.render.query_result import csv_text, json_answer, result_page
from graph.projections.query_result import QueryResult
from tests.api.render.reading import lines

TABLE = pa.table(
    {
        "name": ['a, "b"\x1b[31m', None],
        "n": [1, None],
        "tags": [["x", "ü"], []],
        "at": pa.array([datetime(2026, 11, 1, tzinfo=UTC), None], pa.timestamp("us", "UTC")),
    }
)


def test_csv_reads_back_with_lists_as_json_and_unknown_values_as_nothing() -> None:
    rows = list(csv.reader(csv_text(QueryResult(TABLE, truncated=False)).splitlines()))
    assert rows == [
        ["name", "n", "tags", "at"],
        ['a, "b"\x1b[31m', "1", '["x", "ü"]', "2026-11-01T00:00:00Z"],
        ["", "", "[]", ""],
    ]


def test_a_page_shows_what_is_not_known_and_no_hidden_characters() -> None:
    shown = lines(result_page(QueryResult(TABLE, truncated=False)))
    assert 'a, "b"[31m 1 ["x", "ü"] 2026-11-01T00:00:00Z' in shown
    assert "— — [] —" in shown
    assert lines(result_page(QueryResult(TABLE.slice(0, 0), truncated=False))) == ["No rows."]


def test_json_says_that_there_are_more_rows() -> None:
    answer = json_answer(QueryResult(TABLE, truncated=True))
    assert (answer["columns"], answer["truncated"], answer["rows"][1]["n"]) == (["name", "n", "tags", "at"], True, None)
