"""Backups: a second home with the same facts and answers, brought up to date while the first one is in use.

Data files and snapshots never change once they are there, so a later backup copies what is new. Data goes before the
Delta logs that name it, snapshots before `CURRENT`, and what the home no longer has (rows of erased clients, above
all) goes last: wherever the work is interrupted, each table of the copy is as of the last backup or of this one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from graph.durable import whole_file, write_durably
from graph.errors import DamagedHome, WrongUse
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import CURRENT, MANIFEST, Snapshot, current_id, list_snapshots

MARK: Final = "backup.json"
_KEY: Final = "secret.key"
_LOG: Final = "_delta_log"
_SNAPSHOTS: Final = "snapshots"
_NOT_AS_THEY_STAND: Final = ("scratch", "state", "ledger", _SNAPSHOTS)
"""Folders of which nothing is copied, or what ledger and manifests name: the rest makes itself again."""


class Backup(msgspec.Struct, frozen=True):
    """What a backup did."""

    folder: str
    copied: int
    """Files that were not there yet, or had changed."""
    bytes_copied: int
    kept: int
    """Files that were there already."""
    removed: int
    """Files that the home no longer has."""
    with_key: bool
    rows: dict[str, int]
    """Rows of every ledger table, counted in the copy."""
    snapshot_id: str | None
    """The snapshot in force; its files agree with their checksums in the copy."""


def back_up(home: Home, folder: Path, *, with_key: bool = True) -> Backup:
    """Make `folder` a copy of a home, or bring the copy that it is up to date. Imports and answers go on meanwhile.

    Without the key of the pseudonyms (`with_key`) the copy answers questions but takes no imports until its
    `secret.key` is put back. Raises `NothingThere` for an empty home, `WrongUse` for a folder that is anything but a
    backup of this home, `DamagedHome` if the copy does not hold what the home does.
    """
    ledger = Ledger.open(home)
    _claim(home, folder)
    copied = {name for name in _data_files(ledger) if _copy(home.path / name, folder / name)}  # most, without a lock
    with home.lock("ledger"), home.lock("snapshots"):
        ledger = Ledger.open(home)
        names = [*_data_files(ledger), *_other_files(home, with_key=with_key)]
        copied |= {name for name in names if _copy(home.path / name, folder / name)}
        removed = _remove_all_but({*names, Path(MARK)}, folder)
        snapshot_id = current_id(home)
    _require_equal(ledger, folder)
    copied &= set(names)
    return Backup(
        folder=str(folder),
        copied=len(copied),
        bytes_copied=sum((folder / name).stat().st_size for name in copied),
        kept=len(names) - len(copied),
        removed=removed,
        with_key=with_key,
        rows={table: ledger.count(table) for table in ledger.versions()},
        snapshot_id=snapshot_id,
    )


def _claim(home: Home, folder: Path) -> None:
    """Mark a folder as the backup of a home, if it is empty, or was that before."""
    here, there = home.path.resolve(), folder.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise WrongUse(f"{folder} and the home {home.path} lie one in the other. Choose a folder elsewhere.")
    mark = folder / MARK
    of_home = {"backup_of": sha256(b"backup of " + home.secret()).hexdigest()}
    if mark.exists():
        if msgspec.json.decode(mark.read_bytes()) != of_home:
            raise WrongUse(f"{folder} is a backup of another home. Choose another folder.")
    elif folder.exists() and any(folder.iterdir()):
        raise WrongUse(f"{folder} is not empty and no backup. Choose a new folder.")
    else:
        Home(folder).create()
        write_durably(mark, msgspec.json.encode(of_home))


def _data_files(ledger: Ledger) -> Iterator[Path]:
    """Yield the data files that the ledger's tables name now, relative to the home."""
    for table in ledger.versions():
        yield from (Path(path).relative_to(ledger.home.path.absolute()) for path in ledger.files(table))


def _other_files(home: Home, *, with_key: bool) -> Iterator[Path]:
    """Yield all further files worth keeping, those that name others after what they name."""
    found = [path.relative_to(home.path) for path in home.path.rglob("*") if path.is_file()]
    kept = [name for name in found if name.parts[0] not in _NOT_AS_THEY_STAND and not _is_passing(name)]
    yield from (name for name in sorted(kept) if with_key or str(name) != _KEY)
    for manifest in list_snapshots(home):
        yield from (Path(_SNAPSHOTS, manifest.snapshot_id, name) for name in (*sorted(manifest.checksums), MANIFEST))
    yield from sorted(name for name in found if name.parts[0] == "ledger" and _LOG in name.parts)
    yield from (name for name in found if name == Path(_SNAPSHOTS, CURRENT))


def _is_passing(name: Path) -> bool:
    """Say whether a file is a lock, or half-written."""
    return name.name.startswith(".") or name.suffix == ".partial"


def _copy(source: Path, target: Path) -> bool:
    """Copy a file, unless the target has it by size and time, or the source has gone; say whether it was copied."""
    try:
        found = source.stat()
        if target.is_file() and (target.stat().st_size, target.stat().st_mtime_ns) == (
            found.st_size,
            found.st_mtime_ns,
        ):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as partial:
            partial.touch(mode=0o600)  # the key must not be readable for a moment
            shutil.copy2(source, partial)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
    except FileNotFoundError:
        return False  # erased between listing and copying; under the lock nothing goes
    return True


def _remove_all_but(names: set[Path], folder: Path) -> int:
    """Delete the files of a backup that are not among `names`, and folders that are empty then."""
    others = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder) not in names]
    for path in others:
        path.unlink()
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
    return len(others)


def _require_equal(ledger: Ledger, folder: Path) -> None:
    """Raise `DamagedHome` unless the copy's tables hold as many rows and its snapshot's files have their checksums."""
    there = Home(folder)
    copy = Ledger.open(there)
    for table in ledger.versions():
        if copy.count(table) != ledger.count(table):
            raise DamagedHome(f"{folder} has {copy.count(table)} rows of {table} instead of {ledger.count(table)}.")
    if current_id(there) is not None:
        for damage in Snapshot.open(there).damages():
            raise DamagedHome(f"The backup is not whole: {damage}. Run: matchgraph doctor, then back up again.")
