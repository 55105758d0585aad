"""Who was erased: the list that keeps erased clients out of the ledger.

`erased.json` in the home holds keyed hashes only: of the clients, and of the sessions and searches that were theirs
alone, by which rows without a client of their own are recognised (outcomes, some events). Everything that comes into
the ledger passes by this list. It is read and written while the home's ledger lock is held.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.durable import write_durably
from graph.errors import DamagedHome
from graph.home import Home
from graph.keys import Int64Array, combine_keys, key_text, stable_key
from graph.ledger import read_files

BoolArray = npt.NDArray[np.bool_]
_RowsOf: TypeAlias = Callable[[str], "pc.Expression"]
"""Which rows of a table to read."""

KEY_COLUMNS: Final = {
    "searches": ("client_key", "session_key", "bare_session_key", "search_key", "kind"),
    "events": ("client_key", "session_key", "bare_session_key", "search_key"),
    "outcomes": ("session_key", "bare_session_key", "search_key"),
    "quarantine": ("client_key", "raw"),
}
"""The tables that hold rows of clients, and the columns that tell whose a row is."""

_LOGS: Final = ("searches", "events")
_MARK: Final = re.compile(r"hashed-(client|session):([0-9a-f]{16})")
"""How the quarantine writes ids of people within a row."""


class ErasedClient(msgspec.Struct, frozen=True):
    """One erased client."""

    client: str
    """Its pseudonym, 16 hexadecimal digits."""
    erased_at: int
    """Microseconds since 1970."""
    finished: bool
    """False while files or snapshots with its rows may still be there: the erasure must be run again."""
    versions: dict[str, int]
    """First Delta version of each table without its rows; older ones went into snapshots that must go."""


class _File(msgspec.Struct, frozen=True):
    clients: list[ErasedClient]
    sessions: list[str]
    searches: list[str]


@dataclass(frozen=True)
class Erased:
    """The erased clients, with the sessions and searches that were theirs alone. Keys are sorted, (n,) each."""

    entries: tuple[ErasedClient, ...]
    sessions: Int64Array
    """Keys of sessions within their application, and of session ids alone that nobody else has in any application."""
    searches: Int64Array
    """Search keys hashed with the home's secret: a plain search key could be guessed from a search's id."""
    secret: bytes

    @property
    def clients(self) -> Int64Array:
        """Keys of the clients."""
        return np.array(sorted(int(entry.client, 16) for entry in self.entries), dtype=np.int64)

    def entry(self, client_key: int) -> ErasedClient | None:
        """Return what is known of a client's erasure, or None."""
        return next((entry for entry in self.entries if entry.client == key_text(client_key)), None)

    def with_entry(self, entry: ErasedClient) -> Erased:
        """Return the list with an entry added, or replaced."""
        others = [one for one in self.entries if one.client != entry.client]
        return replace(self, entries=tuple(sorted([*others, entry], key=lambda one: one.client)))

    def naming(self, sessions: Int64Array, searches: Int64Array) -> Erased:
        """Return the list with further sessions and searches (plain keys)."""
        return replace(
            self,
            sessions=np.union1d(self.sessions, sessions),
            searches=np.union1d(self.searches, self._hashed(searches)),
        )

    def mask(self, table: str, rows: pa.Table) -> BoolArray:
        """Say which rows of a table belong to erased clients: (n,). `rows` has the table's `KEY_COLUMNS`.

        A row belongs to the client it names; one that names none, to the client whose session or search it names.
        """
        if table == "quarantine":
            own = _is_in(rows["client_key"], self.clients)
            return own | np.array([self._marks(raw or "") for raw in rows["raw"].to_pylist()], dtype=np.bool_)
        named = _is_in(pc.coalesce(rows["session_key"], rows["bare_session_key"]), self.sessions)
        named |= _present(rows["search_key"]) & np.isin(self._hashed(_values(rows["search_key"])), self.searches)
        if table == "outcomes":
            return named
        nameless = ~_present(rows["client_key"])
        if table == "searches":
            nameless &= ~_is_judged(rows["kind"])
        return _is_in(rows["client_key"], self.clients) | (nameless & named)

    def _marks(self, raw: str) -> bool:
        """Say whether a quarantined text names an erased client, or no client and a session of one."""
        marks = _MARK.findall(raw)
        clients = {int(digits, 16) for kind, digits in marks if kind == "client"}
        if clients:
            return not clients.isdisjoint(self.clients.tolist())
        return not {int(digits, 16) for _, digits in marks}.isdisjoint(self.sessions.tolist())

    def _hashed(self, search_keys: Int64Array) -> Int64Array:
        salt = np.full(len(search_keys), stable_key("erased", self.secret.hex()), dtype=np.int64)
        return combine_keys({"search_key": search_keys, "secret": salt})


def read_erased(home: Home) -> Erased | None:
    """Return the list of a home, or None if nobody was ever erased; raises `DamagedHome` if it cannot be read."""
    path = home.erased_path
    if not path.exists():
        return None
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=_File)
        sessions, searches = _numbers(stored.sessions), _numbers(stored.searches)
    except (OSError, ValueError) as error:
        raise DamagedHome(
            f"{path} cannot be read ({error}). It keeps erased clients out: restore it from a backup before importing."
        ) from error
    return Erased(tuple(stored.clients), sessions, searches, home.secret())


def erased_clients(home: Home) -> frozenset[str]:
    """Return the pseudonyms of all erased clients of a home."""
    erased = read_erased(home)
    return frozenset() if erased is None else frozenset(entry.client for entry in erased.entries)


def nobody_erased(home: Home) -> Erased:
    """Return an empty list, to begin with."""
    nothing = np.empty(0, np.int64)
    return Erased((), nothing, nothing, home.secret())


def write_erased(home: Home, erased: Erased) -> None:
    """Replace the list of a home. The ledger lock must be held."""
    stored = _File(list(erased.entries), _texts(erased.sessions), _texts(erased.searches))
    write_durably(home.erased_path, msgspec.json.format(msgspec.json.encode(stored), indent=1))


Files: TypeAlias = Mapping[str, Sequence[str]]
"""Data files of tables; those of searches and events are looked into."""


def owned_keys(clients: Int64Array, theirs: Files, everybodys: Files) -> tuple[Int64Array, Int64Array]:
    """Return the session and search keys that rows of these clients name and no row of anybody else.

    `theirs`: where to look for rows of the clients; `everybodys`: where to look for others that use the same keys.
    Judged queries count as somebody else's. Reads the key columns only, in a stream; what is held in memory are the
    keys of these clients.
    """
    chosen = pa.array(clients, pa.int64())
    sessions = [_owned(column, chosen, theirs, everybodys) for column in ("session_key", "bare_session_key")]
    return np.union1d(*sessions), _owned("search_key", chosen, theirs, everybodys)


def _owned(column: str, clients: pa.Array, theirs: Files, everybodys: Files) -> Int64Array:
    own = _named(column, theirs, lambda _: pc.field("client_key").isin(clients))
    if not len(own):
        return own
    candidates = pc.field(column).isin(pa.array(own, pa.int64()))
    return np.setdiff1d(own, _named(column, everybodys, lambda table: candidates & _of_others(table, clients)))


def _of_others(table: str, clients: pa.Array) -> pc.Expression:
    others = pc.field("client_key").is_valid() & ~pc.field("client_key").isin(clients)
    return others | (pc.field("kind") == "judged") if table == "searches" else others


def _named(column: str, files: Files, rows: _RowsOf) -> Int64Array:
    found = [np.empty(0, np.int64)]
    for table in _LOGS:
        if files.get(table):
            keys = read_files(files[table], table, [column], rows(table)).column(column)
            found.append(_values(pc.unique(keys.drop_null())))
    return np.unique(np.concatenate(found))


def _numbers(texts: Sequence[str]) -> Int64Array:
    return np.array(sorted(int(text, 16) for text in texts), dtype=np.int64)


def _texts(keys: Int64Array) -> list[str]:
    return [key_text(key) for key in keys.tolist()]


def _present(column: pa.ChunkedArray) -> BoolArray:
    found: BoolArray = column.is_valid().to_numpy(zero_copy_only=False)
    return found


def _values(column: pa.Array | pa.ChunkedArray) -> Int64Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    values: Int64Array = whole.fill_null(0).to_numpy(zero_copy_only=False)
    return values


def _is_in(column: pa.ChunkedArray, keys: Int64Array) -> BoolArray:
    return np.isin(_values(column), keys)  # no key is zero, which stands for null here


def _is_judged(kind: pa.ChunkedArray) -> BoolArray:
    found: BoolArray = pc.equal(kind, "judged").fill_null(False).to_numpy(zero_copy_only=False)
    return found
