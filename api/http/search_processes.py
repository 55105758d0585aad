"""Processes that search: so that the event loop, which has one processor, only has to speak HTTP.

Each process opens the snapshot for itself; the files are mapped, so their pages are shared. Whatever waits when a
process gets free is sent to it in one go: the busier the server, the less each search costs to hand over. Events,
tokens and limits stay with the server's own process.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections import deque
from collections.abc import Sequence
from multiprocessing import get_context
from typing import Final, NamedTuple, cast

import msgspec

from api.http.admission import Admission
from api.http.prepared_search import PreparedSearch
from api.http.search_process import LENGTH_BYTES, Answers, Question, framed, run
from graph.snapshot import Snapshot

MOST_AT_ONCE: Final = 8
"""Searches sent to a process at a time; what comes after them waits no longer than these take."""

OPENING_SECONDS: Final = 60
"""A new snapshot is put to use after this time even if a process is still opening it."""


if sys.platform == "win32":
    _CONTEXT = get_context("spawn")
else:
    _CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["api.http.search_process", "numba"])  # read once, not by each process


class _Waiting(NamedTuple):
    """A search that waits, or is under way."""

    folder: str
    question: Question
    answered: asyncio.Future[PreparedSearch | None]


class SearchProcesses:
    """So many processes, none of them needed: what they cannot answer is for the caller to search himself."""

    def __init__(self, count: int, admission: Admission) -> None:
        self._count = count
        self._admission = admission
        self._loop: asyncio.AbstractEventLoop | None = None
        self._processes: list[_Process] = []
        self._waiting: deque[_Waiting] = deque()

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
        opening = [process.open(folder) for process in self._processes if process.ready]
        for _ in range(self._count - len(self._processes)):
            await self._start(folder)
        if opening:
            await asyncio.wait(opening, timeout=OPENING_SECONDS)

    async def _start(self, folder: str) -> None:
        process = _Process(self, folder)
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
        ready = [process for process in self._processes if process.ready]
        if not ready:
            return None
        self._admission.check(len(self._waiting) + sum(len(process.asked) for process in ready), len(ready))
        answered = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(str(snapshot.path), question, answered))
        self.hand_out()
        found: PreparedSearch | None = await answered
        return found

    def hand_out(self) -> None:
        """Send what waits to processes that are free; without any process give it back."""
        if not any(process.ready for process in self._processes):
            _tell(self._waiting, [None] * len(self._waiting))
            self._waiting.clear()
        idle = [process for process in self._processes if process.idle]
        while idle and self._waiting:
            share = min(MOST_AT_ONCE, -(-len(self._waiting) // len(idle)))
            idle.pop().ask(self._part(share))

    def _part(self, size: int) -> list[_Waiting]:
        """Take the searches that have waited longest; all of one snapshot."""
        part = [self._waiting.popleft()]
        while self._waiting and len(part) < size and self._waiting[0].folder == part[0].folder:
            part.append(self._waiting.popleft())
        return part

    def took(self, seconds: float, searches: int) -> None:
        """Note how long a process was busy with searches."""
        self._admission.took(seconds, searches)

    def lost(self, process: _Process) -> None:
        """Replace a process that has ended; one that never became ready would fail again."""
        if process in self._processes:
            self._processes.remove(process)
            if process.ready and self._loop is not None:
                self._loop.create_task(self._start(process.folder))
        process.ready = False
        self.hand_out()

    def close(self) -> None:
        """End the processes."""
        ending, self._processes = self._processes, []
        for process in ending:
            process.end()


class _Process(asyncio.Protocol):
    """The server's end of one process."""

    def __init__(self, owner: SearchProcesses, folder: str) -> None:
        self._owner = owner
        self._decoder = msgspec.msgpack.Decoder(Answers)
        self._received = bytearray()
        self._opening: deque[asyncio.Future[None]] = deque()
        self._began = 0.0
        self.folder = folder
        """Of the snapshot that it opened last."""
        self.ready = False
        self.asked: Sequence[_Waiting] = ()
        """What it is searching."""
        self.connection, its_own = socket.socketpair()
        self._process = _CONTEXT.Process(target=run, args=(its_own, folder), name="search", daemon=True)
        self._process.start()
        its_own.close()

    @property
    def pid(self) -> int | None:
        """Its number."""
        return self._process.pid

    @property
    def idle(self) -> bool:
        """Whether it can be asked now."""
        return self.ready and not self.asked and not self._opening

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember how to write to it."""
        self._transport = cast(asyncio.WriteTransport, transport)

    def open(self, folder: str) -> asyncio.Future[None]:
        """Have it open a snapshot, after what it is searching."""
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.folder = folder
        self._opening.append(opened)
        self._transport.write(framed((folder, [])))
        return opened

    def ask(self, part: Sequence[_Waiting]) -> None:
        """Send searches."""
        self.asked = part
        self._began = time.perf_counter()
        self._transport.write(framed((part[0].folder, [each.question for each in part])))

    def data_received(self, data: bytes) -> None:
        """Take answers apart."""
        self._received += data
        while len(self._received) >= LENGTH_BYTES:
            end = LENGTH_BYTES + int.from_bytes(self._received[:LENGTH_BYTES], "big")
            if len(self._received) < end:
                return
            message = self._decoder.decode(memoryview(self._received)[LENGTH_BYTES:end])
            del self._received[:end]
            self._take(message)

    def _take(self, answers: Answers) -> None:
        if self.asked:
            self._owner.took(time.perf_counter() - self._began, len(self.asked))
            asked, self.asked = self.asked, ()
            _tell(asked, answers)
        elif self._opening:
            opened = self._opening.popleft()
            if not opened.done():
                opened.set_result(None)
        self.ready = True
        self._owner.hand_out()

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended: what it was asked is for others."""
        del exc
        asked, self.asked = self.asked, ()
        _tell(asked, [None] * len(asked))
        for opened in self._opening:
            if not opened.done():
                opened.set_result(None)
        self._opening.clear()
        self._owner.lost(self)

    def end(self) -> None:
        """End it."""
        self._transport.close()
        self._process.terminate()


def _tell(asked: Sequence[_Waiting] | deque[_Waiting], answers: Answers) -> None:
    for each, answer in zip(asked, answers, strict=True):
        if not each.answered.done():  # whoever asked may have left
            each.answered.set_result(answer)
