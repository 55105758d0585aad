"""Ranks, match edges, and where every number comes from."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.explaining import explained
from api.http.answers import described, of_snapshot
from api.http.deps import CallerDep, SnapshotDep, StateDep, in_thread
from api.http.keyset import Order, link_header, page_of_rows
from api.http.problems import documented
from api.http.routes.artifacts import Cursor, Name
from api.http.routes.catalogue import PageRequest, filled
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from queries.answers.edges import edge_answer, find_intents
from queries.answers.list_shapes import EdgeList, RankList
from queries.answers.names import resolve_artifact
from queries.answers.one_thing import other_names_among
from queries.answers.ranks import check_type, shared_places
from queries.answers.shapes import has_simulated_evidence, k_anonymity
from queries.answers.sides import side

router = APIRouter(prefix="/v1", tags=["evidence"])

_BY_KEY: Final = {"Vary": "Accept, Authorization, X-API-Key"}
_LAST_PLACE: Final = 1 << 62
_BY_PLACE: Final[Order] = (("place", "ascending"), ("artifact_id", "ascending"))
_BY_MATCHES: Final[Order] = (
    ("times_matched", "descending"),
    ("intent_id", "ascending"),
    ("artifact_id", "ascending"),
    ("capability_id", "ascending"),
    ("kind", "ascending"),
)


class RankPage(RankList, frozen=True, kw_only=True):
    """Artifacts from the highest rank on."""

    next_cursor: str | None = None


class EdgePage(EdgeList, frozen=True, kw_only=True):
    """Match edges with their evidence, the most matched first."""

    next_cursor: str | None = None


class Explanation(msgspec.Struct, frozen=True):
    """Every number opened to its formula, inputs, window and method; further keys depend on the kind."""

    kind: str
    snapshot_id: str


class RanksRequest(PageRequest):
    """Which artifacts."""

    type: Annotated[str | None, Field(max_length=100)] = None


class EdgesRequest(BaseModel):
    """Which edges."""

    model_config = ConfigDict(extra="forbid")

    intent: Annotated[str | None, Field(min_length=1, max_length=2_000, description="Id, or words of a search.")] = None
    artifact: Annotated[Name | None, Field(description="Id or name.")] = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    cursor: Cursor = None


class ExplainRequest(BaseModel):
    """An artifact; with `other`, a comparison; an intent id and an artifact or capability: a match edge; or a query."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[Name | None, Field(examples=["flux-1-pro"])] = None
    other: Name | None = None
    query: Annotated[str | None, Field(min_length=1, max_length=2_000, description="A need in words.")] = None


def _bearers(places: pa.ChunkedArray, wanted: pa.ChunkedArray) -> Counter[int]:
    """Return how often some places of a column are in it."""
    return Counter(places.filter(pc.is_in(places, value_set=wanted.combine_chunks())).to_pylist())


def rank_page(snapshot: Snapshot, type: str | None, limit: int, cursor: str | None) -> RankPage:
    """Return a page of the ranked artifacts; raises `WrongUse` for a type that no artifact has."""
    table = filled(snapshot.table("ranks").select(["artifact_id", "type", "place"]), "place", _LAST_PLACE)
    if type is not None:
        kinds = table.column("type").to_pylist()
        check_type(type, kinds)
        table = table.filter([(kind or "").strip().casefold() == type.strip().casefold() for kind in kinds])
    others = other_names_among(snapshot, table.column("artifact_id").to_pylist())
    if others:
        left_out = pa.array(sorted(others), pa.string())
        table = table.filter(pc.invert(pc.is_in(table.column("artifact_id"), value_set=left_out)))
    page = page_of_rows(table, _BY_PLACE, limit=limit, cursor=cursor)
    ranks = [side(snapshot, artifact_id) for artifact_id in page.rows.column("artifact_id").to_pylist()]
    return RankPage(
        ranks=ranks,
        total=table.num_rows,
        type=type,
        shared_places=shared_places(ranks, _bearers(table.column("place"), page.rows.column("place")), type),
        simulated=any(each.simulated for each in ranks),
        snapshot_id=snapshot.id,
        next_cursor=page.cursor,
    )


def edge_page(snapshot: Snapshot, asked: EdgesRequest) -> EdgePage:
    """Return a page of match edges; raises `UnknownName`."""
    table = filled(filled(snapshot.table("edges"), "times_matched"), "capability_id", "")
    if asked.artifact is not None:
        known = snapshot.rows("edges", artifact_id=asked.artifact)
        artifact_id = asked.artifact if known else resolve_artifact(snapshot, asked.artifact)
        table = table.filter(pc.equal(table.column("artifact_id"), artifact_id))
    if asked.intent is not None:
        keys = list(find_intents(snapshot, asked.intent))
        table = table.filter(pc.is_in(table.column("intent_key"), value_set=pa.array(keys, pa.int64())))
    page = page_of_rows(table, _BY_MATCHES, limit=asked.limit, cursor=asked.cursor)
    rows = [{**row, "capability_id": row["capability_id"] or None} for row in page.rows.to_pylist()]
    return EdgePage(
        edges=[edge_answer(row, _label(snapshot, row["intent_key"])) for row in rows],
        total=table.num_rows,
        simulated=has_simulated_evidence(snapshot, {row["artifact_id"] for row in rows}),
        snapshot_id=snapshot.id,
        k_anonymity=k_anonymity(snapshot),
        next_cursor=page.cursor,
    )


def _label(snapshot: Snapshot, intent_key: int) -> str | None:
    rows = snapshot.rows("intents", intent_key=intent_key)
    return rows[0]["label"] if rows else None


@router.get("/ranks", responses=described(RankPage, documented("bad-cursor", "cannot-be-answered")))
async def list_ranks(
    request: Request, asked: Annotated[RanksRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """List artifacts by rank, best first, with parts, intervals and evidence."""
    found = await in_thread(state, rank_page, snapshot, asked.type, asked.limit, asked.cursor)
    return of_snapshot(request, snapshot, found, link_header(request, found.next_cursor))


@router.get("/edges", responses=described(EdgePage, documented("bad-cursor", "unknown-name")))
async def list_edges(
    request: Request, asked: Annotated[EdgesRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """List match edges with their evidence."""
    found = await in_thread(state, edge_page, snapshot, asked)
    return of_snapshot(request, snapshot, found, link_header(request, found.next_cursor))


@router.get("/explain", responses=described(Explanation, documented("unknown-name", "cannot-be-answered")))
async def get_explanation(
    request: Request,
    asked: Annotated[ExplainRequest, Query()],
    snapshot: SnapshotDep,
    state: StateDep,
    caller: CallerDep,
) -> Response:
    """Open every number of an artifact, of a comparison, of a match edge, or of the hits of a search.

    Files of the log go by a hash of their names, those of the catalogue by their source's name, unless the key has the
    scope admin.
    """

    def answer() -> dict[str, Any]:
        return explained(
            snapshot, Ledger.open(state.home), asked.subject, asked.other, query=asked.query,
            for_operator=caller.allows("admin"),
        )  # fmt: skip

    return of_snapshot(request, snapshot, await in_thread(state, answer), _BY_KEY)
