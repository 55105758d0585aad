"""Comparisons that have no good answer, on the command line: each is said, none is guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from graph.home import Home
from tests.api.cli.conftest import Caller

PURPOSE = "Cuts people out of photographs and replaces the background of the picture."
ARTIFACTS: list[dict[str, Any]] = [
    {"id": "cut-vs-paste", "name": "Cut-vs-Paste", "stars": 800, "price": "$5", "pricing_model": "free"},
    {"id": "plain", "name": "Plain Cutter", "stars": 800, "price": "$5", "pricing_model": "paid"},
    {"id": "silent", "name": "Silent Cutter"},
    {"id": "twin-a", "name": "Twin A", "stars": 90, "likes": 7},
    {"id": "twin-b", "name": "Twin B", "stars": 90, "likes": 7},
    {"id": "paste", "name": "Paste", "stars": 5},
]
CAPABLE = ("cut-vs-paste", "plain", "twin-a", "twin-b")


@pytest.fixture(scope="module")
def odd_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("odd")
    same = {"type": "model", "description": PURPOSE, "tags": ["matting"], "updated_at": "2026-10-01"}
    lines = [json.dumps({**same, **artifact}) for artifact in ARTIFACTS]
    (folder / "artifacts.jsonl").write_text("\n".join(lines), "utf-8")
    capability = {"name": "background removal", "description": "Cuts people out of photographs."}
    owned = [{"id": f"{one}/cut", "artifact_id": one, **capability} for one in CAPABLE]
    (folder / "capabilities.jsonl").write_text("\n".join(map(json.dumps, owned)), "utf-8")
    home = folder / "home"
    files = [str(folder / f"{name}.jsonl") for name in ("artifacts", "capabilities")]
    assert run(["ingest", *files, "--home", str(home)]) == 0
    assert run(["recompute", "--now", "2026-11-01", "--home", str(home)]) == 0
    return Home(home)


@pytest.fixture
def call(odd_home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setenv("COLUMNS", "100")
    return Caller(odd_home, capsys)


@pytest.mark.parametrize("command", ["compare", "explain"])
def test_an_unknown_name_is_answered_with_the_nearest_and_nothing_else(call: Caller, command: str) -> None:
    assert call.text(command, "Plain Cuter", "twin-a", code=2) == ""
    assert "Plain Cutter" in call.said
    assert "Plain Cuter" in call.said


@pytest.mark.parametrize("name", ["Silent Cuttr", "no such thing at all", "", "   ", "-vs-"])
def test_show_never_swaps_a_name_silently(call: Caller, name: str) -> None:
    assert call.text("show", name, code=2) == ""


def test_a_against_itself_is_wrong_use_also_by_another_spelling(call: Caller) -> None:
    for other in ("plain", "PLAIN CUTTER", "plain cutter"):
        assert call.text("compare", "Plain Cutter", other, code=2) == ""
        assert "the same artifact" in call.said


def test_a_name_with_vs_in_it_is_one_name(call: Caller) -> None:
    answer = call.json("compare", "Cut-vs-Paste", "paste")
    assert (answer["a"]["artifact_id"], answer["b"]["artifact_id"]) == ("cut-vs-paste", "paste")


def test_artifacts_without_capabilities_compare_by_what_else_they_share(call: Caller) -> None:
    answer = call.json("compare", "silent", "paste")
    assert answer["capabilities"] == {"shared": [], "only_a": [], "only_b": []}
    assert answer["a"]["rank"] is not None
    page = call.text("compare", "silent", "paste")
    assert "0 shared, 0 only in Silent Cutter, 0 only in Paste." in page


def test_without_any_adoption_figure_the_part_is_left_out_not_zero(call: Caller) -> None:
    parts = {part["name"]: part for part in call.json("show", "silent")["artifact"]["parts"]}
    assert parts["adoption"]["value"] is None
    assert parts["adoption"]["weight"] == 0
    assert "Adoption         —" in call.text("show", "silent")


def test_a_price_that_contradicts_itself_costs_its_points_and_is_shown_as_stated(call: Caller) -> None:
    rules = {}
    for name in ("cut-vs-paste", "plain"):
        (part,) = [part for part in call.json("explain", name)["parts"] if part["name"] == "quality"]
        rules[name] = {rule["rule"]: rule["met"] for rule in part["inputs"]["rules"]}
    assert (rules["cut-vs-paste"]["pricing"], rules["plain"]["pricing"]) == (0.0, 1.0)
    answer = call.json("compare", "cut-vs-paste", "plain")
    assert answer["a"]["pricing"] == {"model": "free", "price": "$5", "contradictory": True}
    assert answer["a"]["rank"] < answer["b"]["rank"]


def test_without_any_search_no_winner_is_named_where_the_intervals_overlap(call: Caller) -> None:
    answer = call.json("compare", "plain", "twin-a")
    assert answer["verdict"]["kind"] == "not_enough_evidence"
    assert answer["head_to_head"] is None
    assert "no search that led to either is known" in " ".join(call.text("compare", "plain", "twin-a").split())


def test_equal_artifacts_share_a_place_and_neither_is_ahead(call: Caller) -> None:
    answer = call.json("compare", "twin-a", "twin-b")
    assert (answer["verdict"]["margin"], answer["verdict"]["probability"]) == (0.0, 0.5)
    rows = {row["artifact_id"]: row for row in call.json("rank")["ranks"]}
    assert rows["twin-a"]["place"] == rows["twin-b"]["place"]
    assert f"={rows['twin-a']['place']}" in call.text("rank")


def test_printed_points_add_up_for_every_artifact(call: Caller) -> None:
    for row in call.json("rank")["ranks"]:
        assert round(sum(part["contribution"] for part in row["parts"]), 2) == row["rank"]
        assert row["place_low"] <= row["place"] <= row["place_high"]


def test_own_weights_change_the_ranks_and_the_name_of_the_method(call: Caller, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("[default]\nweights = { adoption = 1, quality = 0, ecosystem = 0, match_graph = 0, freshness = 0 }")
    call.text("recompute", "--weights", str(mine), "--now", "2026-11-01")
    answer = call.json("explain", "plain")
    (adoption,) = [part for part in answer["parts"] if part["name"] == "adoption"]
    assert answer["rank"]["value"] == adoption["contribution"] > 0
    assert "+own." in answer["rank"]["method"]
    call.text("snapshots", "rollback")
    assert "+own." not in call.json("explain", "plain")["rank"]["method"]
    assert call.text("recompute", "--weights", str(tmp_path / "none.toml"), code=3) == ""
    assert "none.toml cannot be read" in call.said
