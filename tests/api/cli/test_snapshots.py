"""`matchgraph snapshots` on a home with two snapshots: in the second, somebody has chosen Painter."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run

NOW = "2026-10-10T23:59:59Z"
CATALOGUE = [
    {"id": "cutter", "name": "Cutter", "type": "model", "description": "Cuts people out of pictures.", "stars": 100},
    {"id": "painter", "name": "Painter", "type": "model", "description": "Paints pictures from words.", "stars": 900},
]


def search(number: int) -> dict[str, Any]:
    return {
        "query_id": f"q{number}",
        "client_id": f"client-{number}",
        "timestamp": f"2026-10-0{number}T10:00:00Z",
        "user_query": "cut out people",
        "query_response_hit_ids": ["painter", "cutter"],
    }


def click(number: int, chosen: str) -> dict[str, Any]:
    return {
        "action_name": "click",
        "query_id": f"q{number}",
        "client_id": f"client-{number}",
        "timestamp": f"2026-10-0{number}T10:01:00Z",
        "event_attributes": {"object": {"object_id": chosen}},
    }


def write(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.fixture(scope="module")
def two_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    home = ["--home", str(folder / "home")]
    assert run(["ingest", write(folder / "artifacts.jsonl", CATALOGUE), *home]) == 0
    for number, chosen in ((1, "cutter"), (2, "painter")):
        searches = write(folder / f"searches{number}.jsonl", [search(number)])
        clicks = write(folder / f"clicks{number}.jsonl", [click(number, chosen)])
        assert run(["ingest", searches, clicks, *home]) == 0
        assert run(["recompute", "--now", "2026-10-10", *home]) == 0
    return folder / "home"


@pytest.fixture
def home(two_snapshots: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHGRAPH_HOME", str(two_snapshots))
    monkeypatch.setenv("COLUMNS", "100")
    return two_snapshots


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_diff_names_the_part_that_moved_a_rank(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newest, oldest = (each["snapshot_id"] for each in answer(capsys, "snapshots", "list")["snapshots"])
    found = answer(capsys, "snapshots", "diff")
    assert (found["before"], found["after"]) == (oldest, newest)
    assert answer(capsys, "snapshots", "diff", oldest, newest) == found
    assert (found["now_before"], found["now_after"]) == (NOW, NOW)
    painter = next(change for change in found["changed"] if change["artifact_id"] == "painter")
    assert (painter["times_matched_before"], painter["times_matched_after"]) == (0, 1)
    assert "match_graph" in [part["name"] for part in painter["parts"]]
    assert run(["snapshots", "diff"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"Painter: {painter['before']:.2f} to {painter['after']:.2f}" in text
    assert "Times matched: 0 to 1" in text
    assert "points (value — to " in text


def test_a_snapshot_does_not_differ_from_itself(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newest = answer(capsys, "snapshots", "list")["snapshots"][0]["snapshot_id"]
    assert run(["snapshots", "diff", newest, newest]) == 0
    assert "0 ranks changed, 2 stayed, 0 came and 0 went." in capsys.readouterr().out


def test_rollback_goes_to_the_one_before_and_back_by_name(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newest, oldest = (each["snapshot_id"] for each in answer(capsys, "snapshots", "list")["snapshots"])
    assert answer(capsys, "snapshots", "rollback")["snapshot_id"] == oldest
    assert [each["in_force"] for each in answer(capsys, "snapshots", "list")["snapshots"]] == [False, True]
    assert answer(capsys, "rank")["snapshot_id"] == oldest
    assert run(["snapshots", "rollback"]) == 4
    assert run(["snapshots", "rollback", newest]) == 0
    assert f"Snapshot {newest} (as of 2026-10-10) is in force now." in capsys.readouterr().out
