"""Adapters, one engine each, and how one is chosen. `queries.counting.engine` says what an adapter is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from graph.errors import WrongUse
from queries.counting.engine import Engine
from queries.counting.limits import UNLIMITED, Limits

ENGINES: Final = ("duckdb", "spark")


@contextmanager
def open_engine(
    name: str, files: Callable[[str], list[str]], scratch: Path, limits: Limits = UNLIMITED
) -> Iterator[Engine]:
    """Open an engine by name over ledger files (`files(table)`); it spills to the folder `scratch`.

    `limits`: what DuckDB may take of the machine; Spark has settings of its own for that.
    Raises `WrongUse` for a name that is not in `ENGINES`, and for one whose libraries (for Spark: or Java) are missing,
    and for limits with Spark.
    """
    if name not in ENGINES:
        raise WrongUse(f"No engine is called {name!r}. There are: {', '.join(ENGINES)}")
    with _opener(name, limits)(files, scratch) as engine:
        yield engine


def _opener(name: str, limits: Limits) -> Callable[[Callable[[str], list[str]], Path], AbstractContextManager[Engine]]:
    """Import an engine only when it is asked for: each brings large libraries along."""
    if name == "duckdb":
        from queries.counting.engines.duckdb_engine import DuckDBEngine

        return partial(DuckDBEngine, limits=limits)
    if limits != UNLIMITED:
        raise WrongUse(
            "Memory and threads are limits of DuckDB. Spark takes them from its own settings (docs/engines.md)."
        )
    try:
        from queries.counting.engines.spark_engine import SparkEngine
    except ModuleNotFoundError as error:
        raise WrongUse(
            f"The Spark engine is an extra ({error}). Install it: pip install 'matchgraph[spark]'"
        ) from error
    return SparkEngine
