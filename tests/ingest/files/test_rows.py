from __future__ import annotations

import csv
import io
import json
import tracemalloc
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import csv_rows as csv_module
from ingest.files import rows as rows_module
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.fields import Fields
from ingest.files.rows import Record, Row, read_rows, rows
from ingest.files.source import Source
from tests.ingest.samples import parquet


def rows_of(tmp_path, data: bytes | str, name: str = "file") -> list[Row | Rejection | Note]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(rows(Source(path, name)))


def brief(items: list[Any]) -> list[Any]:
    """Good rows as (line, values), bad ones as (line, code)."""
    return [
        (item.line, item.values if isinstance(item, Row) else item.code) for item in items if not isinstance(item, Note)
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"id": "a"', "invalid-json"),
        (b"nonsense", "invalid-json"),
        (b'{"id": "\xff"}', "invalid-utf8"),
        (b'{"id": "a\0"}', "nul-character"),
        (b'["id"]', "not-an-object"),
        (b"5", "not-an-object"),
        (b'{"n": Infinity}', "not-a-number"),
        (b'{"n": [1, NaN, -Infinity]}', "not-a-number"),
        (b'{"n": 1e999}', "not-a-number"),
        (b'{"id": "a", "id": "b"}', "duplicate-key"),
        (b'{"x": {"id": 1, "id" : 2}}', "duplicate-key"),
        (b'{"x": ' + b"[" * 100 + b"]" * 100 + b"}", "too-deep"),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too-deep"),
        (b'{"x": "\\ud800"}', "invalid-json"),
    ],
)
def test_a_bad_json_line_is_refused_by_its_fault(tmp_path, line, code):
    found = brief(rows_of(tmp_path, b'{"ok": 1}\n' + line + b'\n\n{"ok": 2}\n'))
    assert found == [(1, {"ok": 1}), (2, code), (4, {"ok": 2})]


def test_text_that_looks_like_a_repeated_name_is_none(tmp_path):
    row = {"a": ': "a": ', "b": {"a": '":'}}
    assert brief(rows_of(tmp_path, json.dumps(row))) == [(1, row)]


def test_nan_is_not_known(tmp_path):
    first, second = rows_of(tmp_path, b'{"a": NaN, "text": "NaN \\" NaN"}\n')
    assert isinstance(first, Note)
    assert isinstance(second, Row)
    assert second.values == {"a": None, "text": 'NaN " NaN'}


def test_a_line_of_fifty_megabytes_costs_one_row_and_little_memory(tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"ok": 1}\n{"x": "')
        for _ in range(50):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n{"ok": 2}\n')
    tracemalloc.start()
    found = list(rows(Source(path, "long")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert brief(found) == [(1, {"ok": 1}), (2, "line-too-long"), (3, {"ok": 2})]
    assert isinstance(found[1], Rejection)
    assert found[1].raw_bytes == (50 << 20) + 9
    assert len(found[1].raw) <= 1 << 16
    assert peak < 64 << 20


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;'), max_size=8)


@given(table=st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=6))
def test_csv_is_read_as_python_writes_it(tmp_path_factory, table):
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["first", "second"])
    writer.writerows(table)
    found = rows_of(tmp_path_factory.mktemp("csv"), buffer.getvalue())
    values = [list(item.values.values()) for item in found if isinstance(item, Row)]
    assert values == [[cell or None for cell in row] for row in table]
    assert len(values) == len(found)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"only", "wrong-field-count"),
        (b"one,two,three", "wrong-field-count"),
        (b'"open,two', "unclosed-quote"),
        (b'"closed"x,two', "invalid-csv"),
        (b"\xff,two", "invalid-utf8"),
        (b"a\0b,two", "nul-character"),
    ],
)
def test_a_bad_csv_record_costs_one_row(tmp_path, line, code):
    found = brief(rows_of(tmp_path, b'a,b\n1,"x\ny"\n' + line + b"\n\n2,z\n3,\n"))
    good = [(2, {"a": "1", "b": "x\ny"}), (6, {"a": "2", "b": "z"}), (7, {"a": "3", "b": None})]
    assert [item for item in found if item[1] != code] == good
    assert [item for item in found if item[1] == code] == [(4, code)]


def test_an_open_quote_does_not_swallow_a_long_file(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_module, "MAX_RECORD_BYTES", 1_000)
    body = b"".join(b"%d,x\n" % number for number in range(2_000))
    found = brief(rows_of(tmp_path, b'a,b\n"open,\n' + body))
    assert found[0] == (2, "unclosed-quote")
    assert len(found) == 2_001


def test_what_is_kept_of_a_bad_csv_row_can_be_read_alone(tmp_path):
    found = rows_of(tmp_path, b'a,b\n1\n"2,x\n')
    assert [item.raw for item in found if isinstance(item, Rejection)] == [b"a,b\n1", b'a,b\n"2,x']


def test_a_column_name_that_stands_twice_is_kept_apart(tmp_path):
    note, row = rows_of(tmp_path, b"id,x,x\n1,2,3\n")
    assert isinstance(note, Note)
    assert isinstance(row, Row)
    assert row.values == {"id": "1", "x": "2", "x#2": "3"}


def test_parquet_values_become_plain(tmp_path):
    stamp = pa.array([1_767_225_600_000_000_123], pa.timestamp("ns", "UTC"))
    table = pa.table({"id": ["a"], "at": stamp, "n": [float("nan")], "tags": [["x", "y"]]})
    pq.write_table(table, tmp_path / "t.parquet")
    (row,) = list(rows(Source(tmp_path / "t.parquet", "t")))
    assert isinstance(row, Row)
    assert row.line == 1
    assert row.values["at"] == "2026-01-01T00:00:00Z"
    assert row.values["tags"] == ["x", "y"]
    assert "n" not in Fields(row.values)


def test_a_damaged_parquet_file_is_one_rejection(tmp_path):
    data = parquet(*({"id": str(number)} for number in range(100)))
    assert brief(rows_of(tmp_path, data[: len(data) // 2])) == [(1, "damaged-parquet")]


def copies(fields: Fields) -> list[Record]:
    return [Record("outcomes", {"session_id": fields.identifier("id")})]


def test_chunks_are_bounded_by_rows_and_by_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(rows_module, "CHUNK_ROWS", 3)
    monkeypatch.setattr(rows_module, "CHUNK_BYTES", 100)
    path = tmp_path / "r.jsonl"
    path.write_bytes(b'{"id": "a"}\n' * 7 + b'{"id": "%s"}\n' % (b"b" * 100) + b'{"id": "c"}\n')
    sizes = [len(item) for item in read_rows(Source(path, "r"), copies) if isinstance(item, Chunk)]
    assert sizes == [3, 3, 2, 1]
