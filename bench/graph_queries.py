"""Saved queries in each language, and five of them by NetworkX: how long they take, and whether the rows are equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import neo4j
import networkx as nx

from bench.costs import say, timed
from bench.graph_matrices import computed, matrices
from bench.graph_walks import WALKS, asked_of_sql, walked
from graph.errors import OverBudget
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.projections.rdf_store import store_folder
from graph.projections.ready_processes import ready_processes
from graph.projections.sql_query import run_sql
from graph.saved_queries.catalogue import saved_queries, saved_query
from graph.saved_queries.running import run_saved_cypher, run_saved_sparql, run_saved_sql
from graph.snapshot import Snapshot


def compare_queries(
    snapshot: Snapshot, driver: neo4j.Driver | None, budget: Budget, names: Sequence[str], languages: Sequence[str]
) -> None:
    """Ask saved queries (none named: all) in each language, from text to typed rows, as a server that is ready does."""
    if "sparql" in languages:
        made, _ = timed(partial(store_folder, snapshot))
        say(what="triple store made", **made)
    processes = ready_processes()
    budget = replace(budget, processes=processes)
    run_sql(snapshot, "SELECT 1", None, budget)  # loads the engines
    for query in [saved_query(name) for name in names] or saved_queries():
        asked: dict[str, Callable[[], QueryResult]] = {
            "sql": partial(run_saved_sql, snapshot, query, budget=budget),
            "sparql": partial(run_saved_sparql, snapshot, query, budget=budget),
        }
        if driver is not None:
            asked["cypher"] = partial(run_saved_cypher, driver, query, budget=budget, now_us=snapshot.now_us)
        said: dict[str, Any] = {"what": query.name}
        answers = []
        for language in languages:
            if language not in asked:
                continue
            try:
                used, answer = timed(asked[language])
                said[language] = used["seconds"]
                answers.append(answer.arrow)
            except OverBudget:
                said[language] = "over budget"
        rows, equal = [answer.num_rows for answer in answers], all(answer.equals(answers[0]) for answer in answers)
        say(**said, rows=rows[0] if rows else None, compared=len(answers), equal=equal)
    if processes is not None:
        processes.close()


def by_scipy(snapshot: Snapshot, budget: Budget) -> None:
    """Have SciPy compute what five saved queries find, and compare."""
    read, arrays = timed(partial(matrices, snapshot))
    say(what="read by SciPy", **read)
    for name in WALKS:
        used, found = timed(partial(computed, snapshot, arrays, name))
        asked, expected = timed(partial(asked_of_sql, snapshot, name, budget))
        equal = found == expected
        say(what=f"{name} by SciPy", rows=len(expected), scipy=used["seconds"], sql=asked["seconds"], equal=equal)


def walks(snapshot: Snapshot, whole: nx.MultiDiGraph[str], budget: Budget) -> None:
    """Have NetworkX compute what five saved queries find, and compare."""
    for name in WALKS:
        used, computed = timed(partial(walked, whole, name))
        asked, found = timed(partial(asked_of_sql, snapshot, name, budget))
        equal = computed == found
        say(what=f"{name} by NetworkX", rows=len(found), networkx=used["seconds"], sql=asked["seconds"], equal=equal)
