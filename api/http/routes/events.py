"""What became of an answer: events and outcomes in. Acknowledged when they are on the disk, and counted once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.access.recent_requests import KeyReused
from api.feedback.recording import (
    EventAttributes,
    EventRecord,
    ObjectAttributes,
    PositionAttributes,
    granted_event,
    timestamp,
)
from api.feedback.serving import Acknowledgement
from api.feedback.tokens import MAX_TOKEN_CHARS, Grant
from api.http.answers import described, of_call
from api.http.deps import Caller, CallerDep, StateDep, require_scope
from api.http.problems import Problem, documented
from api.http.state import ServerState

router = APIRouter(prefix="/v1", tags=["feedback"])

MAX_EVENTS: Final = 1_000
Id = Annotated[str, Field(min_length=1, max_length=300)]
IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")
]
_PROBLEMS: Final = documented("bad-token", "expired-token", "idempotency-conflict", "not-stored")


class GrantedEvent(BaseModel):
    """What happened to a hit, told with the token that came with it."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_CHARS)]
    action: Literal["click", "dwell", "success", "failure", "feedback"]
    dwell_seconds: Annotated[float | None, Field(ge=0, le=86_400)] = None
    value: Annotated[float | None, Field(ge=-1, le=1, description="Of feedback: -1 (bad) to 1 (good).")] = None


class EventsRequest(BaseModel):
    """Events of answers given here."""

    model_config = ConfigDict(extra="forbid")

    events: Annotated[list[GrantedEvent], Field(min_length=1, max_length=MAX_EVENTS)]


class ObservedEvent(BaseModel):
    """An event of an application's own search, in the words of User Behavior Insights."""

    model_config = ConfigDict(extra="forbid")

    event_id: Id
    application: Id
    query_id: Id
    artifact_id: Id
    action: Literal["impression", "click", "dwell", "success", "failure", "feedback"]
    timestamp: AwareDatetime
    actor: Literal["human", "agent", "bot"]
    client_id: Id | None = None
    session_id: Id | None = None
    user_query: Annotated[str | None, Field(max_length=2_000)] = None
    position: Annotated[int | None, Field(ge=1, le=100_000)] = None
    dwell_seconds: Annotated[float | None, Field(ge=0, le=86_400)] = None
    value: Annotated[float | None, Field(ge=-1, le=1)] = None


class ObservedRequest(BaseModel):
    """Events of an application that has a key with the scope feedback."""

    model_config = ConfigDict(extra="forbid")

    events: Annotated[list[ObservedEvent], Field(min_length=1, max_length=MAX_EVENTS)]


class OutcomeRequest(BaseModel):
    """Whether an answer worked."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_CHARS)]
    outcome: Literal["success", "failure"]


@router.post("/events", status_code=202, responses=described(Acknowledgement, _PROBLEMS, status=202))
async def post_events(
    told: EventsRequest, state: StateDep, caller: CallerDep, idempotency_key: IdempotencyKey = None
) -> Response:
    """Report what became of hits: clicks, dwell, success, failure. All of the events are taken, or none."""
    now = datetime.now(UTC)
    _check_repeat(state, caller, idempotency_key, told)
    records = [
        granted_event(
            grant_of(state, event.token, now), event.action, now, dwell_seconds=event.dwell_seconds, value=event.value
        )
        for event in told.events
    ]
    return await acknowledged(state, records)


@router.post("/outcomes", status_code=202, responses=described(Acknowledgement, _PROBLEMS, status=202))
async def post_outcome(
    told: OutcomeRequest, state: StateDep, caller: CallerDep, idempotency_key: IdempotencyKey = None
) -> Response:
    """Report whether an answer worked. The first outcome told with a token counts."""
    now = datetime.now(UTC)
    _check_repeat(state, caller, idempotency_key, told)
    return await acknowledged(state, [granted_event(grant_of(state, told.token, now), told.outcome, now)])


@router.post("/observations", status_code=202, responses=described(Acknowledgement, _PROBLEMS, status=202))
async def post_observations(
    told: ObservedRequest, state: StateDep, caller: CallerDep, idempotency_key: IdempotencyKey = None
) -> Response:
    """Report events of an application's own searches. Needs an API key with the scope feedback."""
    require_scope(caller, "feedback")
    _check_repeat(state, caller, idempotency_key, told)
    return await acknowledged(state, [_observed(event) for event in told.events])


def grant_of(state: ServerState, token: str, now: datetime) -> Grant:
    """Return what a token grants; raises `BadToken` or `ExpiredToken`."""
    return state.feedback.signer.read(token, now.timestamp())


async def acknowledged(state: ServerState, records: Sequence[EventRecord]) -> Response:
    """Store events and say so; raises `SpoolFull` or `SpoolBroken`."""
    await state.feedback.store(records)
    for record in records:
        state.metrics.events.labels(record.action_name).inc()
    return of_call(Acknowledgement(len(records), [record.event_id for record in records]), 202)


def _check_repeat(state: ServerState, caller: Caller, key: str | None, told: BaseModel) -> None:
    if key is not None:
        content = sha256(told.model_dump_json().encode("utf-8", "replace")).hexdigest()
        try:
            state.recent.check(f"{caller.client_id} {key}", content, time.monotonic())
        except KeyReused as error:
            raise Problem("idempotency-conflict", "Use a new key for a new request.") from error


def _observed(event: ObservedEvent) -> EventRecord:
    return EventRecord(
        # Ids of different applications must not meet.
        event_id=f"{event.application}/{event.event_id}",
        action_name=event.action,
        application=event.application,
        query_id=event.query_id,
        client_id=event.client_id,
        timestamp=timestamp(event.timestamp),
        actor=event.actor,
        event_attributes=EventAttributes(
            ObjectAttributes(event.artifact_id),
            None if event.position is None else PositionAttributes(event.position),
            event.dwell_seconds,
            event.value,
            event.session_id,
        ),
        user_query=event.user_query,
    )
