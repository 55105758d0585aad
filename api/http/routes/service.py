"""The service itself: snapshots, health, figures, and manifests to be checked."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.http.answers import described, of_call
from api.http.deps import CallerDep, SnapshotDep, StateDep, in_thread, require_scope
from api.http.metrics import MEDIA_TYPE
from api.http.problems import documented
from graph.snapshot import list_snapshots
from graph.times import iso_time
from ingest.manifest_check import ManifestReport, check_manifest

router = APIRouter(prefix="/v1", tags=["service"])
health = APIRouter(tags=["service"])

MAX_MANIFEST_CHARS: Final = 150_000


class SnapshotInfo(msgspec.Struct, frozen=True):
    """A set of answers: for when it was computed, and when it was published."""

    snapshot_id: str
    now: str | None
    published_at: str
    code_version: str
    rows: dict[str, int]


class SnapshotList(msgspec.Struct, frozen=True):
    """All snapshots, the newest first, and the one that answers."""

    snapshots: list[SnapshotInfo]
    serving: str


class Health(msgspec.Struct, frozen=True):
    """Whether the server answers, and from what."""

    status: str
    snapshot_id: str | None = None
    message: str | None = None


class ManifestRequest(BaseModel):
    """A capability manifest as text."""

    model_config = ConfigDict(extra="forbid")

    manifest: Annotated[str, Field(min_length=1, max_length=MAX_MANIFEST_CHARS, description="YAML or JSON.")]


@router.get("/snapshots", responses=described(SnapshotList, documented()))
async def get_snapshots(snapshot: SnapshotDep, state: StateDep) -> Response:
    """List the snapshots of this home."""
    found = await in_thread(state, list_snapshots, state.home)
    infos = [
        SnapshotInfo(
            snapshot_id=each.snapshot_id,
            now=iso_time(each.now_us),
            published_at=each.published_at,
            code_version=each.code_version,
            rows=each.rows,
        )
        for each in found
    ]
    return of_call(SnapshotList(infos, snapshot.id))


@router.post("/manifests/validate", responses=described(ManifestReport, documented()))
async def validate_manifest(asked: ManifestRequest, state: StateDep) -> Response:
    """Check a manifest: errors and warnings with their lines. Nothing is stored or fetched."""
    return of_call(await in_thread(state, check_manifest, asked.manifest))


@health.get("/livez", responses=described(Health, {}))
async def livez() -> Response:
    """Say that the process runs."""
    return of_call(Health("ok"))


@health.get("/readyz", responses={**described(Health, {}), 503: described(Health, {})[200]})
async def readyz(state: StateDep) -> Response:
    """Say whether there is a snapshot to answer from (503 if not), and whether the newest one can be read."""
    error = state.live.error
    serving = state.live.serving
    if serving is None:
        return of_call(Health("unavailable", message=str(error)), 503)
    return of_call(Health("ok" if error is None else "degraded", serving.id, None if error is None else str(error)))


@health.get("/metrics", responses={200: {"content": {"text/plain": {}}}, **documented()})
async def metrics(request: Request, state: StateDep, caller: CallerDep) -> Response:
    """Return figures for Prometheus: to this machine itself, and to keys with the scope admin."""
    if not _is_this_machine(request):
        require_scope(caller, "admin")
    state.metrics.swaps.set(state.live.swaps)
    state.metrics.degraded.set(state.live.error is not None)
    state.metrics.search_processes.set(state.processes.ready)
    return Response(state.metrics.text(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def _is_this_machine(request: Request) -> bool:
    """Say whether the request comes from this machine, and not through a proxy on it."""
    forwarded = {"x-forwarded-for", "forwarded", "x-real-ip", "via"} & set(request.headers)
    try:
        return not forwarded and ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
