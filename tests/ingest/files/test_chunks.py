"""Chunks of one table as one."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ingest.files.chunks import joined
from ingest.files.contract import Chunk, Note


def chunk(lines: range | list[int], notes: tuple[str, ...] = (), **columns: Any) -> Chunk:
    return Chunk(
        "events", columns, lines, lambda index: f"line {lines[index]}".encode(), [Note(code, "") for code in notes]
    )


def test_rows_keep_their_order_their_lines_and_their_bytes() -> None:
    one, two, three = chunk(range(1, 3), n=[1, 2]), chunk([4], n=[4]), chunk(range(6, 8), n=[6, 7])
    whole = joined([one, two, three])
    assert (list(whole.lines), whole.columns["n"]) == ([1, 2, 4, 6, 7], [1, 2, 4, 6, 7])
    assert [whole.raw(index) for index in range(len(whole))] == [f"line {n}".encode() for n in (1, 2, 4, 6, 7)]


def test_lines_without_a_gap_stay_a_range() -> None:
    assert joined([chunk(range(1, 3)), chunk([3]), chunk(range(4, 6))]).lines == range(1, 6)


def test_arrow_columns_stay_arrow_and_are_null_where_a_chunk_lacks_them() -> None:
    whole = joined([chunk([1], a=pa.array(["x"])), chunk([2, 3]), chunk([4], b=pa.array([1.5]))])
    assert whole.columns["a"].equals(pa.array(["x", None, None, None]))
    assert whole.columns["b"].equals(pa.array([None, None, None, 1.5]))


def test_a_column_that_is_a_list_in_one_chunk_is_a_list() -> None:
    whole = joined([chunk([1], time=pa.array(["2026"])), chunk([2], time=[5]), chunk([3])])
    assert whole.columns["time"] == ["2026", 5, None]


def test_notes_are_kept() -> None:
    assert [note.code for note in joined([chunk([1], ("a",)), chunk([2], ("b", "a"))]).notes] == ["a", "b", "a"]
