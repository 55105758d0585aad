"""Searches for all doors of a server: in a process or a thread, or at once if the same was asked a while ago."""

from __future__ import annotations

import asyncio

from api.http.deps import in_thread
from api.http.prepared_search import PreparedSearch, prepare
from api.http.problems import Problem
from api.http.state import ServerState
from api.http.tracing import span_of
from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.hit_shapes import SearchAnswer
from queries.answers.search import search
from queries.answers.search_plan import Question


async def searched(
    state: ServerState,
    snapshot: Snapshot,
    query: str,
    wanted: Constraints = ANYTHING,
    *,
    limit: int = 10,
    different_from: str | None = None,
) -> SearchAnswer:
    """Return what `queries.answers.search.search` does. Raises as it does, and `Problem` (timed-out, overloaded)."""
    return (await prepared(state, snapshot, Question(query, wanted, limit, different_from))).answer()


async def prepared(state: ServerState, snapshot: Snapshot, question: Question) -> PreparedSearch:
    """Return the answer to a question, encoded. Raises as `searched` does."""
    answer = state.answers.get((snapshot.id, question))
    if answer is None:
        with span_of(state.tracer, "search") as span:
            answer = await _elsewhere(state, snapshot, question)
            if answer is None:
                answer = await in_thread(state, _here, snapshot, question)
            span.set_attributes({"matchgraph.snapshot_id": snapshot.id, "matchgraph.hits": len(answer.artifact_ids)})
        state.answers.put((snapshot.id, question), answer)
    return answer


def _here(snapshot: Snapshot, question: Question) -> PreparedSearch:
    query, wanted, limit, different_from, diversity = question
    return prepare(search(snapshot, query, wanted, limit=limit, different_from=different_from, diversity=diversity))


async def _elsewhere(state: ServerState, snapshot: Snapshot, question: Question) -> PreparedSearch | None:
    seconds = state.settings.request_seconds
    try:
        async with asyncio.timeout(seconds):
            return await state.processes.search(snapshot, question)
    except TimeoutError as error:
        raise Problem("timed-out", f"It took more than {seconds:g} seconds. Ask for less.") from error
