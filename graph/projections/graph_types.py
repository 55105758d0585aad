"""What kinds of nodes and edges are made of: names, properties, and how they come from the snapshot's tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyarrow as pa

from graph.schemas import TEXT

BOOL: Final = pa.bool_()
TIME: Final = pa.timestamp("us", "UTC")


@dataclass(frozen=True)
class Property:
    """One property of a kind of node or edge."""

    name: str
    type: pa.DataType
    meaning: str
    """With its unit or bounds."""
    term: str
    """Compact IRI of the RDF property; never twice in one kind."""
    sql: str = ""
    """Expression over the kind's `source`; empty: the column of the same name."""
    most: float = 1
    """The largest value that a number of type `FLOAT` can have; the smallest is 0, of integers too."""


@dataclass(frozen=True)
class NodeType:
    """A kind of node. Its rows are `SELECT id, properties FROM source`."""

    label: str
    meaning: str
    id_sql: str
    source: str
    properties: tuple[Property, ...]
    term: str
    """Compact IRI of the RDF class."""

    @property
    def view(self) -> str:
        """Name of its table in SQL and among data frames."""
        return self.label.lower()

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """Column `id` and the properties."""
        return pa.schema([pa.field("id", TEXT), *(pa.field(own.name, own.type) for own in self.properties)])

    @property
    def sql(self) -> str:
        """Query over the snapshot's tables that gives one row for each node."""
        return f"SELECT {_columns((('id', self.id_sql),), self.properties)} FROM {self.source}"


@dataclass(frozen=True)
class EdgeType:
    """A kind of edge between two kinds of node. Kinds that share a `type` are one relation in Neo4j and RDF."""

    type: str
    start: str
    """Label of the node where it starts."""
    end: str
    meaning: str
    start_sql: str
    end_sql: str
    source: str
    tables: tuple[str, ...]
    """Tables of the snapshot that it needs. There are no edges of this kind where one is missing."""
    properties: tuple[Property, ...]
    term: str
    """Compact IRI of the RDF property that leads from start to end."""
    view: str
    key: tuple[str, ...] = ()
    """Properties that tell apart edges of the same two nodes."""

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """Columns `start`, `end` (ids of the nodes) and the properties."""
        ends = [pa.field("start", TEXT), pa.field("end", TEXT)]
        return pa.schema([*ends, *(pa.field(own.name, own.type) for own in self.properties)])

    @property
    def sql(self) -> str:
        """Query over the snapshot's tables that gives one row for each edge."""
        ends = (("start", self.start_sql), ("end", self.end_sql))
        return f"SELECT {_columns(ends, self.properties)} FROM {self.source}"


def _columns(ids: tuple[tuple[str, str], ...], properties: tuple[Property, ...]) -> str:
    columns = [f'{sql} AS "{name}"' for name, sql in ids]
    for own in properties:
        expression = own.sql or f'"{own.name}"'
        if own.type == TIME:
            expression = f"make_timestamp({expression})"
        columns.append(f'{expression} AS "{own.name}"')
    return ", ".join(columns)
