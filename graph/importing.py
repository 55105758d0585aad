"""Importing a file: all its new rows, for any tables of the ledger, or none of them.

Nothing shows before the commit, and what was written for an import that fails is deleted. Rows of erased clients do
not come back, whoever brings them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import rmtree

import pyarrow as pa

from graph.appending import AppendCount, TableAppend
from graph.data_files import remove_erased, vacuum
from graph.erased import KEY_COLUMNS, Erased, owned_keys, read_erased, write_erased
from graph.home import Home
from graph.ledger import Ledger


class Import:
    """All new rows of one file, for any tables: nothing of it shows before `commit`."""

    def __init__(self, home: Home, import_hash: str) -> None:
        self._home = home
        self._import_hash = import_hash
        self._appends: dict[str, TableAppend] = {}

    def append(self, table: str, batch: pa.RecordBatch) -> None:
        """Take rows for a table, in its ledger schema."""
        if table not in self._appends:
            self._appends[table] = TableAppend(self._home, table, self._import_hash)
        self._appends[table].append(batch)

    def commit(self) -> dict[str, AppendCount]:
        """Commit table by table what was given since the last commit. Returns counts by table.

        The caller holds `home.lock("ledger")`, and adds the row of `sources`, which marks the file as done, in a
        commit of its own after the others. If a crash falls between two commits, importing the file again
        completes it: rows already there are recognised. Rows of erased clients are dropped.
        """
        erased = self._erased()
        counts = {table: append.commit(erased) for table, append in self._appends.items()}
        self._appends = {}
        return counts

    def _erased(self) -> Erased | None:
        """Return who is erased, with the sessions and searches of theirs that only the new rows tell of.

        Rows of such a session or search may have come earlier, when nobody could know whose they were: they go now.
        """
        erased = read_erased(self._home)
        new = {table: append.files() for table, append in self._appends.items() if table in KEY_COLUMNS}
        if erased is None or not new:
            return erased
        ledger = Ledger(self._home)
        everything = {table: [*ledger.files(table), *new.get(table, [])] for table in KEY_COLUMNS}
        wider = erased.naming(*owned_keys(erased.clients, new, everything))
        if len(wider.sessions) + len(wider.searches) > len(erased.sessions) + len(erased.searches):
            write_erased(self._home, wider)
            rmtree(self._home.state_path, ignore_errors=True)
            for table in KEY_COLUMNS:
                if remove_erased(ledger.path(table), table, wider):
                    vacuum(ledger.path(table))
        return wider

    def discard(self) -> None:
        """Delete everything written for this import; it can be begun again."""
        for append in self._appends.values():
            append.discard()
        self._appends = {}


@contextmanager
def importing(home: Home, import_hash: str) -> Iterator[Import]:
    """Give an `Import` that is discarded if the block fails."""
    home.create()
    started = Import(home, import_hash)
    try:
        yield started
    except BaseException:
        started.discard()
        raise
