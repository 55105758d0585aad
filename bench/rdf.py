"""How fast the graph is written as RDF, in how much memory, how fast its store is made and answers.

    python -m bench.rdf [--scale 0.1] [--formats nt ttl jsonld] [--store] [--discard]

Scale 1 is 100,000 artifacts, 1,000,000 capabilities, 200,000 intents and up to 5,000,000 matches
(`bench.synthetic_graph`). Each step runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.synthetic_graph import synthetic_snapshot
from graph.home import Home
from graph.projections.query_budget import Budget
from graph.projections.rdf_export import write_graph, write_rdf
from graph.projections.rdf_store import store_folder
from graph.projections.rdf_styles import STYLES
from graph.projections.rdf_terms import BASE
from graph.projections.sparql_query import run_sparql
from graph.projections.sql_views import open_sql
from graph.snapshot import Snapshot

QUERIES = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "best of one intent": """SELECT ?c ?times WHERE { ?m rdf:subject ?i ; rdf:object ?c ; mg:timesMatched ?times .
        ?i dcterms:identifier ?intent } ORDER BY DESC(?times) ?c LIMIT 10""",
    "most chosen artifacts": """SELECT ?id ?times WHERE { ?a a mg:Artifact ; dcterms:identifier ?id ;
        mg:timesMatched ?times } ORDER BY DESC(?times) ?id LIMIT 10""",
}


@dataclass(frozen=True)
class Cost:
    """What a step took."""

    result: int
    cpu_s: float
    wall_s: float
    peak_mb: float


def measured(step: Callable[[Path], int], home: Path) -> Cost:
    """Run a step in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_measure, step, home).result()


def _measure(step: Callable[[Path], int], home: Path) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    result = step(home)
    peak_mb = _peak_mb()
    return Cost(result, time.process_time() - cpu, time.perf_counter() - wall, peak_mb)


def _peak_mb() -> float:
    """Peak of this process since it began (Linux); `ru_maxrss` would count that of its parent, which made the graph."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


@dataclass(frozen=True)
class Export:
    """Writes one format and returns the bytes of the file, which it leaves beside the home."""

    style: str

    def __call__(self, home: Path) -> int:
        path = home.parent / f"graph.{self.style}"
        write_rdf(Snapshot.open(Home(home)), path)
        return path.stat().st_size


class Discarded(io.BytesIO):
    """Counts what is written, and keeps nothing: the full graph as N-Triples takes more than 12 GB."""

    def __init__(self) -> None:
        super().__init__()
        self.triples = 0

    def write(self, block: Any) -> int:
        self.triples += bytes(block).count(b"\n")
        return len(block)


def export_and_discard(home: Path) -> int:
    """Write N-Triples to nowhere and return the number of triples."""
    snapshot, file = Snapshot.open(Home(home)), Discarded()
    with open_sql(snapshot, threads=1, reads_files=True) as connection:
        write_graph(connection, file, STYLES["nt"], BASE, snapshot)
    return file.triples


def make_store(home: Path) -> int:
    """Make the store of SPARQL and return its size in bytes."""
    folder = store_folder(Snapshot.open(Home(home)))
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def lines(path: Path) -> int:
    """Return the number of lines: N-Triples has one triple in each."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 22), b""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--formats", nargs="+", default=["nt", "ttl", "jsonld"], choices=["nt", "ttl", "jsonld"])
    parser.add_argument("--store", action="store_true", help="make the store, too, and ask it")
    parser.add_argument("--discard", action="store_true", help="only write N-Triples, to nowhere: for the full graph")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-rdf-") as folder:
        home = Path(folder) / "home"
        snapshot = synthetic_snapshot(Home(home), options.scale)
        if options.discard:
            cost = measured(export_and_discard, home)
            print(f"{cost.result:,} triples of N-Triples  {say(cost.result, cost)}")
            return
        costs = {style: measured(Export(style), home) for style in dict.fromkeys(["nt", *options.formats])}
        triples = lines(Path(folder) / "graph.nt")
        print(f"{triples:,} triples")
        for style, cost in costs.items():
            print(f"{style:7} {cost.result / 1e6:9,.0f} MB  {say(triples, cost)}")
        if options.store:
            cost = measured(make_store, home)
            print(f"store   {cost.result / 1e6:9,.0f} MB  {cost.cpu_s:,.0f} CPU s  peak memory {cost.peak_mb:,.0f} MB")
            ask(snapshot)


def say(triples: int, cost: Cost) -> str:
    """Return rates and memory in words."""
    rate = f"{triples / cost.cpu_s:,.0f} triples per CPU second ({triples / cost.wall_s:,.0f} by the clock)"
    return f"{rate}  peak memory {cost.peak_mb:,.0f} MB"


def ask(snapshot: Snapshot) -> None:
    """Print how long each query takes, its process and the opening of the store included."""
    for name, query in QUERIES.items():
        start = time.perf_counter()
        parameters = {"intent": "int_0"} if "?intent" in query else {}
        rows = run_sparql(snapshot, query, parameters, Budget(seconds=300, memory_mb=4_000)).arrow.num_rows
        print(f"{name:24} {rows:4} rows  {time.perf_counter() - start:7.2f} s")


if __name__ == "__main__":
    main()
