"""Point look-ups: the snapshot's tables once more as an indexed SQLite file.

Measured: 0.03 ms for a row by key, against 10 to 55 ms from Parquet or DuckDB.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa

from graph.snapshot_schemas import SNAPSHOT_TABLES

INDEXED: Final[dict[str, tuple[str, ...]]] = {
    "artifacts": ("artifact_id", "object_key", "type"),
    "capabilities": ("capability_id", "artifact_id", "object_key"),
    "intents": ("intent_key", "intent_id"),
    "text_intents": ("text_key", "intent_key"),
    "edges": ("intent_key", "artifact_id", "capability_id"),
    "judgments": ("intent_key", "artifact_id"),
    "evidence": ("artifact_id",),
    "evidence_by_actor": ("artifact_id",),
    "ranks": ("artifact_id",),
    "rank_parts": ("artifact_id",),
    "concepts": ("concept_uri", "capability_id", "artifact_id"),
    "concept_aliases": ("alias_uri",),
    "capability_pairs": ("capability_a", "capability_b", "artifact_a", "artifact_b"),
    "related": ("artifact_id",),
    "duplicates": ("artifact_id",),
    "one_thing": ("artifact_id", "listed_as"),
    "head_to_head": ("artifact_a",),
}
_ROWS_PER_STEP: Final = 50_000
_MAX_KEPT: Final = 20_000
"""Rows kept for each kind of question; one takes about a kilobyte."""

_UNREAD: Final = object()


def write_lookup(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write the tables to a new SQLite file, with an index on every column of `INDEXED`."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        for name, table in tables.items():
            _write_table(connection, name, table)
        connection.execute("ANALYZE")
    finally:
        connection.close()


def _write_table(connection: sqlite3.Connection, name: str, table: pa.Table) -> None:
    columns = ", ".join(f'"{field.name}" {_sqlite_type(field.type)}' for field in table.schema)
    marks = ", ".join("?" for _ in table.schema)
    connection.execute(f'CREATE TABLE "{name}" ({columns})')
    connection.execute("BEGIN")
    for batch in table.to_batches(_ROWS_PER_STEP):
        connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', _sqlite_rows(batch))
    connection.execute("COMMIT")
    for column in INDEXED[name]:
        connection.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')


def _sqlite_rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    columns, encode = [], msgspec.json.Encoder().encode
    for field, column in zip(batch.schema, batch.columns, strict=True):
        values = column.to_pylist()
        if pa.types.is_nested(field.type):
            values = [None if value is None else encode(value).decode() for value in values]
        columns.append(values)
    return zip(*columns, strict=True)


def _sqlite_type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "INTEGER"
    return "REAL" if pa.types.is_floating(kind) else "TEXT"


class LookupFile:
    """The look-ups of one snapshot. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._kept: dict[tuple[str, ...], dict[Any, Any]] = {}

    def rows(self, table: str, equals: Mapping[str, str | int]) -> list[dict[str, Any]]:
        """Return the rows whose columns have the given values, in the table's order."""
        where = " AND ".join(f'"{SNAPSHOT_TABLES[table].field(column).name}" = ?' for column in equals) or "1"
        return self._read(table, SNAPSHOT_TABLES[table].names, where, tuple(equals.values()))

    def by_key(
        self, table: str, key: str, values: Sequence[str | int], columns: Sequence[str]
    ) -> dict[Any, dict[str, Any]]:
        """Return value of `key` → these columns of its row, of several rows the first. The rows are not to be changed.

        What was read is kept: the popular is asked for again and again.
        """
        kept = self._kept.setdefault((table, key, *columns), {})
        found = {value: kept.get(value, _UNREAD) for value in values}
        unread = [value for value, row in found.items() if row is _UNREAD]
        if unread:
            if len(kept) + len(unread) > _MAX_KEPT:
                kept.clear()
            where = f'"{key}" IN ({", ".join("?" * len(unread))})'
            read = {row[key]: row for row in reversed(self._read(table, [key, *columns], where, tuple(unread)))}
            new = {value: read.get(value) for value in unread}
            kept.update(new)
            found.update(new)
        return {value: row for value, row in found.items() if row is not None}

    def _read(self, table: str, columns: Sequence[str], where: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        named = ", ".join(f'"{SNAPSHOT_TABLES[table].field(column).name}"' for column in columns)
        sql = f'SELECT {named} FROM "{table}" WHERE {where} ORDER BY rowid'
        found = self._connection().execute(sql, values).fetchall()
        decoded = _DECODED[table]
        restored = [(name, back) for name in columns if (back := decoded.get(name))]
        rows = [dict(zip(columns, row, strict=True)) for row in found]
        for row in rows:
            for name, back in restored:
                if row[name] is not None:
                    row[name] = back(row[name])
        return rows

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(self._uri, uri=True)
        return connection


def _decoders(schema: pa.Schema) -> dict[str, Callable[[Any], Any]]:
    """Return what brings values back to their type, for the columns that SQLite keeps as another."""
    nested = {field.name: msgspec.json.decode for field in schema if pa.types.is_nested(field.type)}
    return {**nested, **{field.name: bool for field in schema if pa.types.is_boolean(field.type)}}


_DECODED: Final = {name: _decoders(schema) for name, schema in SNAPSHOT_TABLES.items()}
