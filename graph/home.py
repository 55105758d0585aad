"""The home: one folder with everything a matchgraph installation keeps."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock

from graph.durable import write_durably
from graph.errors import DamagedHome, OtherLayout, WrongUse

LAYOUT: Final = "2"
"""Version of the tables' columns and of the files of a home; raised when an older program could not read a newer home,
or the other way round."""
SECRET_BYTES: Final = 32
_MISREAD = re.compile(r"[\[\]*?]|%[0-9A-Fa-f]{2}")


@dataclass(frozen=True)
class Home:
    """Paths inside a home. Nothing is created before something is written.

    ledger/       the facts: one Delta table in each folder
    snapshots/    the answers: one folder each, and CURRENT naming the one in force
    state/        counts of the job, to be used again where nothing changed
    erased.json   keyed hashes of erased clients, whose rows are kept out; there if anybody was erased
    layout        the version of this layout
    rank_weights.toml  the user's own weights of the rank, if there are any
    secret.key    the key of the pseudonyms; whoever has it can test a guess at a client's name
    """

    path: Path

    @property
    def ledger_path(self) -> Path:
        """Folder of the Delta tables."""
        return self.path / "ledger"

    @property
    def snapshots_path(self) -> Path:
        """Folder of the snapshots."""
        return self.path / "snapshots"

    @property
    def scratch_path(self) -> Path:
        """Folder for spilled and half-finished files; may be deleted when nothing runs."""
        return self.path / "scratch"

    @property
    def rank_weights_path(self) -> Path:
        """The user's own weights of the rank; need not exist."""
        return self.path / "rank_weights.toml"

    @property
    def state_path(self) -> Path:
        """Folder of counts that the job keeps for its next run; may be deleted when nothing runs."""
        return self.path / "state"

    @property
    def erased_path(self) -> Path:
        """File with the list of erased clients."""
        return self.path / "erased.json"

    @property
    def has_ledger(self) -> bool:
        """Whether anything was ever imported."""
        return (self.ledger_path / "sources" / "_delta_log").is_dir()

    def create(self) -> None:
        """Make the folders; harmless when they exist.

        Raises `WrongUse` for a path that the Delta library misreads, `OtherLayout` as `require_layout` does.
        """
        if _MISREAD.search(str(self.path.absolute())):
            raise WrongUse(
                f"The home {self.path} cannot be used: its path has square brackets, * or ?, or a % before two digits, "
                "which the library of the ledger reads as something else. Choose another folder."
            )
        self.require_layout()
        for folder in (self.ledger_path, self.snapshots_path, self.scratch_path):
            folder.mkdir(parents=True, exist_ok=True)
        if not self._layout_path.exists():
            write_durably(self._layout_path, LAYOUT.encode())

    @property
    def _layout_path(self) -> Path:
        return self.path / "layout"

    def require_layout(self) -> None:
        """Raise `OtherLayout` if the home holds data of another layout; homes before the first had no number."""
        found = self._layout_path.read_text("utf-8").strip() if self._layout_path.exists() else None
        if found != LAYOUT and (found is not None or self.has_ledger):
            raise OtherLayout(
                f"{self.path} was written by another version of matchgraph (its layout has the number "
                f"{found or 'none'}, this version's {LAYOUT}). Use that version, or import your files into a new home: "
                "matchgraph ingest PATH... --home NEW"
            )

    def lock(self, name: str) -> FileLock:
        """Return the lock that processes on this machine take before they write `name`."""
        self.create()
        return FileLock(str(self.path / f".{name}.lock"))

    def secret(self, *, create: bool = False) -> bytes:
        """Return the key of the pseudonyms, made for the first import if `create`; `DamagedHome` if it is lost."""
        path = self.path / "secret.key"
        if not path.exists() and create and not self.has_ledger:
            self._make_secret(path)
        try:
            key = bytes.fromhex(path.read_text("ascii"))
        except (OSError, ValueError) as error:
            raise DamagedHome(
                f"{path} cannot be read ({error}). It holds the key of the client pseudonyms: restore it from a "
                "backup, or clients in new imports will not be recognised as those in old ones."
            ) from error
        if len(key) != SECRET_BYTES:
            raise DamagedHome(f"{path} holds {len(key)} bytes instead of {SECRET_BYTES}: restore it from a backup.")
        return key

    def _make_secret(self, path: Path) -> None:
        with self.lock("secret"):
            if path.exists():
                return
            partial = path.with_suffix(".partial")
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_bytes(SECRET_BYTES).hex())
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
