"""What the graph costs in each of its forms, on one synthetic graph: `python -m bench.graph --home DIR [--scale 0.05]`.

Prints, as JSON lines: the first and the second load of a Neo4j server (`--neo4j URI`), each saved query in SQL, SPARQL
and Cypher with whether the rows are equal, how soon runaway queries end, five answers that NetworkX computes, and
PageRank and components by NetworkX, by SciPy and, where it is installed, by igraph. Times are wall time; `cpu` is that
of this process and, where its process is known (`--server-pid`), of the server. Scale 1 has 100,000 artifacts,
1,000,000 capabilities, 200,000 intents and 5,000,000 edges between them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import neo4j
import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import connected_components

from bench.graph_walks import WALKS, asked_of_sql, walked
from bench.synthetic_graph import synthetic_snapshot
from graph.errors import NothingThere, OverBudget
from graph.home import Home
from graph.projections.cypher_query import run_cypher
from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.projections.neo4j_export import BATCH, export_to_neo4j, plain_rows, with_values
from graph.projections.neo4j_files import ARGUMENTS, write_neo4j_files
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.projections.neo4j_text import constraint_texts, index_texts, write_edges, write_nodes
from graph.projections.networkx_graph import to_networkx
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.projections.rdf_store import store_folder
from graph.projections.ready_processes import ready_processes
from graph.projections.sparql_query import run_sparql
from graph.projections.sparse_graph import graph_arrays
from graph.projections.sql_query import run_sql
from graph.projections.sql_views import graph_batches
from graph.saved_queries.catalogue import saved_queries
from graph.saved_queries.running import run_saved_cypher, run_saved_sparql, run_saved_sql
from graph.snapshot import Snapshot

BUDGET: Final = Budget(seconds=60, rows=20_000, memory_mb=2048)
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
ADMIN: Final = "org.neo4j.cli.AdminTool"
PARTS: Final = ("load", "queries", "runaways", "algorithms")


def main() -> None:
    asked = _arguments()
    snapshot = _snapshot(Home(asked.home), asked.scale)
    if asked.neo4j:
        address = Neo4jAddress(asked.neo4j, password=os.environ.get("MATCHGRAPH_NEO4J_PASSWORD", ""))
        with neo4j_driver(address) as driver:
            if "load" in asked.parts:
                loads(snapshot, driver, asked.server_pid, asked.times, yard=asked.yardstick)
            else:
                export_to_neo4j(snapshot, driver)
            _ask(snapshot, driver, asked.parts)
    else:
        _ask(snapshot, None, asked.parts)
    if asked.jars is not None:
        offline(snapshot, asked.jars)
    if "algorithms" in asked.parts and asked.scale <= 0.1:  # NetworkX needs some GB for more
        algorithms(snapshot)


def _ask(snapshot: Snapshot, driver: neo4j.Driver | None, parts: Sequence[str]) -> None:
    if "queries" in parts:
        compare_queries(snapshot, driver)
    if "runaways" in parts:
        runaways(snapshot, driver)


def loads(snapshot: Snapshot, driver: neo4j.Driver, server_pid: int | None, times: int, *, yard: bool) -> None:
    """Load several times in turn: a server that has just been started still compiles its code, a used one does not."""
    for _ in range(times):
        if yard:
            yardstick(snapshot, driver, server_pid)
        load(snapshot, driver, server_pid)


def load(snapshot: Snapshot, driver: neo4j.Driver, server_pid: int | None) -> None:
    """Load an emptied database twice."""
    empty(driver)
    first, done = _timed(lambda: export_to_neo4j(snapshot, driver), server_pid)
    second, again = _timed(lambda: export_to_neo4j(snapshot, driver), server_pid)
    _say(
        what="neo4j load",
        way=done.way,
        **_speed(done.written, first),
        second_way=again.way,
        second_share=round(second["cpu"] / first["cpu"], 4),
    )


def yardstick(snapshot: Snapshot, driver: neo4j.Driver, server_pid: int | None) -> None:
    """Have the server store the same elements with nothing to look for and nothing to keep up: one cannot do less.

    No constraint, no index, no thought of failure; ends of edges by Neo4j's own numbers, which a graph in use does not
    have.
    """
    empty(driver)
    numbers: dict[str, dict[str, int]] = {node.label: {} for node in NODES}
    used, written = _timed(
        lambda: sum(_plainly(snapshot, driver, kind, numbers) for kind in (*NODES, *EDGES)), server_pid
    )
    _say(what="yardstick: CREATE alone", **_speed(written, used))


def offline(snapshot: Snapshot, jars: Path) -> None:
    """Write the files for Neo4j's importer and run it, in a process of its own and on a database of its own."""
    with TemporaryDirectory() as folder:
        files, home = Path(folder) / "files", Path(folder) / "neo4j"
        (home / "conf").mkdir(parents=True)
        (home / "conf" / "neo4j.conf").touch()
        written, _ = _timed(lambda: write_neo4j_files(snapshot, files))
        opened = [f"--add-opens=java.base/{part}=ALL-UNNAMED" for part in ("java.nio", "java.lang", "sun.nio.ch")]
        command = ["java", "-Xmx1g", *opened, "-cp", f"{jars.absolute()}/*", ADMIN]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        told = subprocess.run(
            [*command, "database", "import", "full", "neo4j", f"@{ARGUMENTS}"],
            cwd=files,
            env={**os.environ, "NEO4J_HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    elements = sum(int(told.partition("Imported:")[2].split(f" {what}")[0].split()[-1]) for what in ("nodes", "rel"))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    used = {"seconds": round(seconds + written["seconds"], 3), "cpu": round(cpu + written["cpu"], 3)}
    _say(what="neo4j-admin import, with writing its files", files_cpu=written["cpu"], **_speed(elements, used))


def _plainly(
    snapshot: Snapshot, driver: neo4j.Driver, kind: NodeType | EdgeType, numbers: dict[str, dict[str, int]]
) -> int:
    written = 0
    for batch in graph_batches(snapshot, kind, BATCH):
        own = with_values(kind, batch)
        rows = plain_rows(own)
        if not rows:
            continue
        if isinstance(kind, NodeType):
            text = f"{write_nodes(kind, own.schema.names, empty=True)} RETURN id(n) AS number"
        else:
            rows = [[numbers[kind.start][row[0]], [numbers[kind.end][row[1]], *row[2:]]] for row in rows]
            create = write_edges(kind, own.schema.names, empty=True).partition("CREATE")[2]
            find = "MATCH (a) WHERE id(a) = pair[0] WITH a, pair[1] AS row MATCH (b) WHERE id(b) = row[0]"
            text = f"UNWIND $rows AS pair {find} CREATE {create}"
        found, _, _ = driver.execute_query(text, rows=rows, snapshot_id=snapshot.id)
        if isinstance(kind, NodeType):
            numbers[kind.label].update(
                zip((row[0] for row in rows), (record["number"] for record in found), strict=True)
            )
        written += len(rows)
    return written


def _speed(elements: int, used: dict[str, float]) -> dict[str, float]:
    return {
        "elements": elements,
        **used,
        "elements_a_second": round(elements / used["seconds"]),
        "elements_a_two_cpu_seconds": round(2 * elements / used["cpu"]),
    }


def empty(driver: neo4j.Driver) -> None:
    """Remove everything: indexes and constraints first, so that the rest goes faster."""
    for text in (*index_texts(), *constraint_texts()):
        kind, name = ("CONSTRAINT" if "CONSTRAINT" in text else "INDEX"), text.partition(" IF NOT")[0].split()[-1]
        driver.execute_query(f"DROP {kind} {name} IF EXISTS")
    with driver.session() as session:
        session.run("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS").consume()
        session.run("MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()


def compare_queries(snapshot: Snapshot, driver: neo4j.Driver | None) -> None:
    """Ask every saved query in each language, from its text to typed rows, as a server that is ready does."""
    made, _ = _timed(partial(store_folder, snapshot))
    _say(what="triple store made", **made)
    processes = ready_processes()
    budget = replace(BUDGET, processes=processes)
    run_sql(snapshot, "SELECT 1", None, budget)  # loads the engines
    for query in saved_queries():
        asked: dict[str, Callable[[], QueryResult]] = {
            "sql": partial(run_saved_sql, snapshot, query, budget=budget),
            "sparql": partial(run_saved_sparql, snapshot, query, budget=budget),
        }
        if driver is not None:
            asked["cypher"] = partial(run_saved_cypher, driver, query, budget=budget, now_us=snapshot.now_us)
        said: dict[str, Any] = {"what": query.name}
        answers = []
        for language, ask in asked.items():
            try:
                used, answer = _timed(ask)
                said[language] = used["seconds"]
                answers.append(answer.arrow)
            except OverBudget:
                said[language] = "over budget"
        _say(**said, rows=answers[0].num_rows, equal=all(answer.equals(answers[0]) for answer in answers))
    if processes is not None:
        processes.close()


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
        _say(what=f"runaway {name}", stopped=stopped, budgets=round(share, 2))


def walks(snapshot: Snapshot, whole: nx.MultiDiGraph[str]) -> None:
    """Have NetworkX compute what five saved queries find, and compare."""
    budget = replace(BUDGET, rows=10_000_000)
    for name in WALKS:
        used, computed = _timed(partial(walked, whole, name))
        asked, found = _timed(partial(asked_of_sql, snapshot, name, budget))
        equal = computed == found
        _say(what=f"{name} by NetworkX", rows=len(found), networkx=used["seconds"], sql=asked["seconds"], equal=equal)


def algorithms(snapshot: Snapshot) -> None:
    """Compute PageRank and weak components in each library, and compare."""
    networkx_read, whole = _timed(lambda: to_networkx(snapshot))
    walks(snapshot, whole)
    scipy_read, arrays = _timed(lambda: graph_arrays(snapshot))
    square = arrays.square()
    names = [f"{label}:{node}" for label, ids in arrays.ids.items() for node in ids.to_pylist()]
    networkx_rank, by_name = _timed(lambda: nx.pagerank(nx.DiGraph(whole), weight=None))
    scipy_rank, ranks = _timed(lambda: page_rank(csr_array((square > 0).astype(float))))
    networkx_parts, count = _timed(lambda: nx.number_weakly_connected_components(whole))
    scipy_parts, found = _timed(lambda: connected_components(square, directed=False))
    difference = max(abs(by_name[name] - rank) for name, rank in zip(names, ranks, strict=True))
    for what, one, other, equal in (
        ("read", networkx_read, scipy_read, len(whole) == len(names)),
        ("PageRank", networkx_rank, scipy_rank, bool(difference < 1e-5)),
        ("components", networkx_parts, scipy_parts, count == found[0]),
    ):
        _say(what=what, nodes=len(names), edges=int(square.sum()), networkx=one["cpu"], scipy=other["cpu"], equal=equal)
    by_igraph(square, found[0])


def by_igraph(square: csr_array, parts: int) -> None:
    """Compute the same with igraph, made from the matrix; nothing where it is not installed (`pip install igraph`)."""
    if find_spec("igraph") is None:
        return
    igraph: Any = import_module("igraph")
    starts_and_ends = np.column_stack((square > 0).nonzero())
    made, graph = _timed(lambda: igraph.Graph(square.shape[0], starts_and_ends, directed=True))
    rank, found = _timed(lambda: graph.pagerank())
    components, clusters = _timed(lambda: graph.connected_components(mode="weak"))
    exact = page_rank(csr_array((square > 0).astype(float)), tolerance=1e-12)  # igraph does not stop early
    equal = bool(np.abs(exact - np.array(found)).max() < 1e-5) and len(clusters) == parts
    _say(what="igraph", made=made["cpu"], page_rank=rank["cpu"], components=components["cpu"], equal=equal)


def page_rank(edges: csr_array, damping: float = 0.85, tolerance: float = 1e-6) -> npt.NDArray[np.float64]:
    """PageRank by power iteration (Brin and Page 1998), stopped as NetworkX does: n times the tolerance in all."""
    count = edges.shape[0]
    degrees = edges.sum(axis=1)
    step = (diags_array(np.divide(1.0, degrees, out=np.zeros(count), where=degrees > 0)) @ edges).T.tocsr()
    rank: npt.NDArray[np.float64] = np.full(count, 1 / count)
    while True:
        following: npt.NDArray[np.float64] = (
            damping * (step @ rank + rank[degrees == 0].sum() / count) + (1 - damping) / count
        )
        if np.abs(following - rank).sum() < count * tolerance:
            return following
        rank = following


def _timed(run: Callable[[], Any], server_pid: int | None = None) -> tuple[dict[str, float], Any]:
    began, cpu = time.perf_counter(), time.process_time() + _cpu_of(server_pid)
    result = run()
    used = time.process_time() + _cpu_of(server_pid) - cpu
    return {"seconds": round(time.perf_counter() - began, 3), "cpu": round(used, 3)}, result


def _cpu_of(pid: int | None) -> float:
    """CPU seconds that another process has used (Linux)."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _snapshot(home: Home, scale: float) -> Snapshot:
    try:
        return Snapshot.open(home)
    except NothingThere:
        home.path.mkdir(parents=True, exist_ok=True)
        return synthetic_snapshot(home, scale)


def _say(**figures: Any) -> None:
    print(json.dumps(figures), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True, help="where the snapshot is, or is made")
    parser.add_argument("--scale", type=float, default=0.05, help="1: the full graph")
    parser.add_argument("--neo4j", metavar="URI", help="a server; its database is emptied")
    parser.add_argument("--times", type=int, default=1, help="loads, one after the other")
    parser.add_argument(
        "--yardstick", action="store_true", help="before each load have the same elements stored plainly"
    )
    parser.add_argument("--jars", type=Path, help="Neo4j's, for its importer (.neo4j/lib)")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--server-pid", type=int, help="its process on this machine")
    return parser.parse_args()


if __name__ == "__main__":
    main()
