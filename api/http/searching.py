"""Searches for all doors of a server: in a thread, or at once if the same was asked of this snapshot a while ago."""

from __future__ import annotations

from api.http.deps import in_thread
from api.http.state import ServerState
from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.search import SearchAnswer, search


async def searched(
    state: ServerState,
    snapshot: Snapshot,
    query: str,
    wanted: Constraints = ANYTHING,
    *,
    limit: int = 10,
    different_from: str | None = None,
    diversity: float | None = None,
) -> SearchAnswer:
    """Return what `queries.answers.search.search` does. Raises as it does, and `Problem` (timed-out)."""
    question = (snapshot.id, query, wanted, limit, different_from, diversity)
    answer = state.answers.get(question)
    if answer is None:
        with state.tracer.start_as_current_span("search", record_exception=False) as span:
            answer = await in_thread(
                state, search, snapshot, query, wanted, limit=limit, different_from=different_from, diversity=diversity
            )
            span.set_attributes({"matchgraph.snapshot_id": snapshot.id, "matchgraph.hits": len(answer.hits)})
        state.answers.put(question, answer)
    return answer
