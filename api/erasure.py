"""Erasing a client from start to end: ledger, answers, old snapshots, and the proof that nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import msgspec

from graph.erasing import Removal, delete_snapshots, finish_erasure, remove_client, rows_on_disk
from graph.errors import NothingThere
from graph.home import Home
from graph.importing import importing
from graph.ledger import Ledger, read_files
from graph.schemas import LEDGER_TABLES
from graph.snapshot import Manifest, Snapshot
from queries.counting.withholding import K_ANONYMITY
from queries.recompute import recompute, written_by_people
from queries.text.encoders.contract import BUILT_IN

PROVED_UP_TO_ROWS: Final = 1_000_000
"""Searches and events up to which the proof is made unasked: it takes as long as importing and computing them anew."""


class Choices(NamedTuple):
    """How a snapshot is to be computed, see `queries.recompute.recompute`."""

    k_anonymity: int = K_ANONYMITY
    encoder: str = BUILT_IN


_USUAL: Final = Choices()


class Proof(msgspec.Struct, frozen=True):
    """Whether nothing of the erased clients is left, in the data and in the answers."""

    rows_on_disk: int
    """Rows of erased clients in the data files of the ledger's folder."""
    tables_compared: int
    tables_different: list[str]
    """Tables of the snapshot that differ from those computed in a new home from the rows that are left."""

    @property
    def holds(self) -> bool:
        """Whether the proof succeeded."""
        return not self.rows_on_disk and not self.tables_different


class Erasure(msgspec.Struct, frozen=True):
    """What erasing a client did. It does not say who it was."""

    found: bool
    removal: Removal
    snapshot_id: str | None
    """The snapshot that was computed without the client; None if none was asked for."""
    snapshots_deleted: list[str]
    proof: Proof | None


def erase_client(
    home: Home,
    key: int,
    *,
    at_us: int,
    now_us: int,
    compute: bool = True,
    prove: bool | None = None,
    choices: Choices = _USUAL,
    report: Callable[[str], None],
) -> Erasure:
    """Erase a client by its key (`graph.erasing.client_key`).

    `at_us`: when it is erased; `now_us`: the time for which the new snapshot is computed (both microseconds since
    1970). `compute`: whether to compute a new snapshot; without one nothing is in force if the old ones have to
    go. `prove`: None makes the proof if the ledger holds at most `PROVED_UP_TO_ROWS` searches and events. `choices`:
    how it is computed where no snapshot is in force, else it is like that one. An interrupted erasure is taken up by
    calling this again.
    """
    report("Removing the client's rows")
    removal = remove_client(home, key, now_us=at_us)
    if not removal.found:
        return Erasure(False, removal, None, [], None)
    snapshot = _without_client(home, now_us, choices, report) if compute else None
    deleted = delete_snapshots(home, key, keep=snapshot.id if snapshot is not None else None)
    proof = None
    if snapshot is not None and (_is_small(home) if prove is None else prove):
        report("Computing the same in a new home, for the proof")
        proof = prove_erasure(home, snapshot.manifest)
    finish_erasure(home, key)
    return Erasure(True, removal, snapshot.id if snapshot is not None else None, deleted, proof)


def prove_erasure(home: Home, manifest: Manifest) -> Proof:
    """Compare a snapshot with one computed in a new home from the rows that are left; look for rows left on disk."""
    home.scratch_path.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="proof-", dir=home.scratch_path) as folder:
        other = Home(Path(folder) / "home")
        copy_rows(home, other)
        for file in filter(Path.exists, written_by_people(home)):
            copyfile(file, other.path / file.name)
        again = recompute(other, now_us=manifest.now_us, **_choices(manifest, _USUAL)._asdict())
        different = [name for name, digest in manifest.tables.items() if again.manifest.tables.get(name) != digest]
        return Proof(rows_on_disk(home), len(manifest.tables), sorted(different))


def copy_rows(home: Home, other: Home) -> None:
    """Import every row of a home's ledger into an empty home."""
    ledger = Ledger.open(home)
    with importing(other, "copy") as started, other.lock("ledger"):
        for table, schema in LEDGER_TABLES.items():
            for path in ledger.files(table):
                for batch in read_files([path], table, schema.names).cast(schema).to_batches():
                    started.append(table, batch)
        started.commit()


def _without_client(home: Home, now_us: int, choices: Choices, report: Callable[[str], None]) -> Snapshot:
    """Compute a snapshot like the one in force, and say so if its ranks cannot be."""
    try:
        before = Snapshot.open(home).manifest
    except NothingThere:
        return recompute(home, now_us=now_us, report=report, **choices._asdict())
    after = recompute(home, now_us=now_us, report=report, **_choices(before, choices)._asdict())
    if before.parameters.get("rank") != after.manifest.parameters["rank"]:
        report(
            f"The ranks before ({before.parameters.get('rank')}) were made with other weights than the home has now "
            f"({after.manifest.parameters['rank']}). To have them again: matchgraph recompute --weights FILE"
        )
    return after


def _choices(manifest: Manifest, otherwise: Choices) -> Choices:
    """Return how a snapshot was computed, so that another one can be like it."""
    told = {name: manifest.parameters[name] for name in Choices._fields if name in manifest.parameters}
    return otherwise._replace(**told)


def _is_small(home: Home) -> bool:
    ledger = Ledger.open(home)
    return ledger.count("searches") + ledger.count("events") <= PROVED_UP_TO_ROWS
