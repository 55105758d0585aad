"""The quarantine: rows that could not be read, looked at and tried again after a fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
from deltalake import DeltaTable

from graph.home import Home
from graph.importing import importing
from graph.ledger import Ledger
from ingest.border.canonical import Canonicaliser
from ingest.corrections import read_corrections
from ingest.files.contract import Chunk, Reader, Rejection, StartAgain
from ingest.files.source import Source
from ingest.registry import reader

KEYS_PER_DELETE: Final = 1_000


class QuarantinedRow(msgspec.Struct, frozen=True):
    """One refused row. `raw` is the row with personal data masked; `raw_bytes` its length as it came."""

    source: str
    line: int
    format: str
    code: str
    reason: str
    remedy: str
    raw: str
    raw_bytes: int
    id: int
    actor: str


class ReplayReport(msgspec.Struct):
    """What became of the quarantined rows: they are now in the ledger, were there already, or stay in quarantine.

    What names a client that was erased is left out; it counts as none of these.
    """

    tried: int
    accepted: int
    duplicates: int
    still_quarantined: int
    rows: list[QuarantinedRow]
    """The rows that are still refused, each with the reason given now."""
    unknown_ids: list[int]
    """Ids of corrections for which no row waits: it was moved before, or never there."""


def list_quarantine(home: Home) -> list[QuarantinedRow]:
    """Return all quarantined rows, by source and line."""
    rows = Ledger.open(home).arrow("quarantine").to_pylist()
    found = [
        QuarantinedRow(
            row["source"], row["source_row"], row["format"], row["code"], row["reason"], row["remedy"] or "",
            row["raw"] or "", row["raw_bytes"] or 0, row["content_hash"], row["actor"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.source, row.line, row.code, row.id))


def replay(home: Home, *, now_us: int, corrected: Path | None = None) -> ReplayReport:
    """Read the quarantined rows again; rows that are now good move to the ledger.

    `corrected`: a file of corrections, whose texts replace the quarantined ones; raises `BadInput` if it cannot be
    read, before anything is moved. Rows cut for their length cannot be read again from the quarantine.
    """
    waiting = list_quarantine(home)
    texts = read_corrections(corrected) if corrected is not None else {}
    moved: list[int] = []
    still: list[QuarantinedRow] = []
    accepted = duplicates = 0
    together = attrgetter("source", "format", "actor")
    for (source, name, actor), group in groupby(sorted(waiting, key=together), key=together):
        rows = list(group)
        attempt = _Attempt(home, source, reader(name), now_us, actor)
        outcome = attempt.run([(row, texts.get(row.id, row.raw)) for row in rows])
        accepted += outcome.accepted
        duplicates += outcome.duplicates
        moved += outcome.moved
        still += outcome.still
    _forget(home, moved)
    unknown = sorted(texts.keys() - {row.id for row in waiting})
    return ReplayReport(len(waiting), accepted, duplicates, len(still), still, unknown)


def _forget(home: Home, hashes: Sequence[int]) -> None:
    if not hashes:
        return
    with home.lock("ledger"):
        table = DeltaTable(home.ledger_path / "quarantine")
        for start in range(0, len(hashes), KEYS_PER_DELETE):
            keys = ", ".join(str(key) for key in hashes[start : start + KEYS_PER_DELETE])
            table.delete(f"content_hash IN ({keys})")


class _Outcome(msgspec.Struct):
    accepted: int
    duplicates: int
    moved: list[int]
    still: list[QuarantinedRow]


class _Attempt:
    """One more reading of the rows of one source and format."""

    def __init__(self, home: Home, label: str, found: Reader, now_us: int, actor: str) -> None:
        self._home = home
        self._reader = found
        self._label = label
        self._canonical = Canonicaliser(
            secret=home.secret(), label=label, now_us=now_us, actor=actor, restores_pseudonyms=True
        )

    def run(self, rows: Sequence[tuple[QuarantinedRow, str]]) -> _Outcome:
        moved: list[int] = []
        still: list[QuarantinedRow] = []
        digest = sha256("\n".join(text for _, text in rows).encode()).hexdigest()
        with importing(self._home, f"replay-{digest}") as started:
            for row, text in rows:
                chunks, refused = self._read(row, text)
                if refused is not None:
                    why = {"code": refused.code, "reason": refused.reason, "remedy": refused.remedy or ""}
                    still.append(msgspec.structs.replace(row, **why))
                    continue
                moved.append(row.id)
                for table, batch in chunks:
                    started.append(table, batch)
            with self._home.lock("ledger"):
                counts = started.commit().values()
        return _Outcome(
            sum(count.accepted for count in counts), sum(count.duplicates for count in counts), moved, still
        )

    def _read(self, row: QuarantinedRow, text: str) -> tuple[list[tuple[str, Any]], Rejection | None]:
        chunks: list[tuple[str, Any]] = []
        for item in _items(self._reader, self._label, text):
            if isinstance(item, Rejection):
                return [], item
            if isinstance(item, StartAgain):
                chunks = []
            elif isinstance(item, Chunk):
                canonical = self._canonical.canonical(replace(item, lines=[row.line] * len(item)))
                if canonical.rejections:
                    return [], canonical.rejections[0]
                chunks.append((item.table, canonical.batch))
        if not chunks:
            return [], Rejection(row.line, row.code, row.reason, row.remedy)
        return chunks, None


def _items(found: Reader, label: str, text: str) -> Iterator[object]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(label).name.removesuffix(".gz").removesuffix(".parquet")
        path.write_text(text, "utf-8")
        yield from found.read(Source(path, label))
