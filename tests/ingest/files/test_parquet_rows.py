"""Rows of Parquet files."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.files.fields import Fields
from ingest.files.rows import Row, rows
from ingest.files.source import Source
from tests.ingest.files.found_rows import brief, rows_of
from tests.ingest.samples import parquet


def test_parquet_values_become_plain(tmp_path):
    stamp = pa.array([1_767_225_600_000_000_123], pa.timestamp("ns", "UTC"))
    table = pa.table({"id": ["a"], "at": stamp, "n": [float("nan")], "tags": [["x", "y"]]})
    pq.write_table(table, tmp_path / "t.parquet")
    (row,) = list(rows(Source(tmp_path / "t.parquet", "t")))
    assert isinstance(row, Row)
    assert row.line == 1
    assert row.values["at"] == "2026-01-01T00:00:00Z"
    assert row.values["tags"] == ["x", "y"]
    assert "n" not in Fields(row.values)


def test_a_damaged_parquet_file_is_one_rejection(tmp_path):
    data = parquet(*({"id": str(number)} for number in range(100)))
    assert brief(rows_of(tmp_path, data[: len(data) // 2])) == [(1, "damaged-parquet")]
