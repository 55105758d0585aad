"""Analysts' queries for all doors of a server: who may ask, what a query may use, and the answer's form.

A query runs in a process of its own and may use seconds of a core and hundreds of megabytes. So it needs an API key
unless the operator says otherwise, has a budget, and waits for one of a few places of its own, never for those of
searches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from api.http.deps import Caller, require_scope
from api.http.problems import Problem
from api.http.state import ServerState
from api.render.query_result import json_answer
from graph.errors import WrongUse
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.projections.sparql_query import run_sparql
from graph.projections.sql_query import run_sql
from graph.saved_queries.catalogue import saved_query
from graph.saved_queries.running import run_saved_sql
from graph.snapshot import Snapshot

MAX_ANSWER_BYTES: Final = 16 << 20
MAX_QUERY_CHARS: Final = 20_000
QUERY_PROBLEMS: Final = ("query-refused", "over-budget")

Result = TypeVar("Result")
Scalar = str | int | float | bool | None


class QueryAnswer(msgspec.Struct, frozen=True):
    """Rows of an answer to a query; `truncated` if there are more than the limit let through."""

    columns: list[str]
    rows: list[dict[str, Any]]
    truncated: bool
    snapshot_id: str


async def queried(
    state: ServerState, caller: Caller, run: Callable[[Budget], Result], limit: int | None = None
) -> Result:
    """Run a query within a budget for a caller who may query; raises `Problem`."""
    if state.settings.queries_need_key:
        require_scope(caller, "read")
    settings = state.settings
    rows = settings.query_rows if limit is None else min(limit, settings.query_rows)
    budget = Budget(seconds=settings.query_seconds, rows=rows, memory_mb=settings.query_memory_mb)
    return await state.query_places.run(run, budget)


def refusing(run: Callable[[], Result]) -> Result:
    """Run a query; raises `OverBudget`, and `Problem` (query-refused) for what is no query that can be run."""
    try:
        return run()
    except WrongUse as error:
        raise Problem("query-refused", str(error)) from error


def sql_answer(snapshot: Snapshot, query: str, parameters: Mapping[str, Scalar], budget: Budget) -> QueryAnswer:
    """Run one SELECT; raises `OverBudget`, and `Problem` (query-refused, over-budget)."""
    return rows_of(snapshot, refusing(lambda: run_sql(snapshot, query, parameters, budget)))


def sparql_answer(snapshot: Snapshot, query: str, budget: Budget) -> QueryAnswer:
    """Run one SPARQL query; raises `OverBudget`, and `Problem` (query-refused, over-budget)."""
    return rows_of(snapshot, refusing(lambda: run_sparql(snapshot, query, None, budget)))


def saved_answer(snapshot: Snapshot, name: str, parameters: Mapping[str, Scalar], budget: Budget) -> QueryAnswer:
    """Run a saved query; raises `UnknownName`, `OverBudget`, and `Problem` (query-refused, over-budget)."""
    query = saved_query(name)
    return rows_of(snapshot, refusing(lambda: run_saved_sql(snapshot, query, parameters, budget)))


def rows_of(snapshot: Snapshot, result: QueryResult) -> QueryAnswer:
    """Return a result as an answer; raises `Problem` (over-budget) if it is too large to be sent."""
    if result.arrow.nbytes > MAX_ANSWER_BYTES:
        raise Problem("over-budget", f"The answer has more than {MAX_ANSWER_BYTES >> 20} MiB. Ask for less of it.")
    return QueryAnswer(**json_answer(result), snapshot_id=snapshot.id)
