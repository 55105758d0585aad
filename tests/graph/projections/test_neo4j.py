"""Export to a real Neo4j server, and reading queries on it."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import neo4j
import pytest

from graph.errors import OverBudget, ServerTrouble, WrongUse
from graph.home import Home
from graph.projections.cypher_query import run_cypher
from graph.projections.graph_difference import difference_of
from graph.projections.graph_schema import EDGES, NODES, EdgeType
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.projections.query_budget import Budget
from graph.projections.sql_views import graph_table
from graph.snapshot import Snapshot
from tests.graph.hostile import NAMES, hostile_rows, hostile_snapshot
from tests.graph.projections.old_server import server_that_is
from tests.graph.test_snapshot import put

REFUSED = [
    "CREATE (n:Stranger)",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) CALL (n) { SET n.x = 1 } RETURN 1",
    "CALL { CREATE (n) } IN TRANSACTIONS",
    "MERGE (n:Artifact {id: 'x'}) RETURN n",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CALL { LOAD CSV FROM 'http://example.org/x' AS line RETURN line } RETURN line",
    "CALL dbms.listConfig()",
    "CALL db.createLabel('x')",
    "SHOW TRANSACTIONS",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "SHOW USERS",
    "CREATE INDEX x FOR (n:X) ON (n.y)",
    "RETURN 1; RETURN 2",
    "PROFILE CREATE (n)",
    "RETURN $missing",
    "not a query",
]
RUNAWAYS = [
    "UNWIND range(1, 1000000000) AS x UNWIND range(1, 1000000000) AS y RETURN count(x + y)",
    "MATCH p = (a)-[*]-(b) RETURN count(p)",
    "MATCH (a), (b), (c), (d), (e) WHERE a.id < b.id AND c.id < d.id RETURN count(e.id)",
    "UNWIND range(1, 1000000000) AS x RETURN collect(x)",
]


def content(driver: neo4j.Driver) -> dict[str, list[dict[str, Any]]]:
    """All elements on the server, by kind, as rows of the schema's tables."""
    found = {}
    for kind in (*NODES, *EDGES):
        names = [own.name for own in kind.properties]
        if isinstance(kind, EdgeType):
            pattern = f"(a:{kind.start})-[e:{kind.type}]->(b:{kind.end})"
            ends = "a.id AS start, b.id AS end"
        else:
            pattern, ends = f"(e:{kind.label})", "e.id AS id"
        columns = "".join(f", e.`{name}` AS `{name}`" for name in names)
        records, _, _ = driver.execute_query(f"MATCH {pattern} RETURN {ends}{columns}")
        rows = [{key: _native(value) for key, value in record.items()} for record in records]
        identity = ["id"] if not isinstance(kind, EdgeType) else ["start", "end", *kind.key]
        found[kind.view] = sorted(rows, key=lambda row: [row[name] or "" for name in identity])
    return found


def _native(value: Any) -> Any:
    return value.to_native() if isinstance(value, neo4j.time.DateTime) else value


def expected(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    return {kind.view: graph_table(snapshot, kind).to_pylist() for kind in (*NODES, *EDGES)}


def test_the_server_holds_the_graph_and_an_equal_snapshot_writes_nothing(empty_neo4j: neo4j.Driver, rich: Snapshot):
    first = export_to_neo4j(rich, empty_neo4j)
    assert first.way == "created"
    assert first.written == sum(len(rows) for rows in expected(rich).values())
    assert content(empty_neo4j) == expected(rich)
    again = export_to_neo4j(rich, empty_neo4j)
    assert (again.way, again.written, again.removed) == ("unchanged", 0, 0)
    pages, _, _ = empty_neo4j.execute_query(
        "CALL db.index.fulltext.queryNodes('matchgraph_texts', 'art1') YIELD node RETURN count(node) AS n"
    )
    assert pages[0]["n"] > 0
    missing, _, _ = empty_neo4j.execute_query("MATCH (n) WHERE n.snapshot_id IS NULL RETURN count(n) AS n")
    assert missing[0]["n"] == 0


def test_hostile_names_arrive_as_they_are(empty_neo4j: neo4j.Driver, tmp_path: Path):
    snapshot = hostile_snapshot(Home(tmp_path))
    export_to_neo4j(snapshot, empty_neo4j)
    assert content(empty_neo4j) == expected(snapshot)
    for name in NAMES:
        found = run_cypher(empty_neo4j, "MATCH (a:Artifact {id: $id}) RETURN a.name AS name", {"id": name})
        assert found.rows() == [{"name": name}]


def test_the_next_snapshot_is_a_difference_in_one_transaction(empty_neo4j: neo4j.Driver, tmp_path: Path):
    home = Home(tmp_path)
    old = hostile_snapshot(home)
    rows = hostile_rows()
    rows["artifacts"] = rows["artifacts"][:-1]  # one goes from the catalogue
    rows["artifacts"][0]["stars"] = 7  # one changes
    rows["edges"] = [row for row in rows["edges"] if row["artifact_id"] != NAMES[1]]
    rows["intents"].append({"intent_id": "int_new", "intent_key": 99, "label": "new"})
    new = put(home, 1, **rows)
    export_to_neo4j(old, empty_neo4j)
    done = export_to_neo4j(new, empty_neo4j, earlier=lambda _: old)
    difference = difference_of(old, new)
    assert done.way == "difference"
    assert 0 < done.written + done.removed == difference.size < 30
    assert content(empty_neo4j) == expected(new)


EXPORT = """
import os, sys
from pathlib import Path
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.snapshot import Snapshot

def report(line):
    print(line, flush=True)
    sys.stdin.readline()

with neo4j_driver(Neo4jAddress(sys.argv[2], "neo4j", os.environ["PASSWORD"])) as driver:
    export_to_neo4j(Snapshot(Path(sys.argv[1])), driver, report=report)
"""


def test_an_export_that_was_killed_is_completed(empty_neo4j: neo4j.Driver, rich: Snapshot, neo4j_address: Neo4jAddress):
    process = subprocess.Popen(
        [sys.executable, "-c", EXPORT, str(rich.path), neo4j_address.uri],
        env={**os.environ, "PASSWORD": neo4j_address.password},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        for _ in range(6):  # all nodes, and the first kind of edge
            process.stdout.readline()
            process.stdin.write("\n")
            process.stdin.flush()
        process.kill()
    assert content(empty_neo4j) != expected(rich)
    assert export_to_neo4j(rich, empty_neo4j).way == "merged"
    assert content(empty_neo4j) == expected(rich)


class Door:
    """Carries bytes between a client and the server until it is shut, as a network does that breaks down."""

    def __init__(self, port: int, after_bytes: int) -> None:
        self._port, self._left = port, after_bytes
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listening.accept()
            if self._left <= 0:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._port))
            Thread(target=self._carry, args=(client, server, True), daemon=True).start()
            Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, counted: bool) -> None:
        with one, other, suppress(OSError):
            while block := one.recv(65_536):
                self._left -= len(block) if counted else 0
                if self._left <= 0:
                    one.shutdown(socket.SHUT_RDWR)
                    return
                other.sendall(block)


def test_a_connection_that_is_lost_is_said_and_the_next_export_completes_the_graph(
    empty_neo4j: neo4j.Driver, rich: Snapshot, neo4j_address: Neo4jAddress, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("graph.projections.neo4j_server._PATIENCE_SECONDS", 2.0)
    door = Door(int(neo4j_address.uri.rpartition(":")[2]), after_bytes=15_000)  # the whole export sends 19,000
    through = Neo4jAddress(f"bolt://127.0.0.1:{door.port}", "neo4j", neo4j_address.password)
    with pytest.raises(ServerTrouble, match="connection was lost"), neo4j_driver(through) as driver:
        export_to_neo4j(rich, driver)
    assert export_to_neo4j(rich, empty_neo4j).way == "merged"
    assert content(empty_neo4j) == expected(rich)


def test_what_others_changed_is_put_right_and_another_homes_graph_is_replaced(
    empty_neo4j: neo4j.Driver, tmp_path: Path
):
    old, new = hostile_snapshot(Home(tmp_path / "1")), put(Home(tmp_path / "2"), artifacts=[{"artifact_id": "a"}])
    export_to_neo4j(old, empty_neo4j)
    empty_neo4j.execute_query("MATCH (n:Intent {id: $id}) DETACH DELETE n", id=f"int_{NAMES[0]}")
    assert export_to_neo4j(old, empty_neo4j).way == "merged"
    assert content(empty_neo4j) == expected(old)
    assert export_to_neo4j(new, empty_neo4j).way == "merged"
    assert content(empty_neo4j) == expected(new)


def test_what_another_form_of_the_graph_wrote_is_written_anew(
    empty_neo4j: neo4j.Driver, rich: Snapshot, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as before:
        before.setattr("graph.projections.neo4j_export.graph_form", lambda: "before")
        export_to_neo4j(rich, empty_neo4j)
    empty_neo4j.execute_query("MATCH (s:Source) SET s.id = 'old/' + s.id, s.name = 'old'")  # counts stay the same
    done = export_to_neo4j(rich, empty_neo4j, earlier=lambda _: rich)
    assert (done.way, content(empty_neo4j)) == ("merged", expected(rich))
    assert export_to_neo4j(rich, empty_neo4j).way == "unchanged"


def test_a_database_of_others_is_left_as_it_is(empty_neo4j: neo4j.Driver, rich: Snapshot):
    empty_neo4j.execute_query("CREATE (:Source {id: 'a'})-[:PROVIDES]->(:Source {id: 'b'}), (:Wine)")
    with pytest.raises(WrongUse, match=r"holds 2 Source, 1 PROVIDES that matchgraph did not write.*--database NAME"):
        export_to_neo4j(rich, empty_neo4j)
    (count,), _, _ = empty_neo4j.execute_query("MATCH (n) RETURN count(n) AS n")
    assert count["n"] == 3


def test_strangers_are_removed_whatever_they_say_of_themselves(empty_neo4j: neo4j.Driver, rich: Snapshot):
    export_to_neo4j(rich, empty_neo4j)
    empty_neo4j.execute_query("CREATE (:Source {id: 'a'}), (:Source {id: 'b', snapshot_id: $id})", id=rich.id)
    assert export_to_neo4j(rich, empty_neo4j).way == "merged"
    assert content(empty_neo4j) == expected(rich)
    assert export_to_neo4j(rich, empty_neo4j).way == "unchanged"


def test_cypher_answers_with_typed_values(empty_neo4j: neo4j.Driver, tmp_path: Path):
    now = datetime(2026, 9, 1, tzinfo=UTC)
    row = {"artifact_id": "a", "name": "A", "tags": ["x"], "updated_at": int(now.timestamp()) * 1_000_000}
    export_to_neo4j(put(Home(tmp_path), artifacts=[row, {**row, "artifact_id": "b"}]), empty_neo4j)
    result = run_cypher(
        empty_neo4j, "MATCH (a:Artifact) RETURN a.tags AS tags, a.updated_at AS at ORDER BY a.id LIMIT 1"
    )
    assert result.rows() == [{"tags": ["x"], "at": now}]
    cut = run_cypher(empty_neo4j, "MATCH (a:Artifact) RETURN a.id", budget=Budget(rows=1))
    assert (cut.arrow.num_rows, cut.truncated) == (1, True)


def test_a_cluster_address_a_database_by_name_and_bookmarks(
    empty_neo4j: neo4j.Driver, rich: Snapshot, neo4j_address: Neo4jAddress
):
    routed = replace(neo4j_address, uri=neo4j_address.uri.replace("bolt://", "neo4j://"))
    with neo4j_driver(routed) as driver:
        done = export_to_neo4j(rich, driver, database="neo4j")
        assert (done.way, len(done.bookmarks)) == ("created", 1)
        query = "MATCH (a:Artifact) RETURN count(a) AS n"
        found = run_cypher(driver, query, database="neo4j", bookmarks=done.bookmarks)
        assert found.rows() == [{"n": 9}]
        with pytest.raises(WrongUse, match="elsewhere"):
            run_cypher(driver, query, database="elsewhere")
        with pytest.raises(WrongUse, match="bookmark"):
            run_cypher(driver, query, bookmarks=["no bookmark"])
    with pytest.raises(ServerTrouble, match="elsewhere"), neo4j_driver(routed) as driver:
        export_to_neo4j(rich, driver, database="elsewhere")


def test_parameters_that_the_query_has_not_are_said(neo4j_server: neo4j.Driver):
    assert run_cypher(neo4j_server, "RETURN $one + $`two` AS n", {"one": 1, "two": 2}).rows() == [{"n": 3}]
    with pytest.raises(WrongUse, match="no parameter other; it has one"):
        run_cypher(neo4j_server, "RETURN $one", {"one": 1, "other": 2})


@pytest.mark.parametrize("query", REFUSED)
def test_only_reading_is_possible(query: str, neo4j_server: neo4j.Driver):
    with pytest.raises(WrongUse):
        run_cypher(neo4j_server, query)


def test_runaway_queries_are_stopped_and_the_next_one_runs(demo_neo4j: neo4j.Driver):
    budget = Budget(seconds=4)

    def seconds_until_stopped(query: str) -> float:
        start = time.monotonic()
        with pytest.raises(OverBudget):
            run_cypher(demo_neo4j, query, budget=budget)
        return time.monotonic() - start

    with ThreadPoolExecutor(2) as at_once:
        assert max(at_once.map(seconds_until_stopped, RUNAWAYS)) < 1.5 * budget.seconds
    assert run_cypher(demo_neo4j, "RETURN 1 AS one").rows() == [{"one": 1}]


def test_errors_say_what_to_do(neo4j_address: Neo4jAddress):
    wrong = Neo4jAddress(neo4j_address.uri, "neo4j", "wrong-password")
    with pytest.raises(ServerTrouble, match="MATCHGRAPH_NEO4J_PASSWORD"), neo4j_driver(wrong):
        pass


def test_a_server_that_is_down_is_named():
    away = Neo4jAddress("bolt://127.0.0.1:9")
    with pytest.raises(ServerTrouble, match=r"answers at bolt://127\.0\.0\.1:9"), neo4j_driver(away):
        pass
    with pytest.raises(WrongUse, match="not an address"), neo4j_driver(Neo4jAddress("http://127.0.0.1:9")):
        pass


@pytest.mark.parametrize("agent", ["Neo4j/5.23.0", "Neo4j/5.26.30", "Neo4j/2025.10.1", "Neo4j/5.26-aura"])
def test_servers_of_a_version_that_fits_are_taken(agent: str):
    with server_that_is(agent) as uri, neo4j_driver(Neo4jAddress(uri)):
        pass


@pytest.mark.parametrize(
    ("agent", "bolt"),
    [
        ("Neo4j/4.4.48", (4, 4)),
        ("Neo4j/5.1.0", (5, 0)),
        ("Neo4j/5.22.0", (5, 4)),
        ("Memgraph/3.1.0", (5, 2)),
        ("Neo4j/dev", (5, 4)),
    ],
)
def test_servers_that_are_too_old_or_others_are_refused(agent: str, bolt: tuple[int, int]):
    with server_that_is(agent, bolt) as uri, pytest.raises(ServerTrouble) as refused, neo4j_driver(Neo4jAddress(uri)):
        pass
    assert "Neo4j 5.23 or newer is needed" in str(refused.value)


def test_what_is_no_neo4j_is_not_taken_for_one():
    with server_that_is("Neo4j/3.5.0", (3, 0)) as uri, pytest.raises(ServerTrouble), neo4j_driver(Neo4jAddress(uri)):
        pass
