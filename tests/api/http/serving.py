"""A real server for tests: `matchgraph serve` in a process of its own, and a client that sends what it is told."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import urlencode

from api.access.keys import create_key
from graph.home import Home
from tests.api.http.forked_servers import ForkedServer, fork_server

START_SECONDS = 60


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Client:
    """Speaks to a server on this machine, with a connection for each request."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> Reply:
        return self.send("GET", f"{path}?{urlencode(query, doseq=True)}" if query else path, headers=headers)

    def post(self, path: str, told: Any, headers: Mapping[str, str] | None = None) -> Reply:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        return self.send("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


@dataclass
class Server:
    process: ForkedServer
    port: int
    home: Path

    def client(self) -> Client:
        return Client(self.port)

    def stop(self, how: int = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(60)


def start_server(home: Path, **settings: Any) -> Server:
    """Start a server on a home; settings as in `api.settings`, without limit and search processes by default."""
    given = {"rate_limit": 0, "rate_limit_keyed": 0, "search_processes": 0, **settings}
    environment = {**os.environ, **{f"MATCHGRAPH_{name.upper()}": str(value) for name, value in given.items()}}
    process = fork_server(["serve", "--home", str(home), "--port", "0"], environment)
    line = process.stderr.readline()
    found = re.search(r"http://[^ ]*:(\d+)", line)
    assert found is not None, line + process.stderr.read()
    server = Server(process, int(found[1]), home)
    assert server.client().get("/livez").status == 200  # it listens before it has opened everything
    return server


@contextmanager
def serving_a_reader(home: Home, folder: Path, **settings: Any) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server on a copy of a home, and the headers of somebody who may read and query there."""
    copied = Home(folder / "home")
    copytree(home.path, copied.path)
    key, _ = create_key(copied, "analyst", ["read"], now_us=1)
    with serving(copied.path, **settings) as server:
        yield server, {"X-API-Key": key}


@contextmanager
def serving(home: Path, **settings: Any) -> Iterator[Server]:
    """A server for the time of a test."""
    server = start_server(home, **settings)
    try:
        yield server
    finally:
        server.stop()
        server.process.stderr.close()
