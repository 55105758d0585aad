"""How fast UBI events get into the ledger, against DuckDB merely parsing the same file.

    python -m bench.ingest --rows 1000000 --runs 3

Prints CPU seconds (user and system, of whole processes, start-up included), rows per CPU second, the ratio of each
pair of runs and peak memory. Ingesting includes validation, identity, quarantine, deduplication and the commit.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

PARSE = """
import duckdb, sys
connection = duckdb.connect()
connection.execute("SET threads = 2")
connection.execute("CREATE TABLE parsed AS SELECT * FROM read_json(?, format = 'newline_delimited')", [sys.argv[1]])
"""
INGEST = """
import sys
from pathlib import Path
from typing import Any, TextIO
from graph.home import Home
from ingest.load import ingest_paths
report = ingest_paths(Home(Path(sys.argv[2])), [Path(sys.argv[1])], now_us=int(sys.argv[3]))
assert report.accepted == int(sys.argv[4]), report
"""
NOW_US = 1_800_000_000_000_000


def write_events(path: Path, rows: int, objects: int, seed: int) -> int:
    """Write about `rows` UBI events of 50 days: ten impressions a search and a click on every second one.

    `objects`: how many capabilities there are, ten of each server; servers are shown as often as Pareto has it.
    """
    rng = random.Random(seed)
    begin, servers = datetime(2026, 1, 1, tzinfo=UTC), max(objects // 10, 1)
    written = search = 0
    with path.open("w", encoding="utf-8") as file:
        while written < rows:
            search += 1
            moment = begin + timedelta(seconds=search * 50 * 86_400 / (rows / 10.5), milliseconds=rng.randrange(1000))
            record = {
                "application": "bench",
                "query_id": f"q-{search:08d}",
                "session_id": f"s-{search // 3}",
                "client_id": f"c-{rng.randrange(max(rows // 50, 1))}",
                "message_type": None,
                "message": None,
            }
            hits = [f"server-{int(rng.paretovariate(0.8)) % servers}/tool_{rng.randrange(10)}" for _ in range(10)]
            for position, hit in enumerate(hits, 1):
                written += _write(file, record, "impression", moment, hit, position, {})
            if rng.random() < 0.5:
                position = rng.randrange(10)
                later = moment + timedelta(seconds=rng.randrange(2, 60))
                written += _write(file, record, "click", later, hits[position], position + 1, {"dwell_seconds": 3.25})
    return written


def _write(
    file: TextIO,
    record: dict[str, Any],
    action: str,
    moment: datetime,
    hit: str,
    position: int,
    more: dict[str, float],
) -> int:
    event = {
        **record,
        "action_name": action,
        "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event_attributes": {
            "object": {"object_id": hit, "object_id_field": "capability_id"},
            "position": {"ordinal": position},
            **more,
        },
    }
    file.write(json.dumps(event) + "\n")
    return 1


def measured(code: str, *arguments: object) -> tuple[float, float]:
    """Run a Python text in a process of its own; return its CPU seconds and its peak memory in MB."""
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=Path(__file__).parent.parent)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"a run failed with status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--objects", type=int, default=10_000, help="capabilities that the log shows")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ubi_events.jsonl"
        rows = write_events(path, options.rows, options.objects, options.seed)
        size = path.stat().st_size / 1e6
        print(f"{rows:,} rows on {options.objects:,} objects, {size:,.0f} MB, {options.runs} pairs of runs")
        ratios, rates, peaks = [], [], []
        for run in range(options.runs):
            parse_seconds, _ = measured(PARSE, path)
            seconds, peak = measured(INGEST, path, Path(folder) / f"home-{run}", NOW_US, rows)
            ratios.append(seconds / parse_seconds)
            rates.append(rows / seconds)
            peaks.append(peak)
            print(f"  DuckDB parse {parse_seconds:6.2f} s   ingest {seconds:6.2f} s   ratio {ratios[-1]:.2f}")
        print(f"ratio {statistics.median(ratios):.2f} (median; {min(ratios):.2f} to {max(ratios):.2f})")
        print(f"rows per CPU second {statistics.median(rates):,.0f} (median; {min(rates):,.0f} to {max(rates):,.0f})")
        print(f"peak memory {max(peaks):,.0f} MB")


if __name__ == "__main__":
    main()
