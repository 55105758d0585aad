"""`matchgraph ingest` and `matchgraph quarantine` on good, bad and missing files."""

import json
from pathlib import Path

import pytest

from api.cli import run

GOOD = '{"id": "one", "name": "One", "type": "model"}\n'
BAD = '{"id": "two",\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHGRAPH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def write(path: Path, *lines: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(lines))
    return str(path)


def test_counts_are_those_of_the_contract(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "catalogue.jsonl", GOOD, BAD)
    assert run(["ingest", path, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    (file,) = report["files"]
    assert {key: file[key] for key in ("path", "format", "accepted", "duplicates", "quarantined")} == {
        "path": path,
        "format": "artifacts",
        "accepted": 1,
        "duplicates": 0,
        "quarantined": 1,
    }
    assert (report["accepted"], report["duplicates"], report["quarantined"]) == (1, 0, 1)
    assert run(["ingest", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == 0


def test_strict_fails_but_keeps_the_good_rows(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", "--strict", write(tmp_path / "catalogue.jsonl", GOOD, BAD)]) == 1
    assert "1 row in quarantine (--strict)." in capsys.readouterr().err
    assert run(["recompute", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["artifacts"] == 1


@pytest.mark.parametrize("content", [None, "", "no format at all\x00\n"])
def test_a_named_file_of_which_nothing_can_be_read_is_bad_input(
    content: str | None, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.bin"
    if content is not None:
        write(path, content)
    good = write(tmp_path / "good" / "catalogue.jsonl", GOOD)
    assert run(["ingest", str(path), good, "--json"]) == 3
    caught = capsys.readouterr()
    assert str(path) in caught.err
    assert json.loads(caught.out)["accepted"] == 1


def test_a_named_file_of_bad_rows_only_is_bad_input(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "catalogue.jsonl", BAD)
    assert run(["ingest", path, "--format", "artifacts"]) == 3


def test_strange_files_in_a_folder_are_left_out(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "folder" / "notes.bin", "\x00")
    write(tmp_path / "folder" / "catalogue.jsonl", GOOD)
    assert run(["ingest", str(tmp_path / "folder")]) == 0
    assert "not recognised" in capsys.readouterr().out


def test_an_unknown_format_is_wrong_use(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", write(tmp_path / "a.jsonl", GOOD), "--format", "tea-leaves"]) == 2
    assert "ubi-queries" in capsys.readouterr().err
    assert run(["ingest", write(tmp_path / "a.jsonl", GOOD), "--actor", "ghost"]) == 2


def test_quarantined_rows_are_corrected_and_read_again(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["ingest", write(tmp_path / "catalogue.jsonl", GOOD, BAD)])
    assert run(["quarantine", "replay"]) == 1
    capsys.readouterr()
    assert run(["quarantine", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["quarantined"], listed["rows"][0]["line"]) == (1, 2)
    assert run(["quarantine", "list", "--jsonl"]) == 0
    row = json.loads(capsys.readouterr().out)
    row["raw"] = GOOD.replace("one", "two")
    corrected = write(tmp_path / "corrected.jsonl", json.dumps(row))
    assert run(["quarantine", "replay", "--corrected", corrected, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == 1
    assert run(["quarantine", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []
