"""The ledger as it stood at an earlier time: facts imported later are not read.

The ledger is append-only and every row says when it came in, so the rows of then are found exactly, also after Delta
versions were compacted or vacuumed. Rows of erased clients are gone, whatever time is asked for; a row replayed from
the quarantine counts from its replay on.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import narwhals as nw
import pyarrow as pa

from queries.counting.engine import Change, Engine, Frame


class AsOf:
    """An engine that reads only what was imported up to a time (microseconds since 1970), that moment included."""

    def __init__(self, engine: Engine, as_of_us: int) -> None:
        self._engine = engine
        self._as_of_us = as_of_us
        self.name = engine.name
        self.searches_at_once = engine.searches_at_once

    def table(self, name: str, files: Sequence[str] | None = None) -> Frame:
        """Return a ledger table, or some files of it, as it stood then."""
        return self._engine.table(name, files).filter(nw.col("ingested_at") <= self._as_of_us)

    def register(self, name: str, table: pa.Table) -> Frame:
        """Bring an Arrow table into the engine."""
        return self._engine.register(name, table)

    def materialise(self, name: str, frame: Frame) -> Frame:
        """Compute a frame once and keep its rows."""
        return self._engine.materialise(name, frame)

    def passing(self) -> AbstractContextManager[None]:
        """Free, at the end of the block, the room of what was kept in it."""
        return self._engine.passing()

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame and bring its rows into memory."""
        return self._engine.arrow(frame)

    def save(self, frame: Frame, path: Path) -> None:
        """Compute a frame into Parquet."""
        self._engine.save(frame, path)

    def in_parts(self, table: pa.Table, change: Change) -> pa.Table:
        """Return what becomes of the rows of an Arrow table."""
        return self._engine.in_parts(table, change)

    def load(self, paths: Sequence[Path]) -> Frame:
        """Return what was saved under some paths."""
        return self._engine.load(paths)
