"""Small ledger batches for tests."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from graph.schemas import LEDGER_TABLES


def batch(table: str, rows: list[dict[str, Any]]) -> pa.RecordBatch:
    """Make a batch of a ledger table from the columns that matter; the others are null."""
    schema = LEDGER_TABLES[table]
    full = [{name: row.get(name) for name in schema.names} for row in rows]
    return pa.RecordBatch.from_pylist(full, schema=schema)


def events(hashes: list[int], date: str = "2026-05-01") -> pa.RecordBatch:
    """Make events that have nothing but their identity and their day."""
    return batch("events", [{"content_hash": value, "event_date": date, "action": "click"} for value in hashes])
