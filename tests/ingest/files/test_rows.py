from __future__ import annotations

from ingest.files import rows as rows_module
from ingest.files.contract import Chunk
from ingest.files.fields import Fields
from ingest.files.rows import Record, read_rows
from ingest.files.source import Source


def copies(fields: Fields) -> list[Record]:
    return [Record("outcomes", {"session_id": fields.identifier("id")})]


def test_chunks_are_bounded_by_rows_and_by_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(rows_module, "CHUNK_ROWS", 3)
    monkeypatch.setattr(rows_module, "CHUNK_BYTES", 100)
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"id": "a"}\n' * 7 + b'{"id": "%s"}\n' % (b"b" * 100) + b'{"id": "c"}\n')
    sizes = [len(item) for item in read_rows(Source(path, "r"), copies) if isinstance(item, Chunk)]
    assert sizes == [3, 3, 2, 1]
