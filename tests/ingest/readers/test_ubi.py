"""Searches and events in UBI form, as their readers find them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.readers import ubi, ubi_events, ubi_queries
from tests.ingest.reading import Found, read_bytes, read_file


def event(position: Any, action: str = "impression", application: str | None = "shop", **more: Any) -> dict[str, Any]:
    attributes = {"object": {"object_id": "tool"}, "position": {"ordinal": position}, **more}
    return {"action_name": action, "application": application, "query_id": "q", "event_attributes": attributes}


def lines(*rows: dict[str, Any] | str) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


def positions(found: Found) -> list[Any]:
    return [record.get("position") for record in found.records["events"]]


def test_an_impression_at_0_raises_the_positions_of_its_application_alone(tmp_path: Path) -> None:
    rows = [event(0), event(3, "click"), event(None), event(-1), event(2, application="docs"), event(0, "click", None)]
    found = read_bytes(ubi_events.READER, tmp_path, lines(*rows))
    assert positions(found) == [1, 4, None, -1, 2, 1]
    assert [note.text.split(" count")[0] for note in found.notes] == [
        "positions of events without application",
        "positions of shop",
    ]


def test_a_click_at_0_is_outside_of_a_list_that_counts_from_1(tmp_path: Path) -> None:
    found = read_bytes(ubi_events.READER, tmp_path, lines(event(1), event(0, "click"), event(2, "IMPRESSION")))
    assert (positions(found), found.notes) == ([1, 0, 2], [])


def test_what_comes_late_in_a_file_is_taken_as_what_comes_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small blocks and chunks give the rows that one large block gives, new fields, numbers as times and all."""
    rows: list[dict[str, Any] | str] = [
        {**event(number + 1, rating=4, note={"n": number}), "timestamp": "2026-05-01T00:00:00Z"} for number in range(40)
    ]
    rows[5:5] = ["", '{"action_name": 5}']
    rows += [{**event(7), "timestamp": 1_777_636_800}, "", event(8, success=True), "{", event(9)]
    whole = read_bytes(ubi_events.READER, tmp_path, lines(*rows))
    monkeypatch.setattr(ubi, "DECODED_BYTES", 300)
    monkeypatch.setattr(ubi, "ROWS_PER_CHUNK", 7)
    parts = read_bytes(ubi_events.READER, tmp_path, lines(*rows))
    assert len(parts.chunks) > len(whole.chunks) == 1
    assert (parts.records, parts.lines, parts.rejections) == (whole.records, whole.lines, whole.rejections)


def test_a_row_is_quarantined_as_it_stands_in_the_file(tmp_path: Path) -> None:
    odd = '{ "query_id":"q",  "action_name":"click", "timestamp":"soon" }'
    chunk = read_bytes(ubi_events.READER, tmp_path, lines(event(1), odd, event(2)).replace("\n", "\r\n")).chunks[0]
    assert chunk.raw(1) == odd.encode()


@pytest.mark.parametrize("number", [1 << 63, 10**30, -(1 << 63) - 1, 1.5, "1", True])
def test_positions_that_are_no_numbers_of_a_place_are_refused(tmp_path: Path, number: Any) -> None:
    found = read_bytes(ubi_events.READER, tmp_path, lines(event(1), event(number)))
    assert found.codes == [(2, "wrong-type")]
    search = {"user_query": "x", "query_attributes": {"first_rank_shown": number}}
    assert read_bytes(ubi_queries.READER, tmp_path, lines(search)).codes == [(1, "wrong-type")]


def test_a_rating_may_be_any_number(tmp_path: Path) -> None:
    found = read_bytes(ubi_events.READER, tmp_path, lines(event(1, rating=1 << 60), event(1, rating=0.5)))
    assert [record["value"] for record in found.records["events"]] == [float(1 << 60), 0.5]


def test_parquet_and_gzip_give_what_json_lines_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ubi, "ROWS_PER_BLOCK", 4)
    rows = [{"query_id": f"q{n}", "user_query": "x", "query_response_hit_ids": ["a", str(n)]} for n in range(10)]
    plain = read_bytes(ubi_queries.READER, tmp_path, lines(*rows))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(lines(*rows).encode()))
    for name in ("rows.parquet", "rows.jsonl.gz"):
        found = read_file(ubi_queries.READER, tmp_path / name)
        assert (found.records, found.lines) == (plain.records, plain.lines)
