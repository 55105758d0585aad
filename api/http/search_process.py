"""A process that searches: it reads questions from a socket and writes answers, until the server is gone.

A message in holds the folder of a snapshot and questions, a message out the answers to the next so many of them, None
for a search that failed. A message without questions has the snapshot opened, and is answered by one without answers.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from contextlib import suppress
from functools import lru_cache
from multiprocessing import parent_process
from pathlib import Path
from typing import Final, NamedTuple

from api.http.messages import Messages, framed
from api.http.prepared_search import PreparedSearch, prepare
from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.search import search

_KEPT_SECONDS: Final = 0.005
"""An answer waits no longer than about this for the next ones: a message costs as much for one as for several."""

_READ_BYTES: Final = 1 << 16
_OBJECTS: Final = 50_000
"""The collector runs when so many new ones are left. A search leaves none in a cycle."""


class Question(NamedTuple):
    """What `queries.answers.search.search` is asked."""

    query: str
    wanted: Constraints = ANYTHING
    limit: int = 10
    different_from: str | None = None
    diversity: float | None = None


Asked = tuple[str, list[Question]]
"""The folder of a snapshot, and what is asked of it."""

Answers = list[PreparedSearch | None]


def run(connection: socket.socket, path: str) -> None:
    """Open the snapshot in a folder, say so, and answer until the connection ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # left to the server
    threading.Thread(target=_end_with_server, name="end-with-server", daemon=True).start()
    _open(path)
    messages = Messages[Asked](Asked)
    with connection, suppress(BrokenPipeError, ConnectionResetError):  # the server has ended meanwhile
        connection.sendall(framed([]))
        while data := connection.recv(_READ_BYTES):
            for folder, questions in messages.fed(data):
                if not questions:
                    _open(folder)
                    connection.sendall(framed([]))
                _answer_all(connection, folder, questions)


def _end_with_server() -> None:
    """End with the server, however it ends, in the middle of a search too."""
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(0)


def _open(folder: str) -> None:
    search(_snapshot(folder), "warm up", limit=1)
    gc.freeze()  # what was read stays; the collector need not look through it again and again
    gc.set_threshold(_OBJECTS)


def _answer_all(connection: socket.socket, folder: str, questions: list[Question]) -> None:
    answers: Answers = []
    sent = time.perf_counter()
    for number, question in enumerate(questions, start=1):
        answers.append(_answer(folder, question))
        now = time.perf_counter()
        if number == len(questions) or now - sent > _KEPT_SECONDS:
            connection.sendall(framed(answers))
            answers, sent = [], now


def _answer(folder: str, question: Question) -> PreparedSearch | None:
    query, wanted, limit, different_from, diversity = question
    try:
        found = search(
            _snapshot(folder), query, wanted, limit=limit, different_from=different_from, diversity=diversity
        )
        return prepare(found)
    except Exception:
        return None


@lru_cache(maxsize=2)
def _snapshot(folder: str) -> Snapshot:
    return Snapshot(Path(folder))
