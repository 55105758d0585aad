"""The pages. Each is also there as Markdown, for agents, with `Accept: text/markdown`."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.deps import StateDep
from api.http.problems import Problem
from api.pages import artifacts, lists, problems, search
from api.pages.method import method_page, sections
from api.pages.page import page
from api.pages.site import static_file
from queries.answers.meanings import COUNT_MEANINGS

router = APIRouter(include_in_schema=False)
for _each in (problems, lists, search, artifacts):
    router.include_router(_each.router)

STATIC: Final = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@router.get("/method")
async def method(request: Request, state: StateDep) -> Response:
    """How the numbers are made."""
    return page(request, state.live.serving, "method.html", method_page, sections=sections(), meanings=COUNT_MEANINGS)


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """Style, script and icon."""
    if name not in STATIC:
        raise Problem("not-found", "There is no such file.")
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(static_file(name), 200, headers, STATIC[name])
