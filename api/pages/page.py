"""A page as a response: HTML, or Markdown to who prefers it, with `Accept: text/markdown`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec
from fastapi import Query, Request
from starlette.responses import Response

from api.pages.site import environment
from api.render.blocks import Page, printable
from api.render.markdown import markdown_page
from graph.snapshot import Snapshot
from graph.times import iso_date

MARKDOWN: Final = "text/markdown; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
Asked = Annotated[str | None, Query(max_length=2_000)]


def plain(answer: Any) -> Any:
    """Return an answer as data for templates, without hidden characters."""
    return printable(msgspec.to_builtins(answer))


def page(
    request: Request,
    snapshot: Snapshot | None,
    template: str,
    blocks: Callable[[], Page],
    status: int = 200,
    **values: Any,
) -> Response:
    """Return a page: as HTML, or as Markdown to who prefers it."""
    headers = {"Cache-Control": "no-cache", "Vary": "Accept"}
    if prefers_markdown(request):
        return Response(markdown_page(blocks()), status, headers, MARKDOWN)
    common = {
        "path": request.url.path,
        "snapshot_id": snapshot.id if snapshot else None,
        "as_of": iso_date(snapshot.now_us) if snapshot else None,
    }
    return Response(environment().get_template(template).render(**common, **values), status, headers, HTML)


def prefers_markdown(request: Request) -> bool:
    """Say whether Markdown is asked for, and not after HTML."""
    accept = request.headers.get("accept", "")
    markdown, html = accept.find("text/markdown"), accept.find("text/html")
    return markdown >= 0 and (html < 0 or markdown < html)
