"""HTTP as it is spoken here: uvicorn's and h11's, with limits of heads, time and connections."""

from __future__ import annotations

import asyncio
from secrets import token_hex
from typing import Any, Final

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.gate import MAX_ADDRESS_BYTES, RAW_SECURITY_HEADERS, UNLIMITED, Outgoing
from api.http.problems import Problem, problem_response

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
    max_connections: int = 512

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn = OneWrite(h11.SERVER, MAX_HEAD_BYTES)
        self._serving = self.app

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._head_deadline: asyncio.TimerHandle | None = None
        self._await_head()

    def handle_events(self) -> None:
        """Read on; a request whose head is complete ends the wait."""
        self.app = self._serving if len(self.connections) <= self.max_connections else self._refuse
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

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, if nothing was answered yet, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            detail = f"{msg} It must be HTTP/1.1, with a head of at most {MAX_HEAD_BYTES:,} bytes."
            request_id = token_hex(8)
            answer = problem_response(Problem("bad-request", detail), request_id)
            headers = [
                *answer.raw_headers, *RAW_SECURITY_HEADERS,
                (b"x-request-id", request_id.encode()), (b"connection", b"close"),
            ]  # fmt: skip
            for event in (
                h11.Response(status_code=answer.status_code, headers=headers, reason=b"Bad Request"),
                h11.Data(data=bytes(answer.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as it stands, and anybody could fill the log."""

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a connection too many; whether the server runs may still be asked."""
        if scope["path"] in UNLIMITED:
            await self._serving(scope, receive, send)
            return
        detail = f"More than {self.max_connections} connections are open."
        problem = Problem("overloaded", detail, headers={"Retry-After": "1", "Connection": "close"})
        request_id = token_hex(8)
        await problem_response(problem, request_id)(scope, receive, Outgoing(send, request_id).send)

    def _await_head(self) -> None:
        self._head_arrived()
        self._head_deadline = self.loop.call_later(self.head_seconds, self.transport.close)

    def _head_arrived(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None
