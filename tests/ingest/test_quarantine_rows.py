"""Refused rows are kept whole, but for what says who acted."""

from __future__ import annotations

import json
from typing import Any

from ingest.files.contract import Rejection
from ingest.files.source import MAX_KEPT_BYTES
from ingest.quarantine_rows import REPEATED_KEY, QuarantineWriter


def kept(*rejections: Rejection) -> list[dict[str, Any]]:
    writer = QuarantineWriter(secret=b"secret", label="log.jsonl", format_name="ubi-events", now_us=7, actor="agent")
    rows: list[dict[str, Any]] = writer.batch(rejections).to_pylist()
    return rows


def test_the_client_of_a_row_is_hashed_and_still_found() -> None:
    raw = b'{"client_id": "anna", "action_name": "jump", "other": [1, 2]}'
    (row,) = kept(Rejection(3, "unknown-action", "No action is called jump.", "Name one.", raw))
    assert "anna" not in row["raw"]
    assert json.loads(row["raw"]) | {"client_id": ""} == json.loads(raw) | {"client_id": ""}
    assert row["client_key"] is not None
    assert (row["source"], row["source_row"], row["format"], row["code"], row["actor"], row["ingested_at"]) == (
        "log.jsonl", 3, "ubi-events", "unknown-action", "agent", 7
    )  # fmt: skip


def test_a_row_that_says_a_thing_twice_stays_as_it_is_but_for_its_client() -> None:
    raw = b'{"client_id": "anna", "id": 1, "id": 2}'
    (row,) = kept(Rejection(1, REPEATED_KEY, "id stands twice", "Say it once.", raw))
    assert "anna" not in row["raw"]
    assert row["raw"].endswith('"id": 1, "id": 2}')


def test_what_is_no_text_is_kept_as_escapes_and_long_rows_with_their_length() -> None:
    bad, long = kept(
        Rejection(1, "invalid-utf8", "byte 2", "Save it as UTF-8.", b"a\xff"),
        Rejection(2, "line-too-long", "long", "Split it.", b"x" * 10, raw_bytes=1 << 30),
    )
    assert (bad["raw"], bad["raw_bytes"]) == (r"a\xff", 2)
    assert (long["raw"], long["raw_bytes"]) == ("x" * 10, 1 << 30)
    (cut,) = kept(Rejection(3, "bad", "", "", b"y" * (MAX_KEPT_BYTES + 5)))
    assert (len(cut["raw"]), cut["raw_bytes"]) == (MAX_KEPT_BYTES, MAX_KEPT_BYTES + 5)


def test_the_same_fault_of_the_same_row_has_the_same_hash() -> None:
    one, again, other = kept(*(Rejection(line, "bad", "", "", b"x") for line in (1, 1, 2)))
    assert one["content_hash"] == again["content_hash"] != other["content_hash"]
