"""Exports and answers to files on a disk that is full: the reason is said, and nothing half-written is left."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli import run
from graph.home import Home
from graph.projections.neo4j_files import ARGUMENTS

LARGEST_BYTES = 8 << 10


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file of this process grow beyond a few blocks, as on a disk with no more room."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_BYTES, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.mark.parametrize(
    ("form", "name"),
    [("rdf", "graph.nt"), ("rdf", "graph.ttl"), ("rdf", "graph.jsonld"), ("graphml", "graph.graphml")],
)
def test_a_full_disk_is_said_and_leaves_the_file_that_was_there(
    form: str, name: str, demo_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tmp_path / name
    before.write_text("what was there")
    with no_room():
        code = run(["--home", str(demo_home.path), "export", form, str(before)])
    assert code == 1
    assert f"{name} cannot be written (file too large). Make room" in capsys.readouterr().err
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(name, "what was there")]


@pytest.mark.parametrize(("form", "ending"), [("parquet", b"PAR1"), ("neo4j-files", b"\n")])
def test_a_full_disk_leaves_no_half_of_a_file_in_a_folder(
    form: str, ending: bytes, demo_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = tmp_path / ARGUMENTS  # of an earlier export: they must not lead to files of which some are new
    arguments.write_text("--nodes=Artifact=artifact.csv\n")
    with no_room():
        code = run(["--home", str(demo_home.path), "export", form, str(tmp_path)])
    assert code == 1
    assert "cannot be written (file too large). Make room" in capsys.readouterr().err
    left = [file for file in tmp_path.iterdir() if file != arguments]
    assert all(not file.name.startswith(".") and file.read_bytes().endswith(ending) for file in left)
    assert arguments.exists() == (form == "parquet")


def importer(folder: Path, script: str) -> Path:
    """A program in the place of neo4j-admin."""
    program = folder / "neo4j admin"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return program


def test_the_importers_command_is_printed_so_that_it_can_be_run(
    demo_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, stand_in = tmp_path / "for neo4j", importer(tmp_path, 'echo "$@" in $(ls *.csv | wc -l) files')
    assert run(["--home", str(demo_home.path), "export", "neo4j-files", str(files), "--database", "own"]) == 0
    command = capsys.readouterr().out.replace("neo4j-admin", f"'{stand_in}'")
    said = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True).stdout
    count = len(list(files.glob("*.csv")))
    assert said == f"database import full own --overwrite-destination=true @import.args in {count} files\n"


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("echo imported $4", 0, "imported neo4j"),
        (
            "echo the database is in use; exit 3",
            1,
            "ended with 3. Is the server stopped? It said:\nthe database is in use",
        ),
        (None, 2, "cannot be run"),
    ],
)
def test_the_importer_is_run_and_its_failure_said(
    script: str | None, code: int, said: str, demo_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "absent" if script is None else importer(tmp_path, script)
    asked = ["export", "neo4j-files", str(tmp_path / "files"), "--import-with", f"'{program}'"]
    assert run(["--home", str(demo_home.path), *asked]) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", ["search", "alternatives"])
def test_a_full_disk_leaves_the_answers_that_were_there(
    command: str, demo_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, answers = tmp_path / "asked.jsonl", tmp_path / "answers.jsonl"
    lines = [{"id": "aider", "text": f"a coding agent for language {number}"} for number in range(40)]
    asked.write_text("".join(json.dumps(line) + "\n" for line in lines))
    answers.write_text("what was there")
    with no_room():
        code = run(["--home", str(demo_home.path), command, "--batch", str(asked), "--out", str(answers)])
    assert code == 1
    assert "answers.jsonl cannot be written (file too large). Make room" in capsys.readouterr().err
    assert answers.read_text() == "what was there"
    assert sorted(tmp_path.iterdir()) == [answers, asked]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("asked", [["queries", "list"], ["queries", "list", "--json"]])
def test_a_full_disk_behind_stdout_is_said(asked: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "api", *asked],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    said = "Error: The output cannot be written (no space left on device). Make room, or send it elsewhere.\n"
    assert done.stderr == said


@pytest.mark.parametrize("asked", [["rdf", "graph.nt"], ["rdf", "--what", "shapes", "shapes.ttl"]])
def test_a_folder_that_is_not_there_is_said(
    asked: list[str], demo_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    *options, name = asked
    dest = tmp_path / "nowhere" / name
    assert run(["--home", str(demo_home.path), "export", *options, str(dest)]) == 2
    assert capsys.readouterr().err == f"Error: {dest} cannot be written: No such file or directory.\n"
