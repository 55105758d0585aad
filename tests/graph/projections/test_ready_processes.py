"""Queries in processes forked from one that is ready: as good answers and as firm limits as those of fresh ones."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.errors import OverBudget, WrongUse
from graph.projections.query_budget import Budget
from graph.projections.ready_processes import ReadyProcesses
from graph.projections.sparql_query import run_sparql
from graph.projections.sql_query import run_sql
from graph.snapshot import Snapshot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="servers use them on Linux alone")

COUNT = "SELECT count(*) AS n FROM artifacts"
RUNAWAYS = [
    (run_sql, "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range + b.range < 7"),
    (run_sql, "SELECT length(repeat('a', 4000000000))"),
    (run_sparql, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?l) }"),
]


@pytest.fixture(scope="module")
def processes(demo_snapshot: Snapshot) -> Iterator[ReadyProcesses]:
    ready = ReadyProcesses()
    run_sql(demo_snapshot, COUNT, None, Budget(processes=ready))  # the first one waits for the engines
    yield ready
    ready.close()


def parent(processes: ReadyProcesses) -> int:
    assert processes._parent is not None
    return processes._parent.pid


def forked(processes: ReadyProcesses) -> str:
    pid = parent(processes)
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")


def test_answers_and_refusals_are_those_of_a_fresh_process(processes: ReadyProcesses, demo_snapshot: Snapshot):
    ready = Budget(rows=3, processes=processes)
    for run, query in ((run_sql, "SELECT id FROM graph.artifact ORDER BY id"), (run_sparql, "SELECT * { ?s ?p ?o }")):
        answer = run(demo_snapshot, query, None, ready)
        assert answer.truncated
        assert answer.arrow.equals(run(demo_snapshot, query, None, Budget(rows=3)).arrow)
    for run, query in ((run_sql, "DROP TABLE artifacts"), (run_sparql, "CLEAR ALL"), (run_sql, "SELECT $missing")):
        with pytest.raises(WrongUse) as refused:
            run(demo_snapshot, query, None, ready)
        with pytest.raises(WrongUse) as as_ever:
            run(demo_snapshot, query, None, Budget())
        assert str(refused.value) == str(as_ever.value)


def test_what_is_forked_has_one_thread_to_fork(processes: ReadyProcesses):
    assert len(list(Path(f"/proc/{parent(processes)}/task").iterdir())) == 1


def test_runaway_queries_end_in_time_and_the_next_one_runs(processes: ReadyProcesses, demo_snapshot: Snapshot):
    run_sparql(demo_snapshot, "ASK { ?s ?p ?o }", None, Budget(processes=processes))  # makes the store
    budget = Budget(seconds=3, memory_mb=256, processes=processes)
    began = time.monotonic()

    def seconds_until_stopped(run: Callable[..., object], query: str) -> float:
        with pytest.raises(OverBudget):
            run(demo_snapshot, query, None, budget)
        return time.monotonic() - began

    with ThreadPoolExecutor(len(RUNAWAYS)) as at_once:
        assert max(at_once.map(seconds_until_stopped, *zip(*RUNAWAYS, strict=True))) < 1.5 * budget.seconds
    while forked(processes):  # the answer comes when it begins to end
        assert time.monotonic() - began < 1.5 * budget.seconds
    assert run_sql(demo_snapshot, COUNT, None, budget).rows() == [{"n": 29}]


def test_too_much_memory_is_said(processes: ReadyProcesses, demo_snapshot: Snapshot):
    budget = Budget(seconds=20, memory_mb=64, processes=processes)
    with pytest.raises(OverBudget, match="more than 64 MB"):
        run_sql(demo_snapshot, "SELECT len(list(range)) FROM range(50000000)", None, budget)


def test_nothing_of_a_query_reaches_the_next(processes: ReadyProcesses, demo_snapshot: Snapshot):
    budget = Budget(processes=processes)
    set_and_seen = [
        run_sql(demo_snapshot, query, None, budget).rows()
        for query in ("SELECT setseed(0.5), random() AS r", "SELECT random() AS r", "SELECT random() AS r")
    ]
    assert len({rows[0]["r"] for rows in set_and_seen}) == 3


def test_many_threads_get_their_own_answers(processes: ReadyProcesses, demo_snapshot: Snapshot):
    budget = Budget(processes=processes)

    def ask(number: int) -> int:
        answer: int = run_sql(demo_snapshot, "SELECT $n AS n", {"n": number}, budget).rows()[0]["n"]
        return answer

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(12))) == list(range(12))


def test_if_it_is_killed_another_one_takes_its_place(demo_snapshot: Snapshot):
    processes = ReadyProcesses()
    budget = Budget(processes=processes)
    run_sql(demo_snapshot, COUNT, None, budget)
    old = parent(processes)
    os.kill(old, signal.SIGKILL)
    time.sleep(0.2)
    assert run_sql(demo_snapshot, COUNT, None, budget).rows() == [{"n": 29}]
    assert parent(processes) != old
    processes.close()


def test_it_ends_with_its_server(demo_snapshot: Snapshot):
    processes = ReadyProcesses()
    run_sql(demo_snapshot, COUNT, None, Budget(processes=processes))
    server_left = processes._control
    assert server_left is not None
    server_left.close()
    assert processes._parent is not None
    assert processes._parent.wait(10) == 0
