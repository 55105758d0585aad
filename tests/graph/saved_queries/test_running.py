"""Every saved query gives the same rows in every language, and those that other tools compute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import neo4j
import networkx as nx
import pytest

from graph.home import Home
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.projections.networkx_graph import to_networkx
from graph.projections.query_budget import Budget
from graph.projections.ready_processes import ready_processes
from graph.saved_queries.catalogue import SavedQuery, saved_queries, saved_query
from graph.saved_queries.running import run_saved_cypher, run_saved_sparql, run_saved_sql
from graph.snapshot import Snapshot
from tests.graph.hostile import hostile_snapshot
from tests.graph.saved_queries.rich import rich_snapshot

QUERIES = saved_queries()
every_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return rich_snapshot(Home(tmp_path_factory.mktemp("rich")))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return hostile_snapshot(Home(tmp_path_factory.mktemp("hostile")))


@pytest.fixture(scope="module")
def quick() -> Iterator[Budget]:
    """Queries run as on a server, in processes that need not start."""
    processes = ready_processes()
    yield Budget(processes=processes)
    if processes is not None:
        processes.close()


@pytest.fixture(scope="module", params=["rich", "demo_snapshot", "hostile"])
def loaded(request: pytest.FixtureRequest, neo4j_address: Neo4jAddress) -> Iterator[tuple[neo4j.Driver, Snapshot]]:
    """A snapshot and a server that holds it."""
    snapshot = request.getfixturevalue(request.param)
    with neo4j_driver(neo4j_address) as driver:
        export_to_neo4j(snapshot, driver)
        yield driver, snapshot


@every_query
def test_cypher_gives_the_rows_of_sql(query: SavedQuery, loaded: tuple[neo4j.Driver, Snapshot], quick: Budget):
    driver, snapshot = loaded
    expected = run_saved_sql(snapshot, query, budget=quick).arrow
    assert run_saved_cypher(driver, query, now_us=snapshot.now_us).arrow.equals(expected)


@every_query
@pytest.mark.parametrize("name", ["rich", "demo_snapshot", "hostile"])
def test_sparql_gives_the_rows_of_sql(query: SavedQuery, name: str, request: pytest.FixtureRequest, quick: Budget):
    snapshot = request.getfixturevalue(name)
    expected = run_saved_sql(snapshot, query, budget=quick).arrow
    assert run_saved_sparql(snapshot, query, budget=quick).arrow.equals(expected)


@every_query
def test_every_query_finds_something_and_has_the_columns_it_names(query: SavedQuery, rich: Snapshot, quick: Budget):
    found = run_saved_sql(rich, query, budget=quick).arrow
    assert found.num_rows > 0
    assert found.schema.equals(query.arrow_schema)


def test_labels_that_are_withheld_stay_withheld(demo_snapshot: Snapshot):
    withheld = {row["intent_id"] for row in demo_snapshot.table("intents").to_pylist() if row["label"] is None}
    rows = run_saved_sql(
        demo_snapshot, saved_query("demand-without-supply"), {"min_clients": 0, "max_share": 99}
    ).rows()
    assert {row["intent_id"] for row in rows if row["intent"] is None} == withheld != set()


def test_more_rows_than_the_budget_are_said(rich: Snapshot):
    cut = run_saved_sql(rich, saved_query("one-way-alternatives"), budget=Budget(rows=1))
    assert (cut.arrow.num_rows, cut.truncated) == (1, True)


# Five of them once more, computed by NetworkX from the graph as a whole.


@pytest.fixture(scope="module", params=["rich", "demo_snapshot"])
def walked(request: pytest.FixtureRequest) -> tuple[Snapshot, nx.MultiDiGraph]:
    snapshot = request.getfixturevalue(request.param)
    return snapshot, to_networkx(snapshot)


def rows_of(snapshot: Snapshot, name: str, *columns: str, **parameters: Any) -> set[tuple[Any, ...]]:
    rows = run_saved_sql(snapshot, saved_query(name), parameters).rows()
    return {tuple(row[column] for column in columns) for row in rows}


def nodes_of(graph: nx.MultiDiGraph, label: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, data) for name, data in graph.nodes(data=True) if data["label"] == label)


def choices(graph: nx.MultiDiGraph, intent: str) -> Iterator[tuple[str, int]]:
    """Artifacts and times matched of what logs chose for an intent."""
    for _, end, key, data in graph.out_edges(intent, keys=True, data=True):
        if key == "MATCHED/observed":
            node = graph.nodes[end]
            yield node.get("artifact_id", node["id"]), data.get("times_matched", 0)


def test_demand_without_supply_as_networkx_counts_it(walked: tuple[Snapshot, nx.MultiDiGraph]):
    snapshot, graph = walked
    expected = set()
    for name, data in nodes_of(graph, "Intent"):
        chosen = sum(times for _, times in choices(graph, name))
        if data["clients"] >= 4 and chosen / data["searches"] <= 0.4:
            expected.add((data["id"], chosen))
    assert rows_of(snapshot, "demand-without-supply", "intent_id", "chosen", min_clients=4, max_share=0.4) == expected


def test_contested_intents_as_networkx_counts_them(walked: tuple[Snapshot, nx.MultiDiGraph]):
    snapshot, graph = walked
    expected = set()
    for name, data in nodes_of(graph, "Intent"):
        artifacts = {artifact for artifact, times in choices(graph, name) if times}
        if len(artifacts) >= 2:
            expected.add((data["id"], len(artifacts)))
    assert rows_of(snapshot, "contested-intents", "intent_id", "artifacts", min_artifacts=2) == expected


def test_bridging_capabilities_as_networkx_walks_them(walked: tuple[Snapshot, nx.MultiDiGraph]):
    snapshot, graph = walked
    chosen = nx.Graph(
        (start, end)
        for start, end, key, data in graph.edges(keys=True, data=True)
        if key == "MATCHED/observed" and data.get("times_matched") and end.startswith("Capability:")
    )
    expected = set()
    for name in (name for name in chosen if name.startswith("Capability:")):
        own = graph.nodes[name]["artifact_id"]
        two_away = nx.descendants_at_distance(chosen, name, 2)
        rivals = {graph.nodes[other]["artifact_id"] for other in two_away} - {own}
        if chosen.degree(name) >= 2:
            expected.add((graph.nodes[name]["id"], chosen.degree(name), len(rivals)))
    assert rows_of(snapshot, "bridging-capabilities", "capability_id", "intents", "rivals", min_intents=2) == expected


def test_one_way_alternatives_as_networkx_finds_them(walked: tuple[Snapshot, nx.MultiDiGraph]):
    snapshot, graph = walked
    edges = [(a, b, data["place"]) for a, b, key, data in graph.edges(keys=True, data=True) if key == "ALTERNATIVE_TO"]
    digraph = nx.DiGraph((a, b) for a, b, _ in edges)
    expected = {
        (graph.nodes[a]["id"], graph.nodes[b]["id"])
        for a, b, place in edges
        if place <= 3 and not digraph.has_edge(b, a)
    }
    assert rows_of(snapshot, "one-way-alternatives", "artifact_id", "other_id", max_place=3) == expected


def test_artifacts_that_lose_to_one_rival_as_networkx_finds_them(walked: tuple[Snapshot, nx.MultiDiGraph]):
    snapshot, graph = walked
    lost = nx.DiGraph(
        (a, b)
        for a, b, key, data in graph.edges(keys=True, data=True)
        if key == "COMPARED_WITH" and data["clients"] >= 5 and data["losses"] > data["wins"]
    )
    expected = {
        (graph.nodes[a]["id"], graph.nodes[next(lost.successors(a))]["id"]) for a in lost if lost.out_degree(a) == 1
    }
    assert rows_of(snapshot, "loses-to-one-rival", "artifact_id", "rival_id") == expected
