"""The graph as sparse matrices: the same graph as NetworkX holds."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from graph.errors import WrongUse
from graph.home import Home
from graph.projections.graph_schema import EDGES
from graph.projections.networkx_graph import to_networkx
from graph.projections.sparse_graph import graph_arrays
from graph.snapshot import Snapshot
from tests.graph.hostile import hostile_snapshot


def test_every_edge_of_networkx_is_an_entry(demo_snapshot: Snapshot):
    arrays, whole = graph_arrays(demo_snapshot), to_networkx(demo_snapshot)
    names = [f"{label}:{node}" for label, ids in arrays.ids.items() for node in ids.to_pylist()]
    assert sorted(names) == sorted(whole)
    expected = nx.to_scipy_sparse_array(whole, nodelist=names, weight=None)
    assert (arrays.square() != expected).nnz == 0


def test_components_are_those_of_networkx(tmp_path: Path):
    snapshot = hostile_snapshot(Home(tmp_path))
    count, _ = connected_components(graph_arrays(snapshot).square(), directed=False)
    assert count == nx.number_weakly_connected_components(to_networkx(snapshot))


def test_entries_hold_the_property_asked_for(demo_snapshot: Snapshot):
    view = "matched_capability"
    matrix = graph_arrays(demo_snapshot, {view: "times_matched"}).edges[view]
    (edge,) = (edge for edge in EDGES if edge.view == view)
    total = sum(
        data["times_matched"]
        for _, end, data in to_networkx(demo_snapshot).edges(data=True)
        if data["type"] == edge.type and end.startswith("Capability:")
    )
    assert matrix.sum() == total > 0
    assert matrix.dtype == np.float64


@pytest.mark.parametrize("weights", [{"matched": "clicks"}, {"provides": "clicks"}, {"matched_capability": "end"}])
def test_weights_that_there_are_not_are_said(weights: dict[str, str], demo_snapshot: Snapshot):
    with pytest.raises(WrongUse, match="There are no edges"):
        graph_arrays(demo_snapshot, weights)
