"""Publishing, opening, comparing and going back to snapshots."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from graph.errors import DamagedHome, NothingThere, UnknownName
from graph.home import Home
from graph.snapshot import Snapshot, current_id, list_snapshots, publish, put_in_force
from graph.snapshot_schemas import SNAPSHOT_TABLES

NOW = 1_790_000_000_000_000


def tables(**rows: list[dict[str, Any]]) -> dict[str, pa.Table]:
    found = {}
    for name, schema in SNAPSHOT_TABLES.items():
        full = [{column: row.get(column) for column in schema.names} for row in rows.get(name, [])]
        found[name] = pa.Table.from_pylist(full, schema=schema)
    return found


def put(home: Home, minute: int = 0, **rows: list[dict[str, Any]]) -> Snapshot:
    return publish(
        home,
        tables(**rows),
        now_us=NOW,
        parameters={"k": 1},
        ledger_versions={"events": 3},
        code_version="1",
        published_at=datetime(2026, 9, 21, 12, minute, tzinfo=UTC),
        add_files=lambda folder: (folder / "text").mkdir(),
    )


ONE = [{"artifact_id": "a", "name": "A", "tags": ["x", "y"]}]
TWO = [*ONE, {"artifact_id": "b", "name": "B", "tags": None}]


def test_a_snapshot_gives_back_what_was_put_in(tmp_path: Path) -> None:
    snapshot = put(Home(tmp_path), artifacts=TWO, edges=[{"artifact_id": "a", "clicks": 3, "catalogued": True}])
    assert snapshot.table("artifacts").num_rows == 2
    row = snapshot.rows("artifacts", artifact_id="a")[0]
    assert (row["name"], row["tags"], row["stars"]) == ("A", ["x", "y"], None)
    assert snapshot.rows("edges", artifact_id="a")[0]["catalogued"] is True
    assert snapshot.rows("edges", artifact_id="nobody") == []
    assert snapshot.manifest.rows["artifacts"] == 2
    assert snapshot.now_us == NOW
    assert snapshot.damages() == []


def test_rows_by_key_hold_the_columns_asked_for(tmp_path: Path) -> None:
    snapshot = put(Home(tmp_path), artifacts=TWO)
    found = snapshot.by_key("artifacts", "artifact_id", ["b", "a", "nobody"], ["name", "tags"])
    assert found == {
        "a": {"artifact_id": "a", "name": "A", "tags": ["x", "y"]},
        "b": {"artifact_id": "b", "name": "B", "tags": None},
    }
    assert snapshot.by_key("artifacts", "artifact_id", [], ["name"]) == {}


def test_rows_by_key_are_the_same_when_asked_again_and_when_too_many_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.lookup._MAX_KEPT", 2)
    snapshot = put(Home(tmp_path), artifacts=TWO)
    first = snapshot.by_key("artifacts", "artifact_id", ["a", "nobody"], ["name"])
    for wanted in (["a", "b"], ["b", "a", "nobody"], ["nobody"], ["a"]):
        again = snapshot.by_key("artifacts", "artifact_id", wanted, ["name"])
        assert list(again) == [one for one in wanted if one != "nobody"]
        assert all(again[one]["artifact_id"] == one for one in again)
    assert snapshot.by_key("artifacts", "artifact_id", ["a", "nobody"], ["name"]) == first


def test_equal_content_has_an_equal_id_and_is_stored_once(tmp_path: Path) -> None:
    first, second = put(Home(tmp_path / "1"), 0, artifacts=ONE), put(Home(tmp_path / "2"), 5, artifacts=ONE)
    assert first.id == second.id
    again = put(Home(tmp_path / "1"), 9, artifacts=ONE)
    assert again.id == first.id
    assert len(list_snapshots(Home(tmp_path / "1"))) == 1
    assert put(Home(tmp_path / "1"), artifacts=TWO).id != first.id


def test_an_opened_snapshot_stays_while_the_current_one_moves(tmp_path: Path) -> None:
    home = Home(tmp_path)
    old = put(home, 0, artifacts=ONE)
    new = put(home, 1, artifacts=TWO)
    assert Snapshot.open(home).id == new.id
    assert old.table("artifacts").num_rows == 1
    put_in_force(home, old.id)
    assert current_id(home) == old.id
    assert [manifest.snapshot_id for manifest in list_snapshots(home)] == [new.id, old.id]


def test_a_failed_publication_leaves_the_old_one_and_no_traces(tmp_path: Path) -> None:
    home = Home(tmp_path)
    old = put(home, artifacts=ONE)

    def fail(folder: Path) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish(
            home, tables(artifacts=TWO), now_us=NOW, parameters={}, ledger_versions={}, code_version="1",
            published_at=datetime(2026, 9, 21, tzinfo=UTC), add_files=fail,
        )  # fmt: skip
    assert current_id(home) == old.id
    assert sorted(path.name for path in home.snapshots_path.iterdir()) == sorted(["CURRENT", old.id])


def test_wrong_columns_are_refused(tmp_path: Path) -> None:
    wrong = tables()
    wrong["edges"] = pa.table({"x": [1]})
    with pytest.raises(ValueError, match="edges"):
        publish(
            Home(tmp_path), wrong, now_us=NOW, parameters={}, ledger_versions={}, code_version="1",
            published_at=datetime(2026, 9, 21, tzinfo=UTC),
        )  # fmt: skip


def test_what_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(NothingThere, match="matchgraph ingest"):
        Snapshot.open(home)
    snapshot = put(home, artifacts=ONE)
    with pytest.raises(UnknownName, match=snapshot.id):
        Snapshot.open(home, "20200101-0")
    with pytest.raises(UnknownName, match=snapshot.id):
        Snapshot.open(home, "x" * 5_000)
    (snapshot.path / "manifest.json").unlink()
    with pytest.raises(DamagedHome, match="recompute"):
        Snapshot.open(home)


@pytest.mark.parametrize("damage", [b"\x00\x00", b"\xff\xfe", b"20261101-no-such-snapshot\n", b"x" * 5_000])
def test_a_damaged_name_of_the_current_snapshot_is_said(tmp_path: Path, damage: bytes) -> None:
    home = Home(tmp_path)
    home.create()
    home.snapshots_path.mkdir(exist_ok=True)
    (home.snapshots_path / "CURRENT").write_bytes(damage)
    with pytest.raises(DamagedHome, match="snapshots rollback"):
        Snapshot.open(home)


def test_changed_and_missing_files_are_found(tmp_path: Path) -> None:
    snapshot = put(Home(tmp_path), artifacts=ONE)
    (snapshot.path / "lookup.sqlite").write_bytes(b"x")
    (snapshot.path / "tables" / "edges.parquet").unlink()
    damages = snapshot.damages()
    assert len(damages) == 2
    assert any("changed" in damage for damage in damages)
    with pytest.raises(DamagedHome, match="doctor"):
        snapshot.table("edges")
