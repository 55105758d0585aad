"""The graph as RDF: N-Triples, Turtle or JSON-LD, written as a stream.

A node is an IRI with its class, its id and its properties. An edge is one triple; where it has properties, a statement
(`rdf:Statement`) about that triple carries them. Equal snapshots give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

import duckdb

from graph.durable import whole_file
from graph.errors import WrongUse
from graph.projections.graph_schema import ARTIFACT, EDGES, NODES
from graph.projections.graph_types import TIME, EdgeType, NodeType, Property
from graph.projections.rdf_styles import STYLES, Style, Value
from graph.projections.rdf_terms import (
    BASE,
    CLASS_OF_TYPE,
    IDENTIFIER,
    SNAPSHOT_CLASS,
    WIDER,
    checked_base,
    full,
    statement_class,
)
from graph.projections.sql_views import open_sql
from graph.schemas import TEXT
from graph.snapshot import Snapshot

ROWS_AT_ONCE: Final = 4_096
"""Some 10 MB of text: a match edge takes 2.4 kB of N-Triples."""


def write_rdf(snapshot: Snapshot, path: Path, style: str | None = None, base: str = BASE) -> None:
    """Write the whole graph into one file, which appears when it is complete.

    `style`: nt, ttl or jsonld (default: the ending of the file); `base`: what IRIs of nodes begin with. Raises
    `WrongUse` for another ending, or a `base` that makes no valid IRIs.
    """
    chosen = style_of(path, style)
    connection = open_sql(snapshot, threads=1, reads_files=True)  # with one thread the order of rows is always the same
    try:
        with whole_file(path) as partial, partial.open("wb") as file:
            write_graph(connection, file, chosen, checked_base(base), snapshot)
    finally:
        connection.close()


def style_of(path: Path, style: str | None) -> Style:
    """Return the style of a name, else of a file's ending."""
    name = style or path.suffix.removeprefix(".")
    if name not in STYLES:
        raise WrongUse(f"{name or path.name!r} is no form of RDF. Name the file .nt, .ttl or .jsonld, or say --format.")
    return STYLES[name]


def write_graph(
    connection: duckdb.DuckDBPyConnection, file: IO[bytes], style: Style, base: str, snapshot: Snapshot | None
) -> None:
    """Write the views of the schema `graph`, and what there is to say of the snapshot itself, if one is given."""
    file.write(style.head.encode())
    first = True
    for text in _texts(connection, style, base, snapshot):
        file.write((text if first else style.between + text).encode())
        first = False
    file.write(style.tail.encode())


def _texts(connection: duckdb.DuckDBPyConnection, style: Style, base: str, snapshot: Snapshot | None) -> Iterator[str]:
    if snapshot is not None:
        yield from _rows(connection, f"SELECT {_snapshot_block(style, base, snapshot)}", style)
    for node in NODES:
        yield from _rows(connection, f'SELECT {_node_block(style, base, node)} FROM graph."{node.view}"', style)
    for edge in EDGES:
        for block in _edge_blocks(style, base, edge):
            yield from _rows(connection, f'SELECT {block} FROM graph."{edge.view}"', style)


def _rows(connection: duckdb.DuckDBPyConnection, query: str, style: Style) -> Iterator[str]:
    """Yield the texts of many rows at a time."""
    for batch in connection.sql(query).to_arrow_reader(ROWS_AT_ONCE):
        if batch.num_rows:
            yield style.between.join(batch.column(0).to_pylist())


def _snapshot_block(style: Style, base: str, snapshot: Snapshot) -> str:
    at = datetime.fromtimestamp(snapshot.now_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S")
    values = [
        Value(IDENTIFIER, f"'{snapshot.id}'", TEXT),
        Value("dcterms:title", "'matchgraph snapshot'", TEXT),
        Value("dcat:version", f"'{snapshot.id}'", TEXT),
        Value("prov:generatedAtTime", f"TIMESTAMP '{at}'", TIME),
    ]
    return style.block(f"'{base}snapshot/{snapshot.id}'", _classes(SNAPSHOT_CLASS), values)


def _node_block(style: Style, base: str, node: NodeType) -> str:
    values = [Value(IDENTIFIER, '"id"', TEXT), *map(_value, node.properties)]
    if node == ARTIFACT:
        cases = " ".join(f"WHEN '{type_}' THEN '{full(term)}'" for type_, term in CLASS_OF_TYPE.items())
        values.append(Value("rdf:type", f'CASE "type" {cases} END', None))
    return style.block(_iri(base, node.label, '"id"'), _classes(node.term), values)


def _edge_blocks(style: Style, base: str, edge: EdgeType) -> Iterator[str]:
    """Yield the block of the triple itself and, where edges have properties, that of the statement about it."""
    start, end = _iri(base, edge.start, '"start"'), _iri(base, edge.end, '"end"')
    yield style.block(start, (), [Value(edge.term, end, None)])
    if edge.properties:
        identity = " || ' ' || ".join([start, end, *(f'"{name}"' for name in edge.key)])
        values = [
            Value("rdf:subject", start, None),
            Value("rdf:predicate", f"'{full(edge.term)}'", None),
            Value("rdf:object", end, None),
            *map(_value, edge.properties),
        ]
        subject = f"'{base}statement/{edge.view}/' || left(sha256({identity}), 32)"
        yield style.block(subject, ("rdf:Statement", statement_class(edge)), values)


def _value(own: Property) -> Value:
    return Value(own.term, f'"{own.name}"', own.type)


def _iri(base: str, label: str, id_sql: str) -> str:
    """Return the SQL of `rdf_terms.node_iri`."""
    return f"'{base}{label.lower()}/' || url_encode({id_sql})"


def _classes(own: str) -> tuple[str, ...]:
    return (own, WIDER[own]) if own in WIDER else (own,)
