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
from api.render.blocks import Block, Heading, Item, Items, Paragraph, printable
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
NEEDS_SHOWN: Final = 5
INVITATION: Final = (
    "Say in a few words what is to be done, as you would to a colleague. The hits come with what speaks for them: "
    "shared words, past choices, and how likely each is right."
)


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
    if not (q or "").strip() and different is None:
        return _invitation(request, snapshot, wanted)
    found = await searched(state, snapshot, q or "", wanted, different_from=different)
    served = served_search(state.feedback, found, audience(caller, "human"))
    answer = plain(served)
    name = plain(await in_thread(state, show, snapshot, different))["artifact"]["name"] if different else None
    filters = {**_filters(wanted), "different_from": different}
    return page(
        request, snapshot, "search.html", lambda: hits_page(answer), answer=answer, query=answer["query"],
        filters=filters, facets=facets(snapshot), different_name=name,
    )  # fmt: skip


def _invitation(request: Request, snapshot: Snapshot, wanted: Constraints) -> Response:
    """The page of who has not yet said what he needs: the form, and needs that others had. Nothing is recorded."""
    needs = printable(often_asked(snapshot))
    blocks: list[Block] = [Heading("Search", level=1), Paragraph(INVITATION)]
    if needs:
        blocks.append(Items(tuple(Item(f"Often asked: {need}") for need in needs)))
    return page(
        request, snapshot, "search_form.html", lambda: blocks, invitation=INVITATION, needs=needs, show_search=False,
        filters=_filters(wanted), titles=dict(FACETS),
    )  # fmt: skip


def _filters(wanted: Constraints) -> dict[str, str]:
    """Return the one value of each constraint that the form can show as chosen."""
    return {name: values[0] for name, values in wanted.facets()}


def often_asked(snapshot: Snapshot) -> list[str]:
    """Return the needs that most clients asked, of those whose text may be shown."""
    intents = snapshot.table("intents").sort_by([("clients", "descending"), ("intent_id", "ascending")])
    return [label for label in intents.column("label").slice(0, 12).to_pylist() if label][:NEEDS_SHOWN]
