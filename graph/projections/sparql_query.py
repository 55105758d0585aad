"""Analysts' SPARQL 1.1: one query over a snapshot, within a budget, unable to change or to reach anything.

The store is opened for reading, and Oxigraph's `query` takes no updates; `graph.projections.sparql_check` says what may
run. Run as a module, it is the process in which a query runs (`graph.projections.query_budget`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph.errors import WrongUse
from graph.projections.query_budget import Budget, answer, bound_growth, run_in_process
from graph.projections.query_result import QueryResult
from graph.projections.rdf_store import store_folder
from graph.projections.rdf_terms import PREFIXES
from graph.projections.sparql_answers import answered_document, answered_rows
from graph.projections.sparql_check import check_bound
from graph.projections.sparql_parameters import bound_query
from graph.snapshot import Snapshot

_NO_BUDGET = Budget()


def run_sparql(
    snapshot: Snapshot, query: str, parameters: Mapping[str, Any] | None = None, budget: Budget = _NO_BUDGET
) -> QueryResult:
    """Run one SELECT, ASK, CONSTRUCT or DESCRIBE and return its rows; `parameters` are values of its variables.

    A variable that is selected cannot be a parameter. The prefixes of `rdf_terms` need not be declared. ASK has the
    column `answer`, CONSTRUCT and DESCRIBE have subject, predicate, object. The first query on a snapshot makes its
    store, outside of the budget. Raises `WrongUse` for anything else than one query, for SERVICE and for parameters
    that are no variables of it; `OverBudget` if it was stopped.
    """
    return _run_apart(snapshot, query, parameters, budget, media=None)


def sparql_document(
    snapshot: Snapshot, query: str, accepted: Sequence[str], budget: Budget = _NO_BUDGET
) -> tuple[str, bytes]:
    """Run a query and return a media type and the whole answer in it, as the SPARQL 1.1 Protocol has it.

    `accepted`: media types, the preferred ones first; the first that suits the kind of query is taken, else the usual
    one. More rows than the budget allows are `OverBudget`: the formats cannot say that rows are missing.
    """
    result = _run_apart(snapshot, query, None, budget, media=list(accepted))
    row = result.rows()[0]
    return row["media"], row["document"]


def _run_apart(
    snapshot: Snapshot, query: str, parameters: Mapping[str, Any] | None, budget: Budget, *, media: list[str] | None
) -> QueryResult:
    path = str(store_folder(snapshot).absolute())
    request = {"path": path, "query": query, "parameters": dict(parameters or {}), "media": media}
    return run_in_process("graph.projections.sparql_query", request, budget)


def run_request(request: dict[str, Any]) -> QueryResult:
    """Answer a request, in the process of the query."""
    from pyoxigraph import Store

    parameters = request["parameters"]
    check_bound(request["query"], parameters)
    query = bound_query(request["query"], parameters)
    store = Store.read_only(request["path"])
    bound_growth(request["memory_mb"])
    try:
        if request["media"] is None:
            return answered_rows(store.query(query, prefixes=PREFIXES), request["rows"])
        return answered_document(store.query(query, prefixes=PREFIXES), request["media"], request["rows"])
    except (SyntaxError, ValueError) as error:
        raise WrongUse(f"This is not SPARQL that Oxigraph reads. {error}") from error


if __name__ == "__main__":
    answer(run_request)
