"""Decoding that learns the fields of a log."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import learning_decoder
from ingest.files.learning_decoder import Decoded, LearningDecoder, fields, nested
from ingest.files.source import Lines

LAYOUT = {"": [("name", str | None), ("size", int | None)], "more": [("note", str | None)]}


def decode(data: bytes, rare: dict[str, Any] | None = None, first: int = 1) -> Decoded:
    return LearningDecoder(LAYOUT, rare).decode(Lines(first, data))


def test_known_fields_only() -> None:
    decoded = decode(b'{"name":"a","size":1}\n{"name":"b","more":{"note":"x"}}\n')
    assert fields(decoded.rows, "name") == ["a", "b"]
    assert fields(nested(decoded.rows, "more"), "note") == [None, "x"]
    assert (list(decoded.lines), decoded.extras, decoded.rejections) == ([1, 2], None, [])


def test_unknown_fields_are_kept_where_they_stood() -> None:
    decoded = decode(b'{"name":"a","odd-name":[1],"more":{"class":{"x":1}}}\n{"name":"b"}\n')
    assert decoded.extras == [{"odd-name": [1], "more": {"class": {"x": 1}}}, None]


def test_rare_fields_are_typed_once_they_are_seen() -> None:
    decoder = LearningDecoder(LAYOUT, {"more.grade": int | None})
    assert not decoder.has("more", "grade")
    decoded = decoder.decode(Lines(1, b'{"more":{"grade":3}}\n{"more":{"grade":"x"}}\n'))
    assert decoder.has("more", "grade")
    assert fields(nested(decoded.rows, "more"), "grade") == [3]
    assert [(r.line, r.code) for r in decoded.rejections] == [(2, "wrong-type")]


def test_bad_lines_are_told_apart_from_good_ones() -> None:
    data = b'{"name":"a"}\n\n{"name":5}\n{"name":"b"\n{"name":"\xff"}\n[1]\n{"name":"c"}\r\n{"name":"\\ud800"}'
    decoded = decode(data, first=10)
    assert (fields(decoded.rows, "name"), list(decoded.lines)) == (["a", "c"], [10, 16])
    assert [(r.line, r.code) for r in decoded.rejections] == [
        (12, "wrong-type"),
        (13, "invalid-json"),
        (14, "invalid-utf8"),
        (15, "wrong-type"),
        (17, "invalid-json"),
    ]
    assert decoded.rejections[0].raw == b'{"name":5}'
    assert "$.name" in decoded.rejections[0].reason


def test_more_new_fields_than_are_learnt_are_kept_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning_decoder, "MAX_LEARNT", 2)
    rows = [{"name": "a", f"field{index}": index, "more": {f"inner{index}": 1}} for index in range(4)]
    decoded = decode("\n".join(map(json.dumps, rows)).encode())
    assert decoded.extras is not None
    assert [{"name": "a", **(extra or {})} for extra in decoded.extras] == rows


values = st.one_of(st.none(), st.booleans(), st.integers(-(2**50), 2**50), st.text(max_size=5))


@given(st.lists(st.dictionaries(st.text(max_size=6), values, max_size=5), min_size=1, max_size=8))
def test_nothing_but_null_is_ever_lost(rows: list[dict[str, Any]]) -> None:
    """What goes in as an unknown field comes out again, whatever it is called."""
    rows = [{key: value for key, value in row.items() if key not in ("name", "size", "more")} for row in rows]
    decoded = decode("\n".join(json.dumps(row) for row in rows).encode())
    assert decoded.rejections == []
    kept = [extra or {} for extra in decoded.extras or [None] * len(rows)]
    assert kept == [{key: value for key, value in row.items() if value is not None} for row in rows]
