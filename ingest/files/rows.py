"""Files made of rows (JSON Lines, CSV, Parquet): streamed as dictionaries, collected into chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ingest.files.contract import Chunk, Note, Rejection, chunk_of_records
from ingest.files.csv_rows import csv_rows
from ingest.files.documents import json_values, note_if_empty
from ingest.files.fields import BadField, Fields
from ingest.files.parquet_rows import parquet_rows
from ingest.files.source import Source
from ingest.files.text_lines import refused

CHUNK_ROWS: Final = 20_000
CHUNK_BYTES: Final = 32 << 20
"""A chunk ends at whichever of the two comes first, so that memory does not grow with the file or its rows."""


@dataclass(frozen=True)
class Row:
    """One row: its line (Parquet: row number), counted from 1, its values by name, and its bytes."""

    line: int
    values: dict[str, Any]
    raw: bytes

    def refused(self, error: BadField) -> Rejection:
        """Return this row's rejection for a field that cannot be taken."""
        return refused(self.line, error.code, error.reason, error.remedy, self.raw)


@dataclass(frozen=True)
class Record:
    """Values for one row of a ledger table."""

    table: str
    values: dict[str, Any]


Parsed = Record | Note | BadField
"""What a reader makes of a row. A `BadField` yielded refuses a part of the row; one raised refuses all of it."""


def rows(source: Source) -> Iterator[Row | Rejection | Note]:
    """Yield the rows of a JSON Lines, JSON, CSV or Parquet file, good and bad, in order; its beginning says which."""
    head = source.head()
    if head.is_parquet:
        found: Iterable[tuple[int, dict[str, Any], bytes] | Rejection | Note] = parquet_rows(source)
    elif head.records or head.text.lstrip()[:1] in ("{", "["):
        found = json_values(source)
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
    """Parse rows and yield what they hold as chunks."""
    return in_chunks(result for item in items for result in _parsed(item, parse))


def in_chunks(items: Iterable[tuple[Record, Row] | Rejection | Note]) -> Iterator[Chunk | Rejection | Note]:
    """Gather records, each with the row it came from, into chunks of bounded size; pass on the rest as it comes.

    A file without records and rejections gets the note `empty-file`.
    """
    return note_if_empty(_gathered(items))


def _gathered(items: Iterable[tuple[Record, Row] | Rejection | Note]) -> Iterator[Chunk | Rejection | Note]:
    pending: dict[str, _Pending] = {}
    for item in items:
        if not isinstance(item, tuple):
            yield item
            continue
        record, row = item
        waiting = pending.setdefault(record.table, _Pending(record.table))
        waiting.add(record.values, row)
        if waiting.is_full:
            yield waiting.take()
    yield from (waiting.take() for waiting in pending.values() if waiting.lines)


def _parsed(
    row: Row | Rejection | Note, parse: Callable[[Fields], Iterable[Parsed]]
) -> list[tuple[Record, Row] | Rejection | Note]:
    if not isinstance(row, Row):
        return [row]
    fields = Fields(row.values)
    try:
        results = list(parse(fields))
    except BadField as error:
        return [row.refused(error)]
    return [*(place(result, row) for result in results), *fields.notes]


def place(result: Parsed, row: Row) -> tuple[Record, Row] | Rejection | Note:
    """Tie what was made of a row to the row."""
    if isinstance(result, Record):
        return result, row
    return row.refused(result) if isinstance(result, BadField) else result


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
