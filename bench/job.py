"""What the recompute job costs, against DuckDB scanning the same columns with one GROUP BY.

    python -m bench.job --searches 1000000

Measures, each in a process of its own (CPU seconds of user and system, start-up included, and peak memory):
the scan, the aggregates in hand-written SQL, the full job over all days but the last, then the job again after the
last day was imported (with what the earlier run kept), and that job from nothing. `--threads` as DuckDB has them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.synthetic_log import DAY_US, FIRST_DAY, Size, SyntheticLog
from graph.home import Home

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

JOB = """
import json, sys, time
from pathlib import Path
from graph.home import Home
from queries.recompute import recompute
spent = []
def report(sentence):
    spent.append((sentence, time.process_time()))
made = recompute(Home(Path(sys.argv[1])), now_us=int(sys.argv[2]), full=sys.argv[3] == "full", report=report)
spent.append(("", time.process_time()))
steps = [(name, round(after - at, 2)) for (name, at), (_, after) in zip(spent, spent[1:])]
print(json.dumps({"id": made.id, "rows": made.manifest.rows, "start": round(spent[0][1], 2), "steps": steps}))
"""


def measured(code: str, *arguments: object) -> tuple[float, float, str]:
    """Run a Python text in a process of its own; return its CPU seconds, its peak memory in MB and what it printed."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"a run failed with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed


def job(home: Home, now_us: int, mode: str, scan_seconds: float) -> tuple[float, dict[str, Any]]:
    """Run the job and print what it cost."""
    seconds, peak, printed = measured(JOB, home.path, now_us, mode)
    told = json.loads(printed.splitlines()[-1])
    print(f"{mode:12} {seconds:8.1f} s  {peak:8,.0f} MB  {seconds / scan_seconds:5.1f} x the scan   {told['id']}")
    for name, spent in told["steps"]:
        print(f"    {spent:8.1f} s  {name}")
    return seconds, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=1_000_000)
    parser.add_argument("--intents", type=int, default=20_000)
    parser.add_argument("--artifacts", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="keep the ledger here, or use the one that is here")
    parser.add_argument("--only", choices=("all", "full"), default="all")
    options = parser.parse_args()
    size = Size(options.searches, options.days, options.intents, options.artifacts, options.seed)
    folder = options.home or Path(tempfile.mkdtemp())
    try:
        compare(Home(folder), size, only_full=options.only == "full")
    finally:
        if options.home is None:
            shutil.rmtree(folder)


def compare(home: Home, size: Size, *, only_full: bool) -> None:
    """Write the log if the home is empty, and measure."""
    log = SyntheticLog(size)
    now_us = (FIRST_DAY + size.days + 1) * DAY_US
    if not home.has_ledger:
        log.write_catalogue(home)
        for day in range(size.days - 1):
            log.write_day(home, day)
    if not only_full:
        job(home, now_us, "first days", 1.0)
    log.write_day(home, size.days - 1)  # again changes nothing: what the ledger knows it does not take twice
    scan_seconds, scan_peak, rows = measured(SCAN, home.path)
    print(f"{size.searches:,} searches, {int(rows):,} rows shown or done, {size.intents:,} intents, seed {size.seed}")
    print(f"{'scan':12} {scan_seconds:8.1f} s  {scan_peak:8,.0f} MB")
    if not only_full:
        incremental, told = job(home, now_us, "incremental", scan_seconds)
    full, again = job(home, now_us, "full", scan_seconds)
    print(f"full {full / scan_seconds:.1f} x the scan")
    if not only_full:
        print(f"incremental {incremental / full:.0%} of full")
        assert told["id"] == again["id"], "incremental and full differ"


if __name__ == "__main__":
    main()
