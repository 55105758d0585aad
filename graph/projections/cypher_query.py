"""Analysts' Cypher: one reading query on a Neo4j server, with bound parameters, within a budget.

The server itself says what a query would do: it is planned first (`EXPLAIN`), and runs only if the plan only reads and
has no operator that reaches files or stops others' work, and no procedure but those of `PROCEDURES`. It then runs in
read mode, in which the server refuses to write, and with a time limit that the server keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from graph.errors import OverBudget, WrongUse
from graph.projections.query_budget import Budget
from graph.projections.query_parameters import check_known
from graph.projections.query_result import QueryResult, result_of_rows

if TYPE_CHECKING:
    import neo4j

PROCEDURES: Final = frozenset(
    {
        "db.labels",
        "db.relationshipTypes",
        "db.propertyKeys",
        "db.index.fulltext.queryNodes",
        "db.schema.visualization",
        "db.schema.nodeTypeProperties",
        "db.schema.relTypeProperties",
    }
)
_REFUSED_OPERATORS: Final = ("LoadCSV", "Terminate", "ShowTransactions", "ShowSettings", "ShowUsers")
_PARAMETER: Final = re.compile(r"\$`?(\w+)")
_NO_BUDGET: Final = Budget()


def run_cypher(
    driver: neo4j.Driver,
    query: str,
    parameters: Mapping[str, Any] | None = None,
    budget: Budget = _NO_BUDGET,
    *,
    database: str | None = None,
    bookmarks: Iterable[str] = (),
) -> QueryResult:
    """Run one reading query (`$name` stands for a parameter) and return its rows.

    `bookmarks` of an export make a cluster's reader wait for it. Raises `WrongUse` for a query that does not only read
    or that Neo4j does not understand and for parameters that it has not, `OverBudget` if it was stopped.
    """
    import neo4j
    from neo4j import exceptions

    given = dict(parameters or {})
    check_known(_PARAMETER.findall(query), given)  # Neo4j says which are missing, and takes those too many silently
    try:
        with driver.session(
            database=database,
            default_access_mode=neo4j.READ_ACCESS,
            bookmarks=neo4j.Bookmarks.from_raw_values(bookmarks),
            fetch_size=min(budget.rows + 1, 1000),
        ) as session:
            _check_plan(session.run(_timed(f"EXPLAIN {query}", budget), given).consume())
            result = session.run(_timed(query, budget), given)
            columns = list(result.keys())
            rows = [[plain_value(value) for value in record.values()] for record in _first(result, budget.rows + 1)]
    except exceptions.ClientError as error:
        if "Timeout" in str(error.code) or "Timed" in str(error.code):
            raise OverBudget(
                f"The query was stopped after {budget.seconds:g} s. Narrow it, or give it more time."
            ) from error
        if "Security" in str(error.code):
            raise
        raise WrongUse(f"Neo4j cannot run this query. {error.message}") from error
    except exceptions.TransientError as error:
        raise OverBudget(f"The server stopped the query. {error.message}") from error
    return result_of_rows(columns, rows, limit=budget.rows)


def _timed(text: str, budget: Budget) -> neo4j.Query:
    import neo4j

    return neo4j.Query(text, timeout=budget.seconds)


def _first(result: neo4j.Result, count: int) -> Iterator[neo4j.Record]:
    for _, record in zip(range(count), result, strict=False):
        yield record


def _check_plan(summary: neo4j.ResultSummary) -> None:
    if summary.query_type != "r":
        raise WrongUse(
            "Only queries that read can be run here: the graph is changed by `matchgraph export neo4j` alone."
        )
    for step in _steps(summary.plan):
        operator = step["operatorType"].split("@")[0]
        if operator.startswith(_REFUSED_OPERATORS):
            raise WrongUse(f"{operator} cannot be used here: queries reach the graph and nothing else.")
        if "ProcedureCall" in operator:
            name = str(step["args"].get("Details", "")).split("(")[0].strip()
            if name not in PROCEDURES:
                raise WrongUse(f"The procedure {name} cannot be called here. Allowed: {', '.join(sorted(PROCEDURES))}.")


def _steps(plan: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    if plan is None:
        return
    yield plan
    for child in plan.get("children", ()):
        yield from _steps(child)


def plain_value(value: Any) -> Any:
    """Return a value of the driver as plain Python: times as `datetime`, nodes and edges as their properties."""
    from neo4j import graph, time

    if isinstance(value, time.DateTime | time.Date | time.Time):
        return value.to_native()
    if isinstance(value, graph.Node | graph.Relationship):
        return {name: plain_value(item) for name, item in value.items()}
    if isinstance(value, graph.Path):
        return [plain_value(node) for node in value.nodes]
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {name: plain_value(item) for name, item in value.items()}
    return value
