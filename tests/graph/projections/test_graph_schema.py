"""The graph's schema: the snapshot gives exactly what it says, and no edge ends nowhere."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graph.home import Home
from graph.projections.graph_schema import EDGES, NODE_OF_LABEL, NODES, EdgeType, NodeType
from graph.projections.sql_views import graph_batches, graph_table
from graph.snapshot import Snapshot
from graph.snapshot_schemas import SNAPSHOT_TABLES
from tests.graph.hostile import NAMES, hostile_snapshot

KINDS = [*NODES, *EDGES]
kinds = pytest.mark.parametrize("kind", KINDS, ids=[kind.view for kind in KINDS])


def test_the_kinds_of_the_contract_are_there():
    assert [node.label for node in NODES] == ["Artifact", "Capability", "Concept", "Intent", "Source"]
    types = {edge.type for edge in EDGES}
    assert types >= {"PROVIDES", "INSTANCE_OF", "MATCHED", "ALTERNATIVE_TO", "COMPLEMENTS", "DUPLICATE_OF"}
    assert len({kind.view for kind in KINDS}) == len(KINDS)
    assert all(edge.start in NODE_OF_LABEL and edge.end in NODE_OF_LABEL for edge in EDGES)


@kinds
def test_names_and_terms_are_unique_within_a_kind(kind: NodeType | EdgeType):
    names, terms = [own.name for own in kind.properties], [own.term for own in kind.properties]
    assert len(set(names)) == len(names)
    assert len(set(terms)) == len(terms)
    assert not {"id", "start", "end", "label", "snapshot_id"} & set(names)
    assert "name" in names or isinstance(kind, EdgeType)
    assert all(own.meaning for own in kind.properties)


@kinds
def test_tables_have_the_columns_of_the_schema_and_each_identity_once(
    kind: NodeType | EdgeType, demo_snapshot: Snapshot
):
    table = graph_table(demo_snapshot, kind)
    assert table.schema.equals(kind.arrow_schema)
    identity = ["id"] if isinstance(kind, NodeType) else ["start", "end", *kind.key]
    assert table.group_by(identity).aggregate([]).num_rows == table.num_rows
    batches = graph_batches(demo_snapshot, kind, 1000)
    assert sum(batch.num_rows for batch in batches) == table.num_rows


@pytest.mark.parametrize("edge", EDGES, ids=[edge.view for edge in EDGES])
def test_every_edge_starts_and_ends_at_a_node(edge: EdgeType, demo_snapshot: Snapshot, hostile: Snapshot):
    for snapshot in (demo_snapshot, hostile):
        table = graph_table(snapshot, edge)
        for end, label in (("start", edge.start), ("end", edge.end)):
            ids = graph_table(snapshot, NODE_OF_LABEL[label]).column("id")
            assert pc.all(pc.is_in(table.column(end), ids), min_count=0).as_py(), end
            assert table.column(end).null_count == 0


def test_nothing_of_the_snapshot_is_lost(demo_snapshot: Snapshot):
    rows = {kind.view: graph_table(demo_snapshot, kind).num_rows for kind in KINDS}
    assert rows["artifact"] == demo_snapshot.table("artifacts").num_rows
    assert rows["capability"] == rows["provides"] == demo_snapshot.table("capabilities").num_rows
    assert rows["intent"] == demo_snapshot.table("intents").num_rows
    assert rows["matched_artifact"] + rows["matched_capability"] == demo_snapshot.table("edges").num_rows
    assert rows["alternative_to"] + rows["complements"] == demo_snapshot.table("related").num_rows
    assert rows["instance_of"] == demo_snapshot.table("concepts").num_rows


def test_hostile_names_come_through(hostile: Snapshot):
    rows = graph_table(hostile, NODE_OF_LABEL["Artifact"]).to_pylist()
    assert {row["id"] for row in rows} == {row["name"] for row in rows} == set(NAMES)


def test_what_only_the_log_knows_is_a_node_too(tmp_path: Path):
    from tests.graph.test_snapshot import put

    edge = {"intent_id": "int_1", "intent_key": 1, "artifact_id": "ghost", "kind": "observed", "times_matched": 2}
    snapshot = put(Home(tmp_path), intents=[{"intent_id": "int_1", "intent_key": 1, "label": "x"}], edges=[edge])
    (row,) = graph_table(snapshot, NODE_OF_LABEL["Artifact"]).to_pylist()
    assert (row["id"], row["name"], row["catalogued"], row["rank"]) == ("ghost", "ghost", False, None)


def test_a_snapshot_from_before_a_table_existed_has_no_rows_of_it(tmp_path: Path):
    snapshot = hostile_snapshot(Home(tmp_path))
    (snapshot.path / "tables" / "related.parquet").unlink()
    for edge in EDGES:
        if "related" in edge.tables:
            assert graph_table(snapshot, edge).num_rows == 0


@pytest.mark.parametrize("edge", EDGES, ids=[edge.view for edge in EDGES])
def test_tables_that_snapshots_lack_give_no_edges(edge: EdgeType, demo_snapshot: Snapshot):
    if not all(table in SNAPSHOT_TABLES for table in edge.tables):
        assert graph_table(demo_snapshot, edge).equals(edge.arrow_schema.empty_table())
    assert isinstance(edge.arrow_schema, pa.Schema)
