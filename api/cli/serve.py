"""`matchgraph serve`: the HTTP API and the pages."""

from __future__ import annotations

import os

import click

from api.cli.clock import clock_us
from api.cli.declaring import command
from api.cli.output import tell
from api.cli.session import Session, pass_session


@command("serve", examples=["serve", "serve --host 0.0.0.0 --port 8080"])
@click.option("--host", metavar="H", help="Address to listen at (default: 127.0.0.1; 0.0.0.0 for all).")
@click.option("--port", type=click.IntRange(0, 65_535), metavar="P", help="Port (default: 8000; 0 takes a free one).")
@click.option("--workers", type=click.IntRange(0, 64), metavar="N", help="Processes that search (default: 2).")
@pass_session
def serve(session: Session, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the HTTP API and the pages until interrupted.

    Recompute may run beside it: a new snapshot is picked up without a pause. All other settings come from the
    environment or from settings.toml in the home; see matchgraph config show.
    """
    from api.http.tracing import provider_of
    from api.server.listening import listen, uvicorn_server
    from api.settings import load_settings
    from graph.errors import WrongUse

    flags = {"host": host, "port": port, "search_processes": workers}
    settings, _ = load_settings(session.home.path, os.environ, flags)
    tracing = provider_of(os.environ)
    try:
        listening = listen(settings)
    except OSError as error:
        raise WrongUse(
            f"Cannot listen at {settings.host}, port {settings.port} ({error.strerror or error}). "
            "Choose another --host or --port."
        ) from error
    server = uvicorn_server(session.home, settings, clock_us, tracing)
    address, bound = listening.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    tell(f"Serving {session.home.path} at http://{shown}:{bound} (API: /openapi.json). Ctrl-C ends it.")
    server.run([listening])
