"""`matchgraph backup` at the keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import run
from graph.home import Home


def test_the_copy_recomputes_to_the_same_snapshot(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", str(tmp_path / "copy")]) == 0
    out = capsys.readouterr().out
    assert "is a copy of the home" in out
    assert "There is no snapshot yet." in out
    ids = []
    for place in (home.path, tmp_path / "copy"):
        assert run(["recompute", "--now", "2026-11-01", "--json", "--home", str(place)]) == 0
        ids.append(json.loads(capsys.readouterr().out)["snapshot_id"])
    assert ids[0] == ids[1]


def test_it_is_said_what_was_copied(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", str(tmp_path / "copy"), "--without-key", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["copied"] > 0
    assert not answer["with_key"]
    assert run(["backup", str(tmp_path / "copy"), "--without-key"]) == 0
    assert "before the copy can take imports, put the key there" in " ".join(capsys.readouterr().out.split())


def test_a_folder_of_other_things_is_refused(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", str(tmp_path)]) == 2
    assert "one in the other" in capsys.readouterr().err
    assert run(["backup", str(tmp_path / "copy"), "--home", str(tmp_path / "empty")]) == 4
