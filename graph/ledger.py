"""The ledger: append-only facts in Delta tables, read at one fixed version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from graph.errors import NothingThere
from graph.home import Home
from graph.schemas import LEDGER_TABLES, PARTITION_COLUMN

HOW_TO_START: Final = "Import something first: matchgraph ingest PATH..., or try: matchgraph demo"


class Ledger:
    """The facts as they stood when it was opened: later imports do not change what this object reads."""

    def __init__(self, home: Home) -> None:
        self.home = home

    @classmethod
    def open(cls, home: Home) -> Ledger:
        """Open the ledger of a home for reading; raises `NothingThere` if nothing was ever imported.

        Raises `OtherLayout` if another version of matchgraph wrote it.
        """
        if not home.has_ledger:
            raise NothingThere(f"{home.path} holds no data yet. {HOW_TO_START}")
        home.require_layout()
        ledger = cls(home)
        _ = ledger._tables
        return ledger

    @cached_property
    def _tables(self) -> dict[str, DeltaTable]:
        found = {}
        for name in LEDGER_TABLES:
            try:
                found[name] = DeltaTable(self.path(name))
            except TableNotFoundError:
                continue
        return found

    def path(self, table: str) -> Path:
        """Folder of a table."""
        return self.home.ledger_path / table

    def versions(self) -> dict[str, int]:
        """Return the Delta version of every table that exists."""
        return {name: table.version() for name, table in self._tables.items()}

    def files(self, table: str) -> list[str]:
        """Return the Parquet files of a table, sorted; empty if nothing was written to it.

        `event_date` of searches and events is a Hive partition: it stands in the path, not in the files.
        """
        found = self._tables.get(table)
        return sorted(data_paths(found)) if found is not None else []

    def arrow(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a whole table, or some columns of it, in memory; meant for the small tables."""
        schema = LEDGER_TABLES[table]
        names = list(columns) if columns is not None else schema.names
        target = pa.schema([schema.field(name) for name in names])
        files = self.files(table)
        if not files:
            return target.empty_table()
        return read_files(files, table, names).cast(target)

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        found = self._tables.get(table)
        return int(found.count()) if found is not None else 0


def data_paths(table: DeltaTable) -> list[str]:
    """Return the paths of a table's data files; delta-rs gives them as in URLs, with %20 for a blank."""
    return [unquote(uri) for uri in table.file_uris()]


def files_by_date(files: Iterable[str]) -> dict[str, list[str]]:
    """Return event date → those of some files that hold it, in their order. Undated rows have a date of that name.

    >>> files_by_date(["events/event_date=2026-01-01/a.parquet"])
    {'2026-01-01': ['events/event_date=2026-01-01/a.parquet']}
    """
    found: dict[str, list[str]] = {}
    for file in files:
        found.setdefault(Path(file).parent.name.partition("=")[2], []).append(file)
    return found


def read_files(files: Sequence[str], table: str, columns: Sequence[str], rows: pc.Expression | None = None) -> pa.Table:
    """Read columns of a ledger table's files, the partition column among them; `rows` says which rows."""
    schema = LEDGER_TABLES[table]
    partition = PARTITION_COLUMN.get(table)
    hive = ds.partitioning(pa.schema([schema.field(partition)]), flavor="hive") if partition else None
    return ds.dataset(list(files), schema=schema, format="parquet", partitioning=hive).to_table(
        columns=list(columns), filter=rows
    )
