"""Erasing a client: its rows leave the ledger and the disk, and snapshots computed with them are deleted.

In this order, so that a crash at any point is repaired by running it again: the client goes onto the list of the
erased (`graph.erased`) as unfinished, which keeps its rows out from then on; its rows leave the tables, one commit for
each; the old data files are deleted; whoever calls computes a new snapshot; the old snapshots are deleted; the entry is
marked as finished.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Final

import msgspec
import numpy as np
import pyarrow.parquet as pq

from graph.data_files import remove_erased, vacuum
from graph.erased import KEY_COLUMNS, Erased, ErasedClient, nobody_erased, owned_keys, read_erased, write_erased
from graph.home import Home
from graph.keys import KeyCache, key_text
from graph.ledger import Ledger
from graph.snapshot import CURRENT, Manifest, current_id, list_snapshots

ABANDONED_AFTER: Final = timedelta(days=1)
"""Files that an interrupted import or job left behind are deleted when nothing was written to them for so long."""


class Removal(msgspec.Struct, frozen=True):
    """What left the ledger."""

    rows: dict[str, int]
    """Rows removed, by table."""
    files_deleted: int
    """Data files deleted from disk, abandoned ones of interrupted imports among them."""
    files_in_progress: int
    """Data files younger than a day that belong to no table: of imports that still run, or that were interrupted."""
    begun_before: bool
    """Whether an earlier, interrupted erasure of the same client was taken up."""
    finished_before: bool
    """Whether the client had been erased completely before."""

    @property
    def found(self) -> bool:
        """Whether there was anything to do."""
        return self.begun_before or any(self.rows.values()) or self.files_deleted > 0


def client_key(home: Home, client_id: str) -> int:
    """Return the key under which the home keeps a client; raises `DamagedHome` if the home's secret is lost."""
    return KeyCache(home.secret(), "client").key(client_id)


def remove_client(home: Home, key: int, *, now_us: int) -> Removal:
    """Remove all rows of a client from the ledger and from disk, and keep them out; call `finish_erasure` at the end.

    `key`: from `client_key`. `now_us`: time of the erasure, microseconds since 1970. Raises `NothingThere` for an empty
    home. A client without any row is not put on the list. Readers that opened the ledger before fail and must begin
    again.
    """
    with home.lock("ledger"):
        ledger = Ledger.open(home)
        before = read_erased(home) or nobody_erased(home)
        known = before.entry(key)
        begun, finished = known is not None and not known.finished, known is not None and known.finished
        erased = _including(before, ledger, key, now_us)
        rows = {table: ledger_rows(ledger, table, erased) for table in KEY_COLUMNS}
        if not begun and not any(rows.values()):
            abandoned, running = _delete_abandoned(home) if finished else (0, 0)
            return Removal(rows, abandoned, running, begun, finished)
        write_erased(home, _unfinished(erased, key, ledger, rows))
        rmtree(home.state_path, ignore_errors=True)
        deleted = 0
        for table in KEY_COLUMNS:
            remove_erased(ledger.path(table), table, erased)
            deleted += vacuum(ledger.path(table))
        abandoned, running = _delete_abandoned(home)
        return Removal(rows, deleted + abandoned, running, begun, finished)


def ledger_rows(ledger: Ledger, table: str, erased: Erased) -> int:
    """Count the rows of a table that belong to erased clients."""
    return sum(_erased_rows(Path(path), table, erased) for path in ledger.files(table))


def rows_on_disk(home: Home) -> int:
    """Count the rows of erased clients in all data files of the ledger's folder, whether a table knows them or not."""
    erased = read_erased(home)
    if erased is None:
        return 0
    return sum(_erased_rows(path, table, erased) for table in KEY_COLUMNS for path in _data_files(home, table))


def delete_snapshots(home: Home, key: int, *, keep: str | None) -> list[str]:
    """Delete the snapshots that were computed while the rows of a client were in the ledger; return their ids.

    They hold figures that count the client, and perhaps texts. `keep`: the snapshot computed since. If the one in force
    goes, none is in force afterwards.
    """
    erased = read_erased(home)
    entry = erased.entry(key) if erased is not None else None
    if entry is None:
        return []
    with home.lock("snapshots"):
        old = [each.snapshot_id for each in list_snapshots(home) if _computed_before(each, entry)]
        gone = [snapshot_id for snapshot_id in old if snapshot_id != keep]
        if current_id(home) in gone:
            (home.snapshots_path / CURRENT).unlink()
        for snapshot_id in gone:
            rmtree(home.snapshots_path / snapshot_id)
    return sorted(gone)


def finish_erasure(home: Home, key: int) -> None:
    """Note that nothing of a client is left."""
    with home.lock("ledger"):
        erased = read_erased(home)
        entry = erased.entry(key) if erased is not None else None
        if erased is not None and entry is not None:
            write_erased(home, erased.with_entry(msgspec.structs.replace(entry, finished=True)))


def _including(erased: Erased, ledger: Ledger, key: int, now_us: int) -> Erased:
    """Return the list with a client on it, and with the sessions and searches that are its alone."""
    entry = erased.entry(key) or ErasedClient(key_text(key), now_us, finished=False, versions={})
    files = {table: ledger.files(table) for table in KEY_COLUMNS}
    return erased.with_entry(entry).naming(*owned_keys(np.array([key], np.int64), files, files))


def _unfinished(erased: Erased, key: int, ledger: Ledger, rows: dict[str, int]) -> Erased:
    """Note which versions of the tables will be the first without the client's rows."""
    entry = erased.entry(key)
    if entry is None:
        raise ValueError(f"client {key_text(key)} is not on the list")
    now = ledger.versions()
    coming = {table: now[table] + 1 for table, count in rows.items() if count and table != "quarantine"}
    versions = {**entry.versions, **coming}
    return erased.with_entry(msgspec.structs.replace(entry, finished=False, versions=versions))


def _computed_before(manifest: Manifest, entry: ErasedClient) -> bool:
    read = manifest.ledger_versions
    return any(table in read and read[table] < version for table, version in entry.versions.items())


def _erased_rows(path: Path, table: str, erased: Erased) -> int:
    with pq.ParquetFile(path) as file:
        return int(erased.mask(table, file.read(columns=list(KEY_COLUMNS[table]))).sum())


def _data_files(home: Home, table: str) -> Iterator[Path]:
    """Yield the complete Parquet files below a table's folder."""
    for path in sorted((home.ledger_path / table).rglob("*.parquet")):
        if "_delta_log" not in path.parts and _is_complete(path):
            yield path


def _is_complete(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4, 0))
        return file.read() == b"PAR1"


def _delete_abandoned(home: Home) -> tuple[int, int]:
    """Delete what interrupted imports and jobs left behind; return how many files went and how many may be in use."""
    last = (datetime.now(UTC) - ABANDONED_AFTER).timestamp()
    ledger = Ledger.open(home)
    deleted = running = 0
    for table in KEY_COLUMNS:
        known = {Path(path).name for path in ledger.files(table)}
        for path in (home.ledger_path / table).rglob("part-*"):
            if path.name in known or "_delta_log" in path.parts:
                continue
            if path.stat().st_mtime < last:
                path.unlink()
                deleted += 1
            else:
                running += 1
    for folder in (*home.scratch_path.glob("*"), *home.snapshots_path.glob(".staging-*")):
        if folder.is_dir() and folder.stat().st_mtime < last:
            rmtree(folder, ignore_errors=True)
    return deleted, running
