"""Every saved query gives the same rows in every language, and those that other tools compute."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import neo4j
import networkx as nx
import pyarrow as pa
import pytest

from bench.graph_matrices import computed, matrices
from bench.graph_walks import WALKS, asked_of_sql, walked
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.networkx_graph import to_networkx
from graph.projections.query_budget import Budget
from graph.projections.sparse_graph import GraphArrays
from graph.saved_queries.catalogue import SavedQuery, saved_queries, saved_query
from graph.saved_queries.running import run_saved_cypher, run_saved_sparql, run_saved_sql
from graph.snapshot import Snapshot

QUERIES = saved_queries()
Asked = Callable[[Snapshot, SavedQuery], pa.Table]
every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


@pytest.fixture(scope="module")
def by_sql(quick: Budget) -> Asked:
    """What SQL answers, asked once."""

    @cache
    def ask(snapshot_path: Path, name: str) -> pa.Table:
        return run_saved_sql(Snapshot(snapshot_path), saved_query(name), budget=quick).arrow

    return lambda snapshot, query: ask(snapshot.path, query.name)


@pytest.fixture(scope="module", params=["demo_snapshot", "rich", "hostile"])
def loaded(request: pytest.FixtureRequest, neo4j_server: neo4j.Driver) -> tuple[neo4j.Driver, Snapshot]:
    """A snapshot and a server that holds it."""
    snapshot = request.getfixturevalue(request.param)
    export_to_neo4j(snapshot, neo4j_server)
    return neo4j_server, snapshot


@every_query
def test_cypher_gives_the_rows_of_sql(query: SavedQuery, loaded: tuple[neo4j.Driver, Snapshot], by_sql: Asked):
    driver, snapshot = loaded
    assert run_saved_cypher(driver, query, now_us=snapshot.now_us).arrow.equals(by_sql(snapshot, query))


@every_query
@pytest.mark.parametrize("name", ["demo_snapshot", "rich", "hostile"])
def test_sparql_gives_the_rows_of_sql(
    query: SavedQuery, name: str, request: pytest.FixtureRequest, quick: Budget, by_sql: Asked
):
    snapshot = request.getfixturevalue(name)
    assert run_saved_sparql(snapshot, query, budget=quick).arrow.equals(by_sql(snapshot, query))


@every_query
def test_every_query_finds_something_and_has_the_columns_it_names(query: SavedQuery, rich: Snapshot, by_sql: Asked):
    found = by_sql(rich, query)
    assert found.num_rows > 0
    assert found.schema.equals(query.arrow_schema)


def test_labels_that_are_withheld_stay_withheld(demo_snapshot: Snapshot, quick: Budget):
    withheld = {row["intent_id"] for row in demo_snapshot.table("intents").to_pylist() if row["label"] is None}
    asked, everything = saved_query("demand-without-supply"), {"min_clients": 0, "max_share": 99}
    rows = run_saved_sql(demo_snapshot, asked, everything, budget=quick).rows()
    assert {row["intent_id"] for row in rows if row["intent"] is None} == withheld != set()


def test_more_rows_than_the_budget_are_said(rich: Snapshot):
    cut = run_saved_sql(rich, saved_query("one-way-alternatives"), budget=Budget(rows=1))
    assert (cut.arrow.num_rows, cut.truncated) == (1, True)


@pytest.fixture(scope="module", params=["rich", "demo_snapshot"])
def whole(request: pytest.FixtureRequest) -> tuple[Snapshot, nx.MultiDiGraph]:
    snapshot = request.getfixturevalue(request.param)
    return snapshot, to_networkx(snapshot)


@pytest.mark.parametrize("name", WALKS)
def test_what_networkx_computes_is_what_the_query_finds(
    name: str, whole: tuple[Snapshot, nx.MultiDiGraph], quick: Budget
):
    snapshot, graph = whole
    assert walked(graph, name) == asked_of_sql(snapshot, name, quick)


@pytest.fixture(scope="module")
def as_matrices(whole: tuple[Snapshot, nx.MultiDiGraph]) -> GraphArrays:
    return matrices(whole[0])


@pytest.mark.parametrize("name", WALKS)
def test_what_scipy_computes_is_what_networkx_finds(
    name: str, whole: tuple[Snapshot, nx.MultiDiGraph], as_matrices: GraphArrays
):
    snapshot, graph = whole
    assert computed(snapshot, as_matrices, name) == walked(graph, name)
