"""The doors of the hosted original: a client written for it works by changing its base URL.

Only shapes differ from `/v1`: the answers are the same. Fields that are not known here are null, not invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.feedback.recording import granted_event
from api.feedback.serving import served_search
from api.feedback.tokens import MAX_TOKEN_CHARS
from api.http.answers import described, of_call, of_snapshot
from api.http.deps import CallerDep, SnapshotDep, StateDep, in_thread
from api.http.problems import Problem, documented
from api.http.routes.events import acknowledged, grant_of
from api.http.routes.passports import base_url, page_url, signed_passport
from api.http.routes.search import audience
from api.http.searching import searched
from api.http.state import ServerState
from graph.snapshot import Snapshot
from graph.text import normalise_query, slug
from graph.times import iso_time
from graph.vocabulary import ARTIFACT_TYPES
from ingest.manifest_check import Finding, check_manifest
from queries.answers.constraints import Constraints
from queries.answers.hit_shapes import Hit, SearchAnswer
from queries.answers.invocation import invocation
from queries.answers.passport import artifact_block
from queries.answers.resolve import why

router = APIRouter(tags=["compatible"])

RESOLVER_VERSION: Final = "matchgraph-1"
FEEDBACK_PATH: Final = "/api/feedback"
MAX_LIMIT: Final = 20
Type = Annotated[str | None, Field(max_length=100, description=f"One of: {', '.join(ARTIFACT_TYPES)}.")]
Need = Annotated[str, Field(min_length=2, max_length=500)]
Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT)]
Free = dict[str, Any]


class CompatibleSearch(BaseModel):
    """A search."""

    q: Need
    limit: Limit = 5
    type: Type = None
    source: Annotated[str | None, Field(max_length=200, description="The caller's name.")] = None


class CompatibleResolve(BaseModel):
    """A need; fields beside these are ignored."""

    model_config = ConfigDict(extra="ignore")

    intent: Need
    limit: Limit = 1
    type: Type = None


class CompatibleFeedback(BaseModel):
    """What became of a resolved need; fields beside these are ignored."""

    model_config = ConfigDict(extra="ignore")

    callbackToken: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_CHARS)]  # noqa: N815
    outcome: Literal["success", "failure", "click"]


class SearchMatches(msgspec.Struct, frozen=True):
    """Artifacts with the capabilities that fit."""

    query: str
    intent: Free
    matches: list[Free]


class ResolvedNeeds(msgspec.Struct, frozen=True):
    """Ranked resolutions, each with its passport, signed, and a callback token."""

    resolved: list[Free]
    resolvedAt: str  # noqa: N815
    resolveId: str  # noqa: N815
    resolverVersion: str  # noqa: N815


class PassportBody(msgspec.Struct, frozen=True):
    """The passport, and the signature over it."""

    passport: Free
    signature: Free
    links: dict[str, str] = msgspec.field(name="_links")


class ManifestVerdict(msgspec.Struct, frozen=True):
    """Errors and warnings of a manifest."""

    valid: bool
    errors: list[Finding]
    warnings: list[Finding]


@router.get("/api/v1/search", responses=described(SearchMatches, documented("cannot-be-answered")))
async def compatible_search(
    request: Request,
    asked: Annotated[CompatibleSearch, Query()],
    snapshot: SnapshotDep,
    state: StateDep,
    caller: CallerDep,
) -> Response:
    """Find artifacts by capability, in the form of the hosted original."""
    found = await searched(state, snapshot, asked.q, Constraints(type=asked.type), limit=asked.limit)
    served = served_search(state.feedback, found, audience(caller, "agent"))
    base = base_url(state, request)
    matches = [
        {**_match(snapshot, hit, base), "callbackToken": hit.callback_token, "feedbackUrl": base + FEEDBACK_PATH}
        for hit in served.hits
    ]
    return of_call(SearchMatches(asked.q, _intent(found), matches))


@router.post("/api/v1/resolve", responses=described(ResolvedNeeds, documented("cannot-be-answered")))
async def compatible_resolve(
    request: Request, asked: CompatibleResolve, snapshot: SnapshotDep, state: StateDep, caller: CallerDep
) -> Response:
    """Resolve an intent, in the form of the hosted original. Nothing that does not fit is given."""
    found = await searched(state, snapshot, asked.intent, Constraints(type=asked.type), limit=asked.limit + 3)
    fitting = [] if found.nothing_fits else found.hits[: asked.limit]
    to = audience(caller, "agent")
    served = state.feedback.served(
        asked.intent, [hit.artifact_id for hit in fitting], client_id=to.client_id, actor=to.actor, now=to.now,
        prefix="resolve",
    )  # fmt: skip
    base = base_url(state, request)

    def resolved() -> list[Free]:
        return [
            {
                **_resolved(state, snapshot, hit, found, asked.intent, base),
                "feedbackUrl": base + FEEDBACK_PATH,
                "callbackToken": token,
            }
            for hit, token in zip(fitting, served.tokens, strict=True)
        ]

    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return of_call(ResolvedNeeds(await in_thread(state, resolved), now, served.query_id, RESOLVER_VERSION))


@router.get(
    "/api/v1/passport/{artifact:path}",
    responses=described(PassportBody, documented("unknown-name", "cannot-be-answered")),
)
async def compatible_passport(request: Request, artifact: str, snapshot: SnapshotDep, state: StateDep) -> Response:
    """Return the passport of an artifact (slug, id or name), with its signature."""
    base = base_url(state, request)
    found = await in_thread(state, signed_passport, state, snapshot, artifact, base)
    links = {"page": found["passport"]["unfragile"]["artifact"]["page_url"]}
    return of_snapshot(request, snapshot, PassportBody(found["passport"], found["signature"], links))


@router.post(
    "/api/v1/validate",
    responses=described(ManifestVerdict, documented("bad-input")),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/plain": {"schema": {"type": "string", "minLength": 1}}},  # whatever type is stated
        }
    },
)
async def compatible_validate(request: Request, state: StateDep) -> Response:
    """Validate a manifest sent as the body: YAML, or JSON, which is YAML too. Nothing is stored."""
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("bad-input", "A manifest is text in UTF-8.") from error
    if not text:
        raise Problem("bad-input", "Send the manifest as the body.")
    report = await in_thread(state, check_manifest, text)
    return of_call(ManifestVerdict(report.valid, report.errors, report.warnings))


@router.post(
    FEEDBACK_PATH,
    status_code=202,
    responses={
        202: {"description": "Stored."},
        **documented("bad-token", "expired-token", "not-stored"),
    },
)
async def compatible_feedback(told: CompatibleFeedback, state: StateDep) -> Response:
    """Report what became of a resolved need, with its callback token."""
    now = datetime.now(UTC)
    return await acknowledged(state, [granted_event(grant_of(state, told.callbackToken, now), told.outcome, now)])


def _intent(found: SearchAnswer) -> Free:
    return {"type": "tool_search", "category": None, "refined": normalise_query(found.query)}


def _match(snapshot: Snapshot, hit: Hit, base: str) -> Free:
    row = snapshot.rows("artifacts", artifact_id=hit.artifact_id)[0]
    ranks = snapshot.rows("ranks", artifact_id=hit.artifact_id)
    rank = ranks[0]["rank"] if ranks else None
    block = artifact_block(row, None)
    named = ("id", "name", "type", "url", "slug", "categories", "pricing", "verified")
    return {
        "artifact": {
            **{name: block[name] for name in named},
            "description": row["description"],
            "unfragileRank": None if rank is None else round(rank, 1),
            "pageUrl": page_url(base, hit.artifact_id),
        },
        "capabilities": [_capability(snapshot, each.capability_id, hit) for each in hit.capabilities],
        "confidence": hit.confidence,
        "timesMatched": hit.evidence.times_matched,
        "simulated": hit.evidence.simulated,
    }


def _capability(snapshot: Snapshot, capability_id: str, hit: Hit) -> Free:
    row = snapshot.rows("capabilities", capability_id=capability_id)[0]
    return {
        "id": capability_id,
        "name": row["name"],
        "description": row["description"],
        "matchScore": hit.confidence,
        "bestFor": row["best_for"] or [],
        "limitations": row["limitations"] or [],
    }


def _resolved(state: ServerState, snapshot: Snapshot, hit: Hit, found: SearchAnswer, intent: str, base: str) -> Free:
    artifact = snapshot.rows("artifacts", artifact_id=hit.artifact_id)[0]
    capability = None
    if hit.capabilities:
        capability = snapshot.rows("capabilities", capability_id=hit.capabilities[0].capability_id)[0]
    how = invocation(artifact, capability)
    document = signed_passport(state, snapshot, hit.artifact_id, base)
    signature = document["signature"]
    return {
        "artifact": {
            "name": hit.name or hit.artifact_id,
            "slug": slug(hit.artifact_id),
            "type": hit.type,
            "url": artifact["url"],
        },
        "capability": _resolved_capability(capability, hit, intent),
        "invocation": {"language": how.protocol, "snippet": how.snippet, "requires": how.requires},
        "trust": {
            "verified": False,
            "signature": signature["value"],
            "signedAt": signature["signed_at"],
            "signedBy": signature["key_id"],
            "version": 1,
            "unfragile": document["passport"]["unfragile"],
        },
        "alternatives": [
            {"slug": slug(other.artifact_id), "name": other.name or other.artifact_id, "why_alternative": _why(other)}
            for other in found.hits
            if other.artifact_id != hit.artifact_id
        ][:3],
        "matchConfidence": hit.confidence,
        "lastVerified": iso_time(snapshot.now_us),
    }


def _resolved_capability(row: Mapping[str, Any] | None, hit: Hit, intent: str) -> Free | None:
    if row is None:
        return None
    return {
        "id": row["capability_id"],
        "name": row["name"],
        "intent": intent,
        "description": row["description"],
        "whyThisMatches": _why(hit),
        "vsAlternatives": row["vs_alternatives"],
        "bestFor": row["best_for"] or [],
        "limitations": row["limitations"] or [],
    }


def _why(hit: Hit) -> str:
    return " ".join(reason.text for reason in why(hit))
