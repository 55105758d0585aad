"""Rows of a file that a test wrote, and what is told of them in short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.files.contract import Note, Rejection
from ingest.files.rows import Row, rows
from ingest.files.source import Source


def rows_of(tmp_path: Path, data: bytes | str, name: str = "file") -> list[Row | Rejection | Note]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(rows(Source(path, name)))


def brief(items: list[Any]) -> list[Any]:
    """Good rows as (line, values), bad ones as (line, code)."""
    return [
        (item.line, item.values if isinstance(item, Row) else item.code) for item in items if not isinstance(item, Note)
    ]
