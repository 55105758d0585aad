"""The match graph as a property graph: kinds of nodes and edges, as data. The one place where they are named.

Every projection (SQL views, data frames, NetworkX, GraphML, Neo4j, RDF) and its documentation is derived from `NODES`
and `EDGES`. A node is identified by its label and its `id`; an edge by its type, its two ends and its `key` properties.
Each type says in SQL how it comes from the snapshot's tables, and each property which expression gives it.

Times are UTC. Null means "not known", never zero. `term` is the property's name in RDF; terms of others come before
ours (`mg:`), see `graph.projections.rdf_terms`.
"""

from __future__ import annotations

from typing import Final

from graph.projections.graph_edges import EDGES
from graph.projections.graph_nodes import ARTIFACT, CAPABILITY, NODES
from graph.projections.graph_types import EdgeType, NodeType, Property

__all__ = [
    "ARTIFACT",
    "CAPABILITY",
    "EDGES",
    "EDGE_TYPES",
    "NODES",
    "NODE_OF_LABEL",
    "EdgeType",
    "NodeType",
    "Property",
]

NODE_OF_LABEL: Final = {node.label: node for node in NODES}
EDGE_TYPES: Final = tuple(dict.fromkeys(edge.type for edge in EDGES))
