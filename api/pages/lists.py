"""The front page, ranks and needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.deps import SnapshotDep, StateDep, in_thread
from api.http.routes.catalogue import intent_list, intent_row
from api.http.routes.evidence import EdgesRequest, edge_page, rank_page
from api.http.routes.passports import base_url
from api.http.state import ServerState
from api.pages.page import Asked, page, plain
from api.pages.search import often_asked
from api.pages.site import json_ld, list_data
from api.render.blocks import Block, Column, Heading, Table, printable
from api.render.edges import edges_page
from api.render.phrases import need_phrase
from api.render.ranking import ranking_page
from graph.snapshot import Snapshot
from queries.answers.shapes import k_anonymity

router = APIRouter(include_in_schema=False)
RANKS_ON_A_PAGE: Final = 50


@router.get("/")
async def home(request: Request, snapshot: SnapshotDep, state: StateDep) -> Response:
    """The front page."""
    answer = plain(await in_thread(state, rank_page, snapshot, None, 8, None))
    return page(
        request, snapshot, "home.html", lambda: ranking_page(answer), answer=answer,
        needs=printable(often_asked(snapshot)), show_search=False,
    )  # fmt: skip


@router.get("/ranks")
async def ranks(request: Request, snapshot: SnapshotDep, state: StateDep, cursor: Asked = None) -> Response:
    """All ranks."""
    return await _ranks(request, snapshot, state, None, cursor)


@router.get("/ranks/{type}")
async def ranks_of_type(
    request: Request, type: str, snapshot: SnapshotDep, state: StateDep, cursor: Asked = None
) -> Response:
    """The ranks of one type."""
    return await _ranks(request, snapshot, state, type, cursor)


async def _ranks(
    request: Request, snapshot: Snapshot, state: ServerState, type: str | None, cursor: str | None
) -> Response:
    answer = plain(await in_thread(state, rank_page, snapshot, type, RANKS_ON_A_PAGE, cursor))
    types = sorted({each for each in snapshot.table("ranks").column("type").to_pylist() if each})
    data = list_data(answer["ranks"], base_url(state, request))
    return page(
        request, snapshot, "ranks.html", lambda: ranking_page(answer), answer=answer, type=type, types=types,
        json_ld=json_ld(data),
    )  # fmt: skip


@router.get("/intents")
async def intents(request: Request, snapshot: SnapshotDep, state: StateDep, cursor: Asked = None) -> Response:
    """What was asked for."""
    answer = plain(await in_thread(state, intent_list, snapshot, RANKS_ON_A_PAGE, cursor))
    withheld = k_anonymity(snapshot)
    return page(
        request,
        snapshot,
        "intents.html",
        lambda: _intents_blocks(answer, withheld),
        answer=answer,
        k_anonymity=withheld,
    )


def _intents_blocks(answer: Mapping[str, Any], withheld: int | None) -> list[Block]:
    rows = tuple(
        (need_phrase(each["label"], withheld), f"{each['clients']:,}", f"{each['searches']:,}", each["intent_id"])
        for each in answer["intents"]
    )
    columns = (Column("Need"), Column("Clients", numeric=True), Column("Searches", numeric=True), Column("Id"))
    return [Heading("Needs", level=1), Table("Those that most clients asked first", columns, rows)]


@router.get("/intents/{intent}")
async def intent(request: Request, intent: str, snapshot: SnapshotDep, state: StateDep) -> Response:
    """One need, and what serves it."""
    row = plain(intent_row(snapshot, intent))
    answer = plain(await in_thread(state, edge_page, snapshot, EdgesRequest(intent=intent)))
    return page(request, snapshot, "intent.html", lambda: edges_page(answer), intent=row, answer=answer)
