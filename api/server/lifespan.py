"""What lives as long as the server: its snapshot, its processes and threads, the spool and its import."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from opentelemetry.trace import TracerProvider

from api.access.keys import KeyRing
from api.access.rate_limit import RateLimiter
from api.access.recent_requests import RecentRequests
from api.feedback.derived_keys import CLIENTS, derived_key
from api.feedback.importing import import_closed, import_sealed, import_spools
from api.feedback.recording import Feedback
from api.http.admission import Admission
from api.http.live_snapshot import LiveSnapshot
from api.http.metrics import Metrics
from api.http.recent_answers import RecentAnswers
from api.http.search_processes import SearchProcesses
from api.http.state import ServerState
from api.http.tracing import SCOPE, close
from api.http.workers import Workers
from api.settings import Settings
from graph.home import Home
from graph.projections.ready_processes import ready_processes

_LOG = logging.getLogger("matchgraph")


def lifespan(home: Home, settings: Settings, clock_us: Callable[[], int], tracing: TracerProvider) -> Any:
    """Return what FastAPI runs around the application: everything is opened at its start, and closed at its end."""

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        import_spools(home, now_us=clock_us())  # what a server that died had gathered
        state = app.state.server = _open(home, settings, tracing)
        gc.freeze()  # what a server begins with stays; looking through it again and again cost a quarter of its time
        state.processes.attach()
        state.live.start()
        stop = threading.Event()
        importer = threading.Thread(target=_import_on, args=(state, clock_us, stop), name="importer", daemon=True)
        importer.start()
        try:
            yield
        finally:
            await app.state.mcp.close()
            stop.set()
            importer.join()
            state.live.stop()
            state.threads.close()
            state.processes.close()
            state.query_places.close()
            if state.query_processes is not None:
                state.query_processes.close()
            import_closed(home, state.feedback.spool, now_us=clock_us())
            close(tracing)

    return alive


def _open(home: Home, settings: Settings, tracing: TracerProvider) -> ServerState:
    feedback = Feedback(home, settings.token_hours)
    processes = SearchProcesses(settings.search_processes, Admission(settings.queue_seconds))
    seconds = settings.request_seconds
    return ServerState(
        home=home,
        settings=settings,
        live=LiveSnapshot(home, processes.prepare),
        keys=KeyRing(home),
        limiter=RateLimiter(),
        metrics=Metrics(),
        pseudonym_key=derived_key(home.secret(), CLIENTS),
        feedback=feedback,
        recent=RecentRequests(),
        answers=RecentAnswers(),
        tracer=tracing.get_tracer(SCOPE),
        threads=Workers(settings.search_threads, seconds, "answer", Admission(settings.queue_seconds)),
        processes=processes,
        query_places=Workers(settings.query_processes, seconds, "query", Admission(seconds)),
        query_processes=ready_processes(),
    )


def _import_on(state: ServerState, clock_us: Callable[[], int], stop: threading.Event) -> None:
    """Bring feedback into the ledger from time to time. A failure leaves it in the spool for the next turn."""
    while not stop.wait(state.settings.import_seconds):
        try:
            import_sealed(state.home, state.feedback.spool, now_us=clock_us())
        except Exception:
            _LOG.exception("feedback could not be imported; it stays in the spool and is tried again")
