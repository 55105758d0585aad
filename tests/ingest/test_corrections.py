"""Files of corrections."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadInput
from ingest.corrections import read_corrections


def test_lines_are_read_by_id_and_other_fields_are_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "fixed.jsonl"
    file.write_text('{"id": -5, "raw": "{}", "code": "x"}\r\n\n{"id": 7, "raw": "a\\nb"}\n{"id": 7, "raw": "a\\nb"}')
    assert read_corrections(file) == {-5: "{}", 7: "a\nb"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": 1', "truncated"),
        (b'{"id": 1}', "raw"),
        (b'{"id": "1", "raw": ""}', "id"),
        (b'{"id": 1, "raw": {"event_id": "e1"}}', "raw"),
        (b"[]", "array"),
        (b'{"id": 1, "raw": "\xff"}', "UTF-8|utf-8"),
        (b'{"id": 0, "raw": "other"}', "corrected otherwise"),
    ],
)
def test_a_line_that_is_no_correction_is_named_with_its_reason(tmp_path: Path, line: bytes, reason: str) -> None:
    file = tmp_path / "fixed.jsonl"
    file.write_bytes(b'{"id": 0, "raw": ""}\n\n' + line + b"\n")
    with pytest.raises(BadInput, match=f"fixed.jsonl, line 3: .*({reason})"):
        read_corrections(file)
