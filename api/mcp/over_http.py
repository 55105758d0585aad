"""The MCP server over streamable HTTP, as a part of the HTTP application: same snapshot, same spool, same limits."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from api.http.deps import Caller, in_thread
from api.http.querying import queried
from api.mcp.server import mcp_server
from api.mcp.tool import Desk

PATH = "/mcp"


def session_manager(app: FastAPI) -> StreamableHTTPSessionManager:
    """Return what answers requests at `PATH`: no sessions, each call a request and a JSON answer of its own."""

    def desk_of(context: Any) -> Desk:
        caller: Caller = context.request.scope["caller"]
        state = app.state.server
        return Desk(
            state.home, state.live, state.feedback, caller.client_id, partial(in_thread, state),
            partial(queried, state, caller), state.settings.neo4j, caller.own_address, caller.allows("admin"),
        )  # fmt: skip

    return StreamableHTTPSessionManager(mcp_server(desk_of), json_response=True, stateless=True)
