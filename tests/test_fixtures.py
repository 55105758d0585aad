"""The fixtures are what their READMEs say: a catalogue of rivals, a log with known truth, good samples, bad input."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from graph.home import Home
from graph.ledger import Ledger
from graph.text import normalise_query, slug
from graph.vocabulary import ARTIFACT_TYPES
from ingest.load import FileReport, ingest_paths

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
SEED_PAGE = FIXTURES.parents[1] / "shared" / "seed" / "compare-page.txt"
SIMULATED_FILES = ("ubi_queries.jsonl", "ubi_events.jsonl", "outcomes.jsonl", "truth.json")
NOW_US = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()) * 1_000_000
EXPECTED_BAD: dict[str, dict[str, Any]] = json.loads((FIXTURES / "bad" / "expected.json").read_text())
FORMAT_OF_SAMPLE = {
    "artifacts.csv": "artifacts",
    "artifacts.jsonl": "artifacts",
    "bare_queries.csv": "queries",
    "bare_queries.txt": "queries",
    "capabilities.csv": "capabilities",
    "capabilities.jsonl": "capabilities",
    "catalogue.jsonld": "rdf",
    "catalogue.ttl": "rdf",
    "compare_page.txt": "compare-page",
    "model_card.md": "model-card",
    "outcomes.csv": "outcomes",
    "outcomes.jsonl": "outcomes",
    "passport.json": "passport",
    "passport_wrapped.json": "passport",
    "qrels.csv": "judgments",
    "qrels.trec": "judgments",
    "queries.jsonl": "judgments",
    "server.json": "mcp-registry",
    "ubi_events.jsonl": "ubi-events",
    "ubi_queries.jsonl": "ubi-queries",
    "unfragile.yml": "manifest",
}


@cache
def records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines()]


@cache
def truth() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FIXTURES / "truth.json").read_text(encoding="utf-8"))
    return loaded


def artifact_of(object_id: str) -> str:
    return object_id.split("/", 1)[0]


def imported(tmp_path: Path, path: Path) -> tuple[FileReport, list[dict[str, Any]]]:
    """Import one file into an empty home; return its report and the rows in quarantine."""
    home = Home(tmp_path / "home")
    report = ingest_paths(home, [path], now_us=NOW_US).files[0]
    refused = Ledger(home).arrow("quarantine").to_pylist() if home.has_ledger else []
    return report, refused


# -- the catalogue ------------------------------------------------------------------------------------------------


def test_the_catalogue_has_artifacts_of_many_known_types() -> None:
    types = {row["type"] for row in records("artifacts.jsonl")}
    assert len(records("artifacts.jsonl")) >= 25
    assert len(types) >= 6
    assert types <= set(ARTIFACT_TYPES)


def test_the_two_artifacts_of_the_first_page_have_thirteen_capabilities_each() -> None:
    names = {row["id"]: row["name"] for row in records("artifacts.jsonl")}
    counts = Counter(row["artifact_id"] for row in records("capabilities.jsonl"))
    mask2former = "mask2former-swin-large-cityscapes-semantic"
    assert names[mask2former] == mask2former
    assert names["flux-1-pro"] == "FLUX.1 Pro"
    assert counts[mask2former] == counts["flux-1-pro"] == 13
    assert counts.total() >= 160


def test_every_capability_belongs_to_a_listed_artifact_and_is_named_by_it() -> None:
    artifacts = {row["id"] for row in records("artifacts.jsonl")}
    ids = [row["id"] for row in records("capabilities.jsonl")]
    assert len(set(ids)) == len(ids)
    for row in records("capabilities.jsonl"):
        assert row["artifact_id"] in artifacts
        assert row["id"] == f"{row['artifact_id']}/{slug(row['name'])}"
    assert {row["artifact_id"] for row in records("capabilities.jsonl")} == artifacts


@pytest.mark.parametrize("row", records("capabilities.jsonl"), ids=lambda row: row["id"])
def test_a_capability_is_described_in_full(row: dict[str, Any]) -> None:
    assert 120 <= len(row["description"]) <= 400
    assert 2 <= len(row["intents"]) <= 4
    for name in ("unique", "vs_alternatives", "best_for", "limitations", "input_types", "output_types", "tags"):
        assert row[name], name


def test_unknown_figures_are_left_out_and_known_ones_are_dated() -> None:
    without = [row for row in records("artifacts.jsonl") if not {"downloads", "likes", "stars"} & row.keys()]
    assert len(without) == 9  # as the README says
    for row in records("artifacts.jsonl"):
        assert None not in row.values()
        assert ("figures_as_of" in row) == (row not in without)


def test_every_artifact_shares_a_capability_name_with_a_rival_in_most_families() -> None:
    artifacts_of_name = defaultdict(set)
    for row in records("capabilities.jsonl"):
        artifacts_of_name[row["name"]].add(row["artifact_id"])
    sharing = {artifact for members in artifacts_of_name.values() if len(members) > 1 for artifact in members}
    assert {row["id"] for row in records("artifacts.jsonl")} - sharing == {
        "filesystem-mcp-server", "swe-bench", "livecodebench",
    }  # fmt: skip
    assert len(artifacts_of_name["text-to-image generation"]) == 6
    assert len(artifacts_of_name["semantic segmentation"]) == 4


def test_no_run_of_six_words_is_taken_from_the_first_page() -> None:
    if not SEED_PAGE.exists():
        pytest.skip(f"the page is not at {SEED_PAGE}")
    page = word_runs(SEED_PAGE.read_text(encoding="utf-8"))
    for row in [*records("artifacts.jsonl"), *records("capabilities.jsonl")]:
        assert not page & word_runs(json.dumps(row, ensure_ascii=False)), row["id"]
    for name in ("needs.json", "samples/compare_page.txt"):
        for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines():
            assert not page & word_runs(line), line


def word_runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


# -- the simulated log --------------------------------------------------------------------------------------------


def simulated_again(folder: Path, *arguments: str) -> dict[str, bytes]:
    program = [sys.executable, str(FIXTURES / "simulate.py"), "--out", str(folder), *arguments]
    subprocess.run(program, check=True, cwd=folder)
    return {name: (folder / name).read_bytes() for name in SIMULATED_FILES}


def test_the_simulator_writes_the_same_bytes_again(tmp_path: Path) -> None:
    assert simulated_again(tmp_path) == {name: (FIXTURES / name).read_bytes() for name in SIMULATED_FILES}


def test_another_seed_gives_another_log_of_the_same_needs(tmp_path: Path) -> None:
    again = simulated_again(tmp_path, "--seed", "7")
    assert again["ubi_queries.jsonl"] != (FIXTURES / "ubi_queries.jsonl").read_bytes()
    assert json.loads(again["truth.json"])["needs"] == truth()["needs"]


def test_the_log_is_small_and_of_the_size_promised() -> None:
    assert sum((FIXTURES / name).stat().st_size for name in SIMULATED_FILES) < 3_000_000
    clients = {row["client_id"] for row in records("ubi_queries.jsonl")}
    assert 2_500 <= len(records("ubi_queries.jsonl")) <= 4_000
    assert 400 <= len(clients) <= 600
    days = {row["timestamp"][:10] for row in records("ubi_queries.jsonl")}
    assert (min(days), max(days), len(days)) == ("2026-09-02", "2026-10-31", 60)


def test_every_record_says_that_it_is_simulated() -> None:
    for row in records("ubi_queries.jsonl"):
        assert row["application"] == "matchgraph-simulator"
        assert row["query_attributes"]["simulated"] is True
    for row in records("ubi_events.jsonl"):
        assert row["application"] == "matchgraph-simulator"
        assert row["event_attributes"]["simulated"] is True
    assert all(row["simulated"] is True for row in records("outcomes.jsonl"))
    assert truth()["simulated"] is True


def test_events_point_to_what_was_shown_at_their_position() -> None:
    shown = {row["query_id"]: row["query_response_hit_ids"] for row in records("ubi_queries.jsonl")}
    for hits in shown.values():
        assert 3 <= len(hits) <= 10
        assert len({artifact_of(hit) for hit in hits}) == len(hits)
    for row in records("ubi_events.jsonl"):
        attributes = row["event_attributes"]
        assert shown[row["query_id"]][attributes["position"]["ordinal"] - 1] == attributes["object"]["object_id"]
    for row in records("outcomes.jsonl"):
        assert row["object_id"] in shown[row["query_id"]]


def test_an_outcome_belongs_to_a_choice_of_the_same_search() -> None:
    chosen = {
        (row["query_id"], row["event_attributes"]["object"]["object_id"])
        for row in records("ubi_events.jsonl")
        if row["action_name"] in ("click", "execute")
    }
    assert {(row["query_id"], row["object_id"]) for row in records("outcomes.jsonl")} <= chosen


def test_artifacts_without_evidence_appear_in_no_list() -> None:
    shown = {artifact_of(hit) for row in records("ubi_queries.jsonl") for hit in row["query_response_hit_ids"]}
    everything = {row["id"] for row in records("artifacts.jsonl")}
    assert everything - shown == set(truth()["never_searched"])
    assert len(truth()["never_searched"]) >= 3


def test_the_near_tie_is_one_and_the_unserved_needs_are_not_served() -> None:
    first, second = truth()["near_tie"]
    shared = [row["attractiveness"] for row in truth()["needs"] if {first, second} <= row["attractiveness"].keys()]
    assert len(shared) >= 2
    assert all(abs(row[first] - row[second]) <= 0.01 + 1e-12 for row in shared)
    unserved = {row["need"] for row in truth()["needs"] if not row["attractiveness"]}
    assert unserved == set(truth()["unserved_needs"])
    assert len(unserved) == 4


def test_one_way_of_putting_a_need_belongs_to_one_need() -> None:
    texts = [normalise_query(text) for row in truth()["needs"] for text in row["texts"]]
    assert len(set(texts)) == len(texts)
    assert all(len(row["texts"]) >= 2 for row in truth()["needs"])


@cache
def shown_with_truth() -> list[tuple[str, str, str, bool, float]]:
    """Return (need, artifact, actor, chosen, true probability) of each hit shown; no mistyped queries, no bots."""
    need_of_text = {normalise_query(text): row["need"] for row in truth()["needs"] for text in row["texts"]}
    attractiveness = {row["need"]: row["attractiveness"] for row in truth()["needs"]}
    clicked = {
        (row["query_id"], row["event_attributes"]["position"]["ordinal"])
        for row in records("ubi_events.jsonl")
        if row["action_name"] in ("click", "execute")
    }
    found = []
    for row in records("ubi_queries.jsonl"):
        need, actor = need_of_text.get(normalise_query(row["user_query"])), row["query_attributes"]["actor"]
        if need is None or actor == "bot":
            continue
        for position, hit in enumerate(row["query_response_hit_ids"], start=1):
            worth = attractiveness[need].get(artifact_of(hit), truth()["other_attractiveness"])
            p = truth()["examination"][actor][position - 1] * worth
            found.append((need, artifact_of(hit), actor, (row["query_id"], position) in clicked, p))
    return found


def deviation(chosen_and_p: list[tuple[bool, float]]) -> float:
    """Return by how many standard deviations the clicks differ from what the truth lets expect."""
    surplus = sum(chosen - p for chosen, p in chosen_and_p)
    return surplus / math.sqrt(sum(p * (1 - p) for _, p in chosen_and_p))


@pytest.mark.parametrize("actor", ["human", "agent"])
def test_clicks_of_each_actor_agree_with_the_truth(actor: str) -> None:
    assert abs(deviation([(chosen, p) for _, _, who, chosen, p in shown_with_truth() if who == actor])) < 3


def test_clicks_on_each_artifact_agree_with_the_truth() -> None:
    groups = defaultdict(list)
    for need, artifact, _, chosen, p in shown_with_truth():
        groups[need, artifact].append((chosen, p))
    scores = [deviation(group) for group in groups.values() if sum(p for _, p in group) >= 5]
    assert len(scores) >= 50
    assert max(map(abs, scores)) < 4
    assert 0.6 < sum(score * score for score in scores) / len(scores) < 1.5


def test_what_is_shown_often_need_not_be_chosen_often() -> None:
    (seldom,) = truth()["shown_but_seldom_chosen"]
    first_places = Counter(artifact_of(row["query_response_hit_ids"][0]) for row in records("ubi_queries.jsonl"))
    chosen = Counter(artifact for _, artifact, _, is_chosen, _ in shown_with_truth() if is_chosen)
    assert first_places.most_common(1)[0][0] == seldom
    assert chosen[seldom] * 5 < chosen["segformer-b5-cityscapes"]


# -- through the readers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("artifacts.jsonl", "artifacts"),
        ("capabilities.jsonl", "capabilities"),
        ("ubi_queries.jsonl", "ubi-queries"),
        ("ubi_events.jsonl", "ubi-events"),
        ("outcomes.jsonl", "outcomes"),
    ],
)
def test_the_fixtures_are_imported_without_loss(tmp_path: Path, name: str, format_name: str) -> None:
    report, refused = imported(tmp_path, FIXTURES / name)
    assert (report.format, report.accepted, refused) == (format_name, len(records(name)), [])
    assert report.notes == []


def test_truth_and_needs_are_no_input(tmp_path: Path) -> None:
    for name in ("truth.json", "needs.json"):
        report, _ = imported(tmp_path, FIXTURES / name)
        assert (report.format, report.accepted) == (None, 0)


def test_there_is_a_sample_of_every_file_named_in_the_list() -> None:
    assert {path.name for path in (FIXTURES / "samples").iterdir()} - {"README.md"} == set(FORMAT_OF_SAMPLE)


@pytest.mark.parametrize(("name", "format_name"), FORMAT_OF_SAMPLE.items())
def test_a_sample_is_recognised_and_wholly_accepted(tmp_path: Path, name: str, format_name: str) -> None:
    report, refused = imported(tmp_path, FIXTURES / "samples" / name)
    assert (report.format, refused) == (format_name, [])
    assert report.accepted >= 1


def test_every_bad_file_has_its_expectation() -> None:
    assert {path.name for path in (FIXTURES / "bad").iterdir()} - {"README.md", "expected.json"} == set(EXPECTED_BAD)


@pytest.mark.parametrize(("name", "expected"), EXPECTED_BAD.items())
def test_bad_input_is_named_and_the_good_rows_arrive(tmp_path: Path, name: str, expected: dict[str, Any]) -> None:
    report, refused = imported(tmp_path, FIXTURES / "bad" / name)
    assert (report.format, report.accepted, report.duplicates) == (
        expected["format"], expected["accepted"], expected["duplicates"],
    )  # fmt: skip
    assert {str(row["source_row"]): row["code"] for row in refused} == expected["refused"]
    assert report.quarantined == len(expected["refused"])
    assert all(row["reason"] and row["remedy"] for row in refused)
    if expected["format"] is not None:
        assert sorted({note.code for note in report.notes}) == expected["notes"]
