"""Artifacts, their alternatives, and comparisons."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.constrained import Constrained
from api.http.answers import described, of_snapshot
from api.http.deps import SnapshotDep, StateDep, in_thread
from api.http.keyset import link_header, page_of_rows
from api.http.problems import documented
from queries.answers.alternatives import alternatives
from queries.answers.compare import compare
from queries.answers.comparison_shapes import Comparison
from queries.answers.list_shapes import AlternativesAnswer
from queries.answers.ranks import check_type
from queries.answers.show import ArtifactPage, show
from queries.answers.source_names import NamedSources

router = APIRouter(prefix="/v1", tags=["artifacts"])

Name = Annotated[str, Field(min_length=1, max_length=300)]
Cursor = Annotated[str | None, Field(max_length=1_000, description="From `next_cursor` or the Link header.")]
PageLimit = Annotated[int, Field(ge=1, le=200)]
COLUMNS = ("artifact_id", "name", "type", "url", "description", "license", "vendor", "pricing_model", "price", "tags")


class ArtifactRow(msgspec.Struct, frozen=True):
    """An artifact in a list."""

    artifact_id: str
    name: str | None
    type: str | None
    url: str | None
    description: str | None
    license: str | None
    vendor: str | None
    pricing_model: str | None
    price: str | None
    tags: list[str] | None


class ArtifactList(msgspec.Struct, frozen=True):
    """Artifacts in the order of their ids."""

    artifacts: list[ArtifactRow]
    next_cursor: str | None
    snapshot_id: str


class ArtifactsRequest(BaseModel):
    """Which artifacts."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str | None, Field(max_length=100)] = None
    limit: PageLimit = 50
    cursor: Cursor = None


class AlternativesRequest(Constrained):
    """To which artifact, and within which constraints."""

    artifact: Annotated[Name, Field(examples=["flux-1-pro"])]
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    other_vendor: bool = False
    diversity: Annotated[float, Field(ge=0, le=1)] = 0.0


class CompareRequest(BaseModel):
    """Two artifacts, by id or name."""

    model_config = ConfigDict(extra="forbid")

    a: Annotated[Name, Field(examples=["flux-1-pro"])]
    b: Annotated[Name, Field(examples=["dall-e-3"])]


@router.get("/artifacts", responses=described(ArtifactList, documented("bad-cursor", "cannot-be-answered")))
async def list_artifacts(
    request: Request, asked: Annotated[ArtifactsRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """List artifacts by id."""

    def answer() -> tuple[ArtifactList, str | None]:
        table = snapshot.table("artifacts").select(COLUMNS)
        if asked.type is not None:
            kinds = table.column("type").to_pylist()
            check_type(asked.type, kinds)
            wanted = asked.type.strip().casefold()
            table = table.filter([(kind or "").strip().casefold() == wanted for kind in kinds])
        page = page_of_rows(table, [("artifact_id", "ascending")], limit=asked.limit, cursor=asked.cursor)
        rows = [ArtifactRow(**row) for row in page.rows.to_pylist()]
        return ArtifactList(rows, page.cursor, snapshot.id), page.cursor

    found, cursor = await in_thread(state, answer)
    return of_snapshot(request, snapshot, found, link_header(request, cursor))


@router.get(
    "/artifacts/{artifact:path}",
    responses=described(ArtifactPage, documented("unknown-name", "cannot-be-answered")),
)
async def get_artifact(request: Request, artifact: str, snapshot: SnapshotDep, state: StateDep) -> Response:
    """Return everything known of an artifact, given by id or name."""
    return of_snapshot(request, snapshot, await in_thread(state, show, NamedSources(snapshot), artifact))


@router.get("/alternatives", responses=described(AlternativesAnswer, documented("unknown-name", "cannot-be-answered")))
async def get_alternatives(
    request: Request, asked: Annotated[AlternativesRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """Return what to use instead of an artifact, and what was chosen together with it."""
    found = await in_thread(
        state, alternatives, snapshot, asked.artifact, asked.constraints(), limit=asked.limit,
        other_vendor=asked.other_vendor, diversity=asked.diversity,
    )  # fmt: skip
    return of_snapshot(request, snapshot, found)


@router.get("/compare", responses=described(Comparison, documented("unknown-name", "cannot-be-answered")))
async def get_comparison(
    request: Request, asked: Annotated[CompareRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """Compare two artifacts: sides, verdict, paired capabilities, shared needs, and what else there is."""
    return of_snapshot(request, snapshot, await in_thread(state, compare, NamedSources(snapshot), asked.a, asked.b))
