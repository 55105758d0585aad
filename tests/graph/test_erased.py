"""Whose a row is, and the list of the erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from graph.data_files import data_writer, new_file
from graph.erased import (
    KEY_COLUMNS,
    Erased,
    ErasedClient,
    erased_clients,
    nobody_erased,
    owned_keys,
    read_erased,
    write_erased,
)
from graph.errors import DamagedHome
from graph.home import Home
from graph.keys import key_text
from tests.graph.rows import batch

ANNA, BEN = 11, 22
SESSION, SEARCH = 33, 44


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.secret(create=True)
    return made


def anna_erased(home: Home) -> Erased:
    entry = ErasedClient(key_text(ANNA), 1, finished=False, versions={"events": 3})
    return nobody_erased(home).with_entry(entry).naming(np.array([SESSION]), np.array([SEARCH]))


def keys(table: str, *rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_batches([batch(table, list(rows))]).select(KEY_COLUMNS[table])


def test_a_row_belongs_to_the_client_it_names(home: Home) -> None:
    rows = keys(
        "events",
        {"client_key": ANNA},
        {"client_key": BEN, "session_key": SESSION, "search_key": SEARCH},
        {"client_key": BEN},
        {},
    )
    assert anna_erased(home).mask("events", rows).tolist() == [True, False, False, False]


@pytest.mark.parametrize("table", ["searches", "events", "outcomes"])
def test_a_row_without_a_client_belongs_to_that_of_its_session_or_search(home: Home, table: str) -> None:
    rows = keys(
        table,
        {"session_key": SESSION},
        {"bare_session_key": SESSION},
        {"search_key": SEARCH},
        {"session_key": SESSION + 1, "bare_session_key": SESSION},
        {"search_key": SEARCH + 1},
        {},
    )
    assert anna_erased(home).mask(table, rows).tolist() == [True, True, True, False, False, False]


def test_a_judged_query_belongs_to_nobody(home: Home) -> None:
    rows = keys("searches", {"search_key": SEARCH, "kind": "judged"}, {"search_key": SEARCH, "kind": "log"})
    assert anna_erased(home).mask("searches", rows).tolist() == [False, True]


def test_a_quarantined_row_belongs_to_those_it_marks(home: Home) -> None:
    rows = keys(
        "quarantine",
        {"client_key": ANNA, "raw": "{}"},
        {"raw": f'"hashed-client:{key_text(ANNA)}'},
        {"raw": f'"hashed-session:{key_text(SESSION)}'},
        {"raw": f'"hashed-client:{key_text(BEN)}", "hashed-session:{key_text(SESSION)}'},
        {"raw": None},
    )
    assert anna_erased(home).mask("quarantine", rows).tolist() == [True, True, True, False, False]


def test_the_list_survives_writing_and_reading(home: Home) -> None:
    assert read_erased(home) is None
    assert erased_clients(home) == frozenset()
    written = anna_erased(home)
    write_erased(home, written)
    read = read_erased(home)
    assert read is not None
    assert (read.entries, read.clients.tolist()) == (written.entries, [ANNA])
    assert (read.sessions.tolist(), read.searches.tolist()) == ([SESSION], written.searches.tolist())
    assert erased_clients(home) == {key_text(ANNA)}


def test_search_keys_are_written_hashed(home: Home) -> None:
    """A search key is a plain hash of a search's id, which somebody might guess."""
    write_erased(home, anna_erased(home))
    assert key_text(SEARCH) not in home.erased_path.read_text("utf-8")


def test_a_damaged_list_is_refused(home: Home) -> None:
    home.erased_path.write_text('{"clients": [')
    with pytest.raises(DamagedHome, match="restore it from a backup"):
        read_erased(home)


def files(folder: Path, **rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    written: dict[str, list[str]] = {}
    for table, some in rows.items():
        path = new_file(folder / table / "event_date=2026-05-01")
        with data_writer(path, table) as writer:
            writer.write_batch(batch(table, some).drop_columns(["event_date"]))
        written[table] = [str(path)]
    return written


def test_what_others_name_too_is_nobodys_own(tmp_path: Path) -> None:
    found = files(
        tmp_path,
        searches=[
            {"client_key": ANNA, "session_key": 1, "bare_session_key": 101, "search_key": 5},
            {"client_key": ANNA, "session_key": 2, "bare_session_key": 102, "search_key": 6},
            {"client_key": ANNA, "session_key": 3, "bare_session_key": 103, "search_key": 7},
            {"kind": "judged", "search_key": 7},
        ],
        events=[
            {"client_key": BEN, "session_key": 2, "bare_session_key": 102, "search_key": 5},
            {"client_key": ANNA, "search_key": 8},
            {"session_key": 3, "search_key": 6},
        ],
    )
    sessions, searches = owned_keys(np.array([ANNA]), found, found)
    assert (sessions.tolist(), searches.tolist()) == ([1, 3, 101, 103], [6, 8])
    assert owned_keys(np.array([99]), found, found)[0].tolist() == []
