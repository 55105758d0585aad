"""Capabilities, concepts and intents: what the graph is made of, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.http.answers import described, of_snapshot
from api.http.deps import SnapshotDep, StateDep, in_thread
from api.http.keyset import Order, RowPage, link_header, page_of_rows
from api.http.problems import documented
from api.http.routes.artifacts import Cursor, Name, PageLimit
from graph.errors import UnknownName
from graph.snapshot import Snapshot
from graph.times import iso_time
from queries.answers.names import resolve_artifact, resolve_concept

router = APIRouter(prefix="/v1", tags=["catalogue"])
Shape = TypeVar("Shape", bound=msgspec.Struct)


class CapabilityRow(msgspec.Struct, frozen=True):
    """One thing that an artifact can do, as its source states it."""

    capability_id: str
    artifact_id: str
    name: str | None
    description: str | None
    unique: str | None
    vs_alternatives: str | None
    intents: list[str] | None
    best_for: list[str] | None
    limitations: list[str] | None
    requires: list[str] | None
    input_types: list[str] | None
    output_types: list[str] | None
    tags: list[str] | None
    uri: str | None


class CapabilityList(msgspec.Struct, frozen=True):
    """Capabilities in the order of their ids."""

    capabilities: list[CapabilityRow]
    next_cursor: str | None
    snapshot_id: str


class ConceptRow(msgspec.Struct, frozen=True):
    """A capability that several artifacts share."""

    concept_uri: str
    label: str | None
    capabilities: int
    artifacts: int


class ConceptList(msgspec.Struct, frozen=True):
    """Concepts in the order of their addresses."""

    concepts: list[ConceptRow]
    next_cursor: str | None
    snapshot_id: str


class ConceptMember(msgspec.Struct, frozen=True):
    """A capability that belongs to a concept."""

    capability_id: str
    artifact_id: str
    similarity: float


class ConceptPage(msgspec.Struct, frozen=True):
    """A concept with the capabilities that belong to it."""

    concept_uri: str
    label: str | None
    members: list[ConceptMember]
    snapshot_id: str


class IntentRow(msgspec.Struct, frozen=True):
    """The need behind searches. `label` is None where too few clients asked for it to be shown."""

    intent_id: str
    label: str | None
    texts: int
    searches: int
    clients: int
    first_seen: str | None
    last_seen: str | None


class IntentList(msgspec.Struct, frozen=True):
    """Intents, those that most clients asked first."""

    intents: list[IntentRow]
    next_cursor: str | None
    snapshot_id: str


class PageRequest(BaseModel):
    """Which page."""

    model_config = ConfigDict(extra="forbid")

    limit: PageLimit = 50
    cursor: Cursor = None


class CapabilitiesRequest(PageRequest):
    """Which capabilities."""

    artifact: Annotated[Name | None, Field(description="Only those of this artifact (id or name).")] = None


def rows_as(shape: type[Shape], rows: pa.Table, **changed: Callable[[Any], Any]) -> list[Shape]:
    """Return the rows of a table as structs, some columns changed on the way."""
    return [
        shape(**{name: changed[name](value) if name in changed else value for name, value in row.items()})
        for row in rows.select(shape.__struct_fields__).to_pylist()
    ]


@router.get("/capabilities", responses=described(CapabilityList, documented("bad-cursor", "unknown-name")))
async def list_capabilities(
    request: Request, asked: Annotated[CapabilitiesRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """List capabilities by id."""

    def answer() -> RowPage:
        table = snapshot.table("capabilities")
        if asked.artifact is not None:
            table = table.filter(pc.equal(table.column("artifact_id"), resolve_artifact(snapshot, asked.artifact)))
        return page_of_rows(table, [("capability_id", "ascending")], limit=asked.limit, cursor=asked.cursor)

    page = await in_thread(state, answer)
    found = CapabilityList(rows_as(CapabilityRow, page.rows), page.cursor, snapshot.id)
    return of_snapshot(request, snapshot, found, link_header(request, page.cursor))


@router.get("/capabilities/{capability:path}", responses=described(CapabilityRow, documented("unknown-name")))
async def get_capability(request: Request, capability: str, snapshot: SnapshotDep) -> Response:
    """Return a capability by its id."""
    rows = snapshot.rows("capabilities", capability_id=capability)
    if not rows:
        raise UnknownName("capability", capability)
    found = CapabilityRow(**{name: rows[0][name] for name in CapabilityRow.__struct_fields__})
    return of_snapshot(request, snapshot, found)


@router.get("/concepts", responses=described(ConceptList, documented("bad-cursor")))
async def list_concepts(
    request: Request, asked: Annotated[PageRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """List concepts by their addresses."""

    def answer() -> RowPage:
        members = snapshot.table("concepts")
        counted = members.group_by("concept_uri").aggregate(
            [("label", "min"), ("capability_id", "count"), ("artifact_id", "count_distinct")]
        )
        names = {
            "concept_uri": "concept_uri",
            "label_min": "label",
            "capability_id_count": "capabilities",
            "artifact_id_count_distinct": "artifacts",
        }
        table = counted.rename_columns([names[name] for name in counted.column_names])
        return page_of_rows(table, [("concept_uri", "ascending")], limit=asked.limit, cursor=asked.cursor)

    page = await in_thread(state, answer)
    found = ConceptList(rows_as(ConceptRow, page.rows), page.cursor, snapshot.id)
    return of_snapshot(request, snapshot, found, link_header(request, page.cursor))


@router.get("/concepts/{uri:path}", responses=described(ConceptPage, documented("unknown-name")))
async def get_concept(request: Request, uri: str, snapshot: SnapshotDep) -> Response:
    """Return a concept by its `capability://` address or an alias of it, or by the part after the slashes."""
    full = resolve_concept(snapshot, uri)
    rows = snapshot.rows("concepts", concept_uri=full)
    members = [ConceptMember(row["capability_id"], row["artifact_id"], row["similarity"]) for row in rows]
    return of_snapshot(request, snapshot, ConceptPage(full, rows[0]["label"], members, snapshot.id))


_BY_CLIENTS: Order = (("clients", "descending"), ("intent_id", "ascending"))


@router.get("/intents", responses=described(IntentList, documented("bad-cursor")))
async def list_intents(
    request: Request, asked: Annotated[PageRequest, Query()], snapshot: SnapshotDep, state: StateDep
) -> Response:
    """List intents, those that most clients asked first."""
    found = await in_thread(state, intent_list, snapshot, asked.limit, asked.cursor)
    return of_snapshot(request, snapshot, found, link_header(request, found.next_cursor))


def intent_list(snapshot: Snapshot, limit: int, cursor: str | None) -> IntentList:
    """Return a page of the intents; raises `Problem` (bad-cursor)."""
    page = page_of_rows(filled(snapshot.table("intents"), "clients"), _BY_CLIENTS, limit=limit, cursor=cursor)
    rows = rows_as(IntentRow, page.rows, first_seen=iso_time, last_seen=iso_time)
    return IntentList(rows, page.cursor, snapshot.id)


@router.get("/intents/{intent}", responses=described(IntentRow, documented("unknown-name")))
async def get_intent(request: Request, intent: str, snapshot: SnapshotDep) -> Response:
    """Return an intent by its id."""
    return of_snapshot(request, snapshot, intent_row(snapshot, intent))


def intent_row(snapshot: Snapshot, intent_id: str) -> IntentRow:
    """Return an intent; raises `UnknownName`."""
    rows = snapshot.rows("intents", intent_id=intent_id)
    if not rows:
        raise UnknownName("intent", intent_id)
    row = {name: rows[0][name] for name in IntentRow.__struct_fields__}
    return IntentRow(**{**row, "first_seen": iso_time(row["first_seen"]), "last_seen": iso_time(row["last_seen"])})


def filled(table: pa.Table, name: str, with_: Any = 0) -> pa.Table:
    """Return a table whose column has a value in place of nulls, for an order without nulls."""
    place = table.schema.get_field_index(name)
    return table.set_column(place, name, pc.fill_null(table.column(name), with_))
