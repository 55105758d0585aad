"""Which files were imported before, and what importing one of them once more would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec
from deltalake import DeltaTable

from graph.home import Home
from graph.ledger import Ledger


class KnownFile(msgspec.Struct, frozen=True):
    """A file that was imported before: its format, and its rows that are in the ledger and in quarantine now."""

    format: str
    duplicates: int
    quarantined: int


class ImportedFiles:
    """The files in a home's ledger as they were when first asked for: one call may bring thousands of files."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def known(self, import_hash: str) -> KnownFile | None:
        """Return what is known of an import (see `graph.schemas.SOURCES.file_hash`), None if it is new."""
        row = self._rows.get(import_hash)
        if row is None:
            return None
        waiting = min(self._waiting[row["source"], row["format"]], row["quarantined"])
        return KnownFile(row["format"], row["rows"] - waiting, waiting)

    def known_now(self, import_hash: str) -> KnownFile | None:
        """Return the same, with the imports of other processes since. The home's ledger lock must be held."""
        if not self._home.has_ledger:
            return None
        if DeltaTable(Ledger(self._home).path("sources")).transaction_version(import_hash) is None:
            return None
        self._forget("_rows", "_waiting")
        return self.known(import_hash)

    def add(self, row: Mapping[str, Any]) -> None:
        """Take note of a file that was imported since; `row` is its row of `sources`."""
        self._rows[row["file_hash"]] = row
        self._forget("_waiting")

    @cached_property
    def _rows(self) -> dict[str, Mapping[str, Any]]:
        columns = ("file_hash", "format", "rows", "quarantined", "source")
        return {row["file_hash"]: row for row in self._read("sources", columns)}

    @cached_property
    def _waiting(self) -> Counter[tuple[str, str]]:
        """Rows in quarantine by source and format."""
        return Counter((row["source"], row["format"]) for row in self._read("quarantine", ("source", "format")))

    def _read(self, table: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
        if not self._home.has_ledger:
            return []
        rows: list[dict[str, Any]] = Ledger.open(self._home).arrow(table, columns).to_pylist()
        return rows

    def _forget(self, *names: str) -> None:
        for name in names:
            self.__dict__.pop(name, None)
