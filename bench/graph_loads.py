"""The first load of a Neo4j server over Bolt, and the second; what the server cannot do without."""

from __future__ import annotations

import neo4j

from bench.costs import say, timed
from bench.graph_offline import speed
from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.projections.neo4j_export import BATCH, export_to_neo4j
from graph.projections.neo4j_rows import plain_rows, with_values
from graph.projections.neo4j_text import constraint_texts, index_texts, write_edges, write_nodes
from graph.projections.sql_views import graph_batches
from graph.snapshot import Snapshot


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
        **speed(done.written, first),
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
    say(what="yardstick: CREATE alone", **speed(written, used))


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


def empty(driver: neo4j.Driver) -> None:
    """Remove everything: indexes and constraints first, so that the rest goes faster."""
    for text in (*index_texts(), *constraint_texts()):
        kind, name = ("CONSTRAINT" if "CONSTRAINT" in text else "INDEX"), text.partition(" IF NOT")[0].split()[-1]
        driver.execute_query(f"DROP {kind} {name} IF EXISTS")
    with driver.session() as session:
        session.run("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS").consume()
        session.run("MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
