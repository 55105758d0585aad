"""Threads for what takes a while beside the event loop: a bounded number, and a time for each piece of work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from api.http.admission import Admission
from api.http.problems import Problem

Result = TypeVar("Result")


class Workers:
    """So many threads, and no more even if work goes on after its time."""

    def __init__(self, threads: int, seconds: float, name: str, admission: Admission) -> None:
        """`seconds`: for a piece of work, its wait included."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._threads = threads
        self._seconds = seconds
        self._admission = admission
        self._inside = 0

    async def run(self, work: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """Do a piece of work; raises `Problem`.

        overloaded: its turn would come too late; timed-out: its turn or its end did not come in time. Work that has
        begun cannot be stopped; it keeps its thread until it ends.
        """
        self._admission.check(max(0, self._inside - self._threads + 1), self._threads)
        call = partial(copy_context().run, _timed, work, *arguments, **named)
        try:
            async with asyncio.timeout(self._seconds):
                running = asyncio.get_running_loop().run_in_executor(self._pool, call)
                self._inside += 1
                running.add_done_callback(self._done)
                result, took = await running
        except TimeoutError as error:
            raise Problem("timed-out", f"It took more than {self._seconds:g} seconds. Ask for less.") from error
        self._admission.took(took)
        answer: Result = result
        return answer

    def _done(self, _: object) -> None:
        self._inside -= 1

    def close(self) -> None:
        """Begin nothing more; what has begun goes on."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _timed(work: Callable[..., Result], *arguments: Any, **named: Any) -> tuple[Result, float]:
    began = time.perf_counter()
    return work(*arguments, **named), time.perf_counter() - began
