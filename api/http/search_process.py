"""A process that searches: it reads questions from a socket and writes answers, until the server is gone.

A message is its length (4 bytes, big endian) and MessagePack: the folder of a snapshot with questions in, an answer
for each out, None for a search that failed. No question at all has the snapshot opened.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
from functools import lru_cache
from multiprocessing import parent_process
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from api.http.prepared_search import PreparedSearch, prepare
from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.search import search

LENGTH_BYTES: Final = 4
_OBJECTS: Final = 50_000
"""The collector runs when so many new ones are left. A search leaves none in a cycle."""


class Question(NamedTuple):
    """What `queries.answers.search.search` is asked."""

    query: str
    wanted: Constraints = ANYTHING
    limit: int = 10
    different_from: str | None = None
    diversity: float | None = None


Answers = list[PreparedSearch | None]


def framed(message: object) -> bytes:
    """Return a message as it is sent."""
    encoded = msgspec.msgpack.encode(message)
    return len(encoded).to_bytes(LENGTH_BYTES, "big") + encoded


def run(connection: socket.socket, path: str) -> None:
    """Open the snapshot in a folder, say so, and answer until the connection ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # left to the server
    threading.Thread(target=_end_with_server, name="end-with-server", daemon=True).start()
    _open(path)
    decoder = msgspec.msgpack.Decoder(tuple[str, list[Question]])
    with connection, connection.makefile("rb") as messages:
        connection.sendall(framed([]))
        while head := messages.read(LENGTH_BYTES):
            folder, questions = decoder.decode(messages.read(int.from_bytes(head, "big")))
            if not questions:
                _open(folder)
            connection.sendall(framed([_answer(folder, question) for question in questions]))


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
