"""What a reader is: recognises a file by its content and yields its rows, good and bad, in order.

A reader knows one format and nothing of the ledger. It yields, in any mixture:

- `Chunk`: rows of one ledger table, column by column, with the line each came from;
- `Rejection`: one row that cannot be read, with the reason and the remedy;
- `Note`: something the person who imports should know, once for each file;
- `StartAgain`: what was yielded so far rested on a wrong assumption; the whole file follows anew.

Every row of the file appears in exactly one chunk or rejection: good + bad = rows read. Bad rows never stop a file.
Values stay as the format has them (times as text or numbers, client ids in clear): `ingest.border.canonical` brings
them to the ledger's form, so that no reader has its own idea of a date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

import pyarrow as pa

from ingest.files.head import Head
from ingest.files.source import Source


@dataclass(frozen=True)
class Rejection:
    """A row that cannot be taken. `line` counts from 1 (0: the file as a whole); `raw` is the row's bytes."""

    line: int
    code: str
    reason: str
    remedy: str
    raw: bytes = b""
    raw_bytes: int | None = None
    """Length of the whole row where `raw` is only its beginning."""


@dataclass(frozen=True)
class Note:
    """A remark about the file; `code` is stable, `text` is a sentence. Equal notes are counted, not repeated."""

    code: str
    text: str


@dataclass(frozen=True)
class StartAgain:
    """Everything yielded before is void."""


Column: TypeAlias = Sequence[Any] | pa.Array
"""Values of one column, as Python values or as Arrow has them."""


@dataclass
class Chunk:
    """Rows of one table. All columns, `lines` and the raw rows have the same length.

    Columns may be left out (all null). Column names by table: `COLUMNS`.
    """

    table: str
    columns: dict[str, Column]
    lines: Sequence[int]
    raw: Callable[[int], bytes]
    """Bytes of the i-th row of the chunk, asked for only when the row has to be quarantined."""
    notes: list[Note] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)


COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "artifacts": (
        "artifact_id", "name", "type", "url", "description", "license", "vendor", "pricing_model", "price", "tags",
        "downloads", "likes", "stars", "created_at", "updated_at", "status", "revised_at", "extra",
    ),
    "capabilities": (
        "capability_id", "artifact_id", "name", "description", "unique", "vs_alternatives", "intents", "best_for",
        "limitations", "requires", "input_types", "output_types", "parameters", "tags", "uri", "revised_at", "extra",
    ),
    "searches": (
        "search_id", "application", "kind", "time", "client_id", "session_id", "actor", "query_text", "hits",
        "first_position", "object_field", "extra",
    ),
    "events": (
        "event_id", "search_id", "application", "action_name", "time", "client_id", "session_id", "actor",
        "object_id", "object_field", "position", "dwell_seconds", "value", "worked", "query_text", "extra",
    ),
    "outcomes": (
        "application", "session_id", "search_id", "object_id", "outcome", "judge", "kind", "time", "extra",
    ),
}  # fmt: skip
"""Columns that a chunk may hold. Times (`time`, `..._at`) are ISO 8601 text, epoch numbers (seconds to
nanoseconds, by size) or datetimes; `extra` is a dict or None; list columns are lists of text."""


class Reader(Protocol):
    """One input format. Instances hold no state between files."""

    name: str
    """Name for `--format`, fixed by the design."""
    title: str
    """What the format is, in a few words."""
    tables: tuple[str, ...]
    """Ledger tables that its rows go to."""

    def recognises(self, head: Head) -> bool:
        """Say whether a file that begins like this has this format."""
        ...

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note | StartAgain]:
        """Yield the file's rows. Never raises for bad content: that is a `Rejection`."""
        ...


def chunk_of_records(
    table: str, records: Sequence[dict[str, Any]], lines: Sequence[int], raws: Sequence[bytes]
) -> Chunk:
    """Turn row dictionaries into a chunk; keys not in `COLUMNS[table]` are an error of the reader."""
    unknown = {key for record in records for key in record} - set(COLUMNS[table])
    if unknown:
        raise ValueError(f"reader yields columns that {table} does not have: {sorted(unknown)}")
    columns = {name: [record.get(name) for record in records] for name in COLUMNS[table]}
    return Chunk(table, dict(columns), list(lines), raws.__getitem__)
