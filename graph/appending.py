"""Appending to one ledger table exactly once: rows are written first, told apart from known ones, then committed.

The data files are invisible until the table's commit, so a crash leaves the table as it was. Known rows (equal
`content_hash`) are dropped before the commit, under a lock that all writing processes of the home share. Every
commit carries the import's hash as a Delta application transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from graph.data_files import (
    ROWS_PER_GROUP,
    add_action,
    copy_rows,
    data_writer,
    keys_of_file,
    new_file,
)
from graph.erased import KEY_COLUMNS, Erased
from graph.home import Home
from graph.ledger import data_paths, read_files
from graph.schemas import LEDGER_TABLES, PARTITION_COLUMN

MAX_BUFFERED_ROWS: Final = 1_000_000
MAX_RUNS: Final = 64
"""A log in order of time goes to its partitions run by run; one that jumps between more of them is sorted first."""
_WHOLE: Final = ""
_NO_VALUES_IN_THE_LOG: Final = {"delta.dataSkippingNumIndexedCols": "0"}
"""No smallest and largest values of columns in a table's log: they would outlive the rows of erased clients."""


@dataclass
class AppendCount:
    """What became of the rows given: `accepted` are new, `duplicates` were in the ledger or came twice, `erased` are
    left out because their client was erased."""

    accepted: int = 0
    duplicates: int = 0
    erased: int = 0


@dataclass
class _DataFile:
    """One Parquet file in the making: all rows of an import that belong to one partition."""

    path: Path
    partition: str
    writer: pq.ParquetWriter
    buffered: list[pa.RecordBatch] = field(default_factory=list)
    buffered_rows: int = 0
    hashes: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def write_buffered(self) -> None:
        if self.buffered:
            self.writer.write_table(pa.Table.from_batches(self.buffered).combine_chunks(), ROWS_PER_GROUP)
            self.buffered, self.buffered_rows = [], 0

    def finish(self) -> None:
        """Write what is left and close the file; harmless when that was done."""
        self.write_buffered()
        self.writer.close()


class TableAppend:
    """New rows for one ledger table. Give batches, then `commit` once or `discard`."""

    def __init__(self, home: Home, table: str, import_hash: str) -> None:
        self.table = table
        self._folder = home.ledger_path / table
        self._import_hash = import_hash
        self._partition_column = PARTITION_COLUMN.get(table)
        self._files: dict[str, _DataFile] = {}
        self._total_buffered = 0

    def append(self, batch: pa.RecordBatch) -> None:
        """Take rows in the table's schema. They are on disk, but not yet part of the table."""
        if batch.num_rows == 0:
            return
        for partition, rows in self._by_partition(batch):
            self._append_to(partition, rows)
        if self._total_buffered > MAX_BUFFERED_ROWS:
            fullest = max(self._files.values(), key=lambda file: file.buffered_rows)
            self._total_buffered -= fullest.buffered_rows
            fullest.write_buffered()

    def _by_partition(self, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
        if self._partition_column is None:
            yield _WHOLE, batch
            return
        dates = batch.column(self._partition_column)
        rest = batch.drop_columns([self._partition_column])
        runs = pc.run_end_encode(dates)
        if len(runs.values) > MAX_RUNS:
            order = pc.sort_indices(dates)  # stable, so rows of a day stay in their order
            rest, runs = rest.take(order), pc.run_end_encode(dates.take(order))
        start = 0
        for value, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            yield value, rest.slice(start, end - start)
            start = end

    def _append_to(self, partition: str, rows: pa.RecordBatch) -> None:
        file = self._files.get(partition)
        if file is None:
            file = self._files[partition] = self._open_file(partition)
        file.hashes.append(rows.column("content_hash").to_numpy(zero_copy_only=False))
        file.buffered.append(rows)
        file.buffered_rows += rows.num_rows
        self._total_buffered += rows.num_rows
        if file.buffered_rows >= ROWS_PER_GROUP:
            self._total_buffered -= file.buffered_rows
            file.write_buffered()

    def _open_file(self, partition: str) -> _DataFile:
        folder = self._folder / f"{self._partition_column}={partition}" if partition else self._folder
        path = new_file(folder)
        return _DataFile(path, partition, data_writer(path, self.table))

    def files(self) -> list[str]:
        """Close the files of the new rows and return their paths; nothing can be appended afterwards."""
        for file in self._files.values():
            file.finish()
        return [str(file.path) for file in self._files.values()]

    def commit(self, erased: Erased | None = None) -> AppendCount:
        """Make the new rows part of the table, in one Delta commit. The home's ledger lock must be held.

        Rows of `erased` clients are dropped.
        """
        count = AppendCount()
        adds: list[AddAction | RemoveAction] = []
        table = open_or_create(self._folder, self.table)
        known_files = self._files_by_partition(table)
        for partition, file in self._files.items():
            file.finish()
            hashes = np.concatenate(file.hashes)
            gone = self._erased_rows(file, erased)
            fresh = ~gone
            fresh[fresh] = _first_and_unknown(hashes[fresh], self._known_hashes(known_files[partition]))
            count.accepted += int(fresh.sum())
            count.erased += int(gone.sum())
            count.duplicates += int(len(fresh) - fresh.sum() - gone.sum())
            if fresh.all():
                adds.append(self._add_action(file, len(fresh)))
            elif fresh.any():
                self._rewrite(file, fresh)
                adds.append(self._add_action(file, int(fresh.sum())))
            else:
                file.path.unlink()
        if adds:
            table.create_write_transaction(
                adds,
                "append",
                table.schema(),
                partition_by=[self._partition_column] if self._partition_column else None,
                commit_properties=CommitProperties(app_transactions=[Transaction(self._import_hash, 1)]),
            )
        self._files = {}
        return count

    def _erased_rows(self, file: _DataFile, erased: Erased | None) -> npt.NDArray[np.bool_]:
        if erased is None or self.table not in KEY_COLUMNS:
            return np.zeros(sum(map(len, file.hashes)), dtype=np.bool_)
        return erased.mask(self.table, keys_of_file(file.path, self.table))

    def discard(self) -> None:
        """Delete what was written; the table stays as it was."""
        for file in self._files.values():
            file.writer.close()
            file.path.unlink(missing_ok=True)
        self._files = {}

    def _files_by_partition(self, table: DeltaTable) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for uri in data_paths(table):
            partition = _WHOLE
            if self._partition_column:
                partition = Path(uri).parent.name.removeprefix(f"{self._partition_column}=")
            found[partition].append(uri)
        return found

    def _known_hashes(self, files: list[str]) -> npt.NDArray[np.int64]:
        if not files:
            return np.empty(0, np.int64)
        hashes = read_files(files, self.table, ["content_hash"]).column("content_hash")
        result: npt.NDArray[np.int64] = hashes.to_numpy()
        return result

    def _rewrite(self, file: _DataFile, keep: npt.NDArray[np.bool_]) -> None:
        source = file.path.with_suffix(".all")
        file.path.rename(source)
        copy_rows(source, file.path, self.table, keep)
        source.unlink()

    def _add_action(self, file: _DataFile, rows: int) -> AddAction:
        return add_action(self._folder, file.path, self.table, rows)


def _first_and_unknown(hashes: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say for each hash whether it is the first of its kind here and not among the known ones."""
    fresh = np.zeros(len(hashes), dtype=np.bool_)
    fresh[np.unique(hashes, return_index=True)[1]] = True
    if len(known):
        fresh &= ~np.isin(hashes, known)
    return fresh


def open_or_create(folder: Path, table: str) -> DeltaTable:
    """Open a ledger table for writing, made empty if it does not exist."""
    try:
        return DeltaTable(folder)
    except TableNotFoundError:
        partition = PARTITION_COLUMN.get(table)
        return DeltaTable.create(
            folder,
            Schema.from_arrow(LEDGER_TABLES[table]),
            mode="ignore",
            name=table,
            partition_by=[partition] if partition else None,
            configuration=_NO_VALUES_IN_THE_LOG,
        )
