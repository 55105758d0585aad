"""Adapters, one engine each, and how one is chosen. `queries.counting.engine` says what an adapter is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from graph.errors import WrongUse
from queries.counting.engine import Engine

ENGINES: Final = ("duckdb", "spark")


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
        from queries.counting.engines.duckdb_engine import DuckDBEngine

        return DuckDBEngine
    try:
        from queries.counting.engines.spark_engine import SparkEngine
    except ModuleNotFoundError as error:
        raise WrongUse(
            f"The Spark engine is an extra ({error}). Install it: pip install 'matchgraph[spark]'"
        ) from error
    return SparkEngine
