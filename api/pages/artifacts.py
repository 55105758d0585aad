"""The pages of artifacts: one by itself, two side by side, and one among its neighbours."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.feedback.recording import granted_event
from api.feedback.tokens import BadToken, ExpiredToken
from api.http.deps import Caller, CallerDep, SnapshotDep, StateDep, in_thread
from api.http.routes.passports import base_url
from api.http.state import ServerState
from api.pages.neighbourhood import neighbourhood
from api.pages.page import Asked, page, plain
from api.pages.search import facets
from api.pages.site import BETWEEN, artifact_data, compare_path, json_ld, splits
from api.render.artifact import artifact_page
from api.render.blocks import Block, Heading, Item, Items, Paragraph, printable
from api.render.comparison import comparison_page, for_reading
from graph.errors import WrongUse
from graph.snapshot import Snapshot
from queries.answers.alternatives import alternatives, alternatives_run
from queries.answers.compare import compare
from queries.answers.constraints import Constraints
from queries.answers.names import resolve_artifact
from queries.answers.show import show
from queries.answers.source_names import NamedSources

router = APIRouter(include_in_schema=False)


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
    found = await in_thread(state, show, NamedSources(snapshot), artifact)
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
async def compare_form(
    request: Request, snapshot: SnapshotDep, state: StateDep, a: Asked = None, b: Asked = None
) -> Response:
    """The form, or the way from it to the comparison, or the comparison of two whose ids make no plain address."""
    if a and b:
        pair = resolve_artifact(snapshot, a), resolve_artifact(snapshot, b)
        path = compare_path(*pair)
        if path.startswith("/compare/"):
            return RedirectResponse(path, 303)
        return await _compared(request, snapshot, state, *pair)
    blocks: list[Block] = [Heading("Compare two artifacts", level=1), Paragraph("/compare/A-vs-B")]
    return page(request, snapshot, "compare_form.html", lambda: blocks, a=a or "", b=b or "")


@router.get("/compare/{pair:path}")
async def comparison(request: Request, pair: str, snapshot: SnapshotDep, state: StateDep) -> Response:
    """Two artifacts side by side."""
    return await _compared(request, snapshot, state, *await in_thread(state, _sides, snapshot, pair))


async def _compared(request: Request, snapshot: Snapshot, state: ServerState, a: str, b: str) -> Response:
    answer = for_reading(plain(await in_thread(state, compare, NamedSources(snapshot), a, b)))
    base = base_url(state, request)
    data = {"@type": "WebPage", "name": f"{answer['a']['name']} vs {answer['b']['name']}",
            "about": [artifact_data(answer["a"], base), artifact_data(answer["b"], base)]}  # fmt: skip
    return page(
        request, snapshot, "compare.html", lambda: comparison_page(answer), answer=answer, base=base,
        facets=facets(snapshot), json_ld=json_ld(data),
    )  # fmt: skip


def _sides(snapshot: Snapshot, pair: str) -> tuple[str, str]:
    """Return the two artifacts that an address names. Each way to read it is tried; if two of them are, none is taken.

    Raises `WrongUse`: for a name that is not known, and for an address that can be read in several ways.
    """
    error = WrongUse(f"{pair!r} does not name two artifacts. The address of a comparison is /compare/A{BETWEEN}B.")
    found: list[tuple[str, str]] = []
    for a, b in splits(pair):
        try:
            found.append((resolve_artifact(snapshot, a), resolve_artifact(snapshot, b)))
        except WrongUse as refused:
            error = refused
    if len(found) > 1:
        ways = " or ".join(f"{a!r} and {b!r} (/compare?{urlencode({'a': a, 'b': b})})" for a, b in found)
        raise WrongUse(f"{pair!r} can be read in {len(found)} ways: {ways}. Say which.")
    if not found:
        raise error
    return found[0]


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
