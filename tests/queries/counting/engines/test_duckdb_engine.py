"""What is particular to DuckDB: files, spilling, no extensions."""

from __future__ import annotations

from pathlib import Path

import duckdb
import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from queries.counting.engines.duckdb_engine import DuckDBEngine
from queries.counting.limits import Limits


def no_files(_table: str) -> list[str]:
    return []


def test_paths_with_quotes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "it's a file.parquet"
    pq.write_table(pa.table({"a": [1, 2]}), path)
    with DuckDBEngine(lambda _table: [str(path)], tmp_path / "scratch") as engine:
        assert sorted(engine.arrow(engine.table("artifacts"))["a"].to_pylist()) == [1, 2]


def test_the_partition_column_stays_text(tmp_path: Path) -> None:
    for date in ("2026-01-02", "undated"):
        folder = tmp_path / f"event_date={date}"
        folder.mkdir()
        pq.write_table(pa.table({"search_key": [1]}), folder / "0.parquet")
    files = [str(path) for path in tmp_path.rglob("*.parquet")]
    with DuckDBEngine(lambda _table: files, tmp_path / "scratch") as engine:
        found = engine.arrow(engine.table("searches"))["event_date"].to_pylist()
    assert sorted(found) == ["2026-01-02", "undated"]


def test_it_spills_into_its_folder_and_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    rows = 3_000_000
    with DuckDBEngine(no_files, scratch, Limits("60MB", threads=1)) as engine:
        numbers = engine.register("numbers", pa.table({"a": pa.array(range(rows), pa.int64())}))
        wide = numbers.with_columns(*((nw.col("a") * k).alias(f"a{k}") for k in range(2, 8)))
        kept = engine.materialise("kept", wide)
        assert sum(path.stat().st_size for path in scratch.rglob("*") if path.is_file()) > 10_000_000
        assert engine.arrow(kept.select(nw.len().alias("n")))["n"].to_pylist() == [rows]
    assert list(scratch.iterdir()) == []


def test_a_name_may_be_materialised_again(tmp_path: Path) -> None:
    with DuckDBEngine(no_files, tmp_path) as engine:
        for value in (1, 2):
            kept = engine.materialise("kept", engine.register("value", pa.table({"a": [value]})))
            assert engine.arrow(kept)["a"].to_pylist() == [value]


def test_no_extension_is_ever_fetched(tmp_path: Path) -> None:
    with DuckDBEngine(no_files, tmp_path) as engine:
        settings = engine._connection.execute(
            "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'"
        ).fetchall()
        assert {value for _, value in settings} == {"false"}
        assert len(settings) == 2
    with pytest.raises(duckdb.Error):
        engine._connection.execute("SELECT 1")
