"""Searches in processes give what searches in the server give, and a process that dies is not missed."""

import asyncio
import os
import signal
import time

import pytest

from api.http.search_processes import Question, SearchProcesses
from graph.snapshot import Snapshot
from queries.answers.constraints import Constraints
from queries.answers.search import SearchAnswer, search
from tests.queries.small_catalogue import snapshot_of

ENOUGH_SECONDS = 60


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("home"))


def ready(snapshot: Snapshot) -> SearchProcesses:
    processes = SearchProcesses(1)
    processes.prepare(snapshot)
    wait_for(processes)
    return processes


def wait_for(processes: SearchProcesses) -> None:
    end = time.monotonic() + ENOUGH_SECONDS
    while not processes._idle and time.monotonic() < end:
        time.sleep(0.01)
    assert processes._idle


def test_answers_are_those_of_the_search(snapshot: Snapshot) -> None:
    processes = ready(snapshot)
    asked = [Question(f"report {n}", Constraints(type="mcp") if n % 2 else Constraints(), 3) for n in range(20)]

    async def ask() -> list[SearchAnswer | None]:
        return await asyncio.gather(*(processes.search(snapshot, question) for question in asked))

    try:
        expected = [search(snapshot, each.query, each.wanted, limit=each.limit) for each in asked]
        assert asyncio.run(ask()) == expected
    finally:
        processes.close()


def test_what_fails_there_is_left_to_the_caller(snapshot: Snapshot) -> None:
    processes = ready(snapshot)
    try:
        assert asyncio.run(processes.search(snapshot, Question("x", Constraints(type="unheard of")))) is None
        found = asyncio.run(processes.search(snapshot, Question("report")))
        assert found is not None
        assert found.hits
    finally:
        processes.close()


def test_a_process_that_is_not_ready_or_has_died_keeps_nobody_waiting(snapshot: Snapshot) -> None:
    assert asyncio.run(SearchProcesses(2).search(snapshot, Question("report"))) is None
    processes = ready(snapshot)

    async def ask() -> list[SearchAnswer | None]:
        return await asyncio.gather(*(processes.search(snapshot, Question(f"report {n}")) for n in range(30)))

    try:
        for pid in list(processes._idle[0]._processes):
            os.kill(pid, signal.SIGKILL)
        assert asyncio.run(ask()) == [None] * 30
        wait_for(processes)  # another one was started
        processes.prepare(snapshot)
        assert asyncio.run(processes.search(snapshot, Question("report"))) is not None
    finally:
        processes.close()
