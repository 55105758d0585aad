"""The parts of docs/graph.md that are written from the graph's schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.saved_queries.catalogue import saved_queries

_TYPES: Final = {
    pa.string(): "text",
    pa.list_(pa.string()): "list of texts",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "true or false",
    pa.timestamp("us", "UTC"): "time",
}


def graph_picture() -> str:
    """Return the kinds of nodes and edges as a Mermaid diagram."""
    lines = ["```mermaid", "graph LR"]
    lines += [f"  {node.label}(({node.label}))" for node in NODES]
    lines += [f"  {edge.start} -- {edge.type} --> {edge.end}" for edge in EDGES]
    return "\n".join([*lines, "```", ""])


def graph_nodes() -> str:
    """Return every kind of node with its properties."""
    return "\n".join(f"### {node.label}\n\n{_head(node)}\n{_properties(node)}" for node in NODES)


def graph_edges() -> str:
    """Return every kind of edge with its properties."""
    return "\n".join(
        f"### {edge.type} ({edge.start} → {edge.end})\n\n{_head(edge)}\n{_properties(edge)}" for edge in EDGES
    )


def saved_query_list() -> str:
    """Return the saved queries with what they ask."""
    return _table(["name", "asks"], [[f"`{query.name}`", query.description] for query in saved_queries()])


def _head(kind: NodeType | EdgeType) -> str:
    said = f"{kind.meaning[0].upper()}{kind.meaning[1:]}. SQL: `graph.{kind.view}`. RDF: `{kind.term}`."
    if isinstance(kind, EdgeType) and kind.key:
        said += f" Edges of the same two nodes differ in `{'`, `'.join(kind.key)}`."
    return f"{said}\n"


def _properties(kind: NodeType | EdgeType) -> str:
    if not kind.properties:
        return "No properties.\n"
    rows = [[f"`{own.name}`", _TYPES[own.type], own.meaning, f"`{own.term}`"] for own in kind.properties]
    return _table(["property", "type", "meaning", "RDF"], rows)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
