"""The pages. Each is also there as Markdown, for agents, with `Accept: text/markdown`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.feedback.recording import granted_event
from api.feedback.serving import served_search
from api.feedback.tokens import BadToken, ExpiredToken
from api.http.deps import Caller, CallerDep, SnapshotDep, StateDep, in_thread
from api.http.problems import KINDS, TYPE_BASE, Problem, ProblemDocument
from api.http.routes.catalogue import intent_list, intent_row
from api.http.routes.evidence import EdgesRequest, edge_page, rank_page
from api.http.routes.passports import base_url
from api.http.routes.search import audience
from api.http.searching import searched
from api.http.state import ServerState
from api.pages.method import method_page, sections
from api.pages.neighbourhood import neighbourhood
from api.pages.site import BETWEEN, artifact_data, compare_path, environment, json_ld, list_data, static_file
from api.render.artifact import artifact_page
from api.render.blocks import Block, Column, Heading, Item, Items, Page, Paragraph, Table, printable
from api.render.comparison import comparison_page
from api.render.edges import edges_page
from api.render.hits import hits_page
from api.render.markdown import markdown_page
from api.render.phrases import need_phrase
from api.render.ranking import ranking_page
from graph.errors import UnknownName, WrongUse
from graph.snapshot import Snapshot
from graph.text import has_hidden_characters
from queries.answers.alternatives import alternatives, alternatives_run
from queries.answers.compare import compare
from queries.answers.constraints import Constraints
from queries.answers.explain import COUNT_MEANINGS
from queries.answers.names import resolve_artifact
from queries.answers.shapes import k_anonymity
from queries.answers.show import show
from queries.retrieval.matching import Matcher, matcher_of
from queries.times import iso_date

router = APIRouter(include_in_schema=False)

MARKDOWN: Final = "text/markdown; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
FACETS: Final = (
    ("type", "Type"), ("license", "Licence"), ("price", "Pricing"), ("hosting", "Runs"), ("tag", "Tag"),
    ("input", "Takes"), ("output", "Gives"),
)  # fmt: skip
FACET_VALUES: Final = 30
RANKS_ON_A_PAGE: Final = 50
STATIC: Final = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
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
    headers = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
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


@router.get("/")
async def home(request: Request, snapshot: SnapshotDep, state: StateDep) -> Response:
    """The front page."""
    answer = plain(await in_thread(state, rank_page, snapshot, None, 8, None))
    intents = snapshot.table("intents").sort_by([("clients", "descending"), ("intent_id", "ascending")])
    needs = [label for label in intents.column("label").slice(0, 12).to_pylist() if label][:5]
    return page(
        request, snapshot, "home.html", lambda: ranking_page(answer), answer=answer, needs=printable(needs),
        show_search=False,
    )  # fmt: skip


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


@router.get("/artifacts/{artifact:path}")
async def artifact(
    request: Request,
    artifact: str,
    snapshot: SnapshotDep,
    state: StateDep,
    caller: CallerDep,
    via: Asked = None,
    hosting: Asked = None,
) -> Response:
    """An artifact. `via`: the callback token of the hit that led here, which is reported as chosen.

    `hosting`: where its alternatives must run.
    """
    found = await in_thread(state, show, snapshot, artifact)
    if hosting:
        narrowed = await in_thread(state, alternatives, snapshot, artifact, Constraints(hosting=hosting))
        found = msgspec.structs.replace(found, alternatives=narrowed.alternatives)
    if via:
        await _report_click(state, caller, via, found.artifact.artifact_id)
    answer = plain(found)
    base = base_url(state, request)
    return page(
        request, snapshot, "artifact.html", lambda: artifact_page(answer), answer=answer, base=base,
        facets=facets(snapshot), json_ld=json_ld(artifact_data(answer["artifact"], base)),
        hosting=hosting, hostings=alternatives_run(snapshot, found.artifact.artifact_id),
    )  # fmt: skip


async def _report_click(state: ServerState, caller: Caller, token: str, artifact_id: str) -> None:
    """Record that a hit was chosen. An old or wrong token leaves the page as it is."""
    now = datetime.now(UTC)
    try:
        grant = state.feedback.signer.read(token, now.timestamp())
    except (BadToken, ExpiredToken):
        return
    if grant.artifact_id == artifact_id and not caller.bot:
        await state.feedback.store([granted_event(grant, "click", now)])


@router.get("/compare")
async def compare_form(request: Request, snapshot: SnapshotDep, a: Asked = None, b: Asked = None) -> Response:
    """The form, or the way from it to the comparison."""
    if a and b:
        path = compare_path(resolve_artifact(snapshot, a), resolve_artifact(snapshot, b))
        return RedirectResponse(path, 303)
    blocks: list[Block] = [Heading("Compare two artifacts", level=1), Paragraph("/compare/A-vs-B")]
    return page(request, snapshot, "compare_form.html", lambda: blocks, a=a or "", b=b or "")


@router.get("/compare/{pair:path}")
async def comparison(request: Request, pair: str, snapshot: SnapshotDep, state: StateDep) -> Response:
    """Two artifacts side by side."""
    a, b = await in_thread(state, _sides, snapshot, pair)
    answer = plain(await in_thread(state, compare, snapshot, a, b))
    base = base_url(state, request)
    data = {"@type": "WebPage", "name": f"{answer['a']['name']} vs {answer['b']['name']}",
            "about": [artifact_data(answer["a"], base), artifact_data(answer["b"], base)]}  # fmt: skip
    return page(
        request, snapshot, "compare.html", lambda: comparison_page(answer), answer=answer, base=base,
        facets=facets(snapshot), json_ld=json_ld(data),
    )  # fmt: skip


def _sides(snapshot: Snapshot, pair: str) -> tuple[str, str]:
    """Return the two artifacts that an address names; ids may hold "-vs-" themselves, so each split is tried."""
    parts = pair.split(BETWEEN)
    error: WrongUse = UnknownName("comparison", pair)
    for place in range(1, len(parts)):
        try:
            return (
                resolve_artifact(snapshot, BETWEEN.join(parts[:place])),
                resolve_artifact(snapshot, BETWEEN.join(parts[place:])),
            )
        except WrongUse as found:
            error = found
    raise error


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


@router.get("/graph/{artifact:path}")
async def graph(request: Request, artifact: str, snapshot: SnapshotDep, state: StateDep) -> Response:
    """The neighbourhood of an artifact."""
    found = await in_thread(state, neighbourhood, snapshot, artifact)
    row = snapshot.rows("artifacts", artifact_id=found.artifact_id)[0]
    name = printable(row["name"] or found.artifact_id)
    evidence = snapshot.rows("evidence", artifact_id=found.artifact_id)
    listed = tuple(Item(f"{node.kind}: {node.label} ({node.detail})") for node in found.nodes)
    return page(
        request, snapshot, "graph.html", lambda: [Heading(f"Neighbourhood of {name}", level=1), Items(listed)],
        name=name, artifact_id=found.artifact_id, nodes=found.nodes, height=found.height,
        simulated=bool(evidence and evidence[0]["simulated"]),
    )  # fmt: skip


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
