"""Processes that search: so that the event loop, which has one processor, only has to speak HTTP.

Each process opens the snapshot for itself; the files are mapped, so their pages are shared. A process is sent some
searches ahead of the one that it is at, so that it need not wait for the event loop, and what waits goes to it in one
go: the busier the server, the less each search costs to hand over. Events, tokens and limits stay with the server's
own process.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from api.http.admission import Admission
from api.http.prepared_search import PreparedSearch
from api.http.search_process import TOGETHER
from api.http.searcher import Searcher, Waiting
from graph.snapshot import Snapshot
from queries.answers.search_plan import Question

MOST_AT_ONCE: Final = 2 * TOGETHER
"""Searches that a process has before it at most: what it makes together, and what it goes on with at once."""

OPENING_SECONDS: Final = 60
"""A new snapshot is put to use after this time even if a process is still opening it."""


class SearchProcesses:
    """So many processes, none of them needed: what they cannot answer is for the caller to search himself."""

    def __init__(self, count: int, admission: Admission) -> None:
        self._count = count
        self._admission = admission
        self._loop: asyncio.AbstractEventLoop | None = None
        self._processes: list[Searcher] = []
        self._waiting: deque[Waiting] = deque()

    def attach(self) -> None:
        """Serve the running event loop from now on."""
        self._loop = asyncio.get_running_loop()

    def prepare(self, snapshot: Snapshot) -> None:
        """Have the snapshot opened by all processes before it is searched.

        The first time the processes are started, and nobody waits for them: each is used as soon as it is ready.
        Later it must not be called from the event loop, which is needed meanwhile.
        """
        if self._loop is None or not self._count:
            return
        first = not self._processes
        opened = asyncio.run_coroutine_threadsafe(self._opened(str(snapshot.path)), self._loop)
        if not first:
            opened.result()

    async def _opened(self, folder: str) -> None:
        ready = [process for process in self._processes if process.ready]
        for _ in range(self._count - len(self._processes)):
            await self._start(folder)
        for process in ready:  # one after the other: meanwhile the others search
            if process.ready:  # it may have ended since
                await asyncio.wait([process.open(folder)], timeout=OPENING_SECONDS)

    async def _start(self, folder: str) -> None:
        process = Searcher(self, folder)
        self._processes.append(process)
        await asyncio.get_running_loop().create_connection(lambda: process, sock=process.connection)

    @property
    def ready(self) -> int:
        """How many processes can be asked."""
        return sum(process.ready for process in self._processes)

    async def search(self, snapshot: Snapshot, question: Question) -> PreparedSearch | None:
        """Return the answer; None if no process is ready or the search failed: asked again here, it says why.

        Raises `Problem` (overloaded) if its turn would come too late.
        """
        ready = self.ready
        if not ready:
            return None
        self._admission.check(len(self._waiting) + sum(process.asked for process in self._processes), ready)
        waiting = Waiting(str(snapshot.path), question, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self.answered()
        return await waiting.answered

    def answered(self) -> None:
        """Send what waits to processes that have room; without any process give it back."""
        if not self.ready:
            while self._waiting:
                self._waiting.popleft().tell(None)
        free = [each for each in self._processes if each.ready and not each.is_opening and each.asked < MOST_AT_ONCE]
        while free and self._waiting:
            process = min(free, key=lambda each: each.asked)
            share = -(-len(self._waiting) // len(free))
            part = self._part(min(share, MOST_AT_ONCE - process.asked))
            if part:
                process.ask(part)
            free.remove(process)

    def _part(self, size: int) -> list[Waiting]:
        """Take the searches that have waited longest, all of one snapshot; not those whose askers have left."""
        part: list[Waiting] = []
        while self._waiting and len(part) < size:
            if self._waiting[0].answered.done():
                self._waiting.popleft()
            elif part and part[0].folder != self._waiting[0].folder:
                break
            else:
                part.append(self._waiting.popleft())
        return part

    def took(self, seconds: float, searches: int) -> None:
        """Note how long a process was busy with searches."""
        self._admission.took(seconds, searches)

    def lost(self, process: Searcher) -> None:
        """Replace a process that has ended; one that never became ready would fail again."""
        if process in self._processes:
            self._processes.remove(process)
            if process.ready and self._loop is not None:
                self._loop.create_task(self._start(process.folder))
        process.ready = False
        self.answered()

    def close(self) -> None:
        """End the processes."""
        ending, self._processes = self._processes, []
        for process in ending:
            process.end()
