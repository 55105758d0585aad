"""Why a rank changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph.home import Home
from graph.snapshot_diff import diff
from tests.graph.test_snapshot import put


def rows(ranks: dict[str, float], parts: dict[str, dict[str, tuple[float | None, float | None]]]) -> dict[str, Any]:
    return {
        "artifacts": [{"artifact_id": name, "name": name.upper()} for name in ranks],
        "ranks": [{"artifact_id": name, "rank": rank} for name, rank in ranks.items()],
        "rank_parts": [
            {"artifact_id": name, "part": part, "value": value, "contribution": points}
            for name, found in parts.items()
            for part, (value, points) in found.items()
        ],
        "evidence": [{"artifact_id": name, "times_matched": 3} for name in list(ranks)[:1]],
    }


def test_the_parts_add_up_to_the_change(tmp_path: Path) -> None:
    home = Home(tmp_path)
    before = put(home, 0, **rows({"a": 58.0, "b": 20.0, "gone": 1.0}, {
        "a": {"adoption": (0.8, 40.0), "freshness": (0.9, 18.0)}, "b": {"adoption": (0.2, 20.0)},
    }))  # fmt: skip
    after = put(home, 1, **rows({"a": 52.0, "b": 20.0, "new": 9.0}, {
        "a": {"adoption": (0.82, 41.0), "freshness": (0.55, 11.0), "quality": (None, None)},
        "b": {"adoption": (0.2, 20.0)},
    }))  # fmt: skip
    found = diff(before, after)
    assert (found.changed_count, found.unchanged_count) == (1, 1)
    assert (found.appeared, found.disappeared) == (["new"], ["gone"])
    change = found.changed[0]
    assert (change.artifact_id, change.name, change.change) == ("a", "A", -6.0)
    assert [(part.name, part.contribution_change) for part in change.parts] == [("freshness", -7.0), ("adoption", 1.0)]
    assert sum(part.contribution_change for part in change.parts) == change.change
    assert [(part.weight_before, part.inputs) for part in change.parts] == [(None, [])] * 2
    assert (change.times_matched_before, change.times_matched_after) == (3, 3)
    assert not found.simulated


def test_a_simulated_log_behind_a_change_is_said(tmp_path: Path) -> None:
    home = Home(tmp_path)
    before = put(home, 0, **rows({"a": 1.0}, {}))
    made_up = [{"artifact_id": "a", "times_matched": 3, "simulated": True}]
    after = put(home, 1, **{**rows({"a": 2.0}, {}), "evidence": made_up})
    assert diff(before, after).simulated


def test_equal_snapshots_do_not_differ(tmp_path: Path) -> None:
    snapshot = put(Home(tmp_path), **rows({"a": 1.0}, {}))
    found = diff(snapshot, snapshot)
    assert (found.changed, found.rows, found.parameters_changed, found.unchanged_count) == ([], {}, [], 1)


def test_the_limit_cuts_lists_and_not_counts(tmp_path: Path) -> None:
    home = Home(tmp_path)
    before = put(home, 0, **rows(dict.fromkeys("abcd", 10.0), {}))
    after = put(home, 1, **rows({name: 10.0 + place for place, name in enumerate("abcd")}, {}))
    found = diff(before, after, limit=2)
    assert ([change.artifact_id for change in found.changed], found.changed_count) == (["d", "c"], 3)
