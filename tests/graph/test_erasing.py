"""Removing a client's rows from tables and disk, on a ledger written by hand."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deltalake import DeltaTable

from graph.appending import AppendCount
from graph.erasing import (
    ABANDONED_AFTER,
    client_key,
    delete_snapshots,
    finish_erasure,
    remove_client,
    rows_on_disk,
)
from graph.errors import NothingThere
from graph.home import Home
from graph.importing import importing
from graph.keys import stable_key
from graph.ledger import Ledger
from graph.snapshot import current_id, publish
from graph.snapshot_schemas import SNAPSHOT_TABLES
from tests.graph.rows import batch

ANNA, BEN = 11, 22
DAYS = ("2026-05-01", "2026-05-02", "2026-05-03")


def add(home: Home, clients: list[int | None], name: str, day: str = DAYS[0]) -> AppendCount:
    """Import one event of each client, all of one search."""
    home.secret(create=True)
    with importing(home, name) as started, home.lock("ledger"):
        rows = [
            {"content_hash": stable_key(name, str(place)), "client_key": client, "search_key": 7, "event_date": day}
            for place, client in enumerate(clients)
        ]
        started.append("events", batch("events", rows))
        started.append("sources", batch("sources", [{"content_hash": stable_key(name)}]))
        return started.commit()["events"]


def clients(home: Home) -> list[int | None]:
    return sorted(Ledger.open(home).arrow("events", ["client_key"])["client_key"].to_pylist())


def snapshot(home: Home, now_us: int) -> str:
    made = publish(
        home,
        {name: schema.empty_table() for name, schema in SNAPSHOT_TABLES.items()},
        now_us=now_us,
        parameters={},
        ledger_versions=Ledger.open(home).versions(),
        code_version="test",
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return made.id


def test_rows_go_and_files_that_hold_none_stay_as_they_are(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for day, some in zip(DAYS, ([ANNA, BEN], [ANNA], [BEN]), strict=True):
        add(home, list(some), day, day)
    untouched = next((home.ledger_path / "events" / f"event_date={DAYS[2]}").iterdir())
    removal = remove_client(home, ANNA, now_us=1)
    assert (removal.rows["events"], removal.files_deleted, removal.files_in_progress) == (2, 2, 0)
    assert clients(home) == [BEN, BEN]
    assert Ledger.open(home).count("events") == 2
    assert untouched.exists()
    on_disk = [path.parent.name for path in (home.ledger_path / "events").rglob("part-*")]
    assert sorted(on_disk) == [f"event_date={day}" for day in (DAYS[0], DAYS[2])]


def test_the_home_may_be_named_relatively(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    add(Home(Path("home")), [ANNA, BEN], "first")
    assert remove_client(Home(Path("home")), ANNA, now_us=1).rows["events"] == 1
    assert clients(Home(Path("home"))) == [BEN]


def test_later_imports_leave_the_client_out(tmp_path: Path) -> None:
    home = Home(tmp_path)
    add(home, [ANNA], "first")
    remove_client(home, ANNA, now_us=1)
    assert add(home, [ANNA, BEN, None], "second") == AppendCount(
        accepted=1, erased=2
    )  # who names nobody, but her search, is she
    assert clients(home).count(ANNA) == 0


def test_an_import_that_began_before_the_erasure_leaves_the_client_out(tmp_path: Path) -> None:
    home = Home(tmp_path)
    add(home, [ANNA], "first")
    with importing(home, "slow") as slow:
        slow.append("events", batch("events", [{"content_hash": 1, "client_key": ANNA, "event_date": DAYS[0]}]))
        assert remove_client(home, ANNA, now_us=1).rows["events"] == 1
        with home.lock("ledger"):
            assert slow.commit()["events"] == AppendCount(erased=1)
    assert rows_on_disk(home) == 0


def test_files_of_a_dead_import_go_when_they_are_a_day_old(tmp_path: Path) -> None:
    home = Home(tmp_path)
    add(home, [ANNA], "first")
    folder = home.ledger_path / "events" / f"event_date={DAYS[0]}"
    stray = folder / "part-stray.zstd.parquet"
    stray.write_bytes(b"cut off")
    assert remove_client(home, ANNA, now_us=1).files_in_progress == 1
    finish_erasure(home, ANNA)
    long_ago = (datetime.now(UTC) - 2 * ABANDONED_AFTER).timestamp()
    os.utime(stray, (long_ago, long_ago))
    again = remove_client(home, ANNA, now_us=1)
    assert (again.finished_before, again.files_deleted, again.found) == (True, 1, True)
    assert not stray.exists()


def test_only_snapshots_computed_with_the_rows_are_deleted(tmp_path: Path) -> None:
    home = Home(tmp_path)
    add(home, [ANNA], "first")
    old = [snapshot(home, now_us) for now_us in (1, 2)]
    remove_client(home, ANNA, now_us=1)
    new = snapshot(home, 3)
    assert delete_snapshots(home, BEN, keep=None) == []
    assert delete_snapshots(home, ANNA, keep=new) == sorted(old)
    assert current_id(home) == new
    assert [path.name for path in home.snapshots_path.iterdir() if path.is_dir()] == [new]


def test_the_snapshot_computed_since_is_kept_though_it_equals_an_old_one(tmp_path: Path) -> None:
    home = Home(tmp_path)
    add(home, [ANNA], "first")
    same = snapshot(home, 1)
    remove_client(home, ANNA, now_us=1)
    assert snapshot(home, 1) == same
    assert delete_snapshots(home, ANNA, keep=same) == []
    assert current_id(home) == same


def test_a_client_without_rows_is_not_put_on_the_list(tmp_path: Path) -> None:
    home = Home(tmp_path)
    add(home, [BEN], "first")
    removal = remove_client(home, ANNA, now_us=1)
    assert (removal.found, removal.finished_before) == (False, False)
    assert add(home, [ANNA], "second") == AppendCount(accepted=1)


def test_an_empty_home_has_nobody_to_erase(tmp_path: Path) -> None:
    with pytest.raises(NothingThere):
        remove_client(Home(tmp_path), ANNA, now_us=1)


def test_no_log_of_a_table_keeps_values_of_rows(tmp_path: Path) -> None:
    """Delta logs may hold the smallest and largest value of a column, which would outlive their row."""
    home = Home(tmp_path)
    row = {"content_hash": 1, "client_key": ANNA, "event_date": DAYS[0], "query_text": "a private need"}
    home.secret(create=True)
    with importing(home, "x") as started, home.lock("ledger"):
        started.append("events", batch("events", [row, {**row, "content_hash": 2, "client_key": BEN}]))
        started.append("sources", batch("sources", [{"content_hash": 3}]))
        started.commit()
    remove_client(home, BEN, now_us=1)
    assert remove_client(home, ANNA, now_us=1).rows["events"] == 1
    logs = list(home.ledger_path.rglob("_delta_log/*"))
    assert len(logs) > 3
    assert not [path for path in logs if path.is_file() and b"private" in path.read_bytes()]


def test_rows_deleted_by_delta_itself_leave_no_values_either(tmp_path: Path) -> None:
    """So are rows forgotten that moved from the quarantine to the ledger."""
    home = Home(tmp_path)
    with importing(home, "x") as started, home.lock("ledger"):
        started.append("quarantine", batch("quarantine", [{"content_hash": n, "raw": "private"} for n in (1, 2)]))
        started.commit()
    DeltaTable(home.ledger_path / "quarantine").delete("content_hash = 1")
    logs = list((home.ledger_path / "quarantine" / "_delta_log").glob("*.json"))
    assert len(logs) == 3
    assert not [path for path in logs if b"private" in path.read_bytes()]


def test_a_clients_key_depends_on_the_home(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "one"), Home(tmp_path / "two")
    for home in (one, two):
        home.create()
        home.secret(create=True)
    assert client_key(one, "anna") == client_key(one, "anna") != client_key(two, "anna")
