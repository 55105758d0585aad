"""Threads for what takes a while beside the event loop: a bounded number, and a time for each piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from api.http.problems import Problem

Result = TypeVar("Result")


class Workers:
    """So many threads, and no more even if work goes on after its time."""

    def __init__(self, threads: int, seconds: float, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._seconds = seconds

    async def run(self, work: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """Do a piece of work; raises `Problem` (timed-out) if its turn or its end does not come in time.

        Work that has begun cannot be stopped; it keeps its thread until it ends.
        """
        call = partial(copy_context().run, work, *arguments, **named)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.get_running_loop().run_in_executor(self._pool, call)
        except TimeoutError as error:
            raise Problem("timed-out", f"It took more than {self._seconds:g} seconds. Ask for less.") from error

    def close(self) -> None:
        """Begin nothing more; what has begun goes on."""
        self._pool.shutdown(wait=False, cancel_futures=True)
