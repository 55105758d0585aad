"""PageRank and weak components by NetworkX, by SciPy and by igraph: what they cost, and whether they agree."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import connected_components

from bench.costs import say, timed
from graph.projections.sparse_graph import graph_arrays
from graph.snapshot import Snapshot


def algorithms(snapshot: Snapshot, whole: nx.MultiDiGraph[str], networkx_read: dict[str, float]) -> None:
    """Compute PageRank and weak components in each library, and compare; `networkx_read`: what reading `whole` cost."""
    scipy_read, arrays = timed(lambda: graph_arrays(snapshot))
    square = arrays.square()
    names = [f"{label}:{node}" for label, ids in arrays.ids.items() for node in ids.to_pylist()]
    networkx_rank, by_name = timed(lambda: nx.pagerank(nx.DiGraph(whole), weight=None))
    scipy_rank, ranks = timed(lambda: page_rank(csr_array((square > 0).astype(float))))
    networkx_parts, count = timed(lambda: nx.number_weakly_connected_components(whole))
    scipy_parts, found = timed(lambda: connected_components(square, directed=False))
    difference = max(abs(by_name[name] - rank) for name, rank in zip(names, ranks, strict=True))
    for what, one, other, equal in (
        ("read", networkx_read, scipy_read, len(whole) == len(names)),
        ("PageRank", networkx_rank, scipy_rank, bool(difference < 1e-5)),
        ("components", networkx_parts, scipy_parts, count == found[0]),
    ):
        say(what=what, nodes=len(names), edges=int(square.sum()), networkx=one["cpu"], scipy=other["cpu"], equal=equal)
    by_igraph(square, found[0])


def by_igraph(square: csr_array, parts: int) -> None:
    """Compute the same with igraph, made from the matrix; nothing where it is not installed (`pip install igraph`)."""
    if find_spec("igraph") is None:
        return
    igraph: Any = import_module("igraph")
    starts_and_ends = np.column_stack((square > 0).nonzero())
    made, graph = timed(lambda: igraph.Graph(square.shape[0], starts_and_ends, directed=True))
    rank, found = timed(lambda: graph.pagerank())
    components, clusters = timed(lambda: graph.connected_components(mode="weak"))
    exact = page_rank(csr_array((square > 0).astype(float)), tolerance=1e-12)  # igraph does not stop early
    equal = bool(np.abs(exact - np.array(found)).max() < 1e-5) and len(clusters) == parts
    say(what="igraph", made=made["cpu"], page_rank=rank["cpu"], components=components["cpu"], equal=equal)


def page_rank(edges: csr_array, damping: float = 0.85, tolerance: float = 1e-6) -> npt.NDArray[np.float64]:
    """PageRank by power iteration (Brin and Page 1998), stopped as NetworkX does: n times the tolerance in all."""
    count = edges.shape[0]
    degrees = edges.sum(axis=1)
    step = (diags_array(np.divide(1.0, degrees, out=np.zeros(count), where=degrees > 0)) @ edges).T.tocsr()
    rank: npt.NDArray[np.float64] = np.full(count, 1 / count)
    while True:
        following: npt.NDArray[np.float64] = (
            damping * (step @ rank + rank[degrees == 0].sum() / count) + (1 - damping) / count
        )
        if np.abs(following - rank).sum() < count * tolerance:
            return following
        rank = following
