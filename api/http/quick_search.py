"""Searches that are asked as described are answered before the router.

FastAPI takes as long to find the route and to read the parameters as a search takes in the end. Here the parameters
of an address are read once, by the same model, and whatever is not plainly right goes on to the router, which says
what is wrong: both give the same answers.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.feedback.spool import SpoolBroken, SpoolFull
from api.http.answers import GZIP_FROM_BYTES, GZIP_LEVEL
from api.http.routes.search import SearchRequest, get_search, search_response
from graph.errors import MatchgraphError

PATH: Final = "/v1/search"
_ROUTE: Final = Route(PATH, get_search)
"""Names the route in figures and traces."""

_LISTS: Final = ("tags", "inputs", "outputs")
_REMEMBERED: Final = 2_000
_MAX_BYTES: Final = 1_000
"""Longer addresses are rare, and not worth the memory."""


class QuickSearch:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, server: FastAPI) -> None:
        self._app = app
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a search, or pass the request on."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "GET":
            asked = search_request(scope["query_string"])
            if asked is not None and await self._answered(asked, scope, receive, send):
                return
        await self._app(scope, receive, send)

    async def _answered(self, asked: SearchRequest, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer, and say so; False for an error that the router shall explain. Raises `Problem`."""
        state = self._server.state.server
        try:
            response = await search_response(asked, state.live.get(), state, scope["caller"])
        except (MatchgraphError, SpoolFull, SpoolBroken):
            return False
        scope["route"] = _ROUTE
        if any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]):
            await GZipMiddleware(response, GZIP_FROM_BYTES, GZIP_LEVEL)(scope, receive, send)
        else:
            response.headers["Vary"] = "Accept-Encoding"
            await response(scope, receive, send)
        return True


def search_request(query_string: bytes) -> SearchRequest | None:
    """Return what the query of an address asks; None if that is not plainly right.

    >>> search_request(b"q=segment+street+scenes&limit=3").limit
    3
    >>> search_request(b"q=a&limit=many") is None, search_request(b"q=a&colour=red") is None
    (True, True)
    """
    return _read(query_string) if len(query_string) <= _MAX_BYTES else None


@lru_cache(maxsize=_REMEMBERED)
def _read(query_string: bytes) -> SearchRequest | None:
    pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    said = Counter(name for name, _ in pairs)
    if any(n > 1 for name, n in said.items() if name not in _LISTS):
        return None
    values = {name: [value for other, value in pairs if other == name] for name in said if name in _LISTS}
    try:
        return SearchRequest.model_validate({**dict(pairs), **values})
    except ValidationError:
        return None
