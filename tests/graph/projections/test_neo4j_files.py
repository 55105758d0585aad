"""Neo4j's own importer reads the files, and a server that starts on the result holds the graph."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.neo4j_server import ADMIN, java_with, started
from graph.home import Home
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_files import ARGUMENTS, write_neo4j_files
from graph.projections.neo4j_lists import unsayable_lists
from graph.snapshot import Snapshot
from tests.graph.hostile import hostile_rows
from tests.graph.projections.test_neo4j import content, expected
from tests.graph.test_snapshot import put
from tests.missing import missing

JARS = Path(__file__).parents[3] / ".neo4j" / "lib"
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def java() -> list[str]:
    """How to run the programs of the test server; `.ci/run` has its jars, elsewhere their absence is a skip."""
    if not (JARS / ".complete").is_file() or shutil.which("java") is None:
        missing("No Neo4j to import with: run .ci/neo4j/server start once")
    short_lived = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]  # it ends before better code of its own would pay
    return [*java_with(JARS), "-Xmx400m", *short_lived]


def imported(java: list[str], files: Path, home: Path) -> str:
    """Run `neo4j-admin database import` as the documentation says, and return what it prints."""
    (home / "conf").mkdir(parents=True)
    (home / "conf" / "neo4j.conf").touch()
    done = subprocess.run(
        [*java, ADMIN, "database", "import", "full", "neo4j", f"@{ARGUMENTS}"],
        cwd=files,
        env={"NEO4J_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_imported_graph_is_the_snapshot_and_the_next_export_goes_on_from_it(java: list[str], tmp_path: Path):
    home = Home(tmp_path / "home")
    changed = hostile_rows()
    changed["artifacts"] += [
        {"artifact_id": "odd", "name": "", "tags": [], "updated_at": -1, "downloads": 1 << 60},
        {"artifact_id": "separated", "tags": ["one\x1ftwo", "three"]},
    ]
    old = put(home, **changed)
    files = tmp_path / "files"
    write_neo4j_files(old, files)
    told = imported(java, files, tmp_path / "neo4j")
    rows = expected(old)
    assert re.search(r"Imported:\s+(\d+) nodes\s+(\d+) relationships", told)
    changed["artifacts"][0]["stars"] = 7
    new = put(home, 1, **changed)
    with started(java, tmp_path / "neo4j", "64m") as (driver, _):
        tags = {row["id"]: row["tags"] for row in content(driver)["artifact"]}
        assert (tags["odd"], tags["separated"]) == (None, ["one two", "three"])
        done = export_to_neo4j(old, driver)  # makes what the importer does not
        assert (done.way, done.written) == ("completed", 2)
        assert content(driver) == rows
        assert export_to_neo4j(old, driver).way == "unchanged"
        found, _, _ = driver.execute_query("SHOW INDEXES YIELD name, state")
        states = {index["name"]: index["state"] for index in found}
        assert "matchgraph_texts" in states
        assert set(states.values()) == {"ONLINE"}
        assert export_to_neo4j(new, driver, earlier=lambda _: old).way == "difference"
        rows["artifact"][[row["id"] for row in rows["artifact"]].index(changed["artifacts"][0]["artifact_id"])][
            "stars"
        ] = 7
        assert content(driver) == rows


def test_lists_and_texts_keep_their_form(tmp_path: Path):
    snapshot = put(
        Home(tmp_path / "home"),
        artifacts=[
            {"artifact_id": "a", "name": 'say "x", y', "tags": ["one;two", "three\x1ffour"], "sources": []},
            {"artifact_id": "b", "name": "", "tags": [], "updated_at": 1_500_000},
        ],
    )
    write_neo4j_files(snapshot, tmp_path / "files")
    head, *lines = (tmp_path / "files" / "artifact.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("id:ID(Artifact),name:string,type:string")
    assert '"say ""x"", y"' in lines[0]
    assert '"one;two\x1fthree four"' in lines[0]
    assert "1970-01-01T00:00:01.500000Z" in lines[1]


def test_lists_that_files_cannot_say_are_found(tmp_path: Path):
    lists = {"none": None, "empty": [], "plain": ["x"], "blank": [""], "separated": ["x", "y\x1fz"], "more": ["x", "y"]}
    snapshot = put(Home(tmp_path), artifacts=[{"artifact_id": name, "tags": tags} for name, tags in lists.items()])
    found = [(node.label, name, rows) for node, name, rows in unsayable_lists(snapshot, 100)]
    assert found == [("Artifact", "tags", [["empty", []], ["blank", [""]], ["separated", ["x", "y\x1fz"]]])]


def test_what_was_there_before_is_written_anew_and_kinds_without_rows_are_not_imported(
    demo_snapshot: Snapshot, tmp_path: Path
):
    for _ in range(2):
        write_neo4j_files(demo_snapshot, tmp_path)
    arguments = (tmp_path / ARGUMENTS).read_text(encoding="utf-8").splitlines()
    for argument in (each for each in arguments if each.startswith(("--nodes", "--relationships"))):
        file = tmp_path / argument.rpartition("=")[2]
        assert len(file.read_bytes().splitlines()) > 1
    assert not list(tmp_path.glob(".*"))


def test_the_importer_is_told_of_line_ends_only_where_there_are_some(tmp_path: Path):
    for name, told in (("one line", False), ("two\nlines", True), ("two\rlines", True)):
        files = tmp_path / f"{name!r} files"
        write_neo4j_files(put(Home(tmp_path / repr(name)), artifacts=[{"artifact_id": "a", "name": name}]), files)
        assert ("--multiline-fields=true" in (files / ARGUMENTS).read_text(encoding="utf-8")) == told
