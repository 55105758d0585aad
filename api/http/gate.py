"""What every request passes: an id, who asks, how often, how large, how slow; and the headers of every answer.

One ASGI layer rather than six: each layer costs time on every request.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from hashlib import blake2b
from secrets import token_hex
from typing import Any, Final

from fastapi import FastAPI
from opentelemetry.trace import Span, SpanKind
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.rate_limit import Allowance, network_of
from api.http.deps import Caller, require_scope
from api.http.problems import Problem, problem_response
from api.http.state import ServerState
from api.http.tracing import describe, parent_of, span_of

MAX_ADDRESS_BYTES: Final = 32_768
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
RAW_SECURITY_HEADERS: Final = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
UNLIMITED: Final = ("/livez", "/readyz")
_OWN_RULES: Final = ("/.well-known/matchgraph-keys.json", "/metrics", "/v1/observations")
"""Open where reading needs a key: the public keys, and what asks for a scope of its own."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BOT = re.compile(r"bot\b|crawl|spider|slurp|scrape|headless|monitor", re.IGNORECASE)
_LOG = logging.getLogger("matchgraph.requests")


class Gate:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, server: FastAPI) -> None:
        self._app = app
        self._server = server

    @property
    def _state(self) -> ServerState:
        """What the server keeps; there from its start on."""
        state: ServerState = self._server.state.server
        return state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        scope["request_id"] = given if _REQUEST_ID.fullmatch(given) else token_hex(8)
        # HEAD is answered as GET; the server that speaks HTTP, which has its own scope, leaves the body out.
        asked = {**scope, "method": "GET", "unseen": True} if scope["method"] == "HEAD" else scope
        answer = Outgoing(send, scope["request_id"])
        state = self._state
        began = time.perf_counter()
        parent = parent_of(headers, bool(state.settings.trusted_proxies)) if state.traced else None
        with span_of(state.tracer, "request", parent, SpanKind.SERVER) as span:
            try:
                _admit(state, asked, headers, answer)
                body = _Body(receive, state.settings.max_body_bytes, state.settings.receive_seconds)
                body.check_length(headers)
                await self._app(asked, body.receive, answer.send)
            except Problem as problem:
                if answer.status is None:
                    await problem_response(problem, scope["request_id"])(scope, receive, answer.send)
            finally:
                _note(state, asked, answer, time.perf_counter() - began, span)


def _admit(state: ServerState, scope: Scope, headers: Headers, answer: Outgoing) -> None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS_BYTES:
        raise Problem("address-too-long", f"It may have {MAX_ADDRESS_BYTES:,} bytes. Send less.")
    caller = scope["caller"] = _caller(state, scope, headers)
    if scope["path"] in UNLIMITED:
        return
    _count(state, caller, answer)
    # A preflight carries no key by its nature, and reads nothing.
    if state.settings.read_needs_key and scope["method"] != "OPTIONS" and scope["path"] not in _OWN_RULES:
        require_scope(caller, "read")


def _count(state: ServerState, caller: Caller, answer: Outgoing) -> None:
    settings = state.settings
    limit = settings.rate_limit if caller.key is None else settings.rate_limit_keyed
    if limit:
        name = f"key {caller.key.key_id}" if caller.key else network_of(caller.address)
        answer.allowance = state.limiter.take(name, limit, time.monotonic())
        if answer.allowance.retry_seconds:
            wait = answer.allowance.retry_seconds
            detail = f"The limit is {limit} requests a minute. Try again in {wait} seconds."
            raise Problem("too-many-requests", detail, headers={"Retry-After": str(wait)})


def _caller(state: ServerState, scope: Scope, headers: Headers) -> Caller:
    address = scope["client"][0] if scope.get("client") else ""
    given = _key_text(headers)
    key = None
    if given is not None:
        key = state.keys.find(given)
        if key is None:
            raise _unknown_key()
    agent = headers.get("user-agent", "")
    parts = (key.key_id, headers.get("x-client-id", "")[:200]) if key else (network_of(address),)
    pseudonym = blake2b("\x1f".join(parts).encode(), digest_size=12, key=state.pseudonym_key).hexdigest()
    # Nobody sees the hits of an answer without a body: like those of crawlers they are no evidence.
    return Caller(key, address, pseudonym, bool(_BOT.search(agent)) or "unseen" in scope)


def _note(state: ServerState, scope: Scope, answer: Outgoing, seconds: float, span: Span) -> None:
    route = getattr(scope.get("route"), "path", "other")
    status = answer.status or 500
    method = scope["method"] if route != "other" else "ANY"
    state.metrics.observe(method, route, status, seconds)
    if span.is_recording():
        describe(span, method, route, status, scope["request_id"])
    if state.settings.log_requests:
        # The pattern of the route, never the address: that may hold what somebody looked for.
        _LOG.info("%s %s %d %.1f ms %s", scope["method"], route, status, 1000 * seconds, scope["request_id"])


def _key_text(headers: Headers) -> str | None:
    """Return the API key that a request carries, or None."""
    if "x-api-key" in headers:
        return headers["x-api-key"]
    kind, _, text = headers.get("authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None


def _unknown_key() -> Problem:
    detail = "Leave the key out to ask without one, or get one from the operator (matchgraph keys create)."
    return Problem("unknown-key", detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class Outgoing:
    """The answer on its way out: gets the headers of every answer."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None
        """None until the answer has begun."""
        self.allowance: Allowance | None = None
        """What the caller may still do, where there is a limit."""

    async def send(self, message: Message) -> None:
        """Pass on a part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[tuple[bytes, bytes]] = message.setdefault("headers", [])
            given = {name for name, _ in headers}
            headers.append((b"x-request-id", self._request_id.encode()))
            headers.extend(each for each in RAW_SECURITY_HEADERS if each[0] not in given)
            if self.allowance is not None:
                left = self.allowance
                headers += [
                    (b"ratelimit-limit", b"%d" % left.limit),
                    (b"ratelimit-remaining", b"%d" % left.remaining),
                    (b"ratelimit-reset", b"%d" % left.reset_seconds),
                    (b"ratelimit-policy", b"%d;w=60" % left.limit),
                ]
        await self._send(message)


class _Body:
    """The body on its way in: at most so many bytes, in at most so many seconds."""

    def __init__(self, receive: Receive, max_bytes: int, seconds: float) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._bytes = 0
        self._complete = False

    def check_length(self, headers: Headers) -> None:
        """Refuse a body by its stated length, before any of it is read."""
        stated = headers.get("content-length", "")
        if stated.isdigit() and int(stated[:20]) > self._max_bytes:
            raise self._too_large()

    async def receive(self) -> Any:
        if self._complete:
            return await self._receive()  # waits for the client to leave
        try:
            message = await asyncio.wait_for(self._receive(), self._seconds)
        except TimeoutError as error:
            raise Problem("client-too-slow", f"The body did not arrive within {self._seconds:g} seconds.") from error
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._max_bytes:
            raise self._too_large()
        self._complete = not message.get("more_body", False)
        return message

    def _too_large(self) -> Problem:
        return Problem("body-too-large", f"It may have {self._max_bytes:,} bytes. Send it in parts.")
