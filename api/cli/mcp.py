"""`matchgraph mcp`: the server for agents, over stdin and stdout."""

from __future__ import annotations

import os

from api.cli.clock import clock_us
from api.cli.declaring import command
from api.cli.session import Session, pass_session


@command("mcp", examples=["mcp --home /srv/matchgraph-data"])
@pass_session
def mcp(session: Session) -> None:
    """Serve agents over stdin and stdout (Model Context Protocol) until they leave.

    Tools: search, resolve, compare, alternatives, passport, explain, report_outcome, and those of the hosted original.
    Over HTTP the same tools stand at /mcp of matchgraph serve.
    """
    import anyio

    from api.mcp.server import serve_stdio
    from api.settings import load_settings

    settings, _ = load_settings(session.home.path, os.environ)
    anyio.run(serve_stdio, session.home, settings, clock_us)
