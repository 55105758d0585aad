"""Errors as problem documents (RFC 9457), each with a code that stays the same; docs/http.md describes every one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from re import Pattern
from typing import Any, Final

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from api.feedback.spool import SpoolBroken, SpoolFull
from api.feedback.tokens import BadToken, ExpiredToken
from graph.errors import (
    BadInput,
    DamagedHome,
    MatchgraphError,
    NothingThere,
    OverBudget,
    ServerTrouble,
    UnknownName,
    WrongUse,
)
from graph.text import without_hidden_characters

MEDIA_TYPE: Final = "application/problem+json"
TYPE_BASE: Final = "/problems/"
"""Names a problem relative to the server that answers (RFC 9457, section 3.1.1); there its page stands."""
MAX_DETAIL_CHARS: Final = 1_000


@dataclass(frozen=True)
class Kind:
    """A kind of problem."""

    status: int
    title: str


KINDS: Final = {
    "invalid-request": Kind(422, "A parameter or the body does not have the form described."),
    "unknown-name": Kind(404, "Nothing here has this name."),
    "cannot-be-answered": Kind(404, "What was asked for does not exist or cannot be."),
    "not-found": Kind(404, "There is nothing at this address."),
    "method-not-allowed": Kind(405, "This address does not know the method."),
    "bad-cursor": Kind(404, "The cursor is not one that was given out here."),
    "bad-token": Kind(403, "The callback token was not signed here, or is for something else."),
    "expired-token": Kind(403, "The callback token has expired."),
    "key-needed": Kind(401, "This needs an API key."),
    "unknown-key": Kind(401, "The API key is not known or was revoked."),
    "scope-missing": Kind(403, "The API key lacks the scope for this."),
    "idempotency-conflict": Kind(409, "The idempotency key was used for a different request."),
    "body-too-large": Kind(413, "The body is larger than this server takes."),
    "address-too-long": Kind(400, "The address or its query is too long."),
    "unsupported-media-type": Kind(415, "The body has a media type that is not taken here."),
    "client-too-slow": Kind(408, "The request did not arrive in time."),
    "bad-request": Kind(400, "The request cannot be read."),
    "bad-input": Kind(422, "The data given cannot be read."),
    "query-refused": Kind(400, "This is not a query that can be run here."),
    "over-budget": Kind(422, "The query needs more than a query may use."),
    "no-graph-server": Kind(501, "This server has no Neo4j server to ask."),
    "graph-server-trouble": Kind(503, "The Neo4j server does not answer as it should."),
    "too-many-requests": Kind(429, "This caller has used up its requests for now."),
    "no-snapshot": Kind(503, "There is nothing to answer from yet."),
    "snapshot-damaged": Kind(503, "The snapshot cannot be read."),
    "overloaded": Kind(503, "The server is busy."),
    "timed-out": Kind(503, "The answer took too long."),
    "not-stored": Kind(503, "What was reported could not be stored."),
    "internal-error": Kind(500, "Something went wrong in the server."),
}
"""All codes. The names are part of the interface: none is renamed or given another meaning."""

_TROUBLE: Final = "Ask in SQL or SPARQL, or again later; if it stays, tell the operator."
"""Without the error's own words, which name the server and its user."""


class Problem(HTTPException):
    """An error with its code, raised where HTTP itself is the matter.

    It is an `HTTPException` because FastAPI passes on no others while it reads a body.
    """

    def __init__(self, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(KINDS[code].status, detail, dict(headers or {}))
        self.code = code
        self.members = members


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with a request."""

    place: str
    text: str


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as RFC 9457 writes it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str | None = None
    candidates: list[str] = []
    """Of unknown names: the nearest ones, best first."""
    faults: list[Fault] = []
    """Of invalid requests: each fault with its place."""


def document(problem: Problem, request_id: str | None) -> ProblemDocument:
    """Return a problem as it goes out."""
    kind = KINDS[problem.code]
    return ProblemDocument(
        type=TYPE_BASE + problem.code,
        title=kind.title,
        status=kind.status,
        code=problem.code,
        detail=without_hidden_characters(problem.detail)[:MAX_DETAIL_CHARS],
        request_id=request_id,
        candidates=list(problem.members.get("candidates", ())),
        faults=list(problem.members.get("faults", ())),
    )


def problem_of(error: Exception) -> Problem:
    """Translate an error of matchgraph, of FastAPI or of the snapshot's files into a problem."""
    match error:
        case Problem():
            return error
        case UnknownName():
            return Problem("unknown-name", str(error), candidates=error.candidates)
        case WrongUse():
            return Problem("cannot-be-answered", str(error))
        case OverBudget():
            return Problem("over-budget", str(error))
        case ServerTrouble():
            return Problem("graph-server-trouble", _TROUBLE, headers={"Retry-After": "10"})
        case BadInput():
            return Problem("bad-input", str(error))
        case NothingThere():
            return Problem("no-snapshot", str(error), headers={"Retry-After": "10"})
        case DamagedHome() | sqlite3.DatabaseError():
            return Problem("snapshot-damaged", _damage(error), headers={"Retry-After": "60"})
        case BadToken():
            return Problem("bad-token", "Take the token from the answer, unchanged.")
        case ExpiredToken():
            return Problem("expired-token", "Ask again; the new answer has new tokens.")
        case SpoolFull():
            detail = "Feedback comes faster than the disk takes it. Send it again."
            return Problem("overloaded", detail, headers={"Retry-After": "5"})
        case SpoolBroken():
            return Problem("not-stored", "Send it again later; what is stored twice counts once.")
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return _of_http(error)
    return Problem("internal-error", "Try again; if it stays, give the operator the request id.")


def _damage(error: Exception) -> str:
    if isinstance(error, MatchgraphError):
        return str(error)
    return "The snapshot's look-up file cannot be read. Run: matchgraph doctor, then matchgraph recompute"


def _invalid(error: RequestValidationError) -> Problem:
    if isinstance(error.body, bytes):  # FastAPI parses no body that does not say it is JSON
        return Problem("unsupported-media-type", "Send JSON, with the header Content-Type: application/json.")
    faults = [_fault(each) for each in error.errors()]
    listed = "; ".join(f"{fault.place}: {fault.text}" for fault in faults)
    return Problem("invalid-request", listed, faults=faults)


def _fault(found: Mapping[str, Any]) -> Fault:
    """Return a fault in the words of HTTP, where pydantic has its own."""
    if found["type"] == "json_invalid":
        return Fault("body", f"It is no JSON: {found['ctx']['error']} (character {found['loc'][-1] + 1})")
    place = ".".join(map(str, found["loc"]))
    if found["type"] == "model_attributes_type":
        return Fault(place, "It must be a JSON object")
    return Fault(place, str(found["msg"]))


def _of_http(error: HTTPException) -> Problem:
    codes = {404: "not-found", 405: "method-not-allowed", 400: "bad-request", 415: "unsupported-media-type"}
    code = codes.get(error.status_code, "internal-error" if error.status_code >= 500 else "bad-request")
    detail = "See /openapi.json for what there is." if code in ("not-found", "method-not-allowed") else error.detail
    return Problem(code, detail, headers=error.headers)


def problem_response(problem: Problem, request_id: str | None) -> Response:
    """Return a problem as a response."""
    return Response(
        msgspec.json.encode(document(problem, request_id)),
        status_code=KINDS[problem.code].status,
        media_type=MEDIA_TYPE,
        headers={**(problem.headers or {}), "Cache-Control": "no-store"},
    )


def handle_problems(app: FastAPI, as_page: Callable[[Request, ProblemDocument], Response | None]) -> None:
    """Answer every error with a problem document, or with what `as_page` makes of it."""

    async def answer(request: Request, error: Exception) -> Response:
        problem, request_id = problem_of(error), request.scope.get("request_id")
        if problem.code == "method-not-allowed":
            known = (problem.headers or {}).get("Allow", "")
            problem.headers = {"Allow": ", ".join(_allowed(app, request, known))}
        shown = as_page(request, document(problem, request_id))
        if shown is None:
            return problem_response(problem, request_id)
        shown.headers.update(problem.headers or {})
        return shown

    ours = (Problem, MatchgraphError, BadToken, ExpiredToken, SpoolFull, SpoolBroken)
    for kind in (*ours, sqlite3.DatabaseError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, answer)


def _allowed(app: FastAPI, request: Request, known: str) -> list[str]:
    """Return the methods of an address over all its operations; the router itself knows (`known`) those of one."""
    methods = set(filter(None, known.split(", ")))
    for template, operations in app.openapi()["paths"].items():
        if _pattern(template).match(request.url.path):
            methods |= {method.upper() for method in operations}
    return sorted(methods)


@cache
def _pattern(template: str) -> Pattern[str]:
    return compile_path(template)[0]


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return the problems of an operation for its OpenAPI description, beside those that every operation has."""
    by_status: dict[int, list[str]] = {}
    for code in (*codes, *_EVERYWHERE):
        by_status.setdefault(KINDS[code].status, []).append(code)
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        status: {
            "description": f"{HTTPStatus(status).phrase}. Codes: {', '.join(dict.fromkeys(found))}.",
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status, found in sorted(by_status.items())
    }


_EVERYWHERE: Final = (
    "bad-request", "unknown-key", "key-needed", "scope-missing", "not-found", "method-not-allowed", "client-too-slow",
    "body-too-large", "address-too-long", "invalid-request", "too-many-requests", "internal-error", "no-snapshot",
    "snapshot-damaged", "overloaded", "timed-out",
)  # fmt: skip


def problem_schemas() -> dict[str, Any]:
    """Return the schemas of problem documents for the OpenAPI document."""
    _, components = msgspec.json.schema_components([ProblemDocument], ref_template="#/components/schemas/{name}")
    return components
