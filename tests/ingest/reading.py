"""Reading bytes with one reader, the way a test wants to see it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.files.contract import Chunk, Note, Reader, Rejection, StartAgain
from ingest.files.source import Source


@dataclass
class Found:
    """What a reader yielded: records by table (without the empty columns), rejections, notes."""

    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(rejection.line, rejection.code) for rejection in self.rejections]

    @property
    def note_codes(self) -> set[str]:
        return {note.code for note in self.notes}


def read_file(reader: Reader, path: Path) -> Found:
    found = Found()
    for item in reader.read(Source(path, path.name)):
        if isinstance(item, Rejection):
            found.rejections.append(item)
        elif isinstance(item, Note):
            found.notes.append(item)
        elif isinstance(item, StartAgain):
            found = Found()
        else:
            found.chunks.append(item)
            found.notes.extend(item.notes)
            found.lines.setdefault(item.table, []).extend(item.lines)
            for place in range(len(item)):
                values = {name: _plain(column[place]) for name, column in item.columns.items()}
                known = {name: value for name, value in values.items() if value is not None}
                found.records.setdefault(item.table, []).append(known)
    return found


def _plain(value: Any) -> Any:
    return value.as_py() if isinstance(value, pa.Scalar) else value


def read_bytes(reader: Reader, folder: Path, data: bytes | str, name: str = "file.jsonl") -> Found:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_file(reader, path)


def head_of(folder: Path, data: bytes | str, name: str) -> Any:
    path = folder / name
    raw = data.encode() if isinstance(data, str) else data
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return Source(path, name).head()
