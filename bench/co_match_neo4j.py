"""Who is matched with the same needs, asked of a Neo4j server that holds the edges and nothing else.

The database is written by Neo4j's own importer, which takes a minute for millions of edges, and served on loopback by
a server that is started and stopped here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv

from bench.neo4j_server import ADMIN, java_with, started

SHARED: Final = """MATCH (a:Artifact {artifact_id: $id})<-[:MATCHED]-(:Intent)-[:MATCHED]->(b:Artifact)
WHERE b <> a RETURN b.artifact_id, count(*) AS n ORDER BY n DESC, b.artifact_id LIMIT 20"""


@contextmanager
def in_neo4j(edges: pa.Table, jars: Path) -> Iterator[Callable[[str], list[Any]]]:
    """Give the look-up as Cypher. `edges`: the columns artifact_id and intent_key; `jars`: the server's."""
    with TemporaryDirectory() as folder:
        home, java = Path(folder), [*java_with(jars), "-Xmx2g"]
        for name in ("conf", "files"):
            (home / name).mkdir()
        (home / "conf" / "neo4j.conf").touch()
        _import(edges, home, java)
        with started(java, home) as (driver, _):
            driver.execute_query("CREATE INDEX FOR (a:Artifact) ON (a.artifact_id)")
            driver.execute_query("CALL db.awaitIndexes()")
            yield lambda one: [tuple(row) for row in driver.execute_query(SHARED, id=one).records]


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
        [*java, ADMIN, "database", "import", "full", "neo4j", *given],
        cwd=home / "files",
        env={"NEO4J_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
