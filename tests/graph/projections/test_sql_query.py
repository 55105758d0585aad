"""SQL for analysts: right answers, nothing but reading, and an end when the budget ends."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from graph.errors import MatchgraphError, OverBudget, WrongUse
from graph.home import Home
from graph.projections.query_budget import Budget
from graph.projections.sql_query import run_sql
from graph.projections.sql_views import open_sql
from graph.snapshot import Snapshot
from tests.graph.hostile import NAMES, hostile_snapshot
from tests.graph.test_snapshot import put

FILES = [
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_blob('{parquet}')",
    "SELECT * FROM read_parquet('{parquet}')",
    "SELECT * FROM '{parquet}'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM read_csv('https://example.org/x.csv')",
    "SELECT getenv('HOME')",
    "SELECT * FROM snapshot",  # a Python variable of the caller
]
WRITES = [
    "COPY artifacts TO '/tmp/stolen.csv'",
    "EXPLAIN ANALYZE COPY artifacts TO '/tmp/stolen.csv'",
    "ATTACH '/tmp/new.db'",
    "EXPORT DATABASE '/tmp/stolen'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE TABLE mine AS SELECT 1",
    "DROP VIEW graph.artifact",
    "DELETE FROM artifacts",
    "UPDATE artifacts SET name = 'x'",
    "WITH gone AS (DELETE FROM artifacts RETURNING *) SELECT * FROM gone",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA memory_limit = '64GB'",
    "CALL force_checkpoint()",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW graph.artifact",
    "EXECUTE something",
    "CREATE SECRET (TYPE s3)",
    "not a query at all",
    "",
]
RUNAWAYS = [
    "SELECT count(*) FROM range(10000000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 3",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "SELECT length(repeat('a', 4000000000))",
    "SELECT count(*) FROM graph.edges a, graph.edges b, graph.edges c, graph.edges d WHERE a.end < d.end",
]


def test_views_and_tables_answer(demo_snapshot: Snapshot, quick: Budget):
    result = run_sql(
        demo_snapshot, "SELECT label, count(*) AS n FROM graph.nodes GROUP BY label ORDER BY label", budget=quick
    )
    assert result.rows()[0] == {"label": "Artifact", "n": 29}
    assert run_sql(demo_snapshot, "SELECT count(*) AS n FROM artifacts", budget=quick).rows() == [{"n": 29}]


FILES_IN_TABLES = (
    "SELECT sources FROM artifacts",
    "SELECT sources FROM temp.artifacts",
    "FROM query('SELECT sources FROM capabilities')",
    "SELECT inputs FROM rank_parts WHERE inputs LIKE '%sources%'",
)


@pytest.mark.parametrize("query", FILES_IN_TABLES)
def test_files_of_sources_are_for_the_operator_alone(query: str, demo_snapshot: Snapshot, quick: Budget):
    with_files, without = (
        str(run_sql(demo_snapshot, query, budget=quick, for_operator=operator).rows()) for operator in (True, False)
    )
    assert ".jsonl" in with_files
    assert "'artifacts'" in without or "'capabilities'" in without or '"artifacts"' in without
    assert "fixtures" not in without


@pytest.mark.parametrize("view", ["nodes", "source", "artifact_described_in", "capability_described_in"])
def test_the_graph_names_no_file_to_anybody(view: str, demo_snapshot: Snapshot, quick: Budget):
    found = run_sql(demo_snapshot, f'SELECT * FROM graph."{view}"', budget=quick).rows()
    assert "jsonl" not in str(found)
    assert "'artifacts'" in str(found) or view == "capability_described_in"


def test_the_table_behind_a_name_cannot_be_asked_for(demo_snapshot: Snapshot, quick: Budget):
    find = "SELECT view_name AS v FROM duckdb_views() WHERE view_name LIKE 'artifacts\\_%' ESCAPE '\\'"
    (row,) = run_sql(demo_snapshot, find, budget=quick, for_operator=False).rows()
    for query in (f'SELECT * FROM "{row["v"]}"', f"FROM query_table(({find}))", f"FROM ({find}), query_table(v)"):
        with pytest.raises(WrongUse):
            run_sql(demo_snapshot, query, budget=quick, for_operator=False)


def test_artifacts_of_equally_named_files_come_from_one_source(tmp_path: Path):
    rows = [{"artifact_id": "a", "sources": ["one/x.jsonl", "two/x.csv", "y.md"]}, {"artifact_id": "b", "sources": []}]
    snapshot = put(Home(tmp_path), artifacts=rows)
    with open_sql(snapshot) as found:
        sources = found.sql("SELECT id, artifacts FROM graph.source ORDER BY id").fetchall()
        edges = found.sql('SELECT "start", "end" FROM graph.artifact_described_in ORDER BY 2').fetchall()
    assert sources == [("x", 1), ("y", 1)]
    assert edges == [("a", "x"), ("a", "y")]


def test_parameters_are_bound_and_checked(demo_snapshot: Snapshot, quick: Budget):
    query = "SELECT $text AS text, $number + 1 AS number"
    assert run_sql(demo_snapshot, query, {"text": "'; --", "number": 1}, budget=quick).rows() == [
        {"text": "'; --", "number": 2}
    ]
    with pytest.raises(WrongUse, match="number have no value"):
        run_sql(demo_snapshot, query, {"text": "x"}, budget=quick)
    with pytest.raises(WrongUse, match="no parameter other; it has none"):
        run_sql(demo_snapshot, "SELECT 1", {"other": 1}, budget=quick)


def test_types_are_plain(demo_snapshot: Snapshot, quick: Budget):
    row = run_sql(
        demo_snapshot, "SELECT sum(clicks) AS s, 0.5 AS half, min(first_seen) AS t FROM graph.artifact", budget=quick
    ).rows()[0]
    assert isinstance(row["s"], int)
    assert row["half"] == 0.5
    assert row["t"].utcoffset().total_seconds() == 0


def test_rows_beyond_the_limit_are_cut_and_said(demo_snapshot: Snapshot, quick: Budget):
    budget = replace(quick, rows=3)
    result = run_sql(demo_snapshot, "SELECT * FROM range(1000000000000) AS r", budget=budget)
    assert (result.arrow.num_rows, result.truncated) == (3, True)
    assert not run_sql(demo_snapshot, "SELECT * FROM range(3) AS r", budget=budget).truncated


@pytest.fixture(scope="module")
def connection(demo_snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_sql(demo_snapshot) as found:
        yield found


@pytest.mark.parametrize("query", [*FILES, *WRITES])
def test_only_reading_the_snapshot_is_possible(
    query: str, connection: duckdb.DuckDBPyConnection, demo_snapshot: Snapshot
):
    parquet = demo_snapshot.path / "tables" / "artifacts.parquet"
    with pytest.raises(MatchgraphError) as caught:
        run_checked(connection, query.format(parquet=parquet))
    assert isinstance(caught.value, WrongUse)
    assert connection.sql("SELECT count(*) FROM graph.artifact").fetchall() == [(29,)]


def run_checked(connection, query: str):  # the process's own steps, without the process
    from graph.projections.sql_query import checked_sql

    checked_sql(connection, query, {})
    try:
        connection.sql(query).fetchall()
    except duckdb.Error as error:
        raise WrongUse(str(error)) from error


@pytest.mark.parametrize("query", [*FILES, *(query for query in WRITES if query and ";" not in query)])
def test_the_connection_alone_keeps_files_and_settings_closed(query: str, demo_snapshot: Snapshot):
    """Even without the check of the statement's kind nothing outside the connection is reached."""
    connection = open_sql(demo_snapshot)
    parquet = demo_snapshot.path / "tables" / "artifacts.parquet"
    if query.startswith(("CREATE TABLE", "DROP VIEW")):
        connection.execute(query)  # changes this connection's memory and nothing else
    else:
        with pytest.raises(duckdb.Error):
            connection.execute(query.format(parquet=parquet))
    assert not Path("/tmp/stolen.csv").exists()


def test_runaway_queries_are_stopped_and_the_next_one_runs(demo_snapshot: Snapshot):
    budget = Budget(seconds=4, memory_mb=256)

    def seconds_until_stopped(query: str) -> float:
        start = time.monotonic()
        with pytest.raises(OverBudget):
            run_sql(demo_snapshot, query, budget=budget)
        return time.monotonic() - start

    with ThreadPoolExecutor(len(RUNAWAYS)) as at_once:
        assert max(at_once.map(seconds_until_stopped, RUNAWAYS)) < 1.5 * budget.seconds
    assert run_sql(demo_snapshot, "SELECT 1 AS one").rows() == [{"one": 1}]


def test_a_query_beyond_its_memory_ends_and_writes_nothing_to_disk(
    demo_snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """DuckDB would spill into the folder it runs in, until the disk is full."""
    monkeypatch.chdir(tmp_path)
    many = "SELECT count(*) FROM (SELECT DISTINCT n, hash(n) FROM range(10_000_000) AS numbers(n))"
    with open_sql(demo_snapshot, memory_mb=64) as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.sql(many).fetchall()
    with pytest.raises(OverBudget, match="more than 64 MB of memory"):
        run_sql(demo_snapshot, many, budget=Budget(memory_mb=64))
    assert not list(tmp_path.iterdir())


def test_hostile_names_are_found_by_parameter(tmp_path: Path, quick: Budget):
    snapshot = hostile_snapshot(Home(tmp_path))
    names = ", ".join(f"$n{i}" for i in range(len(NAMES)))
    query = f"SELECT id FROM graph.artifact WHERE id IN ({names})"
    found = run_sql(snapshot, query, {f"n{i}": name for i, name in enumerate(NAMES)}, budget=quick)
    assert {row["id"] for row in found.rows()} == set(NAMES)
