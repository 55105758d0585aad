"""Every command on the bundled example data: text, JSON in the shape of the contract, and exit codes."""

import json
from pathlib import Path

import pytest

from graph.home import Home
from tests.api.cli.conftest import Caller

A, B = "mask2former-swin-large-cityscapes-semantic", "FLUX.1 Pro"
SIDE_KEYS = {"artifact_id", "name", "type", "rank", "low", "high", "completeness", "times_matched", "clients", "parts"}
EDGE_KEYS = {
    *(
        "intent_id",
        "intent",
        "artifact_id",
        "capability_id",
        "kind",
        "times_matched",
        "impressions",
        "clicks",
        "clients",
    ),
    *("successes", "failures", "strength", "strength_low", "strength_high", "confidence", "first_seen", "last_seen"),
}


def test_rank(call: Caller) -> None:
    answer = call.json("rank", "--type", "model", "--limit", "3")
    assert len(answer["ranks"]) == 3
    assert all(set(row) >= SIDE_KEYS and row["type"] == "model" for row in answer["ranks"])
    lows = [row["low"] for row in answer["ranks"]]
    assert lows == sorted(lows, reverse=True)
    assert answer["ranks"][0]["name"] in call.text("rank", "--type", "model")
    assert call.text("rank", "--type", "spaceship", code=2) == ""
    assert "model" in call.said


def test_what_is_not_comparable_has_no_better_one_head_to_head_either(call: Caller) -> None:
    answer = call.json("compare", A, B)
    assert answer["verdict"]["kind"] == answer["head_to_head"]["kind"] == "not_comparable"
    assert answer["head_to_head"]["total"]["probability"] is None
    assert "is better) =" not in " ".join(call.text("compare", A, B).split())


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_compare_in_every_form(call: Caller, format_: str) -> None:
    page = call.text("compare", A, B, "--format", format_)
    assert "not comparable head to head" in " ".join(page.split())
    assert "Need something different?" in page
    assert "simulated log" in page
    answer = call.json("compare", A, B)
    for capability in answer["capabilities"]["only_a"] + answer["capabilities"]["only_b"]:
        assert capability["name"] in page


def test_compare_json(call: Caller) -> None:
    answer = call.json("compare", A, B)
    assert call.text("compare", A, B, "--format", "json") == call.text("compare", A, B, "--json")
    assert set(answer) >= {"a", "b", "verdict", "capabilities", "alternatives"}
    assert set(answer["a"]) >= SIDE_KEYS
    assert {"name", "value", "weight", "contribution"} <= set(answer["a"]["parts"][0])
    assert answer["verdict"]["kind"] == "not_comparable"
    assert set(answer["capabilities"]) == {"shared", "only_a", "only_b"}


def test_compare_refuses_unknown_names_and_equal_ones(call: Caller) -> None:
    assert call.text("compare", "FLUX.1 Por", B, code=2) == ""
    assert "Did you mean: FLUX.1 Pro" in call.said
    assert call.text("compare", B, "flux-1-pro", code=2) == ""


def test_alternatives(call: Caller, tmp_path: Path) -> None:
    answer = call.json("alternatives", B, "--limit", "2")
    assert answer["artifact_id"] == "flux-1-pro"
    assert len(answer["alternatives"]) == 2
    assert {"artifact_id", "name", "score", "reasons"} <= set(answer["alternatives"][0])
    assert {"kind", "text", "weight"} <= set(answer["alternatives"][0]["reasons"][0])
    assert answer["alternatives"][0]["name"] in call.text("alternatives", B)
    ids, out = tmp_path / "ids.jsonl", tmp_path / "out.jsonl"
    ids.write_text('{"id": "flux-1-pro"}\n')
    assert call.text("alternatives", "--batch", str(ids), "--out", str(out)) == ""
    (line,) = map(json.loads, out.read_text().splitlines())
    assert line["id"] == "flux-1-pro"
    assert {"artifact_id", "score"} <= set(line["alternatives"][0])


def test_show(call: Caller) -> None:
    answer = call.json("show", B)
    assert answer["artifact"]["artifact_id"] == "flux-1-pro"
    text = call.text("show", B)
    assert "Black Forest Labs" in text
    assert "(simulated log)" in text
    assert all(capability["name"] in text for capability in answer["capabilities"])


def test_edges_all_of_them_by_default(call: Caller) -> None:
    everything = call.json("edges")
    assert len(everything["edges"]) == everything["total"] > 100
    assert set(everything["edges"][0]) >= EDGE_KEYS
    some = call.json("edges", "--artifact", B, "--limit", "2")
    assert [edge["artifact_id"] for edge in some["edges"]] == ["flux-1-pro"] * 2
    text = call.text("edges", "--intent", some["edges"][0]["intent"])
    assert f"{some['edges'][0]['times_matched']}" in text
    assert "observed" in text


def test_explain_opens_artifacts_comparisons_and_edges(call: Caller) -> None:
    edge = call.json("edges", "--artifact", B, "--limit", "1")["edges"][0]
    for arguments in ([B], [A, B], [edge["intent_id"], "flux-1-pro"]):
        answer = call.json("explain", *arguments)
        text = call.text("explain", *arguments)
        assert answer["snapshot_id"] in text
        assert "distinct (client, UTC day, intent)" in " ".join(text.split())
        assert "simulated log" in text
    rank = call.json("explain", B)["rank"]
    assert f"Rank {rank['value']:.1f}/100" in call.text("explain", B)
    assert call.text("explain", "int_0000000000000000", "flux-1-pro", code=2) == ""


def test_snapshots(call: Caller) -> None:
    (found,) = call.json("snapshots", "list")["snapshots"]
    assert found["in_force"]
    assert found["snapshot_id"] in call.text("snapshots", "list")
    assert call.text("snapshots", "rollback", code=4) == ""
    assert call.json("snapshots", "rollback", found["snapshot_id"])["snapshot_id"] == found["snapshot_id"]
    assert call.text("snapshots", "rollback", "20010101-000000000000", code=2) == ""


def test_doctor_finds_nothing_to_repair(call: Caller) -> None:
    diagnosis = call.json("doctor")
    assert diagnosis["healthy"]
    states = {finding["subject"]: finding["status"] for finding in diagnosis["findings"]}
    assert states["ledger"] == states["snapshot"] == states["freshness"] == states["quarantine"] == "good"


def test_quarantine_of_clean_data_is_empty(call: Caller) -> None:
    assert call.json("quarantine", "list") == {"quarantined": 0, "rows": []}
    assert call.text("quarantine", "list", "--jsonl") == ""
    assert "The quarantine is empty." in call.text("quarantine", "list")


def test_evaluate(call: Caller, tmp_path: Path) -> None:
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.csv"
    queries.write_text('{"id": "q1", "text": "semantic segmentation of street scenes"}\n')
    qrels.write_text(f"query_id,artifact_id,grade\nq1,{A},1\n")
    answer = call.json("evaluate", str(queries), str(qrels))
    assert answer
    assert next(iter(answer)) in call.text("evaluate", str(queries), str(qrels))


def test_uncertain_pairs_of_capabilities_are_written_as_a_review_file(call: Caller, tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    call.text("concepts", "review", "--limit", "3", "--out", str(out))
    lines = out.read_text("utf-8").splitlines()
    assert lines[0].startswith("capability_a,capability_b,verdict,similarity")
    rows = call.json("concepts", "review", "--limit", "3")["pairs"]
    assert [row["capability_a"] for row in rows] == [line.split(",")[0] for line in lines[1:]]
    assert call.text("concepts", "review", "--limit", "3").splitlines() == lines


def test_artifacts_that_people_call_the_same_are_one_thing_until_they_take_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, rows = Home(tmp_path / "home"), tmp_path / "artifacts.jsonl"
    call = Caller(home, capsys)
    said = [("saw", "https://example.org/a"), ("hammer", "https://example.org/a"), ("drill", None)]
    lines = [
        json.dumps({"id": name, "name": name, "type": "model", "url": url, "description": f"A {name}.", "stars": 9})
        for name, url in said
    ]
    rows.write_text("\n".join(lines), encoding="utf-8")
    call.text("ingest", str(rows))
    call.text("recompute", "--now", "2026-11-01T00:00:00Z")
    before = call.json("rank")
    (pair,) = call.json("duplicates", "review")["pairs"]
    assert (pair["artifact_a"], pair["artifact_b"], pair["verdict"]) == ("hammer", "saw", "")
    file = home.path / "duplicate_review.csv"
    call.text("duplicates", "review", "--out", str(file))
    file.write_text(file.read_text("utf-8").replace("hammer,saw,,", "hammer,saw,same,"), encoding="utf-8")
    call.text("recompute", "--now", "2026-11-01T00:00:00Z")
    assert (before["total"], call.json("rank")["total"]) == (3, 2)
    assert "hammer is also known as saw (saw)." in call.text("rank")
    told = " ".join(call.text("rank", "--history", "drill").split())
    assert "Place: 3rd to 2nd (1 above it now one thing with another)" in told
    told = " ".join(call.text("rank", "--history", "saw").split())
    assert "Now one thing with: hammer (a person says so (duplicate_review.csv))" in told
    assert call.json("duplicates", "review")["pairs"] == []
    file.unlink()
    call.text("recompute", "--now", "2026-11-01T00:00:00Z")
    assert call.json("rank") == before
