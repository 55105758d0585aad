from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from graph.lookup import INDEXED, LookupFile, write_lookup
from graph.snapshot_schemas import SNAPSHOT_TABLES
from tests.queries.tables import artifact, table

ARTIFACTS = [artifact("b", tags=["x", "ü"], stars=3), artifact("a", tags=[], name=None), artifact("c", type="mcp")]


@pytest.fixture
def lookup(tmp_path: Path) -> LookupFile:
    given = {"artifacts": table("artifacts", ARTIFACTS)}
    evidence = [{"artifact_id": "a", "simulated": True}, {"artifact_id": "b", "simulated": False}]
    write_lookup(tmp_path / "lookup.sqlite", {**given, "evidence": table("evidence", evidence)})
    return LookupFile(tmp_path / "lookup.sqlite")


def test_rows_come_back_as_they_were_in_stored_order(lookup: LookupFile) -> None:
    assert lookup.rows("artifacts", {}) == table("artifacts", ARTIFACTS).to_pylist()
    assert [row["artifact_id"] for row in lookup.rows("artifacts", {"type": "model"})] == ["b", "a"]
    assert lookup.rows("artifacts", {"type": "model", "artifact_id": "c"}) == []
    assert [row["simulated"] for row in lookup.rows("evidence", {})] == [True, False]


def test_rows_by_key_leave_out_what_is_not_there(lookup: LookupFile) -> None:
    found = lookup.by_key("artifacts", "artifact_id", ["a", "nobody", "b"], ["name", "tags"])
    assert found == {
        "a": {"artifact_id": "a", "name": None, "tags": []},
        "b": {"artifact_id": "b", "name": "b", "tags": ["x", "ü"]},
    }
    assert lookup.by_key("artifacts", "artifact_id", [], ["name"]) == {}


def test_of_several_rows_with_a_key_the_first_counts(lookup: LookupFile) -> None:
    assert lookup.by_key("artifacts", "type", ["model"], ["stars"])["model"]["stars"] == 3


def test_values_are_never_part_of_a_statement(lookup: LookupFile) -> None:
    assert lookup.rows("artifacts", {"artifact_id": "a' OR '1'='1"}) == []
    with pytest.raises(KeyError):
        lookup.rows("artifacts", {'artifact_id" = "artifact_id" --': "x"})


def test_threads_may_look_up_at_once(lookup: LookupFile) -> None:
    found: list[Any] = []
    threads = [Thread(target=lambda: found.extend(lookup.rows("artifacts", {"artifact_id": "b"}))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row["stars"] for row in found] == [3] * 8


def test_every_table_of_a_snapshot_can_be_looked_up() -> None:
    assert INDEXED.keys() <= SNAPSHOT_TABLES.keys()
    assert all(column in SNAPSHOT_TABLES[name].names for name, columns in INDEXED.items() for column in columns)
