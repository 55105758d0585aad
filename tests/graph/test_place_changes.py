"""Why a place changed, and which names came to be one thing: three things and a name, small enough to count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.home import Home
from graph.place_changes import NameChange, PlaceChange, name_changes, place_change
from graph.snapshot import Snapshot
from tests.graph.test_snapshot import put

NOTHING = {"came": 0, "passed": 0, "parted": 0, "went": 0, "fell_behind": 0, "joined": 0}
SAME = '[{"kind": "same", "text": "both give the address x.org", "weight": 1.0}]'


def listing(places: dict[str, int], same: dict[str, str] | None = None) -> dict[str, Any]:
    """Tables of a snapshot: id → place, and name → name under which it is listed."""
    pairs = [(name, head) for name, head in (same or {}).items() if name != head]
    return {
        "ranks": [{"artifact_id": name, "rank": 50.0, "place": place} for name, place in places.items()],
        "one_thing": [{"artifact_id": name, "listed_as": head} for name, head in (same or {}).items()],
        "duplicates": [
            {"artifact_id": a, "other_id": b, "kind": "same", "score": 1.0, "reasons": SAME}
            for pair in pairs
            for a, b in (pair, pair[::-1])
        ],
    }


@pytest.fixture
def between(tmp_path: Path) -> Any:
    """Return a function that publishes two snapshots."""

    def publish(before: dict[str, Any], after: dict[str, Any]) -> tuple[Snapshot, Snapshot]:
        home = Home(tmp_path)
        return put(home, 0, **before), put(home, 1, **after)

    return publish


def test_every_place_is_what_happened_to_those_above(between: Any) -> None:
    """d stood behind a, b and c; now behind b, new and e: a is gone, c fell behind, e passed, new came."""
    both = between(
        listing({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}), listing({"b": 1, "new": 2, "e": 3, "x": 4, "d": 5, "c": 6})
    )
    assert place_change("d", *both) == PlaceChange(
        change=1, **{**NOTHING, "came": 2, "passed": 1, "went": 1, "fell_behind": 1}
    )
    assert place_change("b", *both) == PlaceChange(change=-1, **{**NOTHING, "went": 1})
    assert place_change("new", *both) is None
    assert place_change("a", *both) is None


def test_a_place_that_moves_because_names_above_were_joined_says_so(between: Any) -> None:
    """a and a2 stood above b, each at a place of its own; as one thing they take one."""
    apart, one = listing({"a": 1, "a2": 2, "b": 3}), listing({"a": 1, "a2": 1, "b": 2}, {"a": "a", "a2": "a"})
    before, after = between(apart, one)
    assert place_change("b", before, after) == PlaceChange(change=-1, **{**NOTHING, "joined": 1})
    assert place_change("b", after, before) == PlaceChange(change=1, **{**NOTHING, "parted": 1})


def test_a_name_that_is_joined_moves_with_the_reason(between: Any) -> None:
    apart, one = listing({"a": 1, "c": 2, "a2": 3}), listing({"a": 1, "a2": 1, "c": 2}, {"a": "a", "a2": "a"})
    before, after = between(apart, one)
    assert place_change("a2", before, after) == PlaceChange(change=-2, **{**NOTHING, "fell_behind": 1, "joined": 1})
    assert name_changes("a2", before, after) == [NameChange("a", True, "both give the address x.org")]
    assert name_changes("a", after, before) == [NameChange("a2", False, "both give the address x.org")]
    assert name_changes("c", before, after) == []


def test_names_that_are_the_same_as_a_third_one_have_its_reason(between: Any) -> None:
    before, after = between(
        listing({"a": 1, "b": 2, "c": 3}), listing({"a": 1, "b": 1, "c": 1}, {"a": "a", "b": "a", "c": "a"})
    )
    assert [(each.artifact_id, each.reason) for each in name_changes("b", before, after)] == [
        ("a", "both give the address x.org"),
        ("c", "both give the address x.org"),
    ]


def test_a_snapshot_from_before_there_were_names_of_one_thing_has_none(between: Any) -> None:
    before, after = between(listing({"a": 1, "b": 2}), listing({"a": 2, "b": 1}))
    del before.manifest.rows["one_thing"]
    assert (before.rows("one_thing", artifact_id="a"), before.table("one_thing").num_rows) == ([], 0)
    assert place_change("a", before, after) == PlaceChange(change=1, **{**NOTHING, "passed": 1})
