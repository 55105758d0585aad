"""Backups: equal to the home, cheap to renew, a whole home wherever they are interrupted."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from graph import backup as module
from graph.backup import back_up
from graph.erasing import finish_erasure, remove_client
from graph.errors import DamagedHome, NothingThere, WrongUse
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot, current_id
from tests.graph.test_erasing import ANNA, BEN, DAYS, add, clients, snapshot


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    add(made, [ANNA, BEN], "first")
    snapshot(made, 1)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    """Everything worth keeping below a folder."""
    passing = {"scratch", "state", "backup.json"}
    paths = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder): path for path in paths}
    return {
        str(name): path.read_bytes()
        for name, path in names.items()
        if name.parts[0] not in passing and not name.parts[0].startswith(".")
    }


def test_a_backup_is_the_home_again(home: Home, tmp_path: Path) -> None:
    home.rank_weights_path.write_text("of the user", "utf-8")
    done = back_up(home, tmp_path / "copy")
    copy = Home(tmp_path / "copy")
    assert contents(copy.path) == contents(home.path)
    assert done.copied == len(contents(home.path))
    assert done.rows["events"] == 2
    assert done.snapshot_id == current_id(copy) == Snapshot.open(copy).id
    assert copy.secret() == home.secret()
    assert (copy.path / "secret.key").stat().st_mode & 0o777 == 0o600
    add(copy, [ANNA], "the copy takes imports")
    assert len(clients(copy)) == 3


def test_only_what_is_new_is_copied(home: Home, tmp_path: Path) -> None:
    first = back_up(home, tmp_path / "copy")
    again = back_up(home, tmp_path / "copy")
    assert (again.copied, again.bytes_copied, again.kept, again.removed) == (0, 0, first.copied, 0)
    add(home, [BEN], "second", DAYS[1])
    third = back_up(home, tmp_path / "copy")
    assert third.copied == 4  # of two tables a data file and an entry of the log each
    assert contents(tmp_path / "copy") == contents(home.path)


def test_what_was_erased_leaves_the_backup_too(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy")
    remove_client(home, ANNA, now_us=1)
    finish_erasure(home, ANNA)
    done = back_up(home, tmp_path / "copy")
    assert done.removed > 0
    assert clients(Home(tmp_path / "copy")) == [BEN]
    assert contents(tmp_path / "copy") == contents(home.path)


def test_files_of_unfinished_work_and_what_makes_itself_again_are_left_out(home: Home, tmp_path: Path) -> None:
    known = Path(Ledger.open(home).files("events")[0])
    shutil.copy(known, known.with_name("part-of-a-running-import.zstd.parquet"))
    (home.snapshots_path / ".staging-x").mkdir()
    (home.snapshots_path / ".staging-x" / "half").write_text("half", "utf-8")
    (Snapshot.open(home).path / "oxigraph").mkdir()
    (Snapshot.open(home).path / "oxigraph" / "made-again").write_text("of the snapshot", "utf-8")
    back_up(home, tmp_path / "copy")
    names = "\n".join(contents(tmp_path / "copy"))
    assert "running" not in names
    assert "staging" not in names
    assert "made-again" not in names


def test_without_the_key_it_answers_and_takes_no_imports(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy")
    assert back_up(home, tmp_path / "copy", with_key=False).removed == 1
    copy = Home(tmp_path / "copy")
    assert Snapshot.open(copy).damages() == []
    with pytest.raises(DamagedHome, match="restore it from a backup"):
        copy.secret(create=True)


def test_other_folders_are_not_touched(home: Home, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter").write_text("dear", "utf-8")
    with pytest.raises(WrongUse, match="not empty and no backup"):
        back_up(home, mine)
    other = Home(tmp_path / "other")
    add(other, [BEN], "first")
    back_up(other, tmp_path / "copy")
    with pytest.raises(WrongUse, match="backup of another home"):
        back_up(home, tmp_path / "copy")
    for place in (home.path, home.path / "ledger" / "copy", tmp_path):
        with pytest.raises(WrongUse, match="one in the other"):
            back_up(home, place)
    with pytest.raises(NothingThere):
        back_up(Home(tmp_path / "empty"), tmp_path / "copy-of-nothing")
    assert [path.name for path in mine.iterdir()] == ["letter"]
    assert not (tmp_path / "copy-of-nothing").exists()


def test_a_damaged_copy_is_said(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy")
    table = next((tmp_path / "copy" / "snapshots").glob("*/tables/edges.parquet"))
    times = table.stat()
    table.write_bytes(bytes(times.st_size))
    os.utime(table, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(DamagedHome, match=r"edges\.parquet has changed"):
        back_up(home, tmp_path / "copy")


def test_wherever_it_is_interrupted_the_copy_is_a_home(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(home, tmp_path / "before")
    add(home, [BEN, BEN], "second", DAYS[1])
    snapshot(home, 2)
    step = 0
    while True:
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        shutil.copytree(tmp_path / "before", tmp_path / "copy")
        monkeypatch.setattr(module.shutil, "copy2", _full_after(step))
        try:
            back_up(home, tmp_path / "copy")
            break
        except OSError as error:
            assert "no space" in str(error)  # noqa: PT017
        copy = Home(tmp_path / "copy")
        assert len(clients(copy)) in (2, 4)
        assert Snapshot.open(copy).damages() == []
        assert not list(tmp_path.rglob("*.partial"))
        step += 1
    assert step > 10
    assert len(clients(Home(tmp_path / "copy"))) == 4


def _full_after(files: int) -> Any:
    """Return a `copy2` for a disk that is full after some files."""
    left = [files]

    def copy2(source: Path, target: Path) -> None:
        if not left[0]:
            raise OSError("no space")
        left[0] -= 1
        target.write_bytes(source.read_bytes())
        shutil.copystat(source, target)

    return copy2


def test_imports_may_run_meanwhile(home: Home, tmp_path: Path) -> None:
    importer = Thread(target=lambda: [add(home, [BEN], f"import {number}") for number in range(20)])
    importer.start()
    counts = []
    while importer.is_alive():
        rows = back_up(home, tmp_path / "copy").rows
        assert rows["events"] == 2 + rows["sources"] - 1  # an import of one row adds one source
        counts.append(rows["events"])
    importer.join()
    back_up(home, tmp_path / "copy")
    assert counts == sorted(counts)
    assert contents(tmp_path / "copy") == contents(home.path)
