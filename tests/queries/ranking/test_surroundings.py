"""Counts among artifacts are of distinct other makers, so that nobody can raise his own."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.snapshot_schemas import CONCEPTS
from queries.ranking.surroundings import REACH_OF_ONE, Surroundings, maker
from tests.queries.tables import Row, artifact, capability, table


def around(
    artifacts: list[Row], capabilities: list[Row] | None = None, concepts: list[Row] | None = None
) -> Surroundings:
    members = [{"concept_uri": "capability://x", "label": "x", "similarity": 1.0, **row} for row in concepts or []]
    return Surroundings(
        table("artifacts", artifacts),
        table("capabilities", capabilities or []),
        pa.Table.from_pylist(members, schema=CONCEPTS),
    )


def one(key: str, vendor: str | None, says: str = "Does a thing.", **more: Any) -> Row:
    return artifact(key, name=f"Tool{key}Kit", vendor=vendor, description=says, **more)


TARGET = one("Target", "Acme")
NAMES_IT = "Works beside ToolTargetKit."


def test_who_makes_it_is_the_vendor_else_the_owner_else_the_thing_itself() -> None:
    rows = [
        {"artifact_id": "a", "name": "acme/tool", "vendor": "Acme Inc."},
        {"artifact_id": "b", "name": "acme/tool", "vendor": None},
        {"artifact_id": "c", "name": "tool", "vendor": ""},
    ]
    assert [maker(row) for row in rows] == ["acme inc", "acme", "artifact c"]


def test_makers_are_counted_and_not_their_artifacts_nor_ones_own() -> None:
    others = [
        one("B", "Bolt", NAMES_IT),
        one("C", "Bolt", NAMES_IT),
        one("D", "acme", NAMES_IT),
        one("E", None, NAMES_IT),
    ]
    found = around([TARGET, *others])
    assert found.counts("Target")["named_by"] == 2
    assert found.named_by("Target") == ["B", "E"]


def test_names_of_one_thing_are_one_artifact() -> None:
    """B names the target, C its other name, and D is another name of B: two makers, under either name."""
    second = one("Second", "Elsewhere")
    others = [one("B", "Bolt", NAMES_IT), one("C", "Cord", "Beside ToolSecondKit."), one("D", "Disk", NAMES_IT)]
    tables = table("artifacts", [TARGET, second, *others]), table("capabilities", []), CONCEPTS.empty_table()
    found = Surroundings(*tables, {"Second": "Target", "Target": "Target", "D": "B", "B": "B"})
    assert found.counts("Target") == found.counts("Second")
    assert (found.counts("Target")["named_by"], found.named_by("Second")) == (2, ["B", "C"])
    copy = artifact("Copy", name=TARGET["name"], vendor="Elsewhere")
    with_copy = table("artifacts", [TARGET, copy, *others]), *tables[1:]
    assert Surroundings(*with_copy, {"Copy": "Target", "Target": "Target"}).counts("Target")["named_by"] == 2
    assert not Surroundings(*with_copy).counts("Target")["named_by"]  # nobody knows which of the two is meant
    apart = Surroundings(*tables)
    assert [apart.counts(name)["named_by"] for name in ("Target", "Second")] == [2, 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 30), st.sampled_from(["Acme", "Bolt"]))
def test_however_many_artifacts_one_maker_adds_he_counts_once(count: int, vendor: str) -> None:
    start = [TARGET, one("X", "Xenon", NAMES_IT)]
    spam = [one(f"S{n}", vendor, NAMES_IT) for n in range(count)]
    before, after = around(start).counts("Target"), around([*start, *spam]).counts("Target")
    gained = 0 if vendor == "Acme" else 1
    assert after["named_by"] == (before["named_by"] or 0) + gained
    assert after["reached_by"] == (before["reached_by"] or 0) + gained


def test_what_is_made_of_it_or_needs_it_counts_as_built_on_it() -> None:
    made = one("B", "Bolt", extra='{"base_model": "tooltargetkit"}')
    needs = one("C", "Cord")
    found = around([TARGET, made, needs], [capability("C", "run", requires=["A running ToolTargetKit."])])
    assert found.counts("Target")["built_on_by"] == 2
    assert found.counts("B")["built_on_by"] == 0
    assert around([TARGET, needs]).counts("Target")["built_on_by"] is None


def test_two_steps_reach_and_one_maker_opens_the_way_to_few() -> None:
    hub = one("H", "Hub", NAMES_IT)
    fans = [one(f"F{n}", f"Fan {n}", "Made for ToolHKit users.") for n in range(REACH_OF_ONE + 5)]
    found = around([TARGET, hub, *fans])
    assert found.counts("H")["named_by"] == REACH_OF_ONE + 5
    assert found.counts("Target")["reached_by"] == 1 + REACH_OF_ONE
    assert found.counts("F0")["reached_by"] == 0


def test_sharing_a_concept_counts_other_makers() -> None:
    rows = [TARGET, one("B", "Bolt"), one("C", "Bolt"), one("D", "Acme"), one("E", "Ewe")]
    capabilities = [capability(key, "cut") for key in ("Target", "B", "C", "D")]
    concepts = [{"capability_id": row["capability_id"], "artifact_id": row["artifact_id"]} for row in capabilities]
    found = around(rows, capabilities, concepts)
    assert found.counts("Target")["shares_concepts_with"] == 1
    assert found.counts("E")["shares_concepts_with"] is None


@pytest.mark.parametrize("rows", [[TARGET], [TARGET, one("B", "Bolt")]])
def test_a_catalogue_in_which_nobody_names_anybody_says_nothing(rows: list[Row]) -> None:
    counts = around(rows).counts("Target")
    assert counts["named_by"] is counts["built_on_by"] is counts["reached_by"] is None
