"""One JSON value a line: a bad one costs its own row."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from ingest.files.contract import Note, Rejection
from ingest.files.rows import Row, rows
from ingest.files.source import Source
from tests.ingest.files.found_rows import brief, rows_of


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
