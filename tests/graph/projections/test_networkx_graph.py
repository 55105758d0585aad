"""The graph in NetworkX: the rows of SQL, neighbourhoods as NetworkX itself finds them, GraphML that comes back."""

from pathlib import Path

import networkx as nx
import pytest

from graph.errors import UnknownName, WrongUse
from graph.home import Home
from graph.projections.graph_schema import EDGES, NODES
from graph.projections.networkx_graph import neighbourhood, to_networkx, write_graphml
from graph.projections.sql_views import graph_table
from graph.snapshot import Snapshot
from tests.graph.hostile import NAMES, hostile_snapshot


@pytest.fixture(scope="module")
def whole(demo_snapshot: Snapshot) -> nx.MultiDiGraph:
    return to_networkx(demo_snapshot)


def test_every_row_is_a_node_or_an_edge(demo_snapshot: Snapshot, whole: nx.MultiDiGraph):
    assert whole.number_of_nodes() == sum(graph_table(demo_snapshot, node).num_rows for node in NODES)
    assert whole.number_of_edges() == sum(graph_table(demo_snapshot, edge).num_rows for edge in EDGES)
    assert whole.graph == {"snapshot_id": demo_snapshot.id}


def test_attributes_are_typed_and_what_is_not_known_is_left_out(whole: nx.MultiDiGraph):
    flux = whole.nodes["Artifact:flux-1-pro"]
    assert (flux["label"], flux["name"]) == ("Artifact", "FLUX.1 Pro")
    assert isinstance(flux["rank"], float)
    assert isinstance(flux["tags"], list)
    assert "downloads" not in flux
    capabilities = [end for _, end, key in whole.out_edges("Artifact:flux-1-pro", keys=True) if key == "PROVIDES"]
    assert len(capabilities) == 13


@pytest.mark.parametrize("radius", [0, 1, 2])
def test_a_neighbourhood_holds_the_nodes_that_networkx_reaches(
    demo_snapshot: Snapshot, whole: nx.MultiDiGraph, radius: int
):
    found = neighbourhood(demo_snapshot, "Artifact", "aider", radius)
    expected = nx.ego_graph(whole, "Artifact:aider", radius=radius, undirected=True)
    assert dict(found.nodes(data=True)) == dict(expected.nodes(data=True))
    assert set(found.edges(keys=True)) <= set(expected.edges(keys=True))
    assert radius == 0 or found.degree("Artifact:aider") == whole.degree("Artifact:aider")


def test_what_is_not_there_is_said(demo_snapshot: Snapshot):
    with pytest.raises(UnknownName, match="nobody"):
        neighbourhood(demo_snapshot, "Artifact", "nobody")
    with pytest.raises(WrongUse, match="Known: Artifact"):
        neighbourhood(demo_snapshot, "Person", "aider")


def test_graphml_comes_back_with_the_same_graph(whole: nx.MultiDiGraph, demo_snapshot: Snapshot, tmp_path: Path):
    path = tmp_path / "graph.graphml"
    write_graphml(demo_snapshot, path)
    back = nx.read_graphml(path, force_multigraph=True)
    assert set(back.edges()) == set(whole.edges())
    assert back.number_of_edges() == whole.number_of_edges()
    assert back.nodes["Artifact:aider"]["rank"] == whole.nodes["Artifact:aider"]["rank"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["graph.graphml"]


def test_names_that_xml_cannot_hold_are_written_all_the_same(tmp_path: Path):
    write_graphml(hostile_snapshot(Home(tmp_path / "home")), tmp_path / "graph.graphml")
    back = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert sum(label == "Artifact" for _, label in back.nodes(data="label")) == len(NAMES)
