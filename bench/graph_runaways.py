"""Queries that never end: when they are stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import neo4j

from bench.costs import say
from graph.errors import OverBudget
from graph.projections.cypher_query import run_cypher
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.projections.rdf_store import store_folder
from graph.projections.sparql_query import run_sparql
from graph.projections.sql_query import run_sql
from graph.snapshot import Snapshot

RUNAWAY_SECONDS: Final = 4.0
RUNAWAY_SQL: Final = "SELECT count(*) FROM graph.edges a, graph.edges b, graph.edges c WHERE a.start < b.start"
RUNAWAY_SPARQL: Final = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
PATH_SQL: Final = (
    'WITH RECURSIVE walk(a, b) AS (SELECT "start", "end" FROM graph.edges UNION ALL '
    'SELECT w.a, e."end" FROM walk w JOIN graph.edges e ON e."start" = w.b) SELECT count(*) FROM walk'
)
PATH_SPARQL: Final = "SELECT (COUNT(*) AS ?n) { ?a (!rdf:nothing)* ?b . ?b (!rdf:nothing)* ?c }"
RUNAWAY_CYPHER: Final = "MATCH (a), (b), (c) WHERE a.id < b.id RETURN count(c.id)"
UNBOUNDED_PATH: Final = "MATCH p = (:Artifact)-[*]-(:Artifact) RETURN count(p)"


def runaways(snapshot: Snapshot, driver: neo4j.Driver | None) -> None:
    """Ask what never ends, and see when it is stopped."""
    budget = Budget(seconds=RUNAWAY_SECONDS)
    store_folder(snapshot)
    asked: dict[str, Callable[[], QueryResult]] = {
        "sql product": lambda: run_sql(snapshot, RUNAWAY_SQL, None, budget),
        "sql path": lambda: run_sql(snapshot, PATH_SQL, None, budget),
        "sparql product": lambda: run_sparql(snapshot, RUNAWAY_SPARQL, None, budget),
        "sparql path": lambda: run_sparql(snapshot, PATH_SPARQL, None, budget),
    }
    if driver is not None:
        asked["cypher product"] = lambda: run_cypher(driver, RUNAWAY_CYPHER, None, budget)
        asked["cypher path"] = lambda: run_cypher(driver, UNBOUNDED_PATH, None, budget)
    for name, run in asked.items():
        began = time.perf_counter()
        try:
            run()
            stopped = False
        except OverBudget:
            stopped = True
        share = (time.perf_counter() - began) / RUNAWAY_SECONDS
        say(what=f"runaway {name}", stopped=stopped, budgets=round(share, 2))
