"""Searches and resolutions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.constrained import Constrained
from api.feedback.serving import Audience, ServedResolution, ServedSearch, served_resolution
from api.http.answers import described, of_call, of_encoded
from api.http.deps import Caller, CallerDep, SnapshotDep, StateDep, in_thread
from api.http.prepared_search import served_json
from api.http.problems import documented
from api.http.searching import prepared
from api.http.state import ServerState
from graph.snapshot import Snapshot
from queries.answers.resolve import resolve
from queries.answers.search_plan import Question

router = APIRouter(prefix="/v1", tags=["search"])

AskedBy = Annotated[Literal["human", "agent"], Field(description="Whether a person or a program asks.")]
Name = Annotated[str, Field(min_length=1, max_length=300)]


class SearchRequest(Constrained):
    """A search."""

    q: Annotated[str, Field(max_length=2_000, description="The need.", examples=["segment street scenes"])] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    different_from: Annotated[Name | None, Field(description="Prefer what is unlike this artifact.")] = None
    diversity: Annotated[float | None, Field(ge=0, le=1)] = None
    actor: AskedBy = "agent"

    def question(self) -> Question:
        """Return what is searched for."""
        return Question(self.q, self.constraints(), self.limit, self.different_from, self.diversity)


class ResolveRequest(Constrained):
    """A need to be resolved into one invocable answer."""

    need: Annotated[str, Field(min_length=1, max_length=2_000, examples=["send an email"])]
    alternatives: Annotated[int, Field(ge=0, le=20)] = 3
    actor: AskedBy = "agent"


def audience(caller: Caller, actor: str) -> Audience:
    """Return to whom an answer goes; crawlers are bots whatever they say."""
    return Audience(caller.client_id, "bot" if caller.bot else actor, datetime.now(UTC), caller.own_address)


_PROBLEMS = documented("unknown-name", "cannot-be-answered")
_LINKS = {
    "show": {"operationId": "get_artifact", "parameters": {"artifact": "$response.body#/hits/0/artifact_id"}},
    "report": {
        "operationId": "post_outcome",
        "requestBody": {"token": "$response.body#/hits/0/callback_token", "outcome": "success"},
    },
}


@router.get("/search", responses=described(ServedSearch, _PROBLEMS, links=_LINKS))
async def get_search(
    asked: Annotated[SearchRequest, Query()], snapshot: SnapshotDep, state: StateDep, caller: CallerDep
) -> Response:
    """Find artifacts for a need in plain words."""
    return await search_response(asked, snapshot, state, caller)


async def search_response(asked: SearchRequest, snapshot: Snapshot, state: ServerState, caller: Caller) -> Response:
    """Return the answer to a search."""
    found = await prepared(state, snapshot, asked.question())
    return of_encoded(served_json(state.feedback, found, audience(caller, asked.actor)))


@router.post("/resolve", responses=described(ServedResolution, _PROBLEMS))
async def post_resolve(asked: ResolveRequest, snapshot: SnapshotDep, state: StateDep, caller: CallerDep) -> Response:
    """Turn one need into one answer that can be invoked, with confidence and alternatives."""
    wanted = asked.constraints()
    answer = await in_thread(state, resolve, snapshot, asked.need, wanted, alternatives=asked.alternatives)
    return of_call(served_resolution(state.feedback, answer, audience(caller, asked.actor)))
