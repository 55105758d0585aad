"""The page of a search, with the constraints that narrow it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.feedback.serving import served_search
from api.http.deps import CallerDep, SnapshotDep, StateDep, in_thread
from api.http.routes.search import audience
from api.http.searching import searched
from api.pages.page import Asked, page, plain
from api.render.hits import hits_page
from graph.snapshot import Snapshot
from graph.text import has_hidden_characters
from queries.answers.constraints import Constraints
from queries.answers.show import show
from queries.retrieval.matching import Matcher, matcher_of

router = APIRouter(include_in_schema=False)
FACETS: Final = (
    ("type", "Type"), ("license", "Licence"), ("price", "Pricing"), ("hosting", "Runs"), ("tag", "Tag"),
    ("input", "Takes"), ("output", "Gives"),
)  # fmt: skip
FACET_VALUES: Final = 30


def facets(snapshot: Snapshot) -> list[tuple[str, str, list[str]]]:
    """Return what a search can be narrowed to: names, titles and the most frequent values."""
    return _facets(matcher_of(snapshot))


@lru_cache(maxsize=4)
def _facets(matcher: Matcher) -> list[tuple[str, str, list[str]]]:
    found = []
    for name, title in FACETS:
        known = {value: n for value, n in matcher.index.facet_values(name) if not has_hidden_characters(value)}
        values = sorted(sorted(known, key=lambda value: (-known[value], value))[:FACET_VALUES])
        if values:
            found.append((name, title, values))
    return found


@router.get("/search")
async def search_page(
    request: Request,
    snapshot: SnapshotDep,
    state: StateDep,
    caller: CallerDep,
    q: Asked = "",
    type: Asked = None,
    license: Asked = None,
    price: Asked = None,
    hosting: Asked = None,
    tag: Asked = None,
    input: Asked = None,
    output: Asked = None,
    different_from: Asked = None,
) -> Response:
    """A search, with the constraints that narrow it."""
    wanted = Constraints(
        type=type or None, license=license or None, price=price or None, hosting=hosting or None,
        tags=(tag,) if tag else (), inputs=(input,) if input else (), outputs=(output,) if output else (),
    )  # fmt: skip
    different = different_from or None
    found = await searched(state, snapshot, q or "", wanted, different_from=different)
    served = served_search(state.feedback, found, audience(caller, "human"))
    answer = plain(served)
    name = plain(await in_thread(state, show, snapshot, different))["artifact"]["name"] if different else None
    filters = {
        **{name: values[0] for name, values in wanted.facets()},
        "different_from": different,
    }  # fmt: skip
    return page(
        request, snapshot, "search.html", lambda: hits_page(answer), answer=answer, query=answer["query"],
        filters=filters, facets=facets(snapshot), different_name=name,
    )  # fmt: skip
