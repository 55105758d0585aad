"""The five saved queries of `bench.graph_walks` computed by SciPy: for graphs that NetworkX is too slow for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array, csr_array

from bench.graph_walks import WALKS, Rows
from graph.projections.graph_schema import EDGES, NODE_OF_LABEL
from graph.projections.sparse_graph import GraphArrays, graph_arrays
from graph.projections.sql_views import graph_table
from graph.snapshot import Snapshot

_WEIGHTS: Final = {
    "matched_artifact": "times_matched",
    "matched_capability": "times_matched",
    "alternative_to": "place",
}
_AT_ONCE: Final = 20_000
"""Capabilities of which the artifacts beside them are held at a time."""


def matrices(snapshot: Snapshot) -> GraphArrays:
    """Return the graph with the weights that the queries need."""
    return graph_arrays(snapshot, _WEIGHTS)


def computed(snapshot: Snapshot, arrays: GraphArrays, name: str) -> Rows:
    """Return what SciPy finds for a saved query, asked as in `bench.graph_walks`."""
    return _COMPUTED[name](snapshot, arrays, **WALKS[name].parameters)


def _chosen(arrays: GraphArrays) -> csr_array:
    """Intents on rows, capabilities on columns: 1 where a log chose the capability itself."""
    return csr_array((arrays.edges["matched_capability"] > 0).astype(np.int64))


def _artifacts(arrays: GraphArrays, chosen: csr_array) -> csr_array:
    """Intents on rows, artifacts on columns: not zero where a log chose the artifact or one of its capabilities."""
    return csr_array(chosen @ arrays.edges["provides"].T + (arrays.edges["matched_artifact"] > 0))


def _demand_without_supply(snapshot: Snapshot, arrays: GraphArrays, min_clients: int, max_share: float) -> Rows:
    intents = graph_table(snapshot, NODE_OF_LABEL["Intent"])  # in the order of ids, as the rows
    edges = arrays.edges
    chosen = (edges["matched_artifact"].sum(axis=1) + edges["matched_capability"].sum(axis=1)).astype(np.int64)
    clients, searches = intents["clients"].to_numpy(), intents["searches"].to_numpy()
    found = np.flatnonzero((clients >= min_clients) & (chosen / searches <= max_share))
    return set(zip(_named(arrays, "Intent", found), chosen[found].tolist(), strict=True))


def _contested_intents(_: Snapshot, arrays: GraphArrays, min_artifacts: int) -> Rows:
    artifacts = _counts(_artifacts(arrays, _chosen(arrays)))
    found = np.flatnonzero(artifacts >= min_artifacts)
    return set(zip(_named(arrays, "Intent", found), artifacts[found].tolist(), strict=True))


def _bridging_capabilities(_: Snapshot, arrays: GraphArrays, min_intents: int) -> Rows:
    chosen = _chosen(arrays)
    artifacts = csr_array(((chosen @ arrays.edges["provides"].T) > 0).astype(np.int64))
    intents = _counts(csr_array(chosen.T))
    found, by_capability = np.flatnonzero(intents >= min_intents), csr_array(chosen.T)
    rivals = [
        _counts(csr_array(by_capability[found[first : first + _AT_ONCE]] @ artifacts)) - 1
        for first in range(0, len(found), _AT_ONCE)
    ]
    counts = np.concatenate([*rivals, np.empty(0, np.int64)]).tolist()
    return set(zip(_named(arrays, "Capability", found), intents[found].tolist(), counts, strict=True))


def _one_way_alternatives(_: Snapshot, arrays: GraphArrays, max_place: int) -> Rows:
    places = coo_array(arrays.edges["alternative_to"])
    back = csr_array(arrays.edges["alternative_to"].T)
    one_way = np.array(back[places.row, places.col]).ravel() == 0
    found = (places.data <= max_place) & one_way
    starts, ends = (_named(arrays, "Artifact", numbers[found]) for numbers in (places.row, places.col))
    return set(zip(starts, ends, strict=True))


def _loses_to_one_rival(snapshot: Snapshot, arrays: GraphArrays, min_clients: int) -> Rows:
    edges = graph_table(snapshot, next(edge for edge in EDGES if edge.view == "compared_with"))
    wins, losses = edges["wins"].to_numpy(), edges["losses"].to_numpy()
    beaten = (losses > wins) & (25 * (losses - wins) ** 2 >= 96 * (losses + wins))
    lost = edges.filter(pa.array((edges["clients"].to_numpy() >= min_clients) & beaten))
    numbers = [pc.index_in(lost[end], arrays.ids["Artifact"]).to_numpy() for end in ("start", "end")]
    shape = (len(arrays.ids["Artifact"]),) * 2
    to_rival = csr_array((np.ones(len(lost)), numbers), shape=shape)
    rows = np.flatnonzero(_counts(to_rival) == 1)
    rivals = to_rival.indices[to_rival.indptr[rows]]
    return set(zip(_named(arrays, "Artifact", rows), _named(arrays, "Artifact", rivals), strict=True))


def _counts(matrix: csr_array) -> np.ndarray:
    """Entries in each row."""
    matrix.eliminate_zeros()
    counts: np.ndarray = np.diff(matrix.indptr).astype(np.int64)
    return counts


def _named(arrays: GraphArrays, label: str, numbers: np.ndarray) -> Iterator[str]:
    return iter(arrays.ids[label].take(pa.array(numbers)).to_pylist())


_COMPUTED: Final[dict[str, Callable[..., Rows]]] = {
    "demand-without-supply": _demand_without_supply,
    "contested-intents": _contested_intents,
    "bridging-capabilities": _bridging_capabilities,
    "one-way-alternatives": _one_way_alternatives,
    "loses-to-one-rival": _loses_to_one_rival,
}
