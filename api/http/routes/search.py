"""Searches and resolutions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.feedback.recording import ServedAnswer
from api.feedback.spool import SpoolBroken, SpoolFull
from api.http.answers import described, of_call
from api.http.deps import Caller, CallerDep, SnapshotDep, StateDep, in_thread
from api.http.problems import Problem, documented
from api.http.state import ServerState
from graph.snapshot import Snapshot
from queries.resolve import Resolution, resolve
from queries.search import Hit, SearchAnswer, search

router = APIRouter(tags=["search"])

Actor = Literal["human", "agent"]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Words = Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=20)]


class Constraints(BaseModel):
    """What an artifact must be, for searches and resolutions alike."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str | None, Field(max_length=100, description="Type of artifact, for example model.")] = None
    license: Annotated[str | None, Field(max_length=200)] = None
    price: Annotated[str | None, Field(max_length=50, description="Pricing model: free, freemium, ...")] = None
    tags: Annotated[Words, Field(description="Any of these tags.")] = []
    inputs: Annotated[Words, Field(description="Takes any of these.")] = []
    outputs: Annotated[Words, Field(description="Gives any of these.")] = []
    actor: Annotated[Actor, Field(description="Whether a person or a program asks.")] = "agent"


class SearchRequest(Constraints):
    """A search."""

    q: Annotated[str, Field(max_length=2_000, description="The need.", examples=["segment street scenes"])] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    different_from: Annotated[Name | None, Field(description="Prefer what is unlike this artifact.")] = None
    diversity: Annotated[float | None, Field(ge=0, le=1)] = None


class ResolveRequest(Constraints):
    """A need to be resolved into one invocable answer."""

    need: Annotated[str, Field(min_length=1, max_length=2_000, examples=["send an email"])]
    alternatives: Annotated[int, Field(ge=0, le=20)] = 3


class ServedHit(Hit, frozen=True, kw_only=True):
    """A hit with the token to say what became of it."""

    callback_token: str


class ServedSearch(SearchAnswer, frozen=True, kw_only=True):
    """Answer to a search, best hit first, with an id and callback tokens for what becomes of it."""

    hits: list[ServedHit]  # type: ignore[assignment]
    query_id: str


class ServedResolution(Resolution, frozen=True, kw_only=True):
    """One need in, one invocable answer out; with alternatives, an id and a callback token."""

    query_id: str
    callback_token: str | None


def served_search(state: ServerState, caller: Caller, answer: SearchAnswer, actor: str) -> ServedSearch:
    """Record a served search and return it with its id and tokens."""
    served = record(state, caller, answer.query, [hit.artifact_id for hit in answer.hits], actor)
    hits = [
        ServedHit(**msgspec.structs.asdict(hit), callback_token=token)
        for hit, token in zip(answer.hits, served.tokens, strict=True)
    ]
    return ServedSearch(**{**msgspec.structs.asdict(answer), "hits": hits}, query_id=served.query_id)


def record(
    state: ServerState, caller: Caller, query: str, artifact_ids: list[str], actor: str, prefix: str = "q"
) -> ServedAnswer:
    """Record what was shown to whom; raises `Problem` if the spool takes no more."""
    try:
        return state.feedback.served(
            query,
            artifact_ids,
            client_id=caller.client_id,
            actor="bot" if caller.bot else actor,
            now=datetime.now(UTC),
            prefix=prefix,
        )
    except (SpoolFull, SpoolBroken) as error:
        raise Problem(
            "overloaded", "Feedback cannot be stored as fast as it comes.", headers={"Retry-After": "5"}
        ) from error


@router.get("/search", responses=described(ServedSearch, documented("unknown-name", "cannot-be-answered")))
async def get_search(
    asked: Annotated[SearchRequest, Query()], snapshot: SnapshotDep, state: StateDep, caller: CallerDep
) -> Response:
    """Find artifacts for a need in plain words."""
    answer = await in_thread(state, _search, snapshot, asked)
    return of_call(served_search(state, caller, answer, asked.actor))


@router.post("/resolve", responses=described(ServedResolution, documented("unknown-name", "cannot-be-answered")))
async def post_resolve(asked: ResolveRequest, snapshot: SnapshotDep, state: StateDep, caller: CallerDep) -> Response:
    """Turn one need into one answer that can be invoked, with confidence and alternatives."""
    given = asked.model_dump(exclude={"need", "actor"})
    answer = await in_thread(state, resolve, snapshot, asked.need, **given)
    shown = [hit.artifact_id for hit in (answer.resolved, *answer.alternatives) if hit is not None]
    served = record(state, caller, asked.need, shown, asked.actor, "resolve")
    token = served.tokens[0] if answer.resolved is not None else None
    return of_call(ServedResolution(**msgspec.structs.asdict(answer), query_id=served.query_id, callback_token=token))


def _search(snapshot: Snapshot, asked: SearchRequest) -> SearchAnswer:
    return search(snapshot, asked.q, **asked.model_dump(exclude={"q", "actor"}))
