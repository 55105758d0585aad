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
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import groupby
from multiprocessing import parent_process
from pathlib import Path
from typing import Final

from api.http.messages import Messages, framed
from api.http.prepared_search import PreparedSearch, prepare
from graph.snapshot import Snapshot
from queries.answers.search import search, search_each
from queries.answers.search_plan import Question

TOGETHER: Final = 8
"""So many searches at most are made together: each costs less, but waits for the others."""

_READ_BYTES: Final = 1 << 16
_OBJECTS: Final = 50_000
"""The collector runs when so many new ones are left. A search leaves none in a cycle."""


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
            for folder, questions in _joined(messages.fed(data)):
                if not questions:
                    _open(folder)
                    connection.sendall(framed([]))
                _answer_all(connection, folder, questions)


def _joined(messages: Iterable[Asked]) -> Iterator[Asked]:
    """Put what was asked of one snapshot in several messages together; a message without questions stays alone."""
    for (folder, anything), several in groupby(messages, key=lambda asked: (asked[0], bool(asked[1]))):
        if anything:
            yield folder, [question for _, questions in several for question in questions]
        else:
            yield from several


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
    for start in range(0, len(questions), TOGETHER):
        connection.sendall(framed(_answers(folder, questions[start : start + TOGETHER])))


def _answers(folder: str, questions: list[Question]) -> Answers:
    try:
        found = search_each(_snapshot(folder), questions)
        return [None if answer is None else prepare(answer) for answer in found]
    except Exception:
        return [None] * len(questions)


@lru_cache(maxsize=2)
def _snapshot(folder: str) -> Snapshot:
    return Snapshot(Path(folder))
