"""Real logs and catalogues of others, all in one home: read as their documentation says, in any order, twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.home import Home
from graph.snapshot import Snapshot
from ingest.load import ingest_paths
from ingest.quarantine import list_quarantine
from queries.recompute import recompute

SHARED = Path(__file__).resolve().parents[3] / "shared"
SETS = ("livemcpbench", "trec-session-2013", "hf-models-hugginggpt", "mcp-registry-seed", "public-apis",
        "opensearch-ubi-sample", "metatool")  # fmt: skip
NOW = 1_795_392_000_000_000  # 2026-11-23

pytestmark = pytest.mark.skipif(
    not (SHARED / "data" / "livemcpbench").is_dir(),
    reason="the data sets of others lie in ../shared/data, which is absent",
)


def build(folder: Path, paths: list[Path], times: int) -> tuple[Snapshot, list[Any]]:
    home = Home(folder)
    reports = [ingest_paths(home, [path], now_us=NOW) for path in paths for _ in range(times)]
    return recompute(home, now_us=NOW), reports


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, list[Any]]:
    paths = [*(SHARED / "data" / name for name in SETS), SHARED / "seed" / "compare-page.txt"]
    return build(tmp_path_factory.mktemp("once"), paths, 1)


def test_every_documented_row_is_in(once: tuple[Snapshot, list[Any]]) -> None:
    files = {Path(file.path).parts[-2:]: file for report in once[1] for file in report.files if file.format}
    rows = {
        ("livemcpbench", "artifacts.jsonl"): 70,
        ("livemcpbench", "capabilities.jsonl"): 527,
        ("livemcpbench", "ubi_queries.jsonl"): 162,
        ("livemcpbench", "ubi_events.jsonl"): 757,
        ("livemcpbench", "outcomes.jsonl"): 528,
        ("trec-session-2013", "ubi_queries.jsonl.gz"): 220,
        ("trec-session-2013", "ubi_events.jsonl.gz"): 2722,
        ("trec-session-2013", "artifacts.jsonl.gz"): 2739,
        ("hf-models-hugginggpt", "artifacts.jsonl.gz"): 673,
        ("mcp-registry-seed", "artifacts.jsonl"): 471,
        ("public-apis", "artifacts.jsonl"): 1695,
        ("opensearch-ubi-sample", "ubi_queries.jsonl.gz"): 473,
        ("opensearch-ubi-sample", "ubi_events.jsonl.gz"): 3448,
        ("metatool", "artifacts.jsonl"): 199,
        ("metatool", "queries.jsonl.gz"): 10_520,
        ("metatool", "qrels.csv.gz"): 10_764,
        ("seed", "compare-page.txt"): 18,
    }
    assert {name: files[name].accepted + files[name].duplicates for name in rows} == rows
    home = Home(once[0].path.parents[1])
    assert {row.code for row in list_quarantine(home)} == {"capability-without-artifact"}


def test_any_order_and_twice_gives_the_same_content(
    once: tuple[Snapshot, list[Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    paths = [SHARED / "seed" / "compare-page.txt", *(SHARED / "data" / name for name in reversed(SETS))]
    again, _ = build(tmp_path_factory.mktemp("again"), paths, 2)
    first, second = once[0].manifest, again.manifest
    assert {name: second.tables[name] == digest for name, digest in first.tables.items()} == dict.fromkeys(
        first.tables, True
    )
    assert first.parameters == second.parameters
    assert once[0].id == again.id


def test_outcomes_of_one_log_do_not_touch_another_that_numbers_its_sessions_alike(
    once: tuple[Snapshot, list[Any]],
) -> None:
    evidence = once[0].table("evidence").to_pylist()
    judged = [row["artifact_id"] for row in evidence if row["successes"] + row["failures"]]
    assert len(judged) >= 20
    assert all(name.startswith("mcp:") for name in judged)


def test_the_success_rate_covers_what_people_say(tmp_path: Path) -> None:
    """67 of all 95 tasks were solved, people say; of the tasks in this half, the share that the file itself gives."""
    folder = SHARED / "data" / "livemcpbench"
    lines = (json.loads(line) for line in (folder / "outcomes.jsonl").read_text("utf-8").splitlines())
    labels = [row["outcome"] == "success" for row in lines if row["judge"] == "human"]
    found, _ = build(tmp_path, [folder], 1)
    success = found.manifest.parameters["success"]
    assert success["labelled_by_people"] >= len(labels) - 5
    for rate in (67 / 95, sum(labels) / len(labels)):
        assert success["low"] < rate < success["high"]
    judges = [source for source in found.manifest.parameters["outcome_sources"] if source["kind"] == "llm"]
    assert len(judges) == 10
    assert all(judge["compared"] > 40 for judge in judges)


def test_the_seeds_two_are_not_ranked_against_each_other(once: tuple[Snapshot, list[Any]]) -> None:
    from queries.answers.compare import compare

    answer = compare(once[0], "mask2former-swin-large-cityscapes-semantic", "FLUX.1 Pro")
    assert answer.verdict.kind == "not_comparable"
    assert answer.a.times_matched == 0
    assert answer.a.capability_count == answer.b.capability_count == 8
