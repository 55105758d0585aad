"""The border: rows as a reader found them become rows of the ledger, once and for all readers alike.

Here, and nowhere else, times become microseconds, texts and people become keys, personal data is masked, positions
count from 1 and every row gets its identity. What cannot be brought to this form becomes a `Rejection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import Int64Array, stable_key
from graph.schemas import LEDGER_TABLES, content_schema
from ingest.border.canonical_logs import event_columns, outcome_columns, search_columns
from ingest.border.columns import ENCODER, Border, Columns, Faults, column, constant, refuse, text_column
from ingest.border.times import nullable
from ingest.files.contract import Chunk, Note, Rejection

MAX_ID_CHARS: Final = 512
MISSING_ID: Final = ("missing-id", "the id is missing or empty", "Give every row an id that stays the same.")
LONG_ID: Final = ("id-too-long", f"the id has more than {MAX_ID_CHARS} characters", "Use a shorter id.")


@dataclass(frozen=True)
class CanonicalRows:
    """Rows ready for the ledger, those refused, and what the importer should be told."""

    batch: pa.RecordBatch
    rejections: list[Rejection]
    notes: list[Note]


class Canonicaliser:
    """Brings the chunks of one file to the ledger's form.

    `secret`: the home's key for pseudonyms. `label`: the file's name in the `source` column. `now_us`: the time of
    the import; rows dated more than a day later are refused. `actor`: who is assumed where the log does not say.
    `restores_pseudonyms`: the rows come from the quarantine or a server's spool, where what names people is
    hashed already.
    """

    def __init__(
        self, *, secret: bytes, label: str, now_us: int, actor: str = "human", restores_pseudonyms: bool = False
    ) -> None:
        self._border = Border(secret, now_us, actor, restores_pseudonyms=restores_pseudonyms)
        self._label = label

    def canonical(self, chunk: Chunk) -> CanonicalRows:
        """Return the chunk's rows in the schema of its table. len(batch) + len(rejections) = len(chunk)."""
        faults: Faults = {}
        notes = list(chunk.notes)
        columns = self._content(chunk, faults, notes)
        columns["source"] = constant(self._label, len(chunk))
        columns["source_row"] = pa.array(_line_numbers(chunk))
        columns["ingested_at"] = constant(self._border.now_us, len(chunk))
        schema = LEDGER_TABLES[chunk.table]
        batch = pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)
        if faults:
            keep = np.ones(len(chunk), dtype=np.bool_)
            keep[list(faults)] = False
            batch = batch.filter(pa.array(keep))
        rejections = [
            Rejection(chunk.lines[index], *fault, chunk.raw(index)) for index, fault in sorted(faults.items())
        ]
        return CanonicalRows(batch, rejections, notes)

    def _content(self, chunk: Chunk, faults: Faults, notes: list[Note]) -> Columns:
        match chunk.table:
            case "events":
                return event_columns(chunk, self._border, faults, notes)
            case "searches":
                return search_columns(chunk, self._border, faults, notes)
            case "outcomes":
                return outcome_columns(chunk, self._border, faults)
            case "artifacts":
                return _description_columns(chunk, self._border, faults, "artifact_id")
            case "capabilities":
                return _description_columns(chunk, self._border, faults, "capability_id")
        raise ValueError(f"no rows of {chunk.table} come from readers")


def _line_numbers(chunk: Chunk) -> Int64Array:
    lines = chunk.lines
    if isinstance(lines, range):  # ten times faster than going through the numbers
        return np.arange(lines.start, lines.stop, lines.step, dtype=np.int64)
    return np.asarray(lines, dtype=np.int64)


def _description_columns(chunk: Chunk, border: Border, faults: Faults, id_column: str) -> Columns:
    lengths = pc.utf8_length(text_column(chunk, id_column)).fill_null(0).to_numpy(zero_copy_only=False)
    refuse(faults, lengths == 0, MISSING_ID)
    refuse(faults, lengths > MAX_ID_CHARS, LONG_ID)
    columns: Columns = {}
    for field in content_schema(chunk.table):
        if field.name.endswith("_at"):
            columns[field.name] = nullable(border.times(chunk, field.name, faults))
        elif field.name == "extra":
            columns[field.name] = border.extras(chunk)[0]["extra"]
        else:
            columns[field.name] = column(chunk, field.name, field.type)
    rows = pa.table(columns).to_pylist()
    hashes = [stable_key(chunk.table, ENCODER.encode(row).decode()) for row in rows]
    columns["content_hash"] = pa.array(hashes, pa.int64())
    return columns
