"""What the graph costs in each of its forms, on one synthetic graph: `python -m bench.graph --home DIR [--scale 0.05]`.

Prints, as JSON lines: the first and the second load of a Neo4j server over Bolt (`--neo4j URI`) and by Neo4j's own
importer (`--jars FOLDER`, a server of its own), each saved query in SQL, SPARQL and Cypher with whether the rows are
equal, how soon runaway queries end, five answers that SciPy and NetworkX compute, and PageRank and components by
NetworkX, by SciPy and, where it is installed, by igraph. Times are wall time; `cpu` is that of this process and, where
its process is known (`--server-pid`), of the server. Scale 1 has 100,000 artifacts, 1,000,000 capabilities, 200,000
intents and 5,000,000 edges between them.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import neo4j

from bench.costs import timed
from bench.graph_algorithms import algorithms
from bench.graph_loads import loads
from bench.graph_offline import loaded_by_importer
from bench.graph_queries import by_scipy, compare_queries, walks
from bench.graph_runaways import runaways
from bench.synthetic_graph import synthetic_snapshot
from graph.errors import NothingThere
from graph.home import Home
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.projections.networkx_graph import to_networkx
from graph.projections.query_budget import Budget
from graph.saved_queries.catalogue import LANGUAGES
from graph.snapshot import Snapshot

ALL_ROWS: Final = 10_000_000
PARTS: Final = ("load", "queries", "runaways", "matrices", "walks", "algorithms")


def main() -> None:
    asked = _arguments()
    snapshot = _snapshot(Home(asked.home), asked.scale)
    budget = Budget(seconds=asked.seconds, rows=ALL_ROWS, memory_mb=asked.memory_mb)
    if asked.neo4j:
        address = Neo4jAddress(asked.neo4j, password=os.environ.get("MATCHGRAPH_NEO4J_PASSWORD", ""))
        with neo4j_driver(address) as driver:
            if "load" in asked.parts:
                loads(snapshot, driver, asked.server_pid, asked.times, yard=asked.yardstick)
            else:
                export_to_neo4j(snapshot, driver)
            _ask(snapshot, driver, asked, budget)
    elif asked.jars is not None:
        with loaded_by_importer(snapshot, asked.jars, asked.workplace) as driver:
            _ask(snapshot, driver, asked, budget)
    else:
        _ask(snapshot, None, asked, budget)
    _walk(snapshot, asked.parts, budget)


def _ask(snapshot: Snapshot, driver: neo4j.Driver | None, asked: argparse.Namespace, budget: Budget) -> None:
    if "queries" in asked.parts:
        compare_queries(snapshot, driver, budget, asked.queries, asked.languages)
    if "runaways" in asked.parts:
        runaways(snapshot, driver)
    if "matrices" in asked.parts:
        by_scipy(snapshot, budget)


def _walk(snapshot: Snapshot, parts: Sequence[str], budget: Budget) -> None:
    if not {"walks", "algorithms"}.intersection(parts):
        return
    read, whole = timed(lambda: to_networkx(snapshot))
    if "walks" in parts:
        walks(snapshot, whole, budget)
    if "algorithms" in parts:
        algorithms(snapshot, whole, read)


def _snapshot(home: Home, scale: float) -> Snapshot:
    try:
        return Snapshot.open(home)
    except NothingThere:
        home.path.mkdir(parents=True, exist_ok=True)
        return synthetic_snapshot(home, scale)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True, help="where the snapshot is, or is made")
    parser.add_argument("--scale", type=float, default=0.05, help="1: the full graph")
    parser.add_argument("--neo4j", metavar="URI", help="a server; its database is emptied")
    parser.add_argument("--times", type=int, default=1, help="loads, one after the other")
    parser.add_argument(
        "--yardstick", action="store_true", help="before each load have the same elements stored plainly"
    )
    parser.add_argument("--jars", type=Path, help="Neo4j's (.neo4j/lib), instead of --neo4j: load by its importer")
    parser.add_argument("--workplace", type=Path, help="for the files and the database of that load; default: /tmp")
    parser.add_argument(
        "--parts", nargs="+", choices=PARTS, default=PARTS, help="walks and algorithms hold it in NetworkX, 6 GB at 1"
    )
    parser.add_argument("--queries", nargs="+", default=(), metavar="NAME", help="saved ones; default: all")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=tuple(LANGUAGES))
    parser.add_argument("--seconds", type=float, default=60, help="for one saved query")
    parser.add_argument("--memory-mb", type=int, default=4096, help="for one saved query; SPARQL at scale 1: 16000")
    parser.add_argument("--server-pid", type=int, help="its process on this machine")
    return parser.parse_args()


if __name__ == "__main__":
    main()
