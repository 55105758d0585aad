"""The first load of a Neo4j server, and the second; what the server cannot do without; the way by Neo4j's importer."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import neo4j

from bench.costs import say, timed
from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.projections.neo4j_export import BATCH, export_to_neo4j
from graph.projections.neo4j_files import ARGUMENTS, write_neo4j_files
from graph.projections.neo4j_rows import plain_rows, with_values
from graph.projections.neo4j_text import constraint_texts, index_texts, write_edges, write_nodes
from graph.projections.sql_views import graph_batches
from graph.snapshot import Snapshot

ADMIN: Final = "org.neo4j.cli.AdminTool"


def loads(snapshot: Snapshot, driver: neo4j.Driver, server_pid: int | None, times: int, *, yard: bool) -> None:
    """Load several times in turn: a server that has just been started still compiles its code, a used one does not."""
    for _ in range(times):
        if yard:
            yardstick(snapshot, driver, server_pid)
        load(snapshot, driver, server_pid)


def load(snapshot: Snapshot, driver: neo4j.Driver, server_pid: int | None) -> None:
    """Load an emptied database twice."""
    empty(driver)
    first, done = timed(lambda: export_to_neo4j(snapshot, driver), server_pid)
    second, again = timed(lambda: export_to_neo4j(snapshot, driver), server_pid)
    say(
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
    used, written = timed(
        lambda: sum(_plainly(snapshot, driver, kind, numbers) for kind in (*NODES, *EDGES)), server_pid
    )
    say(what="yardstick: CREATE alone", **_speed(written, used))


def offline(snapshot: Snapshot, jars: Path) -> None:
    """Write the files for Neo4j's importer and run it, in a process of its own and on a database of its own."""
    with TemporaryDirectory() as folder:
        files, home = Path(folder) / "files", Path(folder) / "neo4j"
        (home / "conf").mkdir(parents=True)
        (home / "conf" / "neo4j.conf").touch()
        written, _ = timed(lambda: write_neo4j_files(snapshot, files))
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
    say(what="neo4j-admin import, with writing its files", files_cpu=written["cpu"], **_speed(elements, used))


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
