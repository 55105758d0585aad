"""Running the application with uvicorn: where it listens, what it logs, how long its end may take."""

from __future__ import annotations

import logging
import socket
from typing import Any, Final

import uvicorn
from opentelemetry.trace import TracerProvider

from api.http.protocol import PatientProtocol
from api.http.tracing import NO_TRACING
from api.server.app import create_app
from api.settings import Settings
from graph.home import Home

GRACEFUL_SECONDS: Final = 15
BACKLOG: Final = 1024


def uvicorn_server(
    home: Home, settings: Settings, clock_us: Any, tracing: TracerProvider = NO_TRACING
) -> uvicorn.Server:
    """Return a server that is ready to run."""
    limits = {"head_seconds": settings.receive_seconds, "max_connections": settings.max_connections}
    protocol = type("Protocol", (PatientProtocol,), limits)
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
