"""The MCP server over streamable HTTP, as a part of the HTTP application: same snapshot, same spool, same limits."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.http.deps import Caller, in_thread
from api.http.querying import queried
from api.mcp.tool import Desk

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH: Final = "/mcp"


class McpDoor:
    """Answers requests at `PATH`: no sessions, each call a request and a JSON answer of its own.

    To read the SDK takes a second, a third of what a server needs to start: it is read when the first agent comes.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._manager: asyncio.Future[StreamableHTTPSessionManager] | None = None
        self._running: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._manager is None:
            self._manager = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(self._manager))
        manager = await asyncio.shield(self._manager)
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """End what is running."""
        self._ending.set()
        if self._running is not None:
            await self._running

    async def _run(self, opened: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        """Run the SDK's part until the end; in one task, as it demands."""
        try:
            await asyncio.to_thread(import_module, "api.mcp.server")
            manager = _session_manager(self._app)
        except Exception as error:
            opened.set_exception(error)
            return
        async with manager.run():
            opened.set_result(manager)
            await self._ending.wait()


def _session_manager(app: FastAPI) -> StreamableHTTPSessionManager:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from api.mcp.server import mcp_server

    def desk_of(context: Any) -> Desk:
        caller: Caller = context.request.scope["caller"]
        state = app.state.server
        return Desk(
            state.home, state.live, state.feedback, caller.client_id, partial(in_thread, state),
            partial(queried, state, caller), state.settings.neo4j, caller.own_address, caller.allows("admin"),
        )  # fmt: skip

    return StreamableHTTPSessionManager(mcp_server(desk_of), json_response=True, stateless=True)
