"""One run of the recompute job in a process of its own, saying what each part of it took.

    python -m bench.job_run HOME NOW_US full|kept

Prints one line of JSON: id of the snapshot, `totals` of its tables, `start` (CPU seconds before the job), `steps` (CPU
seconds of each step that the job reports, in order), `engine` (of them spent in the engine, by what was computed).
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc

from graph.home import Home
from graph.snapshot import Snapshot
from queries.counting.duels import ENDINGS
from queries.counting.engines.duckdb_engine import DuckDBEngine
from queries.recompute import recompute

TOTALS: Final = {
    "edges": ("impressions", "clicks", "times_matched", "clients", "agent_times_matched", "agent_clients"),
    "evidence": ("impressions", "clicks", "times_matched", "clients", "intents"),
    "intents": ("searches", "clients"),
    "head_to_head": ("clients", "for_a", "for_b", *ENDINGS),
}


def main() -> None:
    home, now_us, mode = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    in_engine = time_engine()
    steps: list[tuple[str, float]] = []

    def report(sentence: str) -> None:
        steps.append((sentence, time.process_time()))

    start = time.process_time()
    made = recompute(Home(home), now_us=now_us, full=mode == "full", report=report)
    ends = [at for _, at in steps[1:]] + [time.process_time()]
    spent = [(sentence, round(end - at, 2)) for (sentence, at), end in zip(steps, ends, strict=True)]
    engine = {name: round(seconds, 2) for name, seconds in sorted(in_engine.items(), key=lambda each: -each[1])}
    print(json.dumps({"id": made.id, "totals": totals(made), "start": start, "steps": spent, "engine": engine}))


def totals(snapshot: Snapshot) -> dict[str, list[int]]:
    """Add up columns of the tables that `bench/job.sql` counts too."""
    tables = {name: snapshot.table(name) for name in TOTALS}
    tables["edges"] = tables["edges"].filter(pc.equal(tables["edges"]["kind"], "observed"))
    return {name: [pc.sum(tables[name][column]).as_py() for column in columns] for name, columns in TOTALS.items()}


def time_engine() -> dict[str, float]:
    """Let every DuckDB engine note what it takes; return the notes: CPU seconds by call and by what it computed."""
    spent: dict[str, float] = defaultdict(float)
    named: dict[str, Callable[[tuple[Any, ...]], str]] = {
        "materialise": lambda arguments: str(arguments[0]),
        "save": lambda arguments: arguments[1].name,
        "arrow": lambda _: "rows brought into memory",
    }
    for call, name_of in named.items():
        setattr(DuckDBEngine, call, _timed(getattr(DuckDBEngine, call), call, name_of, spent))
    return spent


def _timed(
    method: Callable[..., Any], call: str, name_of: Callable[[tuple[Any, ...]], str], spent: dict[str, float]
) -> Callable[..., Any]:
    def timed(engine: DuckDBEngine, *arguments: Any) -> Any:
        start = time.process_time()
        result = method(engine, *arguments)
        spent[f"{call} {name_of(arguments)}"] += time.process_time() - start
        return result

    return timed


if __name__ == "__main__":
    main()
