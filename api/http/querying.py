"""Analysts' queries for all doors of a server: who may ask, what a query may use, and the answer's form.

A query runs in a process of its own and may use seconds of a core and hundreds of megabytes. So it needs an API key
unless the operator says otherwise, has a budget, and waits for one of a few places of its own, never for those of
searches.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Literal, TypeVar

import msgspec

from api.http.deps import Caller, require_scope
from api.http.problems import Problem, problem_of
from api.http.state import ServerState
from api.render.query_result import json_answer
from graph.errors import ServerTrouble, WrongUse
from graph.projections.cypher_apart import run_cypher_apart
from graph.projections.neo4j_server import Neo4jAddress
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.projections.sparql_query import run_sparql
from graph.projections.sql_query import run_sql
from graph.saved_queries.catalogue import saved_query
from graph.saved_queries.running import run_saved_cypher_apart, run_saved_sparql, run_saved_sql
from graph.snapshot import Snapshot

MAX_ANSWER_BYTES: Final = 16 << 20
MAX_QUERY_CHARS: Final = 20_000
QUERY_PROBLEMS: Final = ("query-refused", "over-budget")
CYPHER_PROBLEMS: Final = (*QUERY_PROBLEMS, "no-graph-server", "graph-server-trouble")

_LOG = logging.getLogger("matchgraph")

Result = TypeVar("Result")
Language = Literal["sql", "sparql", "cypher"]
Scalar = str | int | float | bool | None


class QueryAnswer(msgspec.Struct, frozen=True):
    """Rows of an answer to a query; `truncated` if there are more than the limit let through."""

    columns: list[str]
    rows: list[dict[str, Any]]
    truncated: bool
    snapshot_id: str | None
    """The snapshot asked; None where a Neo4j server was asked that is being loaded with another one."""


async def queried(
    state: ServerState, caller: Caller, run: Callable[[Budget], Result], limit: int | None = None
) -> Result:
    """Run a query within a budget for a caller who may query; raises `Problem`."""
    if state.settings.queries_need_key:
        require_scope(caller, "read")
    settings = state.settings
    rows = settings.query_rows if limit is None else min(limit, settings.query_rows)
    budget = Budget(settings.query_seconds, rows, settings.query_memory_mb, state.query_processes)
    return await state.query_places.run(run, budget)


def refusing(run: Callable[[], Result]) -> Result:
    """Run a query; raises `OverBudget`, and `Problem` for what cannot be run and for a Neo4j server in trouble."""
    try:
        return run()
    except WrongUse as error:
        raise Problem("query-refused", str(error)) from error
    except ServerTrouble as error:
        _LOG.warning("a Cypher query failed: %s", error)
        raise problem_of(error) from error


def sql_answer(
    snapshot: Snapshot, query: str, parameters: Mapping[str, Scalar], budget: Budget, *, for_operator: bool
) -> QueryAnswer:
    """Run one SELECT; raises `OverBudget`, and `Problem` (query-refused, over-budget)."""
    run = partial(run_sql, snapshot, query, parameters, budget, for_operator=for_operator)
    return _rows(refusing(run), snapshot.id)


def sparql_answer(snapshot: Snapshot, query: str, budget: Budget) -> QueryAnswer:
    """Run one SPARQL query; raises `OverBudget`, and `Problem` (query-refused, over-budget)."""
    return _rows(refusing(lambda: run_sparql(snapshot, query, None, budget)), snapshot.id)


def cypher_answer(
    server: Neo4jAddress | None, query: str, parameters: Mapping[str, Scalar], budget: Budget
) -> QueryAnswer:
    """Run one reading Cypher query; raises `OverBudget`, and `Problem` (one of `CYPHER_PROBLEMS`)."""
    address = _there(server)
    result = refusing(lambda: run_cypher_apart(address, query, parameters, budget))
    return _rows(result, result.snapshot_id)


def saved_answer(
    snapshot: Snapshot,
    server: Neo4jAddress | None,
    name: str,
    language: Language,
    parameters: Mapping[str, Scalar],
    budget: Budget,
) -> QueryAnswer:
    """Run a saved query; raises `UnknownName`, `OverBudget`, and `Problem` (one of `CYPHER_PROBLEMS`)."""
    query = saved_query(name)
    if language == "cypher":
        address, now_us = _there(server), snapshot.now_us
        result = refusing(lambda: run_saved_cypher_apart(address, query, parameters, budget, now_us=now_us))
        return _rows(result, result.snapshot_id)
    run = {"sql": run_saved_sql, "sparql": run_saved_sparql}[language]
    return _rows(refusing(lambda: run(snapshot, query, parameters, budget)), snapshot.id)


def _there(server: Neo4jAddress | None) -> Neo4jAddress:
    if server is None:
        raise Problem(
            "no-graph-server",
            "Ask in SQL or SPARQL. Operators: set neo4j_uri and fill that server with matchgraph export neo4j.",
        )
    return server


def _rows(result: QueryResult, snapshot_id: str | None) -> QueryAnswer:
    """Return a result as an answer; raises `Problem` (over-budget) if it is too large to be sent."""
    if result.arrow.nbytes > MAX_ANSWER_BYTES:
        raise Problem("over-budget", f"The answer has more than {MAX_ANSWER_BYTES >> 20} MiB. Ask for less of it.")
    return QueryAnswer(**json_answer(result), snapshot_id=snapshot_id)
