"""Runs saved queries, in whichever language: the same rows, with the columns and types that the query names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from graph.projections.cypher_apart import run_cypher_apart
from graph.projections.cypher_query import run_cypher
from graph.projections.neo4j_server import Neo4jAddress
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.projections.sparql_parameters import bound_query
from graph.projections.sparql_query import run_sparql
from graph.projections.sql_query import run_sql
from graph.saved_queries.catalogue import SavedQuery
from graph.snapshot import Snapshot

if TYPE_CHECKING:
    import neo4j

_NO_PARAMETERS: Final[Mapping[str, Any]] = {}
_NO_BUDGET: Final = Budget()


def run_saved_sql(
    snapshot: Snapshot,
    query: SavedQuery,
    parameters: Mapping[str, Any] = _NO_PARAMETERS,
    budget: Budget = _NO_BUDGET,
) -> QueryResult:
    """Ask a snapshot. Parameters that are not given have their defaults.

    Raises `WrongUse` for a parameter that there is not or a value of another type, `OverBudget` if it was stopped.
    """
    values = query.values(parameters, snapshot.now_us)
    plain = {name: _sql_value(value) for name, value in values.items()}
    return query.typed(run_sql(snapshot, query.text("sql"), plain, budget))


def run_saved_sparql(
    snapshot: Snapshot,
    query: SavedQuery,
    parameters: Mapping[str, Any] = _NO_PARAMETERS,
    budget: Budget = _NO_BUDGET,
) -> QueryResult:
    """Ask the RDF of a snapshot; the first query of a snapshot makes its store. Errors as `run_saved_sql`."""
    values = query.values(parameters, snapshot.now_us)
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
    return query.typed(run_sparql(snapshot, bound_query(query.text("sparql"), plain), None, budget))


def run_saved_cypher(
    driver: neo4j.Driver,
    query: SavedQuery,
    parameters: Mapping[str, Any] = _NO_PARAMETERS,
    budget: Budget = _NO_BUDGET,
    *,
    now_us: int,
    database: str | None = None,
) -> QueryResult:
    """Ask a Neo4j server that holds the graph; `now_us`: the `now` of its snapshot. Errors as `run_saved_sql`."""
    values = query.values(parameters, now_us)
    return query.typed(run_cypher(driver, query.text("cypher"), values, budget, database=database))


def run_saved_cypher_apart(
    address: Neo4jAddress,
    query: SavedQuery,
    parameters: Mapping[str, Any] = _NO_PARAMETERS,
    budget: Budget = _NO_BUDGET,
    *,
    now_us: int,
) -> QueryResult:
    """Ask a Neo4j server from a process of its own (`graph.projections.cypher_apart`)."""
    values = query.values(parameters, now_us)
    return query.typed(run_cypher_apart(address, query.text("cypher"), values, budget))


def _sql_value(value: Any) -> Any:
    # Times travel to the query's process as texts; DuckDB's times are in UTC without saying so.
    return value.replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value
