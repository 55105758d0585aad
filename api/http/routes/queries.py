"""Analysts' queries: SQL over the snapshot. Read-only by construction, each in a process of its own with a budget."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.http.answers import described, json_bytes, of_encoded
from api.http.deps import CallerDep, SnapshotDep, StateDep
from api.http.problems import documented
from api.http.querying import MAX_QUERY_CHARS, QUERY_PROBLEMS, QueryAnswer, Scalar, queried, sql_answer
from graph.projections.query_budget import Budget

router = APIRouter(prefix="/v1", tags=["queries"])

_PROBLEMS = documented(*QUERY_PROBLEMS)
Parameters = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=100)], Scalar],
    Field(max_length=100, description="Values of the query's parameters; bound by the engine."),
]


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
    limit: Annotated[int, Field(ge=1, le=1_000_000, description="Rows; the server may allow fewer.")] = 1_000


@router.post("/sql", responses=described(QueryAnswer, _PROBLEMS))
async def post_sql(asked: SqlRequest, snapshot: SnapshotDep, state: StateDep, caller: CallerDep) -> Response:
    """Run one SELECT over the snapshot. Needs an API key with the scope read, unless the operator opened it."""

    def run(budget: Budget) -> bytes:
        return json_bytes(sql_answer(snapshot, asked.query, asked.parameters, budget))

    return of_encoded(await queried(state, caller, run, asked.limit))
