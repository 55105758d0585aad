"""Searches in processes give what searches in the server give, and a process that dies is not missed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest

from api.http.admission import Admission
from api.http.problems import Problem
from api.http.search_processes import SearchProcesses
from api.http.searcher import Searcher, Waiting
from graph.snapshot import Snapshot
from queries.answers.constraints import Constraints
from queries.answers.search import search
from queries.answers.search_plan import Question
from tests.queries.small_catalogue import snapshot_of

ENOUGH_SECONDS = 60


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("home"))


@asynccontextmanager
async def running(snapshot: Snapshot, wait_seconds: float = 60) -> AsyncIterator[SearchProcesses]:
    processes = SearchProcesses(1, Admission(wait_seconds))
    processes.attach()
    processes.prepare(snapshot)
    try:
        await until(lambda: processes.ready == 1)
        yield processes
    finally:
        processes.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(ENOUGH_SECONDS):
        while not true():
            await asyncio.sleep(0.01)


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(test())


def test_a_process_that_the_server_has_not_yet_joined_can_be_ended(snapshot: Snapshot) -> None:
    process = Searcher(SearchProcesses(1, Admission(60)), str(snapshot.path))
    process.end()
    process._process.join(ENOUGH_SECONDS)
    assert process._process.exitcode == -signal.SIGTERM


def test_answers_are_those_of_the_search(snapshot: Snapshot) -> None:
    asked = [Question(f"report {n}", Constraints(type="mcp") if n % 2 else Constraints(), 3) for n in range(20)]

    async def test() -> None:
        async with running(snapshot) as processes:
            found = await asyncio.gather(*(processes.search(snapshot, question) for question in asked))
            expected = [search(snapshot, each.query, each.wanted, limit=each.limit) for each in asked]
            assert [each.answer() for each in found if each is not None] == expected

    run(test)


def test_what_fails_there_is_left_to_the_caller(snapshot: Snapshot) -> None:
    async def test() -> None:
        async with running(snapshot) as processes:
            assert await processes.search(snapshot, Question("x", Constraints(type="unheard of"))) is None
            found = await processes.search(snapshot, Question("report"))
            assert found is not None
            assert found.artifact_ids

    run(test)


def test_a_process_that_is_not_ready_or_has_died_keeps_nobody_waiting(snapshot: Snapshot) -> None:
    async def test() -> None:
        assert await SearchProcesses(2, Admission(60)).search(snapshot, Question("report")) is None
        async with running(snapshot) as processes:
            asking = [asyncio.create_task(processes.search(snapshot, Question(f"report {n}"))) for n in range(30)]
            await asyncio.sleep(0)  # they are sent
            died = processes._processes[0].pid
            assert died is not None
            os.kill(died, signal.SIGKILL)
            assert None in await asyncio.gather(*asking)
            await until(lambda: processes.ready == 1)  # another one was started
            assert processes._processes[0].pid != died
            await asyncio.to_thread(processes.prepare, snapshot)
            assert await processes.search(snapshot, Question("report")) is not None

    run(test)


def test_a_process_that_cannot_open_the_snapshot_is_not_started_again_and_again(snapshot: Snapshot) -> None:
    async def test() -> None:
        processes = SearchProcesses(1, Admission(60))
        processes.attach()
        processes.prepare(Snapshot(snapshot.path / "nowhere"))
        await until(lambda: bool(processes._processes))
        await until(lambda: not processes._processes)
        assert await processes.search(snapshot, Question("report")) is None
        processes.prepare(snapshot)  # the next snapshot is another chance
        await until(lambda: processes.ready == 1)
        processes.close()

    run(test)


def test_the_longest_waiting_go_first_and_whoever_has_left_is_not_searched_for() -> None:
    async def test() -> None:
        processes = SearchProcesses(1, Admission(60))
        folders = ["old", "old", "old", "new", "new"]
        for number, folder in enumerate(folders):
            answered = asyncio.get_running_loop().create_future()
            processes._waiting.append(Waiting(folder, Question(str(number)), answered))
        processes._waiting[1].answered.cancel()
        assert [[each.question.query for each in processes._part(8)] for _ in range(3)] == [["0", "2"], ["3", "4"], []]

    run(test)


def test_a_search_that_would_wait_too_long_is_refused(snapshot: Snapshot) -> None:
    async def test() -> None:
        async with running(snapshot, wait_seconds=1e-6) as processes:
            assert await processes.search(snapshot, Question("report")) is not None  # nobody is before it
            found = await asyncio.gather(
                *(processes.search(snapshot, Question(f"report {n}")) for n in range(5)), return_exceptions=True
            )
            refused = [each for each in found if isinstance(each, Problem)]
            assert [each.code for each in refused] == ["overloaded"] * 4
            assert refused[0].headers == {"Retry-After": "1"}

    run(test)
