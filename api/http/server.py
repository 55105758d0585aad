"""Running the application with uvicorn: limits of connections, time for headers, an end without loss."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any, Final

import h11
import uvicorn
from opentelemetry.trace import TracerProvider
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.app import create_app
from api.http.gate import MAX_ADDRESS_BYTES
from api.http.tracing import NO_TRACING
from api.settings import Settings
from graph.home import Home

GRACEFUL_SECONDS: Final = 15
BACKLOG: Final = 1024
MAX_HEAD_BYTES: Final = 2 * MAX_ADDRESS_BYTES
"""Of a request; what is larger is refused before it is read as one."""


class OneWrite(h11.Connection):
    """Keeps the head of an answer until its body comes, where it comes at once: one write, one packet, one wake."""

    _head = b""

    def send(self, event: h11.Event) -> bytes | None:  # type: ignore[override]
        """Return what is to be written now."""
        data = super().send(event)
        if type(event) is h11.Response and any(name == b"content-length" for name, _ in event.headers):
            self._head = data or b""
            return b""
        if self._head and data is not None:
            data, self._head = self._head + data, b""
        return data


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP protocol, with a time by which the head of each request must be there.

    Without it a client that sends a byte now and then holds a connection for ever (slowloris).
    """

    head_seconds: float = 10

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn = OneWrite(h11.SERVER, MAX_HEAD_BYTES)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._head_deadline: asyncio.TimerHandle | None = None
        self._await_head()

    def handle_events(self) -> None:
        """Read on; a request whose head is complete ends the wait."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._head_arrived()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._head_arrived()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head_arrived()
        self._head_deadline = self.loop.call_later(self.head_seconds, self.transport.close)

    def _head_arrived(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None


def uvicorn_server(
    home: Home, settings: Settings, clock_us: Any, tracing: TracerProvider = NO_TRACING
) -> uvicorn.Server:
    """Return a server that is ready to run."""
    protocol = type("Protocol", (PatientProtocol,), {"head_seconds": settings.receive_seconds})
    logging.getLogger("matchgraph.requests").setLevel(logging.INFO)
    config = uvicorn.Config(
        create_app(home, settings, clock_us, tracing),
        host=settings.host,
        port=settings.port,
        http=protocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        access_log=False,  # it would print what people search for
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
        limit_concurrency=settings.max_connections,
        timeout_keep_alive=round(settings.receive_seconds),
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        backlog=BACKLOG,
    )
    return uvicorn.Server(config)


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens at the address set; raises `OSError`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    # Connections inherit it. asyncio sets it only on sockets that name their protocol, which this one does not, and
    # without it the body of an answer waits 40 ms for the client to confirm the head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
