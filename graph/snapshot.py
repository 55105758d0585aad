"""Snapshots: immutable, complete sets of answers; one of them is in force.

A snapshot is a folder `snapshots/<id>/`:

manifest.json       what it was computed from, row counts, a checksum for every file
tables/*.parquet    every table of `graph.snapshot_schemas`
lookup.sqlite       the same rows for point look-ups
text/               the text index

`CURRENT` names the snapshot in force. Publishing writes a new folder under another name, renames it and
swaps `CURRENT`: readers see the old state or the new one. The id is the day of `now` and a hash of the content:
equal facts, parameters and code give the same id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from graph.durable import write_durably
from graph.errors import DamagedHome, NothingThere, UnknownName
from graph.home import Home
from graph.ledger import HOW_TO_START
from graph.lookup import LookupFile, write_lookup
from graph.snapshot_schemas import SNAPSHOT_TABLES
from graph.times import ISO_SECOND

MANIFEST: Final = "manifest.json"
CURRENT: Final = "CURRENT"


class Manifest(msgspec.Struct, frozen=True):
    """What a snapshot was computed from, and what it holds."""

    snapshot_id: str
    now_us: int
    created_at: str
    """When it was published (ISO 8601, UTC). The only field that two equal runs differ in."""
    code_version: str
    parameters: dict[str, Any]
    ledger_versions: dict[str, int]
    rows: dict[str, int]
    tables: dict[str, str]
    """SHA-256 of every table's Parquet file: equal for equal content."""
    checksums: dict[str, str]
    """SHA-256 of every file of the snapshot, by relative path."""

    @property
    def published_at(self) -> str:
        """When it was published, to the second, as all times in answers are written."""
        moment = datetime.fromisoformat(self.created_at).astimezone(UTC)
        return moment.strftime(ISO_SECOND)


class Snapshot:
    """One opened snapshot. Stays readable and unchanged when another one is published."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tables: dict[str, pa.Table] = {}

    @classmethod
    def open(cls, home: Home, snapshot_id: str | None = None) -> Snapshot:
        """Open a snapshot, by default the one in force.

        Raises `NothingThere` if there is none yet, `UnknownName` for an unknown id, `DamagedHome` if its
        folder is incomplete, `OtherLayout` if another version of matchgraph wrote the home.
        """
        home.require_layout()
        name = snapshot_id or current_id(home)
        if name is None:
            if home.has_ledger:
                raise NothingThere(f"{home.path} holds data but no snapshot yet. Run: matchgraph recompute")
            raise NothingThere(f"{home.path} holds no data yet. {HOW_TO_START}")
        path = home.snapshots_path / name
        if not _is_there(path / MANIFEST):
            if snapshot_id is not None:
                raise UnknownName("snapshot", name, [manifest.snapshot_id for manifest in list_snapshots(home)])
            raise DamagedHome(
                f"{path} is named as the current snapshot but is missing. "
                "Run: matchgraph recompute (or: matchgraph snapshots rollback)"
            )
        return cls(path)

    @cached_property
    def manifest(self) -> Manifest:
        """The snapshot's manifest."""
        return _read_manifest(self.path)

    @property
    def id(self) -> str:
        """The snapshot's id."""
        return self.manifest.snapshot_id

    @property
    def now_us(self) -> int:
        """The time for which it was computed, in microseconds since 1970."""
        return self.manifest.now_us

    @cached_property
    def text_index_path(self) -> Path:
        """Folder of the text index."""
        return self.path / "text"

    def table(self, name: str) -> pa.Table:
        """Return a whole table, read once and kept; one that came after the snapshot was written is empty."""
        if name not in self.manifest.rows:
            return SNAPSHOT_TABLES[name].empty_table()
        if name not in self._tables:
            path = _table_path(self.path, name)
            try:
                self._tables[name] = pq.read_table(path, schema=SNAPSHOT_TABLES[name], memory_map=True)
            except (OSError, pa.ArrowInvalid) as error:
                raise DamagedHome(f"{path} cannot be read ({error}). Run: matchgraph doctor") from error
        return self._tables[name]

    def rows(self, name: str, **equals: str | int) -> list[dict[str, Any]]:
        """Return the rows of a table whose columns have the given values, in stored order."""
        return self._lookup.rows(name, equals) if name in self.manifest.rows else []

    def by_key(
        self, name: str, key: str, values: Sequence[str | int], columns: Sequence[str]
    ) -> dict[Any, dict[str, Any]]:
        """Return value of the column `key` → these columns of its row; a value without a row is left out."""
        return self._lookup.by_key(name, key, values, columns)

    @cached_property
    def _lookup(self) -> LookupFile:
        return LookupFile(self.path / "lookup.sqlite")

    def damages(self) -> list[str]:
        """Compare every file with its checksum; return what is wrong, one line each."""
        found = []
        for name, expected in self.manifest.checksums.items():
            path = self.path / name
            if not path.is_file():
                found.append(f"{path} is missing")
            elif _checksum(path) != expected:
                found.append(f"{path} has changed since it was published")
        return found


def current_id(home: Home) -> str | None:
    """Return the id of the snapshot in force, or None."""
    try:
        # A damaged name is one that no snapshot has; whoever opens it learns that.
        return (home.snapshots_path / CURRENT).read_text("utf-8", errors="replace").strip() or None
    except OSError:
        return None


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name that no file can have, such as one of a thousand letters
        return False


def list_snapshots(home: Home) -> list[Manifest]:
    """Return the manifests of all snapshots, the newest publication first."""
    folders = home.snapshots_path.glob(f"*/{MANIFEST}")
    manifests = [_read_manifest(path.parent) for path in folders if not path.parent.name.startswith(".")]
    return sorted(manifests, key=lambda manifest: (manifest.created_at, manifest.snapshot_id), reverse=True)


def put_in_force(home: Home, snapshot_id: str) -> Manifest:
    """Make a snapshot the one in force, by swapping one file; raises `UnknownName` if it does not exist."""
    snapshot = Snapshot.open(home, snapshot_id)
    with home.lock("snapshots"):
        write_durably(home.snapshots_path / CURRENT, snapshot_id.encode() + b"\n")
    return snapshot.manifest


def publish(
    home: Home,
    tables: Mapping[str, pa.Table],
    *,
    now_us: int,
    parameters: Mapping[str, Any],
    ledger_versions: Mapping[str, int],
    code_version: str,
    published_at: datetime,
    add_files: Callable[[Path], None] | None = None,
) -> Snapshot:
    """Write a snapshot and put it in force.

    `tables` holds every table of `SNAPSHOT_TABLES`, rows in their final order. `add_files` gets the folder under
    construction, for the text index. If a snapshot of the same content exists, it is put in force instead.
    A failure leaves the old snapshot in force and nothing half-written behind.
    """
    _check_tables(tables)
    home.create()
    with _staging_folder(home) as staging:
        (staging / "tables").mkdir()
        for name, table in tables.items():
            pq.write_table(table, _table_path(staging, name), compression="zstd")
        hashes = {name: _checksum(_table_path(staging, name)) for name in sorted(tables)}
        snapshot_id = _content_id(now_us, parameters, code_version, hashes)
        final = home.snapshots_path / snapshot_id
        if not (final / MANIFEST).is_file():
            write_lookup(staging / "lookup.sqlite", tables)
            if add_files is not None:
                add_files(staging)
            manifest = Manifest(
                snapshot_id=snapshot_id,
                now_us=now_us,
                created_at=published_at.astimezone(UTC).isoformat(timespec="microseconds"),
                code_version=code_version,
                parameters=dict(parameters),
                ledger_versions=dict(ledger_versions),
                rows={name: tables[name].num_rows for name in sorted(tables)},
                tables=hashes,
                checksums={
                    path.relative_to(staging).as_posix(): _checksum(path)
                    for path in sorted(staging.rglob("*"))
                    if path.is_file()
                },
            )
            write_durably(staging / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
            with home.lock("snapshots"):
                if final.exists():
                    rmtree(final)  # left without a manifest by a crash
                staging.rename(final)
    put_in_force(home, snapshot_id)
    return Snapshot.open(home, snapshot_id)


def _check_tables(tables: Mapping[str, pa.Table]) -> None:
    for name, schema in SNAPSHOT_TABLES.items():
        if name not in tables:
            raise ValueError(f"snapshot table {name} is missing")
        if not tables[name].schema.equals(schema):
            raise ValueError(f"snapshot table {name} has the columns {tables[name].schema}, expected {schema}")


def _content_id(now_us: int, parameters: Mapping[str, Any], code_version: str, hashes: Mapping[str, str]) -> str:
    day = datetime.fromtimestamp(now_us // 1_000_000, UTC).strftime("%Y%m%d")
    content = msgspec.json.encode([now_us, dict(parameters), code_version, dict(hashes)], order="deterministic")
    return f"{day}-{sha256(content).hexdigest()[:12]}"


def _table_path(folder: Path, table: str) -> Path:
    return folder / "tables" / f"{table}.parquet"


@contextmanager
def _staging_folder(home: Home) -> Iterator[Path]:
    """Give a folder beside the snapshots that is deleted if it is still there at the end."""
    staging = Path(mkdtemp(prefix=".staging-", dir=home.snapshots_path))
    staging.chmod(0o755)
    try:
        yield staging
    finally:
        rmtree(staging, ignore_errors=True)


def _read_manifest(path: Path) -> Manifest:
    try:
        return msgspec.json.decode((path / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedHome(f"{path / MANIFEST} cannot be read ({error}). Run: matchgraph recompute") from error


def _checksum(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
