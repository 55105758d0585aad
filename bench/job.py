"""What the recompute job costs, against DuckDB scanning the same columns with one GROUP BY, and against SQL by hand.

    python -m bench.job --searches 1000000 10000000

Measures, each in a process of its own (CPU seconds of user and system, start-up included, and peak memory): the scan,
the job's tables in hand-written SQL (`bench/job.sql`), the full job over all days but the last, then the job again
after the last day was imported (with what the earlier run kept), and that job from nothing. Of the job the time within
the engine is what compares with SQL: the rest are intents, click models, index, similarities and ranks.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow.parquet as pq

from bench.job_run import TOTALS
from bench.synthetic_log import DAY_US, FIRST_DAY, Size, SyntheticLog
from graph.home import Home
from graph.ledger import Ledger
from queries.counting.catalogue import artifact_table, capability_table, targets
from queries.counting.duels import Contestants
from queries.counting.engines import open_engine
from queries.counting.intents import Intents
from queries.text.spelling import catalogue_spelling

SCAN = """
import sys
import duckdb
connection = duckdb.connect()
connection.execute("SET threads = 2")
connection.execute("SET enable_progress_bar = false")
home = sys.argv[1]
searches = f"read_parquet('{home}/ledger/searches/*/*.parquet', hive_partitioning = true)"
events = f"read_parquet('{home}/ledger/events/*/*.parquet', hive_partitioning = true)"
connection.execute(
    "SELECT count(search_key), count(content_hash), min(ts_us), count(client_key), count(session_key), count(text_key),"
    f" count(kind), count(actor), count(query_norm), count(application) FROM {searches}"
).fetchall()
connection.execute(
    "SELECT count(search_key), count(content_hash), min(ts_us), count(client_key), count(session_key), count(action),"
    f" count(action_name), count(actor), count(value), count(worked), count(object_id) FROM {events}"
).fetchall()
rows = connection.execute(
    "SELECT object_key, action, count(*) FROM ("
    f" SELECT hit.object_key, 'impression' AS action FROM (SELECT unnest(shown) AS hit FROM {searches})"
    f" UNION ALL SELECT object_key, action FROM {events}) GROUP BY ALL"
).fetchall()
print(sum(row[2] for row in rows))
"""

HANDWRITTEN = """
import json, sys
from pathlib import Path
import duckdb
home, given, now_us, totalled = sys.argv[1:5]
connection = duckdb.connect(config={"memory_limit": "1500MB", "temp_directory": f"{given}/spill", "threads": 2})
connection.execute("SET enable_progress_bar = false")
connection.execute("SET preserve_insertion_order = false")
for table in ("searches", "events"):
    files = f"read_parquet('{home}/ledger/{table}/*/*.parquet', hive_partitioning = true)"
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM {files}")
for table in ("intent_of", "owner_of"):
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{given}/{table}.parquet')")
connection.execute("SET VARIABLE now_us = " + now_us)
connection.execute(Path("bench/job.sql").read_text("utf-8"))
totals = {}
for table, columns in json.loads(totalled).items():
    sums = ", ".join(f"sum({column})" for column in columns)
    totals[table] = [int(value) for value in connection.execute(f"SELECT {sums} FROM {table}").fetchone()]
print(json.dumps(totals))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, nargs="+", default=[1_000_000], help="several: growth between them")
    parser.add_argument("--intents", type=int, default=20_000)
    parser.add_argument("--artifacts", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="keep the ledger here, or use the one that is here (one size only)")
    parser.add_argument("--only", choices=("all", "full"), default="all", help="full: scan and full job, for growth")
    parser.add_argument("--stages", type=int, default=12, help="so many of the costliest stages are printed")
    options = parser.parse_args()
    if options.home and len(options.searches) > 1:
        parser.error("--home is for one size")
    full_seconds: dict[int, float] = {}
    for searches in options.searches:
        size = Size(searches, options.days, options.intents, options.artifacts, options.seed)
        with tempfile.TemporaryDirectory() as folder:
            home = Home(options.home or Path(folder) / "home")
            bench = Bench(home, size, Path(folder), options.stages)
            full_seconds[searches] = bench.run(only_full=options.only == "full")
    for (fewer, before), (more, after) in pairwise(sorted(full_seconds.items())):
        growth = (after / before) / (more / fewer)
        print(f"from {fewer:,} to {more:,} searches the full job takes {growth:.2f} x what linear growth would")


@dataclass(frozen=True)
class Bench:
    """Measures one size of log."""

    home: Home
    size: Size
    scratch: Path
    stages: int

    @property
    def now_us(self) -> int:
        """The evening of the day after the last one."""
        return (FIRST_DAY + self.size.days + 1) * DAY_US

    def run(self, *, only_full: bool) -> float:
        """Write the log if the home is empty, measure, print; return the CPU seconds of the full job."""
        log = SyntheticLog(self.size)
        if not self.home.has_ledger:
            log.write_catalogue(self.home)
            for day in range(self.size.days - 1):
                log.write_day(self.home, day)
        if not only_full:
            self._job("first days", "kept")
        log.write_day(self.home, self.size.days - 1)  # again changes nothing: what the ledger knows is not taken twice
        scan, peak, rows = measured("-c", SCAN, self.home.path)
        print(f"{self.size.searches:,} searches, {int(rows):,} rows shown or done, {self.size.intents:,} intents")
        print(f"{'scan':12} {scan:8.1f} s  {peak:8,.0f} MB")
        if only_full:
            full, _ = self._job("full", "full")
            print(f"full job {full / scan:.1f} x the scan")
            return full
        handwritten, by_hand = self._handwritten()
        after_a_day, kept = self._job("incremental", "kept")
        full, anew = self._job("full", "full")
        print(f"full job {full / scan:.1f} x the scan")
        in_engine = _in_engine(anew)
        print(f"steps in the engine {in_engine / scan:.1f} x the scan, {in_engine / handwritten:.2f} x SQL")
        kept_in_engine = _in_engine(kept) / in_engine
        print(f"after a new day the job takes {after_a_day / full:.0%} of full, its engine {kept_in_engine:.0%}")
        assert kept["id"] == anew["id"], "incremental and full differ"
        assert by_hand == anew["totals"], "SQL counts something else"
        return full

    def _job(self, title: str, mode: str) -> tuple[float, dict[str, Any]]:
        seconds, peak, printed = measured("-m", "bench.job_run", self.home.path, self.now_us, mode)
        told = json.loads(printed.splitlines()[-1])
        print(f"{title:12} {seconds:8.1f} s  {peak:8,.0f} MB  in the engine {_in_engine(told):.1f} s   {told['id']}")
        for name, spent in told["steps"]:
            print(f"    {spent:8.1f} s  {name}")
        for name, spent in list(told["engine"].items())[: self.stages]:
            print(f"        {spent:8.1f} s  {name}")
        return seconds, told

    def _handwritten(self) -> tuple[float, dict[str, list[int]]]:
        """Measure `job.sql`; return its CPU seconds and the totals of its tables."""
        write_what_sql_needs(self.home, self.scratch)
        seconds, peak, printed = measured(
            "-c", HANDWRITTEN, self.home.path, self.scratch, self.now_us, json.dumps(TOTALS)
        )
        print(f"{'SQL':12} {seconds:8.1f} s  {peak:8,.0f} MB")
        return seconds, json.loads(printed)


def measured(*arguments: object) -> tuple[float, float, str]:
    """Run Python with arguments, in a process of its own.

    Returns its CPU seconds (user and system), its peak memory in MB and what it printed.
    """
    command = [sys.executable, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"a run failed with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed


def write_what_sql_needs(home: Home, folder: Path) -> None:
    """Write the intents of texts and the artifacts of objects as Parquet: what SQL alone cannot find out."""
    with open_engine("duckdb", Ledger.open(home).files, home.scratch_path) as engine:
        artifacts, capabilities = artifact_table(engine), capability_table(engine)
        said = engine.table("searches").group_by("text_key").agg(nw.col("query_norm").min().alias("text"))
        texts = engine.arrow(said)
    intents = Intents(catalogue_spelling(artifacts, capabilities, folder / "spelling")).of(texts)
    owners = Contestants.of(targets(artifacts, capabilities)).numbers.rename_columns(["object_key", "artifact"])
    pq.write_table(texts.select(["text_key"]).append_column("intent_key", intents), folder / "intent_of.parquet")
    pq.write_table(owners, folder / "owner_of.parquet")


def _in_engine(told: dict[str, Any]) -> float:
    return float(sum(told["engine"].values()))


if __name__ == "__main__":
    main()
