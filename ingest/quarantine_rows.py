"""Rows that were refused, in the form in which the ledger keeps them: complete, but without personal data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa

from graph.keys import KeyCache, key_text, stable_key
from graph.masking import mask_personal_data
from graph.schemas import QUARANTINE
from ingest.contract import Rejection
from ingest.personal_data import HASHED_MARKS
from ingest.source import MAX_KEPT_BYTES

_LOOSE_ID = re.compile(r'("(client_id|session_id|user_id)"\s*:\s*")((?:[^"\\]|\\.)*)(")')


REPEATED_KEY: Final = "duplicate-key"
"""Code of rows in which a field stands twice."""


class QuarantineWriter:
    """Turns rejections of one file into rows of the quarantine table.

    Client and session ids are replaced by their keyed hashes (`hashed-client:...`), which replaying understands.
    """

    def __init__(self, *, secret: bytes, label: str, format_name: str, now_us: int) -> None:
        self._keys = {"client_id": KeyCache(secret, "client"), "session_id": KeyCache(secret, "session")}
        self._keys["user_id"] = self._keys["client_id"]
        self._label = label
        self._format = format_name
        self._now_us = now_us

    def batch(self, rejections: Sequence[Rejection]) -> pa.RecordBatch:
        """Return the rows in the quarantine's schema."""
        return pa.RecordBatch.from_pylist([self._row(rejection) for rejection in rejections], schema=QUARANTINE)

    def _row(self, rejection: Rejection) -> dict[str, Any]:
        text, client = self._without_personal_data(rejection)
        return {
            "format": self._format,
            "code": rejection.code,
            "reason": mask_personal_data(rejection.reason),
            "remedy": rejection.remedy,
            "raw": text,
            "raw_bytes": len(rejection.raw) if rejection.raw_bytes is None else rejection.raw_bytes,
            "client_key": client,
            "source": self._label,
            "source_row": rejection.line,
            "content_hash": stable_key("quarantine", self._label, str(rejection.line), rejection.code, text),
            "ingested_at": self._now_us,
        }

    def _without_personal_data(self, rejection: Rejection) -> tuple[str, int | None]:
        raw = rejection.raw[:MAX_KEPT_BYTES]
        try:
            # A row whose keys repeat must stay as it is: writing it anew would drop all but the last.
            record = None if rejection.code == REPEATED_KEY else msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            record = None
        if isinstance(record, dict):
            client = self._hash_ids(record)
            return msgspec.json.encode(_masked(record)).decode(), client
        loose = raw.decode("utf-8", "backslashreplace")
        return mask_personal_data(_LOOSE_ID.sub(self._hashed_match, loose)), None

    def _hash_ids(self, record: dict[str, Any]) -> int | None:
        client = None
        for name, mark in HASHED_MARKS.items():
            value = record.get(name)
            if isinstance(value, str | int) and value not in ("", None) and not str(value).startswith(mark):
                key = self._keys[name].key(str(value))
                record[name] = mark + key_text(key)
                client = key if name == "client_id" else client
        return client

    def _hashed_match(self, match: re.Match[str]) -> str:
        name = match[2]
        return f"{match[1]}{HASHED_MARKS[name]}{key_text(self._keys[name].key(match[3]))}{match[4]}"


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return mask_personal_data(value) if isinstance(value, str) else value
