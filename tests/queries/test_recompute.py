"""The whole job: from files in a ledger to a published snapshot."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from graph.errors import NothingThere, WrongUse
from graph.home import Home
from graph.importing import importing
from graph.snapshot import Snapshot, current_id
from graph.snapshot_schemas import SNAPSHOT_TABLES
from queries.recompute import recompute
from queries.retrieval.matching import matcher_of
from tests.queries.evidence.test_match_evidence import NOW, ROWS
from tests.queries.ledger_rows import at, described, event, ledger, search

ROWS_WITH_SOURCE = {**ROWS, "sources": [described("sources", file_hash="f", format="test", rows=1)]}


def home_with(path: Path, *parts: dict[str, list[dict[str, Any]]]) -> Home:
    """A home into whose ledger the parts were imported one after the other."""
    home = Home(path)
    for number, part in enumerate(parts):
        with importing(home, f"import {number}") as run, home.lock("ledger"):
            for name, table in ledger(**part).items():
                if table.num_rows:
                    run.append(name, table.combine_chunks().to_batches()[0])
            run.commit()
    return home


def split(rows: dict[str, list[dict[str, Any]]], seed: int) -> list[dict[str, list[dict[str, Any]]]]:
    """The same rows in three imports, in any order, a third of them twice."""
    chance = random.Random(seed)
    parts: list[dict[str, list[dict[str, Any]]]] = [{name: [] for name in rows} for _ in range(3)]
    for name, some in rows.items():
        for row in chance.sample(some, len(some)):
            for place in chance.sample(range(3), chance.choice((1, 1, 2))):
                parts[place][name].append(row)
    return parts


def test_the_same_facts_give_the_same_snapshot(tmp_path: Path) -> None:
    first = recompute(home_with(tmp_path / "first", ROWS_WITH_SOURCE), now_us=NOW)
    again = recompute(home_with(tmp_path / "again", *split(ROWS_WITH_SOURCE, seed=1)), now_us=NOW)
    assert again.manifest.tables == first.manifest.tables
    assert again.id == first.id
    assert set(first.manifest.tables) == set(SNAPSHOT_TABLES)
    assert first.damages() == []


def test_a_snapshot_is_published_with_index_and_parameters(tmp_path: Path) -> None:
    home = home_with(tmp_path, ROWS_WITH_SOURCE)
    sentences: list[str] = []
    when = datetime(2026, 1, 1, tzinfo=UTC)
    made = recompute(home, now_us=NOW, report=sentences.append, published_at=when)
    assert current_id(home) == made.id == Snapshot.open(home).id
    assert made.manifest.created_at.startswith("2026-01-01")
    assert made.manifest.parameters["orphan_events"] == 1
    assert made.manifest.parameters["simulated_applications"] == []
    assert made.manifest.ledger_versions["searches"] >= 1
    assert any(made.text_index_path.iterdir())
    assert len(sentences) > 5
    assert list(home.scratch_path.iterdir()) == []


def test_now_decides_which_facts_count(tmp_path: Path) -> None:
    home = home_with(tmp_path, ROWS_WITH_SOURCE)
    early, late = recompute(home, now_us=at(0, 30)), recompute(home, now_us=at(10))
    assert early.id != late.id

    def matched(snapshot: Snapshot) -> int:
        return sum(snapshot.table("evidence")["times_matched"].to_pylist())

    assert matched(early) < matched(late)


def test_simulated_applications_are_named(tmp_path: Path) -> None:
    rows = {
        **ROWS_WITH_SOURCE,
        "searches": [
            search("1", "a need", application="acme-simulator"),
            search("2", "a need", application="shop"),
            search("3", "a need"),
        ],
        "events": [event("1", "click", "small")],
    }
    made = recompute(home_with(tmp_path, rows), now_us=NOW)
    assert made.manifest.parameters["simulated_applications"] == ["acme-simulator"]


def test_an_empty_home_has_nothing_to_compute(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="matchgraph ingest"):
        recompute(Home(tmp_path), now_us=NOW)


def test_a_failure_leaves_the_old_snapshot_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_with(tmp_path, ROWS_WITH_SOURCE)
    old = recompute(home, now_us=NOW)

    def fail(*_arguments: object) -> pa.Table:
        raise RuntimeError("no ranks today")

    monkeypatch.setattr("queries.recompute.rank_all", fail)
    with pytest.raises(RuntimeError, match="no ranks today"):
        recompute(home, now_us=at(9))
    assert current_id(home) == old.id
    assert Snapshot.open(home).damages() == []
    assert list(home.scratch_path.iterdir()) == []


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        recompute(home_with(tmp_path, ROWS_WITH_SOURCE), now_us=NOW, engine="abacus")


def test_a_ledger_without_searches_still_ranks(tmp_path: Path) -> None:
    rows = {name: ROWS_WITH_SOURCE[name] for name in ("artifacts", "capabilities", "sources")}
    made = recompute(home_with(tmp_path, rows), now_us=NOW)
    assert made.manifest.rows["ranks"] == 3
    assert made.manifest.rows["edges"] == 0


def test_requests_that_nothing_was_right_for_teach_the_confidence(tmp_path: Path) -> None:
    catalogue = {name: ROWS_WITH_SOURCE[name] for name in ("artifacts", "capabilities", "sources")}
    wishes = ["".join(letters) for letters in itertools.permutations("image", 5)][:30]
    searches = [search(f"judged {wish}", f"upscale image {wish}", kind="judged") for wish in wishes]
    events = [
        event(f"judged {wish}", "judgment", thing, value=0.0) for wish in wishes for thing in ("big/zoom", "small")
    ]
    stated = []
    for name, judged in (("without", {}), ("judged", {"searches": searches, "events": events})):
        matcher = matcher_of(recompute(home_with(tmp_path / name, {**catalogue, **judged}), now_us=NOW))
        scopes: tuple[list[str] | None, ...] = (None, ["big/zoom", "small"])
        stated.append([matcher.match("upscale image", limit=1, candidates=each)[0].confidence for each in scopes])
    assert matcher.calibrator.searches > 20
    assert stated[1][0] < stated[0][0]
    assert stated[1][1] < stated[0][1]
