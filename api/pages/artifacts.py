"""The pages of artifacts: one by itself, two side by side, and one among its neighbours."""

from __future__ import annotations

from datetime import UTC, datetime

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
from api.pages.site import BETWEEN, artifact_data, compare_path, json_ld
from api.render.artifact import artifact_page
from api.render.blocks import Block, Heading, Item, Items, Paragraph, printable
from api.render.comparison import comparison_page
from graph.errors import UnknownName, WrongUse
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
    answer = plain(await in_thread(state, compare, NamedSources(snapshot), a, b))
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
