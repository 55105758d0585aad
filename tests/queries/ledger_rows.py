"""Ledger rows written by hand, and engines over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from graph.keys import stable_key
from graph.schemas import LEDGER_TABLES, PARTITION_COLUMN, UNDATED
from graph.text import normalise_query
from queries.counting.engine import Change, Engine, Frame
from queries.counting.engines.duckdb_engine import DuckDBEngine
from queries.counting.limits import Limits

DAY = 86_400_000_000
START = 1_760_000_000_000_000 // DAY * DAY


def at(day: int, second: int = 0) -> int:
    """Microseconds of a second of a day, counted from the first day of the tests."""
    return START + day * DAY + second * 1_000_000


_hashes = count(1)


def search(search_id: str, text: str, *, hits: Sequence[str] = (), **fields: Any) -> dict[str, Any]:
    norm = normalise_query(text)
    row = {
        "search_key": stable_key("s", search_id),
        "search_id": search_id,
        "kind": "log",
        "actor": "human",
        "query_text": text,
        "query_norm": norm,
        "text_key": stable_key(norm),
        "hits": list(hits),
        "shown": [{"position": place, "object_key": stable_key(hit)} for place, hit in _once(hits)],
    }
    return _row(row, fields)


def _once(hits: Sequence[str]) -> list[tuple[int, str]]:
    return [(place, hit) for place, hit in enumerate(hits, 1) if hit not in hits[: place - 1]]


def event(search_id: str | None, action: str, object_id: str, **fields: Any) -> dict[str, Any]:
    row = {
        "search_key": stable_key("s", search_id) if search_id else None,
        "search_id": search_id,
        "action": action,
        "action_name": action,
        "actor": "human",
        "object_id": object_id,
        "object_key": stable_key(object_id),
    }
    return _row(row, fields)


def outcome(verdict: str, kind: str, judge: str, **fields: Any) -> dict[str, Any]:
    if "search" in fields:
        fields["search_key"] = stable_key("s", fields.pop("search"))
    if "object_id" in fields:
        fields["object_key"] = stable_key(fields["object_id"])
    return _row({"outcome": verdict, "kind": kind, "judge": judge}, fields)


def described(table: str, **fields: Any) -> dict[str, Any]:
    return _row({}, {"source": f"{table}.jsonl", **fields})


def _row(row: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("client", "session"):
        if name in fields:
            row[f"{name}_key"] = stable_key(name, fields[name])
    merged = {**row, **{name: value for name, value in fields.items() if name not in ("client", "session")}}
    time = merged.get("ts_us")
    merged["event_date"] = UNDATED if time is None else datetime.fromtimestamp(time / 1e6, UTC).strftime("%Y-%m-%d")
    number = next(_hashes)
    return {"source": "by hand", "source_row": number, "content_hash": number, "ingested_at": at(0), **merged}


def ledger(**rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Table]:
    """Return every ledger table, filled with the given rows."""
    return {
        name: pa.Table.from_pylist([{key: row.get(key) for key in schema.names} for row in rows.get(name, ())], schema)
        for name, schema in LEDGER_TABLES.items()
    }


@contextmanager
def duckdb_engine(tables: Mapping[str, pa.Table]) -> Iterator[Engine]:
    """The real engine over Parquet files laid out as the ledger lays them out."""
    with TemporaryDirectory() as folder:
        for name, table in tables.items():
            write_table(Path(folder) / name, name, table)

        def files(name: str) -> list[str]:
            return sorted(str(path) for path in (Path(folder) / name).rglob("*.parquet"))

        with DuckDBEngine(files, Path(folder) / "scratch", Limits("512MB", threads=2)) as engine:
            yield engine


def write_table(path: Path, name: str, table: pa.Table, basename: str = "part-{i}.parquet") -> None:
    """Write rows as one more import lays them out."""
    if not table.num_rows:
        return
    if name not in PARTITION_COLUMN:
        path.mkdir(exist_ok=True)
        pq.write_table(table, path / basename.format(i=0))
        return
    partition = ds.partitioning(pa.schema([table.schema.field(PARTITION_COLUMN[name])]), flavor="hive")
    ds.write_dataset(
        table,
        path,
        format="parquet",
        partitioning=partition,
        basename_template=basename,
        existing_data_behavior="overwrite_or_ignore",
    )


class PolarsEngine:
    """Another engine for the same frames: shows that the job does not lean on DuckDB."""

    name = "polars"
    searches_at_once = 3

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables

    def table(self, name: str, files: Sequence[str] | None = None) -> Frame:
        assert files is None, "there are none"
        return self.register(name, self._tables[name])

    def register(self, name: str, table: pa.Table) -> Frame:
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return nw.from_native(frame.lazy())

    def materialise(self, name: str, frame: Frame) -> Frame:
        collected: pl.DataFrame = frame.collect("polars").to_native()
        return nw.from_native(collected.lazy())

    @contextmanager
    def passing(self) -> Iterator[None]:
        yield

    def arrow(self, frame: Frame) -> pa.Table:
        table: pa.Table = frame.collect("pyarrow").to_native()
        return table

    def save(self, frame: Frame, path: Path) -> None:
        pq.write_table(self.arrow(frame), path)

    def in_parts(self, table: pa.Table, change: Change) -> pa.Table:
        return change(table)

    def load(self, paths: Sequence[Path]) -> Frame:
        return nw.concat([self.register("", pq.read_table(path)) for path in paths])


@contextmanager
def polars_engine(tables: Mapping[str, pa.Table]) -> Iterator[Engine]:
    yield PolarsEngine(tables)
