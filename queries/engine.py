"""What the recompute job needs of an engine, and how one is chosen.

An engine runs lazy Narwhals frames. The job uses only functions that DuckDB, Polars and Spark share: no hash, regular
expression, JSON or date functions, a cast after every sum, integer keys. Everything else happens at ingest or in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import narwhals as nw
import pyarrow as pa

from graph.errors import WrongUse

Frame = nw.LazyFrame[Any]

ENGINES: Final = ("duckdb", "spark")


class Engine(Protocol):
    """Where frames are computed. Frames of one engine cannot be joined with those of another."""

    name: str

    def table(self, name: str) -> Frame:
        """Return a ledger table; with its full schema and no rows if nothing was ever written to it."""
        ...

    def register(self, name: str, table: pa.Table) -> Frame:
        """Bring an Arrow table into the engine."""
        ...

    def materialise(self, name: str, frame: Frame) -> Frame:
        """Compute a frame once and keep its rows, spilled to disk where they are many."""
        ...

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame and bring its rows into memory, in no particular order."""
        ...


@contextmanager
def open_engine(name: str, files: Callable[[str], list[str]], scratch: Path) -> Iterator[Engine]:
    """Open an engine by name over ledger files (`files(table)`); it spills to the folder `scratch`.

    Raises `WrongUse` for a name that is not in `ENGINES`, and for one whose libraries (for Spark: or Java) are missing.
    """
    if name not in ENGINES:
        raise WrongUse(f"No engine is called {name!r}. There are: {', '.join(ENGINES)}")
    with _engine_class(name)(files, scratch) as engine:
        yield engine


def _engine_class(name: str) -> Callable[[Callable[[str], list[str]], Path], AbstractContextManager[Engine]]:
    """Import an engine only when it is asked for: each brings large libraries along."""
    if name == "duckdb":
        from queries.engines.duckdb_engine import DuckDBEngine

        return DuckDBEngine
    try:
        from queries.engines.spark_engine import SparkEngine
    except ModuleNotFoundError as error:
        raise WrongUse(
            f"The Spark engine is an extra ({error}). Install it: pip install 'matchgraph[spark]'"
        ) from error
    return SparkEngine
