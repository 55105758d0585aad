"""The server's end of a process that searches."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections import deque
from collections.abc import Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import NamedTuple, Protocol, cast

from api.http.messages import Messages, framed
from api.http.prepared_search import PreparedSearch
from api.http.search_process import Answers, run
from queries.answers.search_plan import Question


class Waiting(NamedTuple):
    """A search that waits, or is under way."""

    folder: str
    """Of the snapshot that is searched."""
    question: Question
    answered: asyncio.Future[PreparedSearch | None]

    def tell(self, answer: PreparedSearch | None) -> None:
        """Give the answer to whoever asked, if he is still there."""
        if not self.answered.done():
            self.answered.set_result(answer)


class Owner(Protocol):
    """Who hears of what becomes of a process."""

    def took(self, seconds: float, searches: int) -> None:
        """So many searches took a process so long."""

    def answered(self) -> None:
        """A process can be asked more."""

    def lost(self, process: Searcher) -> None:
        """A process has ended."""


class Searcher(asyncio.Protocol):
    """One process. It answers in the order in which it is asked."""

    def __init__(self, owner: Owner, folder: str) -> None:
        """Start it; `connection` is to be joined to the event loop. `folder`: of the snapshot that it opens."""
        self._owner = owner
        self._messages = Messages[Answers](Answers)
        self._opening: deque[asyncio.Future[None]] = deque()
        self._asked: deque[Waiting] = deque()
        self._began = 0.0
        """When it began with what it is searching now."""
        self.folder = folder
        """Of the snapshot that it opened last."""
        self.ready = False
        self.connection, its_own = socket.socketpair()
        self._close = self.connection.close
        self._process = _context().Process(target=run, args=(its_own, folder), name="search", daemon=True)
        self._process.start()
        its_own.close()

    @property
    def pid(self) -> int | None:
        """Its number."""
        return self._process.pid

    @property
    def asked(self) -> int:
        """How many searches it has not answered yet."""
        return len(self._asked)

    @property
    def is_opening(self) -> bool:
        """Whether it is busy with another snapshot."""
        return bool(self._opening)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember how to write to it."""
        self._transport = cast(asyncio.WriteTransport, transport)
        self._close = transport.close

    def open(self, folder: str) -> asyncio.Future[None]:
        """Have it open a snapshot, after what it is searching."""
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.folder = folder
        self._opening.append(opened)
        self._transport.write(framed((folder, [])))
        return opened

    def ask(self, part: Sequence[Waiting]) -> None:
        """Send searches, all of one snapshot."""
        if not self._asked:
            self._began = time.perf_counter()
        self._asked += part
        self._transport.write(framed((part[0].folder, [each.question for each in part])))

    def data_received(self, data: bytes) -> None:
        """Pass answers on."""
        for answers in self._messages.fed(data):
            self._take(answers)
        self.ready = True
        self._owner.answered()

    def _take(self, answers: Answers) -> None:
        if answers:
            now = time.perf_counter()
            self._owner.took(now - self._began, len(answers))
            self._began = now
            for answer in answers:
                self._asked.popleft().tell(answer)
        elif self._opening:
            _say_opened(self._opening.popleft())

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended: what it was asked is for others."""
        del exc
        while self._asked:
            self._asked.popleft().tell(None)
        while self._opening:
            _say_opened(self._opening.popleft())
        self._owner.lost(self)

    def end(self) -> None:
        """End it, whether or not it has been joined to the event loop yet."""
        self._close()
        self._process.terminate()


def _say_opened(opened: asyncio.Future[None]) -> None:
    if not opened.done():
        opened.set_result(None)


@cache
def _context() -> ForkServerContext | SpawnContext:
    """Return how processes are started: from one that has read what each needs, where there is such a thing."""
    if sys.platform == "win32":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["api.http.search_process", "numba"])
    return context
