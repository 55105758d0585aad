"""Errors as pages, and what their codes mean."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.problems import KINDS, TYPE_BASE, Problem, ProblemDocument
from api.pages.page import page
from api.render.blocks import Heading, Page, Paragraph

router = APIRouter(include_in_schema=False)


def problem_page(request: Request, problem: ProblemDocument) -> Response | None:
    """Return an error as a page for a browser; None where a program asks."""
    if request.url.path.startswith(("/v1/", "/api/", "/mcp")) or "text/html" not in request.headers.get("accept", ""):
        return None
    return page(
        request, None, "problem.html", lambda: [Heading(problem.title, level=1), Paragraph(problem.detail)],
        KINDS[problem.code].status, problem=problem,
    )  # fmt: skip


@router.get(TYPE_BASE + "{code}")
async def problem_kind(request: Request, code: str) -> Response:
    """What a code of a problem means: the page that the `type` of problem documents leads to."""
    kind = KINDS.get(code)
    if kind is None:
        raise Problem("not-found", f"No problem has this code. Codes: {', '.join(KINDS)}.")
    detail = f"Answers with this code have the status {kind.status}; their detail says more."
    described = ProblemDocument(TYPE_BASE + code, kind.title, kind.status, code, detail)
    blocks: Page = [Heading(kind.title, level=1), Paragraph(detail)]
    return page(request, None, "problem.html", lambda: blocks, problem=described)
