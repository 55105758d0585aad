"""Analysts' queries: SQL, Cypher, saved ones. Read-only by construction, each in its own process with a budget."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from api.http.answers import described, json_bytes, of_call, of_encoded
from api.http.deps import CallerDep, SnapshotDep, StateDep
from api.http.problems import documented
from api.http.query_shapes import CypherQuery, SavedQueryList, SavedQueryValues, SqlQuery
from api.http.querying import (
    CYPHER_PROBLEMS,
    QUERY_PROBLEMS,
    QueryAnswer,
    cypher_answer,
    queried,
    saved_answer,
    sql_answer,
)
from graph.projections.query_budget import Budget
from graph.saved_queries.catalogue import saved_queries

router = APIRouter(prefix="/v1", tags=["queries"])

Limit = Annotated[int, Field(ge=1, le=1_000_000, description="Rows; the server may allow fewer.")]


class SqlRequest(SqlQuery):
    """One SELECT."""

    limit: Limit = 1_000


class CypherRequest(CypherQuery):
    """One reading query."""

    limit: Limit = 1_000


class SavedQueryRequest(SavedQueryValues):
    """Values for a saved query; parameters that are not given have their defaults. Languages give equal rows."""

    limit: Limit = 1_000


@router.post("/sql", responses=described(QueryAnswer, documented(*QUERY_PROBLEMS)))
async def post_sql(asked: SqlRequest, snapshot: SnapshotDep, state: StateDep, caller: CallerDep) -> Response:
    """Run one SELECT over the snapshot. Needs an API key with the scope read, unless the operator opened it.

    Sources go by their names; a key with the scope admin sees the files.
    """
    for_operator = caller.allows("admin")

    def run(budget: Budget) -> bytes:
        return json_bytes(sql_answer(snapshot, asked.query, asked.parameters, budget, for_operator=for_operator))

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
