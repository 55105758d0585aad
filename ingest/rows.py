"""Files made of rows (JSON Lines, CSV, Parquet): streamed as dictionaries, collected into chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ingest.contract import Chunk, Note, Rejection, chunk_of_records
from ingest.csv_rows import csv_rows
from ingest.fields import BadField, Fields
from ingest.json_rows import json_rows
from ingest.parquet_rows import parquet_rows
from ingest.source import MAX_KEPT_BYTES, Source

CHUNK_ROWS: Final = 20_000
CHUNK_BYTES: Final = 32 << 20
"""A chunk ends at whichever of the two comes first, so that memory does not grow with the file or its rows."""

EMPTY_FILE: Final = Note("empty-file", "The file holds no rows.")


@dataclass(frozen=True)
class Row:
    """One row: its line (Parquet: row number), counted from 1, its values by name, and its bytes."""

    line: int
    values: dict[str, Any]
    raw: bytes

    def refused(self, error: BadField) -> Rejection:
        """Return this row's rejection for a field that cannot be taken."""
        return Rejection(self.line, error.code, error.reason, error.remedy, self.raw[:MAX_KEPT_BYTES], len(self.raw))


@dataclass(frozen=True)
class Record:
    """Values for one row of a ledger table."""

    table: str
    values: dict[str, Any]


Parsed = Record | Note | BadField
"""What a reader makes of a row. A `BadField` yielded refuses a part of the row; one raised refuses all of it."""


def rows(source: Source) -> Iterator[Row | Rejection | Note]:
    """Yield the rows of a JSON Lines, CSV or Parquet file, good and bad, in order; its beginning says which it is."""
    head = source.head()
    if head.is_parquet:
        found: Iterable[tuple[int, dict[str, Any], bytes] | Rejection | Note] = parquet_rows(source)
    elif head.records or head.text.lstrip()[:1] in ("{", "["):
        found = json_rows(source)
    else:
        found = csv_rows(source)
    for item in found:
        yield Row(*item) if isinstance(item, tuple) else item


def read_rows(source: Source, parse: Callable[[Fields], Iterable[Parsed]]) -> Iterator[Chunk | Rejection | Note]:
    """Read a file of rows with a function that turns the fields of one row into records, notes and refusals."""
    return collect(rows(source), parse)


def collect(
    items: Iterable[Row | Rejection | Note], parse: Callable[[Fields], Iterable[Parsed]]
) -> Iterator[Chunk | Rejection | Note]:
    """Parse rows and yield them as chunks of bounded size; notes that no row brought come before the first chunk."""
    pending: dict[str, _Pending] = {}
    seen_any = False
    for item in items:
        if not isinstance(item, Row):
            seen_any = seen_any or isinstance(item, Rejection)
            yield item
            continue
        seen_any = True
        for result in _parsed(item, parse):
            if isinstance(result, Record):
                waiting = pending.setdefault(result.table, _Pending(result.table))
                waiting.add(result.values, item)
                if waiting.is_full:
                    yield waiting.take()
            else:
                yield result
    for waiting in pending.values():
        if waiting.lines:
            yield waiting.take()
    if not seen_any:
        yield EMPTY_FILE


def _parsed(row: Row, parse: Callable[[Fields], Iterable[Parsed]]) -> list[Record | Note | Rejection]:
    fields = Fields(row.values)
    try:
        results = list(parse(fields))
    except BadField as error:
        return [row.refused(error)]
    found = [row.refused(result) if isinstance(result, BadField) else result for result in results]
    return [*found, *fields.notes]


@dataclass
class _Pending:
    """Records of one table that wait for their chunk to be full."""

    table: str
    records: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    total_bytes: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= CHUNK_ROWS or self.total_bytes >= CHUNK_BYTES

    def add(self, values: dict[str, Any], row: Row) -> None:
        self.records.append(values)
        self.lines.append(row.line)
        self.raws.append(row.raw)
        self.total_bytes += len(row.raw)

    def take(self) -> Chunk:
        chunk = chunk_of_records(self.table, self.records, self.lines, self.raws)
        self.records, self.lines, self.raws, self.total_bytes = [], [], [], 0
        return chunk
