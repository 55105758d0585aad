"""What analysts' queries are asked with: one shape for each, from programs over HTTP and from agents."""

from __future__ import annotations

from typing import Annotated

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.http.querying import MAX_QUERY_CHARS, Language, Scalar
from graph.saved_queries.catalogue import SavedQuery

Parameters = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=100)], Scalar],
    Field(max_length=100, description="Values of the query's parameters; bound by the engine."),
]
_Text = Annotated[str, Field(min_length=1, max_length=MAX_QUERY_CHARS)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SqlQuery(_Shape):
    """One SELECT."""

    query: Annotated[
        _Text,
        Field(
            description="DuckDB's SQL; parameters are written $name. Schema main: the snapshot's tables; schema graph: "
            "nodes and edges.",
            examples=["SELECT name, rank FROM graph.artifact ORDER BY rank DESC LIMIT 5"],
        ),
    ]
    parameters: Parameters = {}


class CypherQuery(_Shape):
    """One reading query."""

    query: Annotated[
        _Text,
        Field(
            description="Neo4j's Cypher; parameters are written $name.",
            examples=["MATCH (a:Artifact) RETURN a.name AS name, a.rank AS rank ORDER BY rank DESC LIMIT 5"],
        ),
    ]
    parameters: Parameters = {}


class SavedQueryValues(_Shape):
    """Values for a saved query; parameters that are not given have their defaults. Languages give equal rows."""

    language: Language = "sql"
    parameters: Parameters = {}


class SavedQueryList(msgspec.Struct, frozen=True):
    """The saved queries: what each asks, its parameters and the columns of its answer."""

    queries: list[SavedQuery]
