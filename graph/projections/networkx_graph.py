"""The graph in NetworkX: all of it, or what stands around one node; and as a file of GraphML.

A node's name is its label and id, as in `Artifact:aider`, so that ids of different kinds cannot collide. Nodes have the
attributes `label` and `id` and their properties, edges `type` and theirs; what is not known is left out. The key of an
edge is its type, with the properties that tell apart edges of the same two nodes: `MATCHED/observed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graph.durable import whole_file
from graph.errors import UnknownName, WrongUse
from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.projections.sql_views import graph_batches, open_sql
from graph.snapshot import Snapshot

if TYPE_CHECKING:
    import duckdb
    import networkx as nx

BATCH: Final = 10_000
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""


def to_networkx(snapshot: Snapshot) -> nx.MultiDiGraph[str]:
    """Return the whole graph, which must fit into memory."""
    found = _empty(snapshot)
    for node in NODES:
        found.add_nodes_from(_nodes(node, graph_batches(snapshot, node, BATCH)))
    for edge in EDGES:
        found.add_edges_from(_edges(edge, graph_batches(snapshot, edge, BATCH)))
    return found


def neighbourhood(snapshot: Snapshot, label: str, node_id: str, radius: int = 1) -> nx.MultiDiGraph[str]:
    """Return the nodes at most `radius` edges away, in whichever direction, and all edges that were walked.

    Raises `UnknownName` if there is no such node, `WrongUse` for a label that there is not.
    """
    if label not in {node.label for node in NODES}:
        raise WrongUse(f"There is no kind of node {label!r}. Known: {', '.join(node.label for node in NODES)}.")
    found = _empty(snapshot)
    reached = outermost = {label: {node_id}}
    with open_sql(snapshot) as connection:
        for _ in range(radius):
            following = _walk(connection, outermost, found)
            outermost = {name: ids - reached.get(name, set()) for name, ids in following.items()}
            for name, ids in outermost.items():
                reached.setdefault(name, set()).update(ids)
        for node in NODES:
            found.add_nodes_from(_nodes(node, _rows_with(connection, node, "id", reached.get(node.label))))
    if "label" not in found.nodes.get(f"{label}:{node_id}", {}):
        raise UnknownName(label.lower(), node_id)
    return found


def _walk(
    connection: duckdb.DuckDBPyConnection, outermost: Mapping[str, set[str]], found: nx.MultiDiGraph[str]
) -> dict[str, set[str]]:
    """Add the edges of the outermost nodes (label → ids); return the nodes at their other ends."""
    following: dict[str, set[str]] = {}
    for edge in EDGES:
        for near, label, far, far_label in (
            ("start", edge.start, "end", edge.end),
            ("end", edge.end, "start", edge.start),
        ):
            for batch in _rows_with(connection, edge, near, outermost.get(label)):
                found.add_edges_from(_edges(edge, [batch]))
                following.setdefault(far_label, set()).update(batch[far].to_pylist())
    return following


def _rows_with(
    connection: duckdb.DuckDBPyConnection, kind: NodeType | EdgeType, column: str, ids: set[str] | None
) -> list[pa.RecordBatch]:
    """Return the rows of a kind whose column is one of the ids."""
    if not ids:
        return []
    text = f'SELECT * FROM graph."{kind.view}" WHERE "{column}" IN (SELECT unnest($ids))'
    table = connection.sql(text, params={"ids": sorted(ids)}).to_arrow_table()
    batches: list[pa.RecordBatch] = table.cast(kind.arrow_schema).to_batches()
    return batches


def write_graphml(snapshot: Snapshot, path: Path) -> None:
    """Write the whole graph as GraphML.

    Lists become texts with `; ` between, times ISO 8601, and characters that XML cannot hold U+FFFD.
    """
    import networkx as nx

    found = to_networkx(snapshot)
    for _, attributes in found.nodes(data=True):
        attributes.update({name: _xml_value(value) for name, value in attributes.items()})
    for _, _, attributes in found.edges(data=True):
        attributes.update({name: _xml_value(value) for name, value in attributes.items()})
    nx.relabel_nodes(found, {name: _xml_text(name) for name in found if _NOT_XML.search(name)}, copy=False)
    with whole_file(path) as partial:
        nx.write_graphml(found, partial)


def _empty(snapshot: Snapshot) -> nx.MultiDiGraph[str]:
    import networkx as nx

    return nx.MultiDiGraph(snapshot_id=snapshot.id)


def _nodes(node: NodeType, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in _rows(batches):
        yield f"{node.label}:{row['id']}", {"label": node.label, **row}


def _edges(edge: EdgeType, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for row in _rows(batches):
        start, end = f"{edge.start}:{row.pop('start')}", f"{edge.end}:{row.pop('end')}"
        key = "/".join([edge.type, *(str(row[name]) for name in edge.key)])
        yield start, end, key, {"type": edge.type, **row}


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        for row in batch.to_pylist():
            yield {name: value for name, value in row.items() if value is not None}


def _xml_value(value: Any) -> Any:
    if isinstance(value, list):
        return _xml_text("; ".join(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return _xml_text(value) if isinstance(value, str) else value


def _xml_text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
