"""Analysts' queries: SQL, Cypher, saved ones. Read-only by construction, each in its own process with a budget."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.http.answers import described, json_bytes, of_call, of_encoded
from api.http.deps import CallerDep, SnapshotDep, StateDep
from api.http.problems import documented
from api.http.querying import (
    CYPHER_PROBLEMS,
    MAX_QUERY_CHARS,
    QUERY_PROBLEMS,
    Language,
    QueryAnswer,
    Scalar,
    cypher_answer,
    queried,
    saved_answer,
    sql_answer,
)
from graph.projections.query_budget import Budget
from graph.saved_queries.catalogue import SavedQuery, saved_queries

router = APIRouter(prefix="/v1", tags=["queries"])

Parameters = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=100)], Scalar],
    Field(max_length=100, description="Values of the query's parameters; bound by the engine."),
]

Limit = Annotated[int, Field(ge=1, le=1_000_000, description="Rows; the server may allow fewer.")]


class SqlRequest(BaseModel):
    """One SELECT."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_QUERY_CHARS,
            description="DuckDB's SQL. Schema main: the snapshot's tables; schema graph: nodes and edges.",
            examples=["SELECT name, rank FROM graph.artifact ORDER BY rank DESC LIMIT 5"],
        ),
    ]
    parameters: Parameters = {}
    limit: Limit = 1_000


class CypherRequest(BaseModel):
    """One reading query."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_QUERY_CHARS,
            description="Neo4j's Cypher; parameters are written $name.",
            examples=["MATCH (a:Artifact) RETURN a.name AS name, a.rank AS rank ORDER BY rank DESC LIMIT 5"],
        ),
    ]
    parameters: Parameters = {}
    limit: Limit = 1_000


class SavedQueryRequest(BaseModel):
    """Values for a saved query; parameters that are not given have their defaults. Languages give equal rows."""

    model_config = ConfigDict(extra="forbid")

    language: Language = "sql"
    parameters: Parameters = {}
    limit: Limit = 1_000


class SavedQueryList(msgspec.Struct, frozen=True):
    """The saved queries: what each asks, its parameters and the columns of its answer."""

    queries: list[SavedQuery]


@router.post("/sql", responses=described(QueryAnswer, documented(*QUERY_PROBLEMS)))
async def post_sql(asked: SqlRequest, snapshot: SnapshotDep, state: StateDep, caller: CallerDep) -> Response:
    """Run one SELECT over the snapshot. Needs an API key with the scope read, unless the operator opened it."""

    def run(budget: Budget) -> bytes:
        return json_bytes(sql_answer(snapshot, asked.query, asked.parameters, budget))

    return of_encoded(await queried(state, caller, run, asked.limit))


@router.post("/cypher", responses=described(QueryAnswer, documented(*CYPHER_PROBLEMS)))
async def post_cypher(asked: CypherRequest, state: StateDep, caller: CallerDep) -> Response:
    """Run one reading query on the operator's Neo4j server. Needs an API key with the scope read, unless opened."""

    def run(budget: Budget) -> bytes:
        return json_bytes(cypher_answer(state.settings.neo4j, asked.query, asked.parameters, budget))

    return of_encoded(await queried(state, caller, run, asked.limit))


@router.get("/queries", responses=described(SavedQueryList, documented()))
async def list_queries() -> Response:
    """List the saved queries; they come with matchgraph and are the same for every snapshot."""
    return of_call(SavedQueryList(saved_queries()))


@router.post("/queries/{name}", responses=described(QueryAnswer, documented("unknown-name", *CYPHER_PROBLEMS)))
async def run_query(
    name: str, asked: SavedQueryRequest, snapshot: SnapshotDep, state: StateDep, caller: CallerDep
) -> Response:
    """Run a saved query. Needs an API key with the scope read, unless the operator opened it."""

    def run(budget: Budget) -> bytes:
        server = state.settings.neo4j
        return json_bytes(saved_answer(snapshot, server, name, asked.language, asked.parameters, budget))

    return of_encoded(await queried(state, caller, run, asked.limit))
