"""Who is matched with the same needs, asked of a Neo4j server that holds the edges and nothing else.

The database is written by Neo4j's own importer, which takes a minute for millions of edges, and served on loopback by
a server that is started and stopped here.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import neo4j
import pyarrow as pa
import pyarrow.csv
from neo4j import exceptions

SHARED: Final = """MATCH (a:Artifact {artifact_id: $id})<-[:MATCHED]-(:Intent)-[:MATCHED]->(b:Artifact)
WHERE b <> a RETURN b.artifact_id, count(*) AS n ORDER BY n DESC, b.artifact_id LIMIT 20"""

_OPENED: Final = [
    f"--add-opens=java.base/{part}=ALL-UNNAMED"
    for part in ("java.nio", "java.io", "java.lang", "sun.nio.ch", "java.util.concurrent")
]
_SERVER: Final = ("--add-modules=jdk.incubator.vector", "org.neo4j.server.CommunityEntryPoint")
_ADMIN: Final = "org.neo4j.cli.AdminTool"
_PATIENCE_SECONDS: Final = 120
_SETTINGS: Final = """server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
dbms.security.auth_enabled=false
server.memory.pagecache.size=1g
"""


@contextmanager
def in_neo4j(edges: pa.Table, jars: Path) -> Iterator[Callable[[str], list[Any]]]:
    """Give the look-up as Cypher. `edges`: the columns artifact_id and intent_key; `jars`: the server's."""
    with TemporaryDirectory() as folder:
        home, java = Path(folder), ["java", "-Xmx2g", *_OPENED, "-cp", f"{jars.absolute()}/*"]
        port = _free_port()
        for name in ("conf", "logs", "files"):
            (home / name).mkdir()
        (home / "conf" / "neo4j.conf").write_text(_SETTINGS.format(port=port), "utf-8")
        _import(edges, home, java)
        server = subprocess.Popen(
            [*java, *_SERVER, f"--home-dir={home}", f"--config-dir={home / 'conf'}", "--console-mode"],
            stdout=(home / "logs" / "console.log").open("w"),
            stderr=subprocess.STDOUT,
        )
        try:
            with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{port}") as driver:
                _wait(driver)
                driver.execute_query("CREATE INDEX FOR (a:Artifact) ON (a.artifact_id)")
                driver.execute_query("CALL db.awaitIndexes()")
                yield lambda one: [tuple(row) for row in driver.execute_query(SHARED, id=one).records]
        finally:
            server.terminate()
            server.wait()


def _import(edges: pa.Table, home: Path, java: list[str]) -> None:
    """Write the files of Neo4j's importer and run it."""
    pairs = edges.group_by(["artifact_id", "intent_key"]).aggregate([])
    artifacts, intents = (pairs[name].unique() for name in ("artifact_id", "intent_key"))
    ends = {":START_ID(Intent)": pairs["intent_key"], ":END_ID(Artifact)": pairs["artifact_id"]}
    files = {
        "artifacts": pa.table({"artifact_id:ID(Artifact)": artifacts}),
        "intents": pa.table({":ID(Intent)": intents}),
        "matched": pa.table(ends),
    }
    for name, table in files.items():
        pyarrow.csv.write_csv(table, home / "files" / f"{name}.csv")
    given = ["--nodes=Artifact=artifacts.csv", "--nodes=Intent=intents.csv", "--relationships=MATCHED=matched.csv"]
    subprocess.run(
        [*java, _ADMIN, "database", "import", "full", "neo4j", *given],
        cwd=home / "files",
        env={"NEO4J_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )


def _wait(driver: neo4j.Driver) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            driver.verify_connectivity()
            return
        except (exceptions.ServiceUnavailable, exceptions.TransientError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(1)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
