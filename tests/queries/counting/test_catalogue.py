"""Revisions brought into one row, and what object ids stand for."""

from __future__ import annotations

from graph.keys import stable_key
from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE
from queries.counting.catalogue import artifact_table, capability_table, targets
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, described, ledger


def test_the_newest_known_value_of_every_field_counts(engine_over: EngineMaker) -> None:
    revisions = [
        described("artifacts", artifact_id="b", name="B", source="z.jsonl"),
        described("artifacts", artifact_id="a", name="Old", license="MIT", tags=["x"], revised_at=at(1)),
        described("artifacts", artifact_id="a", name="New", stars=5, source="b.jsonl", revised_at=at(3)),
        described("artifacts", artifact_id="a", name="Between", stars=9, revised_at=at(2)),
    ]
    with engine_over(ledger(artifacts=revisions)) as engine:
        table = artifact_table(engine)
    assert table.schema.equals(ARTIFACT_TABLE)
    first, second = table.to_pylist()
    assert (first["artifact_id"], second["artifact_id"]) == ("a", "b")
    assert (first["name"], first["license"], first["tags"], first["stars"]) == ("New", "MIT", ["x"], 5)
    assert (first["sources"], first["revisions"]) == (["artifacts.jsonl", "b.jsonl"], 3)
    assert first["object_key"] == stable_key("a")
    assert first["downloads"] is None
    assert second["sources"] == ["z.jsonl"]


def test_undated_revisions_follow_their_import_then_row_then_hash(engine_over: EngineMaker) -> None:
    revisions = [
        described("artifacts", artifact_id="a", name="third", ingested_at=at(2), source_row=2, content_hash=3),
        described("artifacts", artifact_id="a", name="fourth", ingested_at=at(2), source_row=2, content_hash=4),
        described("artifacts", artifact_id="a", name="second", ingested_at=at(2), source_row=1),
        described("artifacts", artifact_id="a", name="first", ingested_at=at(1), source_row=9),
    ]
    for count, name in enumerate(("first", "second", "third", "fourth"), 1):
        kept = [row for row in revisions if row["name"] in ("first", "second", "third", "fourth")[:count]]
        with engine_over(ledger(artifacts=kept)) as engine:
            assert artifact_table(engine)["name"].to_pylist() == [name]


def test_a_thing_without_a_name_is_called_its_id(engine_over: EngineMaker) -> None:
    with engine_over(ledger(artifacts=[described("artifacts", artifact_id="a")])) as engine:
        assert artifact_table(engine)["name"].to_pylist() == ["a"]


def test_a_capability_is_known_since_its_date_or_its_first_import(engine_over: EngineMaker) -> None:
    revisions = [
        described("capabilities", capability_id="a/x", artifact_id="a", name="X", ingested_at=at(5)),
        described("capabilities", capability_id="a/x", artifact_id="a", name="X", ingested_at=at(7)),
        described("capabilities", capability_id="a/y", artifact_id="a", name="Y", revised_at=at(2)),
    ]
    with engine_over(ledger(capabilities=revisions)) as engine:
        table = capability_table(engine)
    assert table.schema.equals(CAPABILITY_TABLE)
    assert table["known_at"].to_pylist() == [at(5), at(2)]


def test_an_empty_catalogue_has_all_columns(engine_over: EngineMaker) -> None:
    with engine_over(ledger()) as engine:
        artifacts, capabilities = artifact_table(engine), capability_table(engine)
    assert artifacts.schema.equals(ARTIFACT_TABLE)
    assert capabilities.schema.equals(CAPABILITY_TABLE)
    assert targets(artifacts, capabilities).num_rows == 0


def test_what_objects_stand_for(engine_over: EngineMaker) -> None:
    tables = ledger(
        artifacts=[described("artifacts", artifact_id="a"), described("artifacts", artifact_id="both")],
        capabilities=[
            described("capabilities", capability_id="a/x", artifact_id="a"),
            described("capabilities", capability_id="both", artifact_id="a"),
            described("capabilities", capability_id="lost/x", artifact_id="lost"),
        ],
    )
    with engine_over(tables) as engine:
        found = targets(artifact_table(engine), capability_table(engine)).to_pylist()
    meaning = {row["object_key"]: (row["artifact_id"], row["capability_id"], row["catalogued"]) for row in found}
    assert meaning == {
        stable_key("a"): ("a", None, True),
        stable_key("both"): ("both", None, True),
        stable_key("a/x"): ("a", "a/x", True),
        stable_key("lost/x"): ("lost", "lost/x", False),
    }
    assert {row["artifact_key"] for row in found} == {stable_key(name) for name in ("a", "both", "lost")}
