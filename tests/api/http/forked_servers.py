"""Servers forked from a process that has imported the program, which takes two thirds of a start.

The process forks for each pair of pipes that it is sent: one from which arguments, environment and folder are read, one
that becomes the server's stderr. It has one thread, and ends with the process that started it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

MODULES = ("api.cli.app", "api.cli.serve", "api.server.listening", "api.settings")
CHECKOUT = Path(__file__).parents[3]


class ForkedServer:
    """A running server: what tests need of `subprocess.Popen`."""

    def __init__(self, pid: int, stderr: TextIO) -> None:
        self.pid = pid
        self.stderr = stderr

    @property
    def running(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def send_signal(self, how: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)

    def wait(self, seconds: float) -> None:
        """Wait until it has ended; raises `TimeoutError`."""
        end = time.monotonic() + seconds
        while self.running:
            if time.monotonic() > end:
                raise TimeoutError(f"the server {self.pid} did not end")
            time.sleep(0.01)


def fork_server(arguments: Sequence[str], environment: Mapping[str, str]) -> ForkedServer:
    """Run the command line with these arguments and this environment in a process of its own."""
    told, telling = os.pipe()
    reading, writing = os.pipe()
    parent = _parent()
    socket.send_fds(parent, [b"s"], [told, writing])
    os.close(told)
    os.close(writing)
    with os.fdopen(telling, "w") as file:
        json.dump([list(arguments), dict(environment), str(Path.cwd())], file)
    return ForkedServer(int(parent.recv(20)), os.fdopen(reading, encoding="utf-8"))


@cache
def _parent() -> socket.socket:
    """The connection to the process that forks, which is started at the first call."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-m", __name__, str(theirs.fileno())]
        _PROCESSES.append(subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=CHECKOUT))
    return ours


_PROCESSES: list[subprocess.Popen[bytes]] = []
"""Held until the end, at which nobody waits for them: they end when the connection does."""


def _fork_for_each(asked: socket.socket) -> None:
    for name in MODULES:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what was forked
    while True:
        _, handed, _, _ = socket.recv_fds(asked, 1, 2)
        if not handed:
            return
        pid = os.fork()
        if pid == 0:
            asked.close()
            _serve(*handed)
        for each in handed:
            os.close(each)
        asked.send(str(pid).encode())


def _serve(told: int, stderr: int) -> NoReturn:
    from api.cli import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(stderr, 2)
    os.close(stderr)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)  # the one there was takes it for a file
    with os.fdopen(told) as file:
        arguments, environment, folder = json.load(file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv[1:] = arguments
    main()


if __name__ == "__main__":
    _fork_for_each(socket.socket(fileno=int(sys.argv[1])))
    os._exit(0)  # as the command line ends
