"""What alternatives cost for a large catalogue, and how long it takes to look up who is matched with the same needs.

    python -m bench.alternatives_speed [--artifacts 100000] [--edges 5000000] [--only co-match] [--jars .neo4j/lib]

The catalogue is invented: artifacts of 1 000 topics, described in 20 words of a Zipf-like vocabulary, half of them
words of their topic; two capabilities each; up to a million observed edges at random. CPU seconds are those of all
processes; memory is the largest resident set of this one so far. The look-up is held against DuckDB and SQLite, and
where Neo4j's jars are given (`.ci/neo4j/server start` fetches them) against a server of our own.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from bench.co_match_neo4j import in_neo4j
from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE, EDGES, SNAPSHOT_TABLES
from queries.alternatives.co_match import CoMatch, write_co_match
from queries.alternatives.duplicates import duplicates
from queries.alternatives.related import related_all
from queries.text.capability_similarity import capability_pairs

TOPICS = 1_000
WORDS = 30_000
LOOKUPS = 300
OBSERVED = 1_000_000
ASKED = 20

SHARED = """SELECT b.artifact_id, count(*) AS n FROM e a JOIN e b ON a.intent_key = b.intent_key
WHERE a.artifact_id = ? AND b.artifact_id <> ? GROUP BY 1 ORDER BY n DESC, 1 LIMIT 20"""
"""Who is matched with the needs of an artifact, as SQL."""

Ask = Callable[[str], list[Any]]


def catalogue(count: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """Return invented artifacts and their capabilities."""
    random = np.random.default_rng(seed)
    words = np.array(["".join(random.choice(list("abcdeiklmnoprstu"), 7)) for _ in range(WORDS)])
    common = np.minimum(random.zipf(1.3, (count, 10)), WORDS) - 1
    topic = random.integers(TOPICS, size=count)
    own = 1_000 + topic[:, None] * 20 + np.minimum(random.zipf(1.5, (count, 10)), 20)
    texts = [" ".join(words[row % WORDS]) for row in np.concatenate([common, own], axis=1)]
    ids = [f"artifact-{n:07}" for n in range(count)]
    stars = random.zipf(1.4, count).clip(max=10**5)
    artifacts = {
        "artifact_id": ids,
        "name": ids,
        "type": ["model"] * count,
        "description": texts,
        "stars": stars.tolist(),
    }
    twice = [artifact_id for artifact_id in ids for _ in (0, 1)]
    names = [
        " ".join(words[row % WORDS])
        for row in 1_000 + np.repeat(topic, 2)[:, None] * 20 + random.integers(20, size=(2 * count, 2))
    ]
    capabilities = {
        "capability_id": [f"{artifact_id}/{n % 2}" for n, artifact_id in enumerate(twice)], "artifact_id": twice,
        "name": names, "description": [" ".join(text.split()[:12]) for text in texts for _ in (0, 1)],
    }  # fmt: skip
    return _filled(artifacts, ARTIFACT_TABLE), _filled(capabilities, CAPABILITY_TABLE)


def observed_edges(artifacts: int, count: int, seed: int) -> pa.Table:
    """Return observed edges, twice as many intents as artifacts."""
    random = np.random.default_rng(seed)
    artifact, intent = random.integers(artifacts, size=count), random.integers(2 * artifacts, size=count)
    columns = {
        "artifact_id": [f"artifact-{n:07}" for n in artifact.tolist()], "intent_key": intent.tolist(),
        "intent_id": [f"int_{n}" for n in intent.tolist()], "kind": ["observed"] * count,
        "clients": (1 + random.poisson(2, count)).tolist(), "times_matched": [1] * count,
    }  # fmt: skip
    return _filled(columns, EDGES)


def _filled(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    count = len(next(iter(columns.values())))
    return pa.table({name: columns.get(name, [None] * count) for name in schema.names}, schema=schema)


def timed(name: str, step: Callable[[], pa.Table]) -> pa.Table:
    """Run a step and print what it took."""
    begin, cpu = time.perf_counter(), _cpu_seconds()
    found = step()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    seconds = f"{_cpu_seconds() - cpu:.1f} CPU s, {time.perf_counter() - begin:.1f} s"
    print(f"{name:22s} {found.num_rows:10,} rows  {seconds}  {memory:.1f} GB", flush=True)
    return found


def _cpu_seconds() -> float:
    """Return the CPU seconds so far of this process and of those that it began and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def all_alternatives(count: int) -> None:
    """Time all steps from the catalogue to alternatives."""
    artifacts, capabilities = catalogue(count, 1)
    edges = observed_edges(count, min(OBSERVED, 10 * count), 2)
    pairs = timed("capability pairs", lambda: capability_pairs(capabilities))
    twins = timed("duplicates", lambda: duplicates(artifacts, capabilities, pairs))
    evidence = SNAPSHOT_TABLES["evidence"].empty_table()
    timed("alternatives", lambda: related_all(artifacts, capabilities, pairs, edges, evidence, duplicates=twins))


def co_match(artifacts: int, count: int, jars: Path | None, *, embedded: bool = True) -> None:
    """Time look-ups of the artifacts with most shared intents, and compare some with databases."""
    edges = observed_edges(artifacts, count, 3)
    random = np.random.default_rng(4)
    with tempfile.TemporaryDirectory() as folder:
        write_co_match(Path(folder), edges)
        graph = CoMatch.open(Path(folder))
        took = []
        for place in random.integers(len(graph.artifact_ids), size=LOOKUPS).tolist():
            begin = time.perf_counter()
            graph.of(graph.artifact_ids[place], 20)
            took.append(1000 * (time.perf_counter() - begin))
        p50, p99 = np.quantile(took, [0.5, 0.99])
        print(f"co-match, {artifacts:,} artifacts, {count:,} edges: p50 {p50:.2f} ms, p99 {p99:.2f} ms", flush=True)
        if embedded:
            compared("DuckDB", in_duckdb(edges), graph)
            compared("SQLite", in_sqlite(edges), graph)
        if jars is None:
            print("the same in Neo4j: not asked, its jars were not given (--jars)")
        else:
            with in_neo4j(edges, jars) as ask:
                compared("Neo4j", ask, graph)


def compared(name: str, ask: Ask, graph: CoMatch) -> None:
    """Print how long a database takes for some look-ups; raises `AssertionError` where it finds something else."""
    took = []
    ask(graph.artifact_ids[-1])  # whatever it does only once
    for artifact_id in graph.artifact_ids[:ASKED]:
        begin = time.perf_counter()
        rows = ask(artifact_id)
        took.append(1000 * (time.perf_counter() - begin))
        assert rows == [(each.artifact_id, each.intents) for each in graph.of(artifact_id, 20)]
    print(f"the same in {name}: p50 {np.median(took):.1f} ms", flush=True)


def in_duckdb(edges: pa.Table) -> Ask:
    """Return the look-up as a query of DuckDB, over edges that are in its own table."""
    database = duckdb.connect()
    database.register("edges", edges)
    database.execute("CREATE TABLE e AS SELECT DISTINCT artifact_id, intent_key FROM edges")
    return lambda artifact_id: database.execute(SHARED, [artifact_id, artifact_id]).fetchall()


def in_sqlite(edges: pa.Table) -> Ask:
    """Return the look-up as a query of SQLite in memory, with an index in either direction."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE e (artifact_id TEXT, intent_key INT, PRIMARY KEY (artifact_id, intent_key)) WITHOUT ROWID"
    )
    columns = edges.select(["artifact_id", "intent_key"]).to_pydict().values()
    database.executemany("INSERT OR IGNORE INTO e VALUES (?, ?)", zip(*columns, strict=True))
    database.execute("CREATE INDEX by_intent ON e (intent_key, artifact_id)")
    return lambda artifact_id: database.execute(SHARED, [artifact_id, artifact_id]).fetchall()


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--artifacts", type=int, default=100_000)
    parser.add_argument("--edges", type=int, default=5_000_000)
    parser.add_argument("--only", choices=("alternatives", "co-match"))
    parser.add_argument("--neo4j-alone", action="store_true", help="not in DuckDB and SQLite")
    parser.add_argument("--jars", type=Path, help="Neo4j's (.neo4j/lib)")
    options = parser.parse_args()
    if options.only != "co-match":
        all_alternatives(options.artifacts)
    if options.only != "alternatives":
        co_match(options.artifacts, options.edges, options.jars, embedded=not options.neo4j_alone)


if __name__ == "__main__":
    main()
