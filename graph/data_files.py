"""Data files of the ledger's tables: how they are written, copied without some rows, and taken out of a table."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from graph.erased import KEY_COLUMNS, Erased
from graph.schemas import LEDGER_TABLES, PARTITION_COLUMN

ROWS_PER_GROUP: Final = 128 * 1024

FEW_VALUES: Final = frozenset(
    (
        "application",
        "action",
        "action_name",
        "actor",
        "kind",
        "object_field",
        "source",
        "type",
        "license",
        "format",
        "code",
    )
)
"""Columns written with a dictionary. For keys and ids it takes time and saves nothing: a third of the writing."""

_IN_ORDER: Final = ("ts_us",)
"""Columns whose smallest and largest values are written: those by whose range rows are chosen. The rest takes a fifth
of the writing, and no reader could skip anything by it."""


def stored_schema(table: str) -> pa.Schema:
    """Return the columns that stand in the files of a table: all but the partition, which stands in the path."""
    return pa.schema([field for field in LEDGER_TABLES[table] if field.name != PARTITION_COLUMN.get(table)])


def new_file(folder: Path) -> Path:
    """Return the path of a data file that does not exist yet; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"part-{uuid.uuid4()}.zstd.parquet"


def data_writer(path: Path, table: str) -> pq.ParquetWriter:
    """Open a data file for writing."""
    schema = stored_schema(table)
    coded = [name for name in schema.names if name in FEW_VALUES]
    return pq.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, use_dictionary=coded, write_statistics=list(_IN_ORDER)
    )


def copy_rows(source: Path, target: Path, table: str, keep: npt.NDArray[np.bool_]) -> None:
    """Write the rows of a data file that are to be kept (one bool for each) into another."""
    start = 0
    with pq.ParquetFile(source) as whole, data_writer(target, table) as writer:
        for batch in whole.iter_batches(ROWS_PER_GROUP):
            mask = pa.array(keep[start : start + batch.num_rows])
            writer.write_table(pa.Table.from_batches([batch]).filter(mask).cast(stored_schema(table)))
            start += batch.num_rows


def add_action(folder: Path, path: Path, table: str, rows: int) -> AddAction:
    """Return the entry of a data file for the table's log. It holds no values of columns, so none outlives its row."""
    return AddAction(
        path=path.relative_to(folder).as_posix(),
        size=path.stat().st_size,
        partition_values=_partition_values(path, table),
        modification_time=int(time.time() * 1000),
        data_change=True,
        stats=json.dumps({"numRecords": rows}),
    )


def keys_of_file(path: Path, table: str) -> pa.Table:
    """Return the columns of a data file that tell whose rows it holds."""
    with pq.ParquetFile(path) as file:
        return file.read(columns=list(KEY_COLUMNS[table]))


def remove_erased(folder: Path, table: str, erased: Erased) -> int:
    """Take the rows of erased clients out of a table, in one Delta commit; returns how many there were.

    Files that hold such rows are replaced by copies without them. The old ones are deleted by `vacuum`.
    """
    try:
        delta = DeltaTable(folder)
    except TableNotFoundError:
        return 0
    actions: list[AddAction | RemoveAction] = []
    removed = 0
    # Paths as the table's log has them: its absolute ones do not lie below a folder that was named relatively.
    for path in sorted(folder / name for name in pa.table(delta.get_add_actions())["path"].to_pylist()):
        gone = erased.mask(table, keys_of_file(path, table))
        if not gone.any():
            continue
        removed += int(gone.sum())
        actions.append(_remove_action(folder, path, table))
        if not gone.all():
            copy = new_file(path.parent)
            copy_rows(path, copy, table, ~gone)
            actions.append(add_action(folder, copy, table, int(len(gone) - gone.sum())))
    if actions:
        partition = PARTITION_COLUMN.get(table)
        delta.create_write_transaction(
            actions, "append", delta.schema(), partition_by=[partition] if partition else None
        )
    return removed


def vacuum(folder: Path) -> int:
    """Delete from disk the files that once belonged to a table and no longer do; returns how many.

    Files of imports that have not committed yet are left alone. Who reads an older version of the table at this
    moment fails and must begin again.
    """
    try:
        delta = DeltaTable(folder)
    except TableNotFoundError:
        return 0
    return len(delta.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False))


def _remove_action(folder: Path, path: Path, table: str) -> RemoveAction:
    return RemoveAction(
        path=path.relative_to(folder).as_posix(),
        data_change=True,
        deletion_timestamp=int(time.time() * 1000),
        size=path.stat().st_size,
        partition_values=_partition_values(path, table),
    )


def _partition_values(path: Path, table: str) -> dict[str, str | None]:
    partition = PARTITION_COLUMN.get(table)
    return {partition: path.parent.name.removeprefix(f"{partition}=")} if partition else {}
