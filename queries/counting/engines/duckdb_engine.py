"""The default engine: DuckDB in this process, spilling to the home, without any extension."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import narwhals as nw
import pyarrow as pa

from graph.errors import MatchgraphError
from graph.progress_bar import without_progress_bar
from graph.schemas import LEDGER_TABLES, PARTITION_COLUMN
from queries.counting.blocks import SEARCHES_AT_ONCE
from queries.counting.engine import Change, Frame
from queries.counting.limits import UNLIMITED, Limits

DEFAULT_MEMORY: Final = "1500MB"
"""What DuckDB may hold before it spills."""
_SAVING: Final = "FORMAT parquet, COMPRESSION lz4, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1"
"""Whole numbers of many values: looking for dictionaries costs as much as the rest of writing, and saves no room."""


class DuckDBEngine:
    """Runs frames on an in-memory DuckDB. Use it as a context manager: it deletes what it spilled."""

    name = "duckdb"
    searches_at_once = SEARCHES_AT_ONCE

    def __init__(
        self,
        files: Callable[[str], list[str]],
        scratch: Path,
        limits: Limits = UNLIMITED,
    ) -> None:
        self._files = files
        scratch.mkdir(parents=True, exist_ok=True)
        self._spill = Path(mkdtemp(prefix="duckdb-", dir=scratch))
        settings: dict[str, Any] = {
            "memory_limit": limits.memory or DEFAULT_MEMORY,
            "temp_directory": str(self._spill),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if limits.threads is not None:
            settings["threads"] = limits.threads
        self._connection = duckdb.connect(config=settings)
        self._kept: set[str] = set()
        without_progress_bar(self._connection)

    def table(self, name: str, files: Sequence[str] | None = None) -> Frame:
        """Return a ledger table, or some files of it, as it lies in its Parquet files."""
        files = self._files(name) if files is None else files
        if not files:
            return self.register(f"empty_{name}", LEDGER_TABLES[name].empty_table())
        # Paths stand in the text, not in parameters: relations with parameters cannot be joined with each other.
        partition = PARTITION_COLUMN.get(name)
        hive = f", hive_types = {{{partition}: VARCHAR}}" if partition else ""
        reading = f"read_parquet({_list(files)}, hive_partitioning = {partition is not None}{hive})"
        return _frame(self._connection.sql(f"SELECT * FROM {reading}"))

    def register(self, name: str, table: pa.Table) -> Frame:
        """Bring an Arrow table into DuckDB under a name; an older one of that name is replaced."""
        self._connection.register(f"arrow_{name}", table)
        return _frame(self._connection.table(f"arrow_{name}"))

    def materialise(self, name: str, frame: Frame) -> Frame:
        """Compute a frame into a temporary table of this name."""
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        relation.create(name)
        self._kept.add(name)
        return _frame(self._connection.table(name))

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Drop, at the end of the block, the tables that were made in it."""
        before = set(self._kept)
        yield
        for name in self._kept - before:
            self._connection.execute(f'DROP TABLE "{name}"')
        self._kept = before

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame into memory."""
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        return relation.to_arrow_table()

    def save(self, frame: Frame, path: Path) -> None:
        """Compute a frame into one Parquet file."""
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        relation.query("saved", f"COPY saved TO {_quoted(str(path))} ({_SAVING})")

    def in_parts(self, table: pa.Table, change: Change) -> pa.Table:
        """Change the rows of an Arrow table in this process."""
        return change(table)

    def load(self, paths: Sequence[Path]) -> Frame:
        """Return the rows of Parquet files that were saved."""
        return _frame(self._connection.sql(f"SELECT * FROM read_parquet({_list([str(path) for path in paths])})"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        rmtree(self._spill, ignore_errors=True)
        if isinstance(error, duckdb.OutOfMemoryException):
            raise MatchgraphError(
                "DuckDB had too little memory, although it spills. Give it more with --memory, or fewer --threads."
            ) from error


def _list(paths: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, paths)) + "]"


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"


def _frame(relation: duckdb.DuckDBPyRelation) -> Frame:
    return nw.from_native(relation)
