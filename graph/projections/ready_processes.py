"""Processes for queries without the wait for them: one process has the engines loaded and forks itself for each query.

To load an engine takes longer than most queries. Each query still has a process of its own, so nothing of it is left
for the next one, and the system ends that process when its time is up. For servers on Unix, which ask many queries; a
single one is as well off with a fresh process. Run as a module, it is the process that forks.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from threading import Lock
from typing import Any, Final

import msgspec

from graph.projections.query_budget import KILLED, Reply, reply_to

MODULES: Final = (
    "graph.projections.cypher_apart",
    "graph.projections.sparql_query",
    "graph.projections.sql_query",
)
"""Each has `run_request`, which answers a request."""
_LOADED_LATE: Final = ("neo4j", "pyarrow.dataset", "pyoxigraph", "rdflib.plugins.sparql.parser")
"""What those import only when a query needs it."""
_ONE_THREAD: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "_RJEM_MALLOC_CONF": "background_thread:false",
}
"""Only a process without threads of its libraries can be forked: in what is forked they would be missing."""
_PATIENCE_SECONDS: Final = 30.0
"""For the first query, which waits until the engines are loaded."""


def ready_processes() -> ReadyProcesses | None:
    """Return processes for a server; None where they are not known to work, and each query gets a fresh one."""
    return ReadyProcesses() if sys.platform == "linux" else None


class ReadyProcesses:
    """Runs queries in processes forked from one that is ready from the first query on; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def run(self, module: str, request: dict[str, Any], seconds: float) -> Reply:
        """Return what `run_request` of a module answers; the code `KILLED` if its process ended without an answer."""
        message = msgspec.json.encode({**request, "module": module, "seconds": seconds})
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            with suppress(OSError):  # the process is gone; so is its answer
                ours.sendall(message)
                ours.shutdown(socket.SHUT_WR)
            return _received(ours, time.monotonic() + seconds + _PATIENCE_SECONDS)

    def _hand_over(self, theirs: socket.socket) -> None:
        with self._lock:
            try:
                self._send(theirs)
            except OSError:  # it was killed, for want of memory for instance
                self._end()
                self._send(theirs)

    def _send(self, theirs: socket.socket) -> None:
        control = self._control = self._control or self._begun()
        socket.send_fds(control, [b"q"], [theirs.fileno()])

    def _begun(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, sys.path))
        with theirs:
            self._parent = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-m", "graph.projections.ready_processes", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **_ONE_THREAD, "PYTHONPATH": path},
            )
        return ours

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()  # at which it ends
            self._control = None
        if self._parent is not None:
            self._parent.wait()

    def close(self) -> None:
        """End it; queries that run go on until they end or their time is up."""
        with self._lock:
            self._end()


def _received(ours: socket.socket, end: float) -> Reply:
    blocks = []
    try:
        while True:
            ours.settimeout(max(0.001, end - time.monotonic()))
            block = ours.recv(1 << 20)
            if not block:
                break
            blocks.append(block)
    except OSError:
        return Reply(KILLED, b"")
    answer = b"".join(blocks)
    return Reply(answer[0], answer[1:]) if answer else Reply(KILLED, b"")


def _main(control: socket.socket) -> None:
    for name in (*MODULES, *_LOADED_LATE):
        with suppress(ImportError):  # an extra that is not installed
            import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, with which this process ends
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what was forked
    gc.freeze()
    while True:
        _, handed, _, _ = socket.recv_fds(control, 1, 1)
        if not handed:
            return
        if os.fork() == 0:
            control.close()
            _answer(socket.socket(fileno=handed[0]))
        os.close(handed[0])


def _answer(asker: socket.socket) -> None:
    """Answer one request and end, whatever happens."""
    try:
        with asker.makefile("rb") as file:
            request = msgspec.json.decode(file.read())
        # Nobody handles this signal: the system itself ends the process, whatever an engine is doing.
        signal.setitimer(signal.ITIMER_REAL, request["seconds"])
        run = import_module(request["module"]).run_request
        reply = reply_to(run, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        asker.sendall(bytes([reply.code]) + reply.content)
    finally:
        os._exit(0)


if __name__ == "__main__":
    _main(socket.socket(fileno=int(sys.argv[1])))
