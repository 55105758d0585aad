"""The graph in Cypher: the texts that write it to Neo4j, put together from `graph.projections.graph_schema` alone.

Values never enter a text: rows come in as the parameter `$rows`, lists of values in the order of the columns. A time
comes as [seconds, nanoseconds] since 1970: the driver takes twenty times as long for a `datetime` as for two integers.
Every element carries `snapshot_id`: the snapshot that brought its present content. One node `:MatchgraphSnapshot` says
which snapshot is in force, whether it is complete and by which form of the graph (`graph_form`) it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from graph.projections.graph_schema import EDGE_TYPES, NODES, EdgeType, NodeType, Property
from graph.projections.graph_types import TIME

FULLTEXT_INDEX: Final = "matchgraph_texts"
_RANGE_INDEXES: Final = {
    "Artifact": ("name", "type", "rank", "snapshot_id"),
    "Capability": ("name",),
    "Intent": ("name",),
}


def constraint_texts() -> list[str]:
    """Return the constraints, to be run one by one; harmless where they exist. They keep ids single and find them."""
    texts = [
        f"CREATE CONSTRAINT matchgraph_{node.view}_id IF NOT EXISTS FOR (n:{node.label}) REQUIRE n.id IS UNIQUE"
        for node in NODES
    ]
    texts.append(
        "CREATE CONSTRAINT matchgraph_snapshot IF NOT EXISTS FOR (n:MatchgraphSnapshot) REQUIRE n.name IS UNIQUE"
    )
    return texts


def index_texts() -> list[str]:
    """Return the indexes for readers, to be run one by one after the data; harmless where they exist."""
    texts = [
        f"CREATE INDEX matchgraph_{label.lower()}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"
        for label, names in _RANGE_INDEXES.items()
        for name in names
    ]
    labels = "|".join(node.label for node in NODES)
    texts.append(
        f"CREATE FULLTEXT INDEX {FULLTEXT_INDEX} IF NOT EXISTS FOR (n:{labels}) ON EACH [n.name, n.description]"
    )
    return texts


def write_nodes(node: NodeType, columns: Sequence[str], *, empty: bool) -> str:
    """Return the text that writes nodes of which rows hold `columns`: the id and those properties that have values.

    `empty`: there are none of this kind yet, so that none need be looked for.
    """
    content = _content(node.properties, columns[1:])
    if empty:
        return f"UNWIND $rows AS row CREATE (n:{node.label} {{id: row[0], {content}}})"
    return f"UNWIND $rows AS row MERGE (n:{node.label} {{id: row[0]}}) SET n = {{id: row[0], {content}}}"


def write_edges(edge: EdgeType, columns: Sequence[str], *, empty: bool) -> str:
    """Return the text that writes edges; each of `$rows` is a start with the list of its edges: the other columns."""
    content = _content(edge.properties, columns[2:])
    find = (
        f"UNWIND $rows AS start MATCH (a:{edge.start} {{id: start[0]}}) "
        f"UNWIND start[1] AS row MATCH (b:{edge.end} {{id: row[0]}})"
    )
    if empty:
        return f"{find} CREATE (a)-[:{edge.type} {{{content}}}]->(b)"
    return f"{find} MERGE (a)-[r:{edge.type}{_key(edge, columns[2:])}]->(b) SET r = {{{content}}}"


def write_property(node: NodeType, name: str) -> str:
    """Return the text that gives nodes, by id, a value of one property: each of `$rows` is [id, value]."""
    return f"UNWIND $rows AS row MATCH (n:{node.label} {{id: row[0]}}) SET n.`{name}` = row[1]"


def remove_nodes(node: NodeType) -> str:
    """Return the text that removes nodes by id, with their edges."""
    return f"UNWIND $rows AS row MATCH (n:{node.label} {{id: row[0]}}) DETACH DELETE n"


def remove_edges(edge: EdgeType) -> str:
    """Return the text that removes edges by their identity."""
    key = ", ".join(f"{name}: row[{place}]" for place, name in enumerate(edge.key, start=2))
    return (
        f"UNWIND $rows AS row MATCH (:{edge.start} {{id: row[0]}})-[r:{edge.type}{' {' + key + '}' if key else ''}]->"
        f"(:{edge.end} {{id: row[1]}}) DELETE r"
    )


def sweep_texts() -> list[str]:
    """Return the texts that remove, in batches, what does not belong to the snapshot `$snapshot_id`."""
    texts = [
        f"MATCH ()-[r:{name}]->() WHERE coalesce(r.snapshot_id, '') <> $snapshot_id "
        "CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS"
        for name in EDGE_TYPES
    ]
    texts += [
        f"MATCH (n:{node.label}) WHERE coalesce(n.snapshot_id, '') <> $snapshot_id "
        "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
        for node in NODES
    ]
    return texts


def unmark_texts() -> list[str]:
    """Return the texts that let, in batches, all elements belong to no snapshot, so that a sweep finds what is left."""
    texts = [
        f"MATCH ()-[r:{name}]->() CALL (r) {{ SET r.snapshot_id = '' }} IN TRANSACTIONS OF 10000 ROWS"
        for name in EDGE_TYPES
    ]
    texts += [
        f"MATCH (n:{node.label}) CALL (n) {{ SET n.snapshot_id = '' }} IN TRANSACTIONS OF 10000 ROWS" for node in NODES
    ]
    return texts


READ_POINTER: Final = (
    "MATCH (s:MatchgraphSnapshot {name: 'current'}) "
    "RETURN s.snapshot_id AS id, s.complete AS complete, s.form AS form, "
    "coalesce(s.lists_missing, false) AS lists_missing"
)
WRITE_POINTER: Final = (
    "MERGE (s:MatchgraphSnapshot {name: 'current'}) "
    "SET s.snapshot_id = $snapshot_id, s.complete = $complete, s.form = $form, s.lists_missing = null"
)


def count_texts() -> dict[str, str]:
    """Return, for each label and edge type, the text that counts its elements (Neo4j keeps these counts)."""
    texts = {node.label: f"MATCH (n:{node.label}) RETURN count(n) AS n" for node in NODES}
    return texts | {name: f"MATCH ()-[r:{name}]->() RETURN count(r) AS n" for name in EDGE_TYPES}


WAIT_FOR_INDEXES: Final = "CALL db.awaitIndexes($seconds)"
"""Raises an error where they take longer."""


def _content(properties: tuple[Property, ...], columns: Sequence[str]) -> str:
    """Return the entries of a map; a property without a column is left out, which is what null would do."""
    types = {own.name: own.type for own in properties}
    entries = [f"`{name}`: {_value(types[name], place)}" for place, name in enumerate(columns, start=1)]
    return ", ".join([*entries, "snapshot_id: $snapshot_id"])


def _value(kind: pa.DataType, place: int) -> str:
    if kind != TIME:
        return f"row[{place}]"
    return f"CASE WHEN row[{place}] IS NULL THEN null ELSE datetime.fromepoch(row[{place}][0], row[{place}][1]) END"


def _key(edge: EdgeType, columns: Sequence[str]) -> str:
    entries = ", ".join(f"{name}: row[{columns.index(name) + 1}]" for name in edge.key)
    return f" {{{entries}}}" if entries else ""
