"""Rows that were refused, in the form in which the ledger keeps them: complete, but without personal data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa

from graph.keys import stable_key
from graph.masking import mask_personal_data
from graph.schemas import QUARANTINE
from ingest.border.personal_data import Pseudonyms, client_key_of
from ingest.files.contract import Rejection
from ingest.files.source import MAX_KEPT_BYTES

REPEATED_KEY: Final = "duplicate-key"
"""Code of rows in which a field stands twice."""


class QuarantineWriter:
    """Turns rejections of one file into rows of the quarantine table.

    Personal fields are replaced by keyed hashes (`hashed-client:...`), which replaying understands.
    """

    def __init__(self, *, secret: bytes, label: str, format_name: str, now_us: int, actor: str) -> None:
        self._pseudonyms = Pseudonyms(secret)
        self._label = label
        self._format = format_name
        self._now_us = now_us
        self._actor = actor

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
            "actor": self._actor,
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
            masked = self._pseudonyms.masked(record)
            return msgspec.json.encode(masked).decode(), client_key_of(masked)
        return self._pseudonyms.masked_text(raw.decode("utf-8", "backslashreplace")), None
