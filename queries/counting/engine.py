"""What the recompute job needs of an engine.

An engine runs lazy Narwhals frames. The job uses only functions that DuckDB, Polars and Spark share: no hash, regular
expression, JSON or date functions, a cast after every sum, integer keys. Everything else happens at ingest or in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import pyarrow as pa

Frame = nw.LazyFrame[Any]

Change = Callable[[pa.Table], pa.Table]
"""Makes rows of others."""


class Engine(Protocol):
    """Where frames are computed. Frames of one engine cannot be joined with those of another."""

    name: str
    searches_at_once: int
    """How many searches it is good at counting in one go."""

    def table(self, name: str, files: Sequence[str] | None = None) -> Frame:
        """Return a ledger table, or what some of its files hold; with its full schema and no rows if there are none."""
        ...

    def register(self, name: str, table: pa.Table) -> Frame:
        """Bring an Arrow table into the engine."""
        ...

    def materialise(self, name: str, frame: Frame) -> Frame:
        """Compute a frame once and keep its rows, spilled to disk where they are many."""
        ...

    def passing(self) -> AbstractContextManager[None]:
        """Free, at the end of the block, the room of what was kept in it: its frames cannot be used afterwards."""
        ...

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame and bring its rows into memory, in no particular order."""
        ...

    def save(self, frame: Frame, path: Path) -> None:
        """Compute a frame into Parquet: one file of this path, or a folder of files."""
        ...

    def in_parts(self, table: pa.Table, change: Change) -> pa.Table:
        """Return what becomes of the rows of an Arrow table, in no particular order; on a cluster part by part there.

        `change` must do with each part what it does with those rows of the whole. It may be called in other processes.
        """
        ...

    def load(self, paths: Sequence[Path]) -> Frame:
        """Return what was saved under some paths (at least one), one below the other; the same columns in each."""
        ...
