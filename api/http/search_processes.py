"""Processes that search: so that the event loop, which has one processor, only has to speak HTTP.

Each process opens the snapshot for itself; the files are mapped, so their pages are shared. Whatever waits when a
process gets free is sent to it in one go: the busier the server, the less each search costs to hand over. Events,
tokens and limits stay with the server's own process.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache, partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.search import SearchAnswer, search

MOST_AT_ONCE: Final = 8
"""Searches sent to a process at a time; what comes after them waits no longer than these take."""


class Question(NamedTuple):
    """What `queries.answers.search.search` is asked."""

    query: str
    wanted: Constraints = ANYTHING
    limit: int = 10
    different_from: str | None = None
    diversity: float | None = None


Answers = list[SearchAnswer | None]
_Waiting = tuple[Path, Question, "asyncio.Future[SearchAnswer | None]"]


class SearchProcesses:
    """So many processes, none of them needed: what they cannot answer is for the caller to search himself."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pools: list[ProcessPoolExecutor] = []
        self._idle: list[ProcessPoolExecutor] = []
        self._waiting: deque[_Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._decoder = msgspec.msgpack.Decoder(Answers)

    def prepare(self, snapshot: Snapshot) -> None:
        """Have the snapshot opened by all processes before it is searched.

        The first time the processes are started, and nobody waits for them: each is used as soon as it is ready.
        """
        if not self._pools:
            for _ in range(self._count):
                self._start(snapshot.path)
            return
        for opening in [opening for pool in self._pools if (opening := _opening(pool, snapshot.path))]:
            opening.exception()

    def _start(self, path: Path) -> None:
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
        self._pools.append(pool)
        pool.submit(_open, path).add_done_callback(partial(self._started, pool))

    def _started(self, pool: ProcessPoolExecutor, opening: Future[None]) -> None:
        if not opening.cancelled() and opening.exception() is None:
            self._idle.append(pool)

    async def search(self, snapshot: Snapshot, question: Question) -> SearchAnswer | None:
        """Return the answer; None if no process is ready or the search failed: asked again here, it says why."""
        if not self._idle and not self._tasks:
            return None
        answered = asyncio.get_running_loop().create_future()
        self._waiting.append((snapshot.path, question, answered))
        self._hand_out()
        found: SearchAnswer | None = await answered
        return found

    def _hand_out(self) -> None:
        while self._idle and self._waiting:
            share = min(MOST_AT_ONCE, -(-len(self._waiting) // len(self._idle)))
            part = [self._waiting.popleft() for _ in range(share)]
            task = asyncio.get_running_loop().create_task(self._ask(self._idle.pop(), part))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask(self, pool: ProcessPoolExecutor, part: Sequence[_Waiting]) -> None:
        answers: Answers = [None] * len(part)
        try:
            asked = [(path, question) for path, question, _ in part]
            answers = self._decoder.decode(await asyncio.wrap_future(pool.submit(_answers, asked)))
            self._idle.append(pool)
        except (OSError, RuntimeError):  # the process has died
            self._pools.remove(pool)
            self._start(part[0][0])
        finally:
            for (_, _, answered), answer in zip(part, answers, strict=True):
                if not answered.done():  # whoever asked may have left
                    answered.set_result(answer)
            self._hand_out_or_give_back()

    def _hand_out_or_give_back(self) -> None:
        self._hand_out()
        if not self._idle and len(self._tasks) <= 1:  # only the task that is about to end
            while self._waiting:
                _, _, answered = self._waiting.popleft()
                if not answered.done():
                    answered.set_result(None)

    def close(self) -> None:
        """End the processes."""
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)


def _opening(pool: ProcessPoolExecutor, path: Path) -> Future[None] | None:
    """Have a process open a snapshot; None if the process has died."""
    try:
        return pool.submit(_open, path)
    except RuntimeError:
        return None


def _begin() -> None:
    """Leave signals to the server, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_server, name="end-with-server", daemon=True).start()


def _end_with_server() -> None:
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(0)


def _open(path: Path) -> None:
    search(_snapshot(path), "warm up", limit=1)
    gc.freeze()  # what was read stays; the collector need not look through it again and again


def _answers(asked: Sequence[tuple[Path, Question]]) -> bytes:
    """Return the answers as MessagePack, None for a search that failed."""
    return msgspec.msgpack.encode([_answer(path, question) for path, question in asked])


def _answer(path: Path, question: Question) -> SearchAnswer | None:
    query, wanted, limit, different_from, diversity = question
    try:
        return search(_snapshot(path), query, wanted, limit=limit, different_from=different_from, diversity=diversity)
    except Exception:
        return None


@lru_cache(maxsize=2)
def _snapshot(path: Path) -> Snapshot:
    return Snapshot(path)
