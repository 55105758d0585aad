"""`rank --history`: every snapshot in turn, each change made of its parts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from api.cli import run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two snapshots: in the second the artifact has more stars, and is a month older."""
    folder = tmp_path_factory.mktemp("history")
    for number, (stars, now) in enumerate(((50, "2026-10-01"), (5_000, "2026-11-01"))):
        row = {"id": "cutter", "name": "Cutter", "type": "model", "description": "Cuts out people.", "stars": stars}
        path = folder / f"{number}.jsonl"
        path.write_text(json.dumps({**row, "updated_at": f"2026-0{8 + number}-01"}), "utf-8")
        assert run(["ingest", str(path), "--home", str(folder / "home")]) == 0
        assert run(["recompute", "--now", now, "--home", str(folder / "home")]) == 0
    return folder / "home"


def test_each_change_is_the_sum_of_its_parts(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rank", "--history", "Cutter", "--json", "--home", str(home)]) == 0
    answer = json.loads(capsys.readouterr().out)
    first, second = answer["history"]
    assert (first["change"], first["parts"]) == (None, [])
    assert all(re.fullmatch(r"[\d-]{10}T23:59:59Z", entry["now"]) for entry in answer["history"])
    assert second["change"] == round(second["rank"] - first["rank"], 2) > 0
    assert round(sum(part["contribution_change"] for part in second["parts"]), 2) == second["change"]
    assert second["parts"][0]["name"] == "adoption"
    assert second["parts"][0]["inputs"] == [{"name": "stars", "before": 50, "after": 5_000}]


def test_the_page_names_the_parts(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rank", "--history", "cutter", "--home", str(home)]) == 0
    page = capsys.readouterr().out
    assert "Cutter, over the snapshots" in page
    assert "Adoption: +" in page
    assert "stars 50 to 5,000" in " ".join(page.split())


def test_history_goes_with_no_list(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rank", "--history", "cutter", "--type", "model", "--home", str(home)]) == 2
    assert run(["rank", "--history", "nobody", "--home", str(home)]) == 2
    assert capsys.readouterr().out == ""
