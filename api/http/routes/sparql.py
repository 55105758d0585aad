"""The SPARQL 1.1 Protocol (W3C 2013, section 2.1) over the snapshot: queries, no updates."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.deps import Caller, CallerDep, SnapshotDep, StateDep
from api.http.negotiation import preferred
from api.http.problems import Problem, documented
from api.http.querying import MAX_QUERY_CHARS, QUERY_PROBLEMS, queried, refusing
from api.http.state import ServerState
from graph.projections.query_budget import Budget
from graph.projections.sparql_answers import SOLUTIONS, TRIPLES
from graph.projections.sparql_query import sparql_document
from graph.snapshot import Snapshot

router = APIRouter(prefix="/v1", tags=["queries"])

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
_MAX_FIELDS: Final = 20
_QUERY: Final = {"type": "string", "minLength": 1, "maxLength": MAX_QUERY_CHARS, "example": "ASK { ?a ?b ?c }"}
_BODY: Final = {
    "required": True,
    "content": {
        DIRECT: {"schema": _QUERY},
        FORM: {"schema": {"type": "object", "required": ["query"], "properties": {"query": _QUERY}}},
    },
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answer, in the form asked for by Accept that suits the kind of query.",
        "content": {kind: {"schema": {"type": "string"}} for kind in (*SOLUTIONS, *TRIPLES)},
    },
    **documented(*QUERY_PROBLEMS, "unsupported-media-type"),
}


@router.get("/sparql", responses=_RESPONSES, response_class=Response)
async def get_sparql(
    request: Request,
    query: Annotated[str, Query(min_length=1, max_length=MAX_QUERY_CHARS)],
    snapshot: SnapshotDep,
    state: StateDep,
    caller: CallerDep,
) -> Response:
    """Run one SELECT, ASK, CONSTRUCT or DESCRIBE. Needs an API key with the scope read, unless it was opened."""
    return await _answer(request, snapshot, state, caller, query, request.url.query)


@router.post("/sparql", responses=_RESPONSES, response_class=Response, openapi_extra={"requestBody": _BODY})
async def post_sparql(request: Request, snapshot: SnapshotDep, state: StateDep, caller: CallerDep) -> Response:
    """Run one query that is sent as it stands or as the field `query` of a form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (DIRECT, FORM):
        raise Problem("unsupported-media-type", f"Send {DIRECT} or {FORM}.")
    try:
        text = (await request.body()).decode()
    except UnicodeDecodeError as error:
        raise Problem("query-refused", "The query is not UTF-8.") from error
    if kind == DIRECT:
        return await _answer(request, snapshot, state, caller, text, request.url.query)
    return await _answer(request, snapshot, state, caller, _only_query(text), text)


def _only_query(form: str) -> str:
    found = _fields(form).get("query", [])
    if len(found) != 1:
        raise Problem("query-refused", "The form must have one field `query`.")
    return found[0]


def _fields(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise Problem("query-refused", f"It has more than {_MAX_FIELDS} fields.") from error


async def _answer(
    request: Request, snapshot: Snapshot, state: ServerState, caller: Caller, query: str, parameters: str
) -> Response:
    """Answer a query; `parameters`: those of the protocol as they were sent, beside it or with it."""
    if {"default-graph-uri", "named-graph-uri"} & _fields(parameters).keys():
        raise Problem("query-refused", "There is one graph here, the snapshot's; leave the graph's address out.")
    if not 0 < len(query) <= MAX_QUERY_CHARS:
        raise Problem("query-refused", f"A query has 1 to {MAX_QUERY_CHARS:,} characters.")
    accepted = preferred(request.headers.get("accept", ""), [*SOLUTIONS, *TRIPLES])

    def run(budget: Budget) -> tuple[str, bytes]:
        return refusing(lambda: sparql_document(snapshot, query, accepted, budget))

    media, document = await queried(state, caller, run)
    return Response(document, media_type=media, headers={"Cache-Control": "no-store", "Vary": "Accept"})
