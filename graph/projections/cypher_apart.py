"""Cypher for the clients of a server of ours: each query in a process of its own, so that no answer fills our memory.

Neo4j bounds the time of a query and the memory that it takes there, not that of whoever reads the answer. The process
opens a connection for the one query, so an address that does not answer holds up nobody else. Run as a module, it is
that process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from graph.errors import ServerTrouble
from graph.projections.cypher_query import run_cypher
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.projections.neo4j_text import READ_POINTER
from graph.projections.query_budget import Budget, answer, bound_growth, run_in_process
from graph.projections.query_result import QueryResult

_NO_BUDGET: Final = Budget()


def run_cypher_apart(
    address: Neo4jAddress, query: str, parameters: Mapping[str, Any] | None = None, budget: Budget = _NO_BUDGET
) -> QueryResult:
    """Run one reading query; the answer names the snapshot that the server holds.

    Raises `WrongUse` and `OverBudget` as `run_cypher` does, and `ServerTrouble` if the server does not answer, does not
    let us in or holds no match graph.
    """
    given = dict(parameters or {})
    times = [name for name, value in given.items() if isinstance(value, datetime)]
    request = {"address": asdict(address), "query": query, "parameters": given, "times": times}
    return run_in_process("graph.projections.cypher_apart", {**request, "seconds": budget.seconds}, budget)


def run_request(request: dict[str, Any]) -> QueryResult:
    """Answer a request, in the process of the query."""
    address, parameters = Neo4jAddress(**request["address"]), request["parameters"]
    for name in request["times"]:  # they travel as texts
        parameters[name] = datetime.fromisoformat(parameters[name])
    budget = Budget(request["seconds"], request["rows"], request["memory_mb"])
    with neo4j_driver(address) as driver:
        bound_growth(budget.memory_mb)
        found, _, _ = driver.execute_query(READ_POINTER, database_=address.database, routing_="r")
        if not found:
            raise ServerTrouble("The Neo4j server holds no match graph. Run: matchgraph export neo4j")
        result = run_cypher(driver, request["query"], parameters, budget, database=address.database)
    return replace(result, snapshot_id=found[0]["id"] if found[0]["complete"] else None)


if __name__ == "__main__":
    answer(run_request)
