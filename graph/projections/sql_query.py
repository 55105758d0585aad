"""Analysts' SQL: one SELECT over a snapshot, with bound parameters, within a budget, unable to change anything.

Run as a module, it is the process in which a query runs (`graph.projections.query_budget`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from graph.errors import WrongUse
from graph.projections.query_budget import Budget, answer, run_in_process
from graph.projections.query_parameters import check_parameters
from graph.projections.query_result import QueryResult
from graph.projections.sql_views import open_sql
from graph.snapshot import Snapshot

_NO_BUDGET = Budget()


def run_sql(
    snapshot: Snapshot,
    query: str,
    parameters: Mapping[str, Any] | None = None,
    budget: Budget = _NO_BUDGET,
    *,
    for_operator: bool = True,
) -> QueryResult:
    """Run one SELECT (`$name` stands for a parameter) and return its rows.

    Others than the operator do not see his files: sources go by their names in all tables, as they do in the graph.
    Raises `WrongUse` for anything else than one SELECT, for unknown or missing parameters and for what DuckDB's parser
    or planner refuses; `OverBudget` if the query was stopped.
    """
    request = {"path": str(snapshot.path.absolute()), "query": query, "parameters": dict(parameters or {})}
    return run_in_process("graph.projections.sql_query", {**request, "for_operator": for_operator}, budget)


def checked_sql(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any]) -> None:
    """Raise `WrongUse` unless DuckDB's own parser finds one SELECT whose parameters are those given."""
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise WrongUse(f"This is not SQL that DuckDB reads. {error}") from error
    if len(statements) != 1:
        raise WrongUse(f"One statement at a time, please; here are {len(statements)}.")
    kind = statements[0].type
    if kind != duckdb.StatementType.SELECT:
        raise WrongUse(f"Only SELECT can be run here, not {kind.name}: snapshots are never changed.")
    check_parameters(statements[0].named_parameters, parameters)


def run_request(request: dict[str, Any]) -> QueryResult:
    """Answer a request, in the process of the query."""
    snapshot = Snapshot(Path(request["path"]))
    connection = open_sql(snapshot, memory_mb=request["memory_mb"], for_operator=request["for_operator"])
    parameters, limit = request["parameters"], request["rows"]
    checked_sql(connection, request["query"], parameters)
    try:
        relation = connection.sql(request["query"], params=parameters or None)
        table = relation.limit(limit + 1).to_arrow_table()
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(str(error)) from error
    except duckdb.Error as error:
        raise WrongUse(str(error)) from error
    return QueryResult(_plain(table.slice(0, limit)), truncated=table.num_rows > limit)


def _plain(table: pa.Table) -> pa.Table:
    """Bring DuckDB's own types to those of the other languages: times in UTC, decimals as integers or floats."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            kind = pa.timestamp("us", "UTC")
        elif pa.types.is_decimal(field.type):  # sums of integers, and numbers such as 0.5
            kind = pa.int64() if field.type.scale == 0 else pa.float64()
        else:
            continue
        table = table.set_column(place, field.name, _cast(table.column(place), kind))
    return table


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    try:
        return column.cast(kind)
    except pa.ArrowInvalid:  # an integer beyond 64 bits
        return column.cast(pa.float64())


if __name__ == "__main__":
    answer(run_request)
